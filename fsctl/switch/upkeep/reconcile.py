"""Brings the database, and callers whom nobody serves, back to what FreeSWITCH really has."""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from fsctl.errors import FsctlError
from fsctl.facts.arriving import left_to_failsafe
from fsctl.facts.recorded import fetched
from fsctl.model import contexts
from fsctl.model.group_calls import conference_of
from fsctl.model.office import Office
from fsctl.store import claims, hunts
from fsctl.store.database import Store
from fsctl.store.journal_parts import Fact, begun, new_part
from fsctl.store.journal_queue import Journal
from fsctl.store.journal_table import close_calls, left, open_calls, supposed
from fsctl.switch.link import snapshot
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.channel import moment
from fsctl.switch.link.event_socket import EventSocket
from fsctl.switch.link.stranded import stranded

log = logging.getLogger(__name__)

#: What was claimed so recently may belong to a channel that the link has not heard of yet.
_FRESH: Final = timedelta(seconds=5)


class Reconciler:
    """Of the controller ``node``, whose channels are those that ``heard`` knows.

    ``now`` tells the aware time. Nothing is closed or released while a FreeSWITCH is out of reach.
    """

    def __init__(
        self, store: Store, node: str, journal: Journal, heard: HeardHere, now: Callable[[], datetime],
        current_office: Callable[[], Office],
    ) -> None:
        self._current_office = current_office
        self._store, self._node, self._journal, self._heard, self._now = store, node, journal, heard, now
        self._adopted: dict[str, str] = {}
        #: Where they were going when they were left.
        self._going: dict[str, str] = {}
        self._gone: frozenset[str] = frozenset()
        self._waiting: set[str] = set()
        self._sent: set[str] = set()

    def adopt(self) -> None:
        """Look after the calls that a killed process has left open, before new ones come.

        What it was about to do to others' calls it does no more.
        """
        claims.release_begun(self._store, self._node)
        self._adopted = dict(open_calls(self._store, self._node))
        self._going = supposed(self._store, self._adopted)

    def __call__(self, event: Mapping[str, str]) -> None:
        """An event of a link: calls that outlived their controller are journalled to their end."""
        if not self._adopted:
            return
        uuid = event.get("variable_fsctl_journal") or event.get("Unique-ID", "")
        if uuid not in self._adopted or uuid in self._named():  # a recall's other phone
            return
        match event.get("Event-Name"):
            case "CHANNEL_BRIDGE" if self._adopted[uuid] in ("ringing", "parked"):
                self._talks(uuid, event.get("Other-Leg-Unique-ID", ""))
            case "CHANNEL_HANGUP_COMPLETE":
                del self._adopted[uuid]
                cause = event.get("Hangup-Cause", "")
                self._journal.end(uuid, None, cause, moment(event), otherwise=self._became(uuid, cause, event))

    def _talks(self, uuid: str, peer: str) -> None:
        was, self._adopted[uuid] = self._adopted[uuid], "talking"
        by = self._taken_by(peer)
        was_fetched = by and was == "parked" and self._waits_still(uuid)
        step = [Fact(new_part(), 0, begun(self._now()) | fetched(by))] if by and was_fetched else []
        self._journal.update(uuid, *step, state="talking", result=by)

    def _became(self, uuid: str, cause: str, event: Mapping[str, str]) -> str:
        """What is known of a call that has ended, whoever else may know more."""
        if left_to_failsafe(event):  # which tells of it
            return ""
        conference = self._conference(event.get("variable_conference_name", ""))
        by = conference or self._taken_by(event.get("variable_last_bridge_to", ""))
        return by or left(cause, self._going.get(uuid, ""))

    def _conference(self, room: str) -> str:
        """The group call of a room, as a journal has it; "" for every other conference."""
        to = conference_of(room, self._current_office())
        return str(to) if to else ""

    def restarted(self, lost: Collection[str]) -> None:
        """FreeSWITCH was restarted: its channels are gone, with all they had."""
        try:
            for uuid in lost:
                if keys := claims.release_all(self._store, uuid):
                    log.warning("released %s: the switch was restarted", ", ".join(keys))
            self._close(open_calls(self._store, self._node).keys() & set(lost), "the switch was restarted")
        except FsctlError as error:
            log.error("nothing could be released after the switch's restart: %s", error)

    def round(self) -> None:
        """Compare. What is gone in two rounds running is closed; the list of channels may be behind in one."""
        if not all(table.known for table in self._heard.tables):
            return
        for uuid in [uuid for uuid, state in self._adopted.items() if state == "ringing"]:
            call = self._heard.call(uuid)  # somebody may have answered while nobody heard
            if call is not None and call.peer and call.state == "talking":
                self._talks(uuid, call.peer)
            elif call is not None and (conference := self._conference(call.room or "")):
                self._adopted[uuid] = "talking"
                self._journal.update(uuid, state="talking", result=conference)
        alive = {uuid for table in self._heard.tables for uuid in table.calls} | self._named()
        try:
            gone = frozenset(open_calls(self._store, self._node).keys() - alive)
            self._close(gone & self._gone, "its channel is gone")
            self._gone = gone
            keys = claims.release_gone(self._store, self._node, alive, before=self._now() - _FRESH)
            if keys:
                log.warning("released %s: the channel that had it is gone", ", ".join(keys))
            hunts.part_gone(self._store, self._node, alive, self._now() - _FRESH, self._now())
        except FsctlError as error:
            log.error("the database could not be compared with the switch: %s", error)

    def recover(self, link: EventSocket, node: str) -> None:
        """Send on, once, whoever waits for a controller that is gone. Asked twice, since one may be between steps."""
        table = next(table for table in self._heard.tables if table.node == node)
        alone = [call.uuid for call in table.calls.values() if call.peer is None and call.uuid not in self._sent]
        dumps = snapshot.dump(link, alone)
        leased = snapshot.leased(link) if dumps else set()
        found = {row["Unique-ID"]: to for row in dumps if (to := stranded(row, row.get("Unique-ID", "") in leased))}
        for uuid in found.keys() & self._waiting:
            log.warning("call %s waits for a controller that is gone; sent to %s again", uuid, found[uuid])
            self._sent.add(uuid)
            link.bgapi(f"uuid_transfer {uuid} {found[uuid]} XML {contexts.DEFAULT}")
        self._waiting = set(found)
        self._sent &= table.calls.keys()

    def _named(self) -> set[str]:
        """The recalls that are in the journal by another UUID than their channels'."""
        return {call.journal for call in self._heard.current().calls if call.journal and call.journal != call.uuid}

    def _waits_still(self, uuid: str) -> bool:
        """Whether no connection has begun to write about a parked call again: its recall rings then, and tells it."""
        try:
            return open_calls(self._store, self._node).get(uuid) == "parked"
        except FsctlError:
            return True

    def _taken_by(self, uuid: str) -> str | None:
        """Who is at a channel, or was within the last minutes."""
        if call := self._heard.call(uuid):
            return str(call.who) if call.who else None
        ended = self._heard.ended(uuid)
        return f"user:{ended.user}" if ended and ended.user else None

    def _close(self, uuids: Collection[str], why: str) -> None:
        causes = {uuid: ended.cause if (ended := self._heard.ended(uuid)) else "" for uuid in uuids}
        for uuid in close_calls(self._store, causes, self._now()):
            self._adopted.pop(uuid, None)
            log.warning("call %s was closed in the journal: %s", uuid, why)
