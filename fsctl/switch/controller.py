"""A controller: takes calls, hears the switches, keeps the books. One process has all of it, or several share it."""

import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from fsctl import clock
from fsctl.errors import FsctlError
from fsctl.store import hunts
from fsctl.store.database import Store
from fsctl.store.journal_queue import Journal
from fsctl.store.snapshot import Snapshots
from fsctl.switch.calls.handler import CallHandler
from fsctl.switch.calls.hunt_store import Idleness
from fsctl.switch.calls.office_state import StoreState
from fsctl.switch.capacity import most_calls
from fsctl.switch.in_talk.hearing import TalkCodes
from fsctl.switch.link.calls_now import Heard, HeardHere
from fsctl.switch.link.event_socket import EventSocket
from fsctl.switch.link.live import ONLY_STATES, LiveTable
from fsctl.switch.link.prompts import Prompts
from fsctl.switch.link.relay import HeardByRelay, Relay
from fsctl.switch.link.steady_link import Link
from fsctl.switch.session.server import CallServer
from fsctl.switch.upkeep.dialplan_calls import UnaskedCalls
from fsctl.switch.upkeep.group_calls import GroupCalls
from fsctl.switch.upkeep.hold_recall import HoldRecall
from fsctl.switch.upkeep.joined_talks import JoinedTalks
from fsctl.switch.upkeep.lamps import Lamps
from fsctl.switch.upkeep.office_watch import OfficeWatch
from fsctl.switch.upkeep.old_calls import OldCalls
from fsctl.switch.upkeep.reconcile import Reconciler
from fsctl.switch.upkeep.recorded_talks import RecordedTalks
from fsctl.switch.upkeep.slots import Slots
from fsctl.switch.wire import Event

log = logging.getLogger(__name__)

#: After SIGTERM, calls that are being decided or ring may take so long; talks go on without fsctl.
DRAIN_SECONDS = 30

Allowed = Sequence[IPv4Network | IPv6Network]
Now = Callable[[], datetime]

LOOPBACK: Allowed = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))

class Switches:
    """The links to all FreeSWITCHes ``at`` (host, port), and what is done with what they tell.

    ``node`` is the controller's name in the database. ``start`` adopts the calls that the last process of that name
    has left, so it comes before the first call is taken.
    """

    def __init__(
        self, store: Store, journal: Journal, at: Sequence[tuple[str, int]], password: str, node: str,
        office: Snapshots, now: Now = clock.now,
    ) -> None:
        tables = [LiveTable(f"{host}:{port}") for host, port in at]
        self._office = office.current
        self.heard = HeardHere(tables)
        self._unasked = UnaskedCalls(journal, self._office)
        # Whoever looks at each change is content with what the OfficeWatch has read.
        self._idleness = Idleness(store, office.last)
        self._reconciler = Reconciler(store, node, journal, self.heard, now, self._office)
        self._slots = Slots(store, node, self._office, self.heard, now)
        self._joined = JoinedTalks(store, node, self.heard, now)
        self._group_calls = GroupCalls(self._office, self.heard)
        self._prompts = Prompts(self._office)
        self._talk_codes = TalkCodes(store, journal, self._office, self.heard, node, now)
        self._recorded_talks = RecordedTalks(self.heard)
        self._old_calls = OldCalls(store, self._office, now)
        self._linked: dict[str, EventSocket] = {}
        self._lamps = Lamps(store, office.last, self.heard, now)
        self._office_watch = OfficeWatch(store, office.renewed, self.heard.changed)
        self._hold_recall = HoldRecall(store, journal, office.last, self.heard, node, now)
        self._links = [
            Link(
                host, port, password, table, on_event=partial(self._on_event, table.node),
                on_change=self.heard.changed, on_linked=partial(self._on_linked, table.node),
                on_restart=self._restarted, on_compared=partial(self._compared, table),
            )
            for (host, port), table in zip(at, tables, strict=True)
        ]

    def start(self) -> None:
        """Connect, and stay connected."""
        try:
            self._reconciler.adopt()
        except FsctlError as error:
            log.error("calls that were left open stay so for now: %s", error)
        for link in self._links:
            link.start()
        self._lamps.start()
        self._hold_recall.start()
        self._old_calls.start()
        self._office_watch.start()

    def stop(self) -> None:
        """Close the links."""
        self._old_calls.stop()
        self._office_watch.stop()
        self._talk_codes.stop()
        self._hold_recall.stop()
        self._lamps.stop()
        for link in self._links:
            link.stop()

    def _on_linked(self, node: str, link: EventSocket) -> None:
        self._linked[node] = link
        self._lamps.linked(node, link)
        self._hold_recall.linked(node, link)
        self._talk_codes.linked()
        with suppress(FsctlError):  # without an office nothing was recorded
            self._recorded_talks.linked(self._office().recordings_folder)

    def _restarted(self, lost: tuple[str, ...]) -> None:
        self._reconciler.restarted(lost)
        self._slots.restarted(lost)
        self._recorded_talks.restarted()

    def _on_event(self, node: str, event: Event) -> None:
        name = event.get("Event-Name")
        if name in ONLY_STATES:
            return
        if name == "PRESENCE_PROBE":
            self._lamps.probed(node, event)
            return
        self._unasked(event)
        self._reconciler(event)
        self._idleness(event)
        self._slots(event)
        self._hold_recall(event)
        if (link := self._linked.get(node)) is not None:
            self._joined(link, event)
            self._group_calls(link, event)
            self._talk_codes(link, event)
            self._recorded_talks(link, event)

    def _compared(self, table: LiveTable, link: EventSocket) -> None:
        if table is self.heard.tables[0]:  # one comparison a round, however many FreeSWITCHes there are
            self._reconciler.round()
            self._slots.round(self._linked.get)
        self._reconciler.recover(link, table.node)
        self._joined.round(link, table.node)
        self._group_calls.round(link, table.node)
        self._prompts.round(link)


