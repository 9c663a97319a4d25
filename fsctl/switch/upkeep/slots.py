"""Keeps the books of parked calls true to FreeSWITCH, which alone knows who still waits."""

import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import gevent

from fsctl.errors import FsctlError
from fsctl.model.live import LiveCall
from fsctl.model.office import Office
from fsctl.model.parking import group_of, terms
from fsctl.store import parked
from fsctl.store.database import Store
from fsctl.store.parked import Entry
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.event_socket import EventSocket, SwitchError

log = logging.getLogger(__name__)

#: What was parked so recently may not have arrived in its slot yet: who parks hears so first.
_FRESH: Final = timedelta(seconds=15)


class Slots:
    """Of the controller ``node``, whose channels are those that ``heard`` knows."""

    def __init__(
        self, store: Store, node: str, current_office: Callable[[], Office], heard: HeardHere,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._node, self._current_office = store, node, current_office
        self._heard, self._now = heard, now
        self._elsewhere: frozenset[str] = frozenset()
        self._unnoted: frozenset[str] = frozenset()

    def __call__(self, event: Mapping[str, str]) -> None:
        """An event of a link: who was fetched, or gave up, waits no more. Holds no other event up."""
        talks = event.get("Event-Name") == "CHANNEL_BRIDGE" and event.get("variable_fsctl_slot")
        over = event.get("Event-Name") == "CHANNEL_HANGUP_COMPLETE" and event.get("variable_fsctl_recall_seconds")
        if talks or over:
            gevent.spawn(self._free, event.get("Unique-ID", ""))

    def restarted(self, lost: Collection[str]) -> None:
        """FreeSWITCH was restarted: who waited there is gone."""
        for slot in self._freed(lost):
            log.warning("slot %s is free: the switch was restarted", slot)

    def round(self, link: Callable[[str], EventSocket | None]) -> None:
        """Compare. ``link`` gives the one to a FreeSWITCH by its node. What is wrong twice running is put right."""
        if not all(table.known for table in self._heard.tables):
            return
        calls = {uuid: call for table in self._heard.tables for uuid, call in table.calls.items()}
        here = {uuid: call for uuid, call in calls.items() if call.slot and call.state == "parked"}
        try:
            rows, noted = parked.waiting(self._store, self._node), parked.waiting(self._store)
            elsewhere = frozenset(uuid for uuid, slot in rows.items() if uuid not in here or here[uuid].slot != slot)
            wrong = elsewhere & self._elsewhere
            self._elsewhere = elsewhere
            for slot in parked.free(self._store, wrong - calls.keys()):
                log.warning("slot %s is free: the call that waited there is gone", slot)
            for slot in parked.free(self._store, (wrong & calls.keys()) - here.keys(), self._now() - _FRESH):
                log.warning("slot %s is free: its call waits there no more", slot)
            before, self._unnoted = self._unnoted, frozenset(here.keys() - noted.keys())
            for uuid in (before & self._unnoted) | (wrong & here.keys()):
                self._enter(here[uuid], link(here[uuid].node))
        except FsctlError as error:
            log.error("the slots could not be compared with the switch: %s", error)

    def _enter(self, call: LiveCall, link: EventSocket | None) -> None:
        """A call waits of which the books say nothing, or something else: it gets its slot, or comes back."""
        office, slot, parker = self._current_office(), call.slot or "", call.parker or ""
        group = group_of(slot, office)
        seconds = terms(slot, parker, office).recall_seconds
        entry = Entry(slot, call.uuid, group.key if group else "", call.user or call.number, parker, seconds)
        if slot in office.extensions and parked.put(self._store, entry, self._node, self._now()):
            log.warning("slot %s has the call %s: it waits there, and nobody had noted that", slot, call.uuid)
        elif link is not None:
            log.warning("call %s comes back: it waits in %s, which is another call's or no slot", call.uuid, slot)
            with suppress(SwitchError):
                link.bgapi(f"uuid_transfer {call.uuid} recall+{slot} XML fsctl")

    def _free(self, uuid: str) -> None:
        self._freed([uuid])

    def _freed(self, uuids: Collection[str]) -> list[str]:
        try:
            return parked.free(self._store, uuids)
        except FsctlError as error:
            log.error("slots stay occupied until the next comparison: %s", error)
            return []
