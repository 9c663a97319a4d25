"""Hears the keys that people of the office press in a talk, and does what a code stands for.

FreeSWITCH passes each key on to the other side by itself, and tells of it besides: nothing here can hold one up.
"""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import gevent

from fsctl.errors import FsctlError
from fsctl.facts.in_talk import call_in_talk
from fsctl.model.live import LiveCall, Looked
from fsctl.model.office import Office
from fsctl.policies.in_talk import TOGETHER_SECONDS, code_after
from fsctl.route import walk
from fsctl.store import claims
from fsctl.store.database import Store
from fsctl.store.journal_queue import Journal
from fsctl.switch.calls.drive import drive
from fsctl.switch.calls.office_state import StoreState
from fsctl.switch.calls.trace import Trace
from fsctl.switch.in_talk.performing import Performer
from fsctl.switch.in_talk.talk import Talk
from fsctl.switch.link.calls_now import Heard
from fsctl.switch.link.channel import moment
from fsctl.switch.link.event_socket import EventSocket
from fsctl.switch.link.live import KEY
from fsctl.switch.wire import Event

log = logging.getLogger(__name__)

#: Controllers hear the same key within so many seconds.
_APART_SECONDS = 2.0


@dataclass(slots=True)
class _Keys:
    """What was pressed at one phone since the last pause, when the last of it was, and who waits for more."""

    pressed: str
    last: datetime
    waits: gevent.Greenlet | None = None


class TalkCodes:
    """On all FreeSWITCHes that this process is linked to, for the controller ``node``. ``now`` tells the aware time."""

    def __init__(
        self, store: Store, journal: Journal, current_office: Callable[[], Office], heard: Heard, node: str,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._journal, self._node, self._now = store, journal, node, now
        self._current_office, self._heard = current_office, heard
        self._state = StoreState(store, node, now, heard)
        self._keys: dict[str, _Keys] = {}

    def __call__(self, link: EventSocket, event: Event) -> None:
        """An event of a link. Holds no other event up."""
        if event.get("Event-Name") == KEY:
            self._key(link, event)
        elif event.get("Event-Name") == "CHANNEL_HANGUP_COMPLETE":
            self._forget(event.get("Unique-ID", ""))

    def _key(self, link: EventSocket, event: Event) -> None:
        """A pause is one by FreeSWITCH's clock, however late this process hears of the keys."""
        uuid, at, office = event.get("Unique-ID", ""), moment(event), self._current_office()
        before = self._forget(uuid)
        if self._talk(uuid, office) is None:
            return
        belongs = before is not None and at - before.last < timedelta(seconds=TOGETHER_SECONDS)
        keys = _Keys((before.pressed if before and belongs else "") + event.get("DTMF-Digit", ""), at)
        self._keys[uuid] = keys
        seconds = code_after(keys.pressed, office)
        if seconds is not None:
            keys.waits = gevent.spawn_later(seconds, self._complete, link, uuid, keys, event.get("Event-Sequence", ""))

    def _forget(self, uuid: str) -> _Keys | None:
        """What was pressed there; nobody waits for more of it."""
        keys = self._keys.pop(uuid, None)
        if keys is not None and keys.waits is not None:
            keys.waits.kill(block=False)
        return keys

    def _complete(self, link: EventSocket, uuid: str, keys: _Keys, sequence: str) -> None:
        """Nothing more was pressed. Several controllers hear the same keys: one of them does it."""
        if self._keys.get(uuid) is not keys:
            return
        del self._keys[uuid]
        office = self._current_office()
        own = self._talk(uuid, office)
        if own is None:
            return
        if self._first(f"keys:{uuid}:{sequence}"):
            self._dialled(link, own, keys.pressed, office)

    def _first(self, keys: str) -> bool:
        """Whether no other controller does it; without the database each does."""
        holder = str(uuid4())
        try:
            taken = claims.take(self._store, keys, holder, self._node, self._now())
        except FsctlError:
            return True
        if taken:
            gevent.spawn_later(_APART_SECONDS, self._state.disclaim, keys, holder)
        return taken

    def _dialled(self, link: EventSocket, own: LiveCall, dialled: str, office: Office) -> None:
        call = call_in_talk(str(uuid4()), own, dialled, office, self._now(), random.random())
        live = Looked(self._heard.current(), call.uuid)
        trace = Trace(call, self._journal, _nothing, live, call.by or "")
        performer = Performer(Talk(link, self._heard, self._state, call, office, own))
        try:
            drive(walk(call, office, live), performer, trace)
        except Exception as error:  # whatever it is, the talk goes on
            log.error("%s, dialled by %s in a talk: %s", dialled, own.user, error,
                      exc_info=not isinstance(error, FsctlError))
        finally:
            self._state.release_all(call)
            trace.end(None, "")

    def _talk(self, uuid: str, office: Office) -> LiveCall | None:
        """The channel of a person who talks; None for who does not, or calls for help."""
        own = self._heard.call(uuid)
        if own is None or own.user not in office.users or own.state != "talking" or own.slot:
            return None
        if own.room:
            return own
        other = self._heard.call(own.peer or "")
        if other is None or other.state == "ringing" or other.slot:
            return None
        return None if office.is_emergency(other.number, office.site_of(own.user)) else own


def _nothing() -> None:
    """Nobody waits for its decision."""
