"""Hears the keys that people of the office press in a talk, and does what a code stands for.

FreeSWITCH passes each key on to the other side by itself, and tells of it besides: nothing here can hold one up.
"""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

import gevent
from gevent.pool import Group

from fsctl.errors import FsctlError
from fsctl.facts.in_talk import call_in_talk
from fsctl.model.call import Call
from fsctl.model.live import LiveCall, Looked
from fsctl.model.office import Office
from fsctl.policies.in_talk import APART_SECONDS, is_code
from fsctl.route import walk
from fsctl.store.database import Store
from fsctl.store.journal_queue import Journal
from fsctl.switch.calls.drive import drive
from fsctl.switch.calls.office_state import StoreState
from fsctl.switch.calls.trace import Trace
from fsctl.switch.in_talk.once import first
from fsctl.switch.in_talk.performing import Performer
from fsctl.switch.in_talk.talk import Talk
from fsctl.switch.link.calls_now import Heard
from fsctl.switch.link.channel import moment
from fsctl.switch.link.event_socket import EventSocket
from fsctl.switch.link.live import KEY
from fsctl.switch.wire import Event

log = logging.getLogger(__name__)

#: More keys than this are no code, and are not kept.
_MOST: Final = 40

#: A key that FreeSWITCH has told before it answered is heard within so many seconds.
_BEHIND_SECONDS: Final = 0.05

#: So many seconds after the last key a code is done, or not at all.
_LATE_SECONDS: Final = 8.0

#: At the end of this process a code that is about to be done has so many seconds.
_END_SECONDS: Final = 2.0


@dataclass(slots=True)
class _Keys:
    """What was pressed at one phone since the last pause, and when the last of it was. ``over``: nobody waits any more
    for what comes of it.
    """

    pressed: str
    last: datetime
    over: bool = False


class TalkCodes:
    """On all FreeSWITCHes that this process is linked to, for the controller ``node``. ``now`` tells the aware time."""

    def __init__(
        self, store: Store, journal: Journal, current_office: Callable[[], Office], heard: Heard, node: str,
        now: Callable[[], datetime],
    ) -> None:
        self._journal, self._now = journal, now
        self._current_office, self._heard = current_office, heard
        self._state = StoreState(store, node, now, heard)
        self._keys: dict[str, _Keys] = {}
        self._at_work = Group()
        self._busy: set[str] = set()

    def stop(self) -> None:
        """What is being done is done; keys that may yet become a code are forgotten."""
        for uuid in tuple(self._keys):
            self._forget(uuid)
        self._at_work.join(_END_SECONDS)

    def linked(self) -> None:
        """A link is up: what was pressed at channels that are gone by now will become nothing."""
        for uuid in [each for each in self._keys if self._heard.call(each) is None]:
            self._forget(uuid)

    def __call__(self, link: EventSocket, event: Event) -> None:
        """An event of a link. Holds no other event up."""
        if event.get("Event-Name") == KEY:
            self._key(link, event)
        elif event.get("Event-Name") == "CHANNEL_HANGUP_COMPLETE":
            self._forget(event.get("Unique-ID", ""))

    def _key(self, link: EventSocket, event: Event) -> None:
        """A pause is one by FreeSWITCH's clock, for this process may hear of keys in bunches."""
        uuid, at = event.get("Unique-ID", ""), moment(event)
        before, own = self._keys.get(uuid), self._heard.call(uuid)
        if before is not None and at - before.last >= timedelta(seconds=APART_SECONDS):
            before = None  # it may be a code that is about to be done
        else:
            self._forget(uuid)
        if own is None or own.user is None or not _talks(own):
            return
        pressed = (before.pressed if before else "") + event.get("DTMF-Digit", "")
        keys = self._keys[uuid] = _Keys(pressed[: _MOST + 1], at)
        gevent.spawn_later(APART_SECONDS, self._complete, link, uuid, keys, event.get("Event-Sequence", ""))

    def _forget(self, uuid: str) -> None:
        """Nobody waits any more for what else is pressed there."""
        if (keys := self._keys.pop(uuid, None)) is not None:
            keys.over = True

    def _complete(self, link: EventSocket, uuid: str, keys: _Keys, sequence: str) -> None:
        """Nothing more was pressed. A key that this process has not taken in yet ends this amid it; what is no code is
        kept, for it may belong to a key that is late.
        """
        if keys.over or len(keys.pressed) > _MOST:
            return
        try:
            office = self._current_office()
            own = self._talk(uuid, office)
            if own is None or not is_code(keys.pressed, office) or not link.connected:
                return
            if _late(link, keys) or keys.over or not first(link, f"keys-{uuid}-{sequence}"):
                return
            gevent.sleep(_BEHIND_SECONDS)
        except (FsctlError, ValueError) as error:
            log.error("keys pressed in a talk: %s", error)
            return
        if keys.over or uuid in self._busy:  # he hears first what becomes of the code before
            return
        if self._keys.get(uuid) is keys:
            del self._keys[uuid]
        self._busy.add(uuid)
        self._at_work.start(gevent.Greenlet(self._dialled, link, own, keys.pressed, office))

    def _dialled(self, link: EventSocket, own: LiveCall, dialled: str, office: Office) -> None:
        try:
            self._do(link, own, call_in_talk(str(uuid4()), own, dialled, office, self._now(), random.random()), office)
        except Exception as error:  # whatever it is, the talk goes on
            log.error("%s, dialled by %s in a talk: %s", dialled, own.user, error,
                      exc_info=not isinstance(error, FsctlError))
        finally:
            self._busy.discard(own.uuid)

    def _do(self, link: EventSocket, own: LiveCall, call: Call, office: Office) -> None:
        live = Looked(self._heard.current(), call.uuid)
        trace = Trace(call, self._journal, _nothing, live, call.by or "")
        talk = Talk(link, self._heard, self._state, call, office, own, live)
        try:
            drive(walk(call, office, live), Performer(talk), trace)
        finally:
            if talk.claimed:
                self._state.release_all(call)
            trace.end(None, "")

    def _talk(self, uuid: str, office: Office) -> LiveCall | None:
        """The channel of a person who talks; None for who does not, or calls for help."""
        own = self._heard.call(uuid)
        if own is None or own.user not in office.users or not _talks(own):
            return None
        if own.room:
            return own
        other = self._heard.call(own.peer or "")
        if other is None or other.state == "ringing" or other.slot:
            return None
        return None if office.is_emergency(other.number, office.site_of(own.user)) else own


def _late(link: EventSocket, keys: _Keys) -> bool:
    """Whether nobody expects any more that they do something, since this process was stopped, or its link stuck."""
    now = link.api("strepoch").strip()
    return now.isdecimal() and int(now) - keys.last.timestamp() > _LATE_SECONDS


def _talks(own: LiveCall) -> bool:
    return own.state == "talking" and own.slot is None and (own.peer or own.room) is not None


def _nothing() -> None:
    """Nobody waits for its decision."""
