"""Makes an ordinary talk again of the two who are left of three: in a conference no phone could transfer, park or hold.

Without a controller they talk on in the conference, which ends when one of them leaves. One who is alone in it, since
another hung up amid the joining, would wait there for ever: the conference ends by itself only after it has had two.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

import gevent

from fsctl.errors import FsctlError
from fsctl.model.joined import in_order, whose
from fsctl.model.live import LiveCall
from fsctl.model.parties import party_at
from fsctl.store import claims
from fsctl.store.database import Store
from fsctl.switch.link import snapshot
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.channel import NOTED
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.link.live import ROOMS
from fsctl.switch.session import moving
from fsctl.switch.wire.displays import shown_by_phone

log = logging.getLogger(__name__)

#: So many are in a talk that was joined.
_ALL: Final = 3


class JoinedTalks:
    """On all FreeSWITCHes that this process is linked to, for the controller ``node``. ``now`` tells the aware time."""

    def __init__(self, store: Store, node: str, heard: HeardHere, now: Callable[[], datetime]) -> None:
        self._store, self._node, self._heard, self._now = store, node, heard, now
        #: Of each FreeSWITCH the rooms with fewer than three that its last comparison has found.
        self._seen: dict[str, frozenset[str]] = {}

    def __call__(self, link: EventSocket, event: Mapping[str, str]) -> None:
        """An event of a link. Holds no other event up."""
        room = event.get("Conference-Name", "") if event.get("Event-Subclass") == ROOMS else ""
        if whose(room):
            match event.get("Action"), event.get("Conference-Size"):
                case "del-member", "2":
                    gevent.spawn(self._connect, link, room)
                case "add-member", "1":
                    gevent.spawn_later(moving.MOVE_SECONDS, self._settle, link, room)

    def round(self, link: EventSocket, node: str) -> None:
        """Who was left while nobody heard; one who is about to join has arrived by the second time."""
        here = (call.room or "" for call in self._heard.current().calls if call.node == node)
        few = frozenset(room for room, members in Counter(filter(whose, here)).items() if members < _ALL)
        for room in few & self._seen.get(node, frozenset()):
            self._settle(link, room)
        self._seen[node] = few

    def _settle(self, link: EventSocket, room: str) -> None:
        """Nobody comes any more."""
        try:
            left = snapshot.in_room(link, room)
            if len(left) == 1:
                link.api(f"uuid_kill {left[0]} NORMAL_CLEARING")
        except SwitchError as error:
            log.error("nobody could see who is in %s: %s", room, error)
        else:
            if len(left) == _ALL - 1:
                self._connect(link, room)

    def _connect(self, link: EventSocket, room: str) -> None:
        """FreeSWITCH itself says who is there; of several controllers one does it.

        Whichever hears of it when the claim is free again finds nobody there any more.
        """
        key, holder = f"room:{room}", f"of {self._node}"
        with suppress(FsctlError):  # without the database both do the same
            if not claims.take(self._store, key, holder, self._node, self._now()):
                return
        try:
            left = in_order(snapshot.in_room(link, room), room, self._heard.current())
            if len(left) == _ALL - 1:
                calls = [call for uuid in left if (call := self._heard.call(uuid))]
                link.apis([*_noting(calls), *_connecting(*left)])
                if self._see_to(link, left):
                    link.apis(_showing(calls))
        except SwitchError as error:
            log.error("the two who are left in %s talk on there: %s", room, error)
        finally:
            with suppress(FsctlError):
                claims.release(self._store, key, holder)

    def _see_to(self, link: EventSocket, left: Collection[str]) -> bool:
        """Whether they are connected.

        If one hangs up in this very moment, FreeSWITCH would leave the other one in silence for ever. It still calls
        that one's application a conference; who was connected, or sent elsewhere, has another one.
        """
        until = time.monotonic() + moving.MOVE_SECONDS
        while (seconds := until - time.monotonic()) > 0:
            if all((call := self._heard.call(uuid)) and call.peer in left for uuid in left):
                return True
            if any(self._heard.ended(uuid) for uuid in left):
                break
            self._heard.wait_change(seconds)
        there = link.apis([f"uuid_getvar {uuid} current_application" for uuid in left])
        if any(answer.startswith("-ERR") for answer in there):
            alone = [uuid for uuid, answer in zip(left, there, strict=True) if answer.strip() == "conference"]
            link.apis([f"uuid_kill {uuid} NORMAL_CLEARING" for uuid in alone])
        return False


def _noting(calls: Sequence[LiveCall]) -> list[str]:
    """The commands that note of those who called who they are, since FreeSWITCH swaps that with the others now."""
    return [f"uuid_setvar {call.uuid} {NOTED} {call.number}|{call.name}"
            for call in calls if call.direction == "inbound" and not call.withheld]


def _showing(calls: Sequence[LiveCall]) -> list[str]:
    """The commands that show the office's phones who is at the other end.

    FreeSWITCH takes that from the channels, where it has swapped who calls and who is called if somebody took a call
    that rang elsewhere, or if they were connected so before.
    """
    return [f"uuid_display {each.uuid} {shown_by_phone(party_at(other))}"
            for each, other in zip(calls, reversed(calls), strict=True) if each.user and each != other]


def _connecting(first: str, second: str) -> list[str]:
    """The conference ends as soon as the first of them leaves it, and hangs up on the other one if it may."""
    stays = [f"uuid_setvar_multi {each} hangup_after_conference=false;hangup_after_bridge=true"
             for each in (first, second)]
    return [*stays, f"uuid_bridge {first} {second}"]
