"""One call from connect to hang-up: asks the policies, performs what they say, writes the journal."""

import logging
import random
from collections.abc import Callable
from datetime import datetime
from functools import partial

import gevent
from gevent.event import Event

from fsctl import clock
from fsctl.facts.arriving import identity, left_to_failsafe, read_call
from fsctl.model.live import Live, Looked
from fsctl.model.office import Office
from fsctl.route import walk
from fsctl.store.journal_queue import Journal
from fsctl.switch.calls.drive import drive
from fsctl.switch.calls.performer import Performer
from fsctl.switch.calls.surroundings import State
from fsctl.switch.calls.trace import Trace
from fsctl.switch.session.call_session import CallerGone, CallSession, Disconnected, Superseded
from fsctl.switch.session.ownership import TooLate

log = logging.getLogger(__name__)

#: A caller who is gone within milliseconds takes the connection with him, and the link tells of it so much later; on a
#: busy machine, so much.
_LATE_SECONDS, _LATEST_SECONDS = 0.2, 5.0


class CallHandler:
    """What the server does with each connection. ``current_office`` and ``current_live`` answer at once.

    ``now`` tells the aware time at which a call arrives; policies know no other clock.
    """

    def __init__(
        self, current_office: Callable[[], Office], current_live: Callable[[], Live], journal: Journal, state: State,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._current_office, self._current_live = current_office, current_live
        self._journal, self._state, self._now = journal, state, now
        self._undecided: set[CallSession] = set()
        self._all_decided = Event()
        self._all_decided.set()
        #: The newest connection of each channel: it alone may say anything.
        self._owners: dict[str, CallSession] = {}

    def wait_decided(self, timeout: float) -> int:
        """Wait until no call needs this process any more; talks go on without. How many did after ``timeout`` s."""
        self._all_decided.wait(timeout)
        return len(self._undecided)

    def _decided(self, session: CallSession) -> None:
        self._undecided.discard(session)
        if not self._undecided:
            self._all_decided.set()

    def __call__(self, session: CallSession) -> None:
        """Take the call over, walk its policies, and stay until it is over."""
        if left_to_failsafe(session.facts):
            self._leave_alone(session)
            return
        office = self._current_office()
        call = read_call(session.facts, office, self._now(), random.random())
        live = Looked(self._current_live(), call.uuid)
        if older := self._owners.get(session.uuid):
            older.supersede()
        shown = identity(session.facts, office, call)
        trace = Trace(call, self._journal, partial(self._decided, session), live, shown)
        session.on_superseded = trace.give_up
        self._owners[session.uuid] = session
        self._undecided.add(session)
        self._all_decided.clear()
        performer = Performer(session, call, office, self._state, trace)
        lost: BaseException | None = None
        try:
            performer.take_over()
            moved = drive(walk(call, office, live), performer, trace)
            if moved is None:
                trace.end(None, performer.hangup_cause)
            else:  # another call has it now: only its end is of interest here
                performer.release()
                trace.moved(performer.whose(moved))
                self._decided(session)
                trace.end("moved", session.wait_hangup(timeout=None))
        except Superseded:
            session.wait_hangup(timeout=None)
        except CallerGone as gone:
            self._gone(session, trace, gone.cause)
        except TooLate:
            trace.end("failsafe", "")
            self._leave_alone(session)
        except (Disconnected, gevent.Timeout) as broken:
            if session.channel_gone:
                self._gone(session, trace, "")
            elif not self._gave_up(session, performer, trace, _LATE_SECONDS):
                trace.end("failsafe", "")
                lost = broken
        finally:
            performer.end()
            self._decided(session)
            if not session.superseded:
                performer.release()
            if self._owners.get(session.uuid) is session:
                del self._owners[session.uuid]
        # The call has given back all that it held. What was written is put right if it turns out to be wrong.
        if lost is not None and not self._gave_up(session, performer, trace, _LATEST_SECONDS):
            log.warning("call %s was left to the fail-safe: %s", call.uuid, lost)

    def _gave_up(self, session: CallSession, performer: Performer, trace: Trace, wait_seconds: float) -> bool:
        """Whether the link has heard that the caller hung up before the fail-safe had him; the journal says so then.

        A broken connection hears of no newer one, so that only the call's end tells whether there was one.
        """
        over = self._state.ended(session.uuid, wait_seconds)
        if over is not None and performer.is_others(over.owner):
            session.supersede()
            return False
        if over is None or over.failsafe:
            return False
        trace.gone(over.cause)
        return True

    def _gone(self, session: CallSession, trace: Trace, cause: str) -> None:
        """The channel is no more. Where only the link knows why, it may know of the fail-safe, too."""
        over = None if cause else self._state.ended(session.uuid, _LATE_SECONDS)
        if over is not None and over.failsafe:
            trace.end("failsafe", over.cause)
        else:
            trace.gone(over.cause if over else cause)

    def _leave_alone(self, session: CallSession) -> None:
        """Say nothing and keep the connection: closing it could throw the call out of the fail-safe's bridge."""
        log.warning("call %s: this process was too late, the fail-safe has it", session.uuid)
        session.wait_hangup(timeout=None)