class Controller:
    """Takes the calls that FreeSWITCH brings to ``listener``, a socket or an address.

    With ``switches`` it hears them itself; a worker is given what it ``heard`` by another process instead. ``now``
    tells the aware time, and no other clock counts for a call.
    """

    def __init__(
        self,
        store: Store,
        listener: socket.socket | tuple[str, int],
        switches: Sequence[tuple[str, int]] = (),
        password: str = "",
        *,
        node: str,
        heard: Heard | None = None,
        allow: Allowed = LOOPBACK,
        now: Now = clock.now,
    ) -> None:
        self._store, self._node = store, node
        self._journal, office = Journal(store, node), Snapshots(store)
        self._switches = None if heard else Switches(store, self._journal, switches, password, node, office, now)
        self.heard: Heard = self._switches.heard if self._switches else heard or HeardHere(())
        state = StoreState(store, node, now, self.heard)
        self._office = office
        self._handler = CallHandler(office.current, self.heard.current, self._journal, state, now)
        self._listener, self._allow = listener, allow
        self._server: CallServer | None = None

    def start(self) -> None:
        """Take calls from now on. OSError when the address cannot be listened on."""
        self._office.read_first()
        self._journal.start()
        if self._switches is not None:
            self._free_members()
            self._switches.start()
        self.take_calls(self._listener)

    def _free_members(self) -> None:
        """Whom a killed process of this name was ringing, before it rings anybody itself."""
        try:
            hunts.free_all(self._store, self._node)
        except FsctlError as error:
            log.error("members of hunt groups may stay reserved until their calls are over: %s", error)

    def take_calls(self, listener: socket.socket | tuple[str, int]) -> None:
        """Listen, at first or again. OSError when that cannot be."""
        self._server = CallServer(listener, self._handler, allow=self._allow, max_calls=most_calls())
        self._server.start()

    def stop_taking_calls(self) -> None:
        """Leave new calls to the next controller or the fail-safe; go on with those there are."""
        if self._server is not None:
            self._server.stop_accepting()

    def stop(self, drain_seconds: float = DRAIN_SECONDS) -> None:
        """Take no more calls, wait for those that are being decided or ring, and write the journal to its end."""
        self.stop_taking_calls()
        self._handler.wait_decided(drain_seconds)
        if self._switches is not None:
            self._switches.stop()
        self._journal.stop()


class Worker:
    """A process that only takes calls; ``relay`` is the folder of the socket over which it hears the switches."""

    def __init__(self, store: Store, listener: socket.socket, relay: Path, *, node: str, allow: Allowed) -> None:
        self._heard = HeardByRelay(relay)
        self._controller = Controller(store, listener, node=node, heard=self._heard, allow=allow)

    def start(self) -> None:
        """Take calls from now on."""
        self._heard.start()
        self._controller.start()

    def stop(self) -> None:
        """As a Controller does."""
        self._controller.stop()
        self._heard.stop()


class Hearing:
    """The process that has the links when workers take the calls, which hear them from ``listener``."""

    def __init__(
        self, store: Store, listener: socket.socket, switches: Sequence[tuple[str, int]], password: str, *, node: str
    ) -> None:
        self._journal = Journal(store, node)
        self._office = Snapshots(store)
        self._switches = Switches(store, self._journal, switches, password, node, self._office)
        self._relay = Relay(listener, self._switches.heard)

    def start(self) -> None:
        """Connect, and tell the workers."""
        self._office.read_first()
        self._journal.start()
        self._switches.start()
        self._relay.start()

    def stop(self) -> None:
        """Close the links, and write the journal to its end."""
        self._relay.stop()
        self._switches.stop()
        self._journal.stop()
