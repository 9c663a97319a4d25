"""Makes an ordinary talk again of the two who are left of three: in a conference no phone could transfer, park or hold.

Without a controller they talk on in the conference, which ends when one of them leaves.
"""

import json
import logging
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime

import gevent

from fsctl.errors import FsctlError
from fsctl.model.joined import in_order, whose
from fsctl.store import claims
from fsctl.store.database import Store
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.link.live import ROOMS
from fsctl.switch.session import moving
from fsctl.switch.wire import is_uuid

log = logging.getLogger(__name__)


class JoinedTalks:
    """On all FreeSWITCHes that this process is linked to, for the controller ``node``. ``now`` tells the aware time."""

    def __init__(self, store: Store, node: str, heard: HeardHere, now: Callable[[], datetime]) -> None:
        self._store, self._node, self._heard, self._now = store, node, heard, now
        #: Of each FreeSWITCH the rooms with two that its last comparison has found.
        self._seen: dict[str, frozenset[str]] = {}

    def __call__(self, link: EventSocket, event: Mapping[str, str]) -> None:
        """An event of a link. Holds no other event up."""
        if event.get("Event-Subclass") == ROOMS and event.get("Action") == "del-member":
            room = event.get("Conference-Name", "")
            if whose(room) and event.get("Conference-Size") == "2":
                gevent.spawn(self._connect, link, room)

    def round(self, link: EventSocket, node: str) -> None:
        """Two who were left while nobody heard; one who is about to join has arrived by the second time."""
        calls = [call for call in self._heard.current().calls if call.node == node and call.room and whose(call.room)]
        rooms = [call.room or "" for call in calls]
        two = frozenset(room for room in rooms if rooms.count(room) == 2)
        for room in two & self._seen.get(node, frozenset()):
            self._connect(link, room)
        self._seen[node] = two

    def _connect(self, link: EventSocket, room: str) -> None:
        """FreeSWITCH itself says who is there; of several controllers one does it.

        Its claim is no channel's, so that the next comparison frees it: the others may hear of it a moment later.
        """
        with suppress(FsctlError):  # without the database both do the same
            if not claims.take(self._store, f"room:{room}", f"of {self._node}", self._node, self._now()):
                return
        try:
            left = in_order(_there(link, room), room, self._heard.current())
            if len(left) == 2:
                link.apis(_connecting(*left))
                self._see_to(link, left)
        except SwitchError as error:
            log.error("the two who are left in %s talk on there: %s", room, error)


    def _see_to(self, link: EventSocket, left: Collection[str]) -> None:
        """If one hangs up in this very moment, FreeSWITCH would leave the other one in silence for ever.

        It still calls that one's application a conference; who was connected, or sent elsewhere, has another one.
        """
        until = time.monotonic() + moving.MOVE_SECONDS
        while (seconds := until - time.monotonic()) > 0:
            if all((call := self._heard.call(uuid)) and call.peer in left for uuid in left):
                return
            if any(self._heard.ended(uuid) for uuid in left):
                break
            self._heard.wait_change(seconds)
        there = link.apis([f"uuid_getvar {uuid} current_application" for uuid in left])
        if any(answer.startswith("-ERR") for answer in there):
            alone = [uuid for uuid, answer in zip(left, there, strict=True) if answer.strip() == "conference"]
            link.apis([f"uuid_kill {uuid} NORMAL_CLEARING" for uuid in alone])


def _there(link: EventSocket, room: str) -> list[str]:
    try:
        (found,) = json.loads(link.api(f"conference {room} json_list"))
        uuids = [str(each.get("uuid", "")) for each in found["members"]]
    except (ValueError, KeyError, TypeError, AttributeError):  # it is over
        return []
    return [uuid for uuid in uuids if is_uuid(uuid)]


def _connecting(first: str, second: str) -> list[str]:
    """The conference ends as soon as the first of them leaves it, and hangs up on the other one if it may."""
    stays = [f"uuid_setvar_multi {each} hangup_after_conference=false;hangup_after_bridge=true"
             for each in (first, second)]
    return [*stays, f"uuid_bridge {first} {second}"]
