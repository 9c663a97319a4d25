"""A switch before it has calls: its global variables, its clock, its mailboxes, and who hears what happens."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable

import gevent
from gevent.event import Event as Signal

from fsctl.simulator.core.events import Event, Stamps
from fsctl.simulator.core.mailboxes import Mailbox
from fsctl.simulator.core.schedule import Schedule


class Core(ABC):
    """``speed`` divides the switch's own times (see Schedule); events are stamped by ``clock``."""

    def __init__(self, variables: dict[str, str], speed: float, clock: Callable[[], float]) -> None:
        self.globals = variables
        self.stamps = Stamps(clock)
        self.schedule = Schedule(speed)
        self.mailboxes: defaultdict[str, Mailbox] = defaultdict(Mailbox)
        self._listeners: list[Callable[[Event], None]] = []
        self._pulse = Signal()

    @abstractmethod
    def api(self, text: str) -> str:
        """What a command prints."""

    def fire(self, name: str, headers: dict[str, str]) -> None:
        """Send an event to all who listen."""
        event = self.stamps.event(name, headers)
        for listener in list(self._listeners):
            listener(event)
        self.pulse()

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Hear all events from now on."""
        self._listeners.append(listener)

    def unlisten(self, listener: Callable[[Event], None]) -> None:
        """Hear no more."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def pulse(self) -> None:
        """Something changed."""
        before, self._pulse = self._pulse, Signal()
        before.set()

    def wait(self, until: Callable[[], bool], seconds: float | None = None) -> bool:
        """Wait until the condition holds, whatever makes it so; False when the time was over first."""
        with gevent.Timeout(seconds, False):
            while not until():
                self._pulse.wait()
            return True
        return until()
