"""The inbound link: stays connected to one FreeSWITCH, whatever happens to either side, and keeps its calls."""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gevent

from fsctl import clock
from fsctl.switch.link import snapshot
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.link.live import EVENTS, LiveTable
from fsctl.switch.wire import Event

log = logging.getLogger(__name__)

#: Seconds between attempts: doubled from the first to the second, with as much again by chance, so that many
#: controllers do not come back at once (mod_event_socket listens with a backlog of 5).
PAUSE_SECONDS = (0.5, 15.0)

#: FreeSWITCH sends a HEARTBEAT every 20 s. Without one for so long the link is dead, though no end notices.
SILENCE_SECONDS = 60.0

#: Seconds between comparisons of what the events said with FreeSWITCH's own list.
COMPARE_SECONDS = 10.0

#: FreeSWITCH's list is so many seconds behind its events.
LIST_LAG_SECONDS = 1.0


class Link:
    """One link. ``on_event`` gets the events after the table has; ``on_change`` follows each change of the table.

    ``on_linked`` gets the link whenever it has come up and the table is right, and may subscribe to more.
    ``on_restart`` gets the channels that a restarted FreeSWITCH has lost, ``on_compared`` the link itself whenever
    the table was found to be what FreeSWITCH has. Calls go on without a link.
    """

    def __init__(
        self,
        host: str,
        port: int,
        password: str,
        table: LiveTable,
        *,
        on_event: Callable[[Event], None] = lambda event: None,
        on_change: Callable[[], None] = lambda: None,
        on_linked: Callable[[EventSocket], None] = lambda link: None,
        on_restart: Callable[[tuple[str, ...]], None] = lambda gone: None,
        on_compared: Callable[[EventSocket], None] = lambda link: None,
        silence_seconds: float = SILENCE_SECONDS,
        compare_seconds: float = COMPARE_SECONDS,
        pause_seconds: tuple[float, float] = PAUSE_SECONDS,
    ) -> None:
        self._address, self._password, self.table = (host, port), password, table
        self._on_event, self._on_change, self._on_linked = on_event, on_change, on_linked
        self._on_restart, self._on_compared = on_restart, on_compared
        self._silence, self._compare_every, self._pauses = silence_seconds, compare_seconds, pause_seconds
        self._core = ""
        self._heartbeat = 0.0
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        """Connect, and connect again for ever."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """Close the link."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def _run(self) -> None:
        pause, complained = self._pauses[0], ""
        while True:
            link = EventSocket(*self._address, self._password)
            try:
                link.open()
                self._follow(link)
                log.warning("the link to %s:%d ended: %s", *self._address, link.wait_closed(0))
            except SwitchError as error:
                if str(error) != complained:
                    log.warning("no link to the switch; calls go on without it: %s", error)
                complained = str(error)
            except Exception:  # a fault of ours; the next link must not suffer
                log.exception("the link to %s:%d failed", *self._address)
            finally:
                link.close()
                if self.table.known:
                    pause, complained = self._pauses[0], ""
                    self.table.know(False)
                    self._on_change()
            gevent.sleep(pause * (1 + random.random()))
            pause = min(pause * 2, self._pauses[1])

    def _follow(self, link: EventSocket) -> None:
        """Subscribe first, then look, then follow: what happens meanwhile waits in the queue of events."""
        events = link.events()
        link.subscribe(*EVENTS)
        self._look(link)
        log.info("linked to the switch at %s:%d: %d channels", *self._address, len(self.table.calls))
        self._on_linked(link)
        self._heartbeat = time.monotonic()
        with _beside(self._watch, link), _beside(self._compare, link):
            for event in events:
                self._take(link, event)

    def _look(self, link: EventSocket) -> None:
        core = snapshot.core_uuid(link)
        if self._core and core != self._core:
            lost = self.table.clear()
            log.warning("the switch at %s:%d was restarted; %d channels are gone", *self._address, len(lost))
            self._on_restart(lost)
        self._core = core
        self.table.replace(snapshot.channels(link))
        self.table.know(True)
        self._on_change()

    def _take(self, link: EventSocket, event: Event) -> None:
        if event.get("Event-Name") == "HEARTBEAT":
            self._heartbeat = time.monotonic()
            return
        version = self.table.version
        self.table.apply(event)
        if self.table.missing:
            self._fetch(link)
        if self.table.version != version:
            self._on_change()
        try:
            self._on_event(event)
        except (Exception, gevent.Timeout):  # one event that fails is no reason to lose the others
            log.exception("%s of %s", event.get("Event-Name"), event.get("Unique-ID"))

    def _fetch(self, link: EventSocket) -> None:
        """Channels that are as old as the list's lag, or older than a lost event."""
        wanted = tuple(self.table.missing)
        self.table.add(snapshot.dump(link, wanted))
        self.table.missing.difference_update(wanted)  # those that are gone already

    def _watch(self, link: EventSocket) -> None:
        while (left := self._heartbeat + self._silence - time.monotonic()) > 0:
            gevent.sleep(left)
        log.warning("nothing was heard from the switch at %s:%d for %g s", *self._address, self._silence)
        link.close()

    def _compare(self, link: EventSocket) -> None:
        """An event may be lost (mod_event_socket.c:400), and the first list lags."""
        pause = LIST_LAG_SECONDS
        while True:
            gevent.sleep(min(pause, self._compare_every))
            pause = self._compare_every
            try:
                version = self.table.version
                at, listed = clock.now(), set(snapshot.list_channels(link))
                self.table.lose(snapshot.gone(link, self.table.calls.keys() - listed), at)
                self.table.add(snapshot.dump(link, listed - self.table.calls.keys() - self.table.ended.keys()))
                if self.table.version != version:
                    self._on_change()
                self._on_compared(link)
            except SwitchError as error:
                log.warning("the switch at %s:%d could not be compared: %s", *self._address, error)
            except Exception:  # a fault of ours; the next comparison may do
                log.exception("the switch at %s:%d could not be compared", *self._address)


@contextmanager
def _beside(work: Callable[[EventSocket], None], link: EventSocket) -> Iterator[None]:
    greenlet = gevent.spawn(work, link)
    try:
        yield
    finally:
        greenlet.kill()
