"""What one process knows of the calls now: from its own links, or relayed by the process that has them."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from gevent.event import Event as Signal

from fsctl.model.live import Live, LiveCall, View
from fsctl.switch.link.live import Ended, LiveTable


class Followed:
    """Tells at once what becomes of certain channels those who wait for just these, or of each."""

    def __init__(self) -> None:
        self._told: dict[str, Callable[[str], None]] = {}
        self._always: list[Callable[[str], None]] = []

    def always(self, told: Callable[[str], None]) -> None:
        """From now on call ``told``, which may not wait, with each channel of which something new is known."""
        self._always.append(told)

    def __call__(self, uuid: str) -> None:
        """Something new is known of a channel."""
        if (told := self._told.get(uuid)) is not None:
            told(uuid)
        for each in self._always:
            each(uuid)

    @contextmanager
    def follow(self, uuids: Collection[str], told: Callable[[str], None]) -> Iterator[None]:
        """Call ``told``, which may not wait, with each of these of which something new is known within the block."""
        self._told.update(dict.fromkeys(uuids, told))
        try:
            yield
        finally:
            for uuid in uuids:
                self._told.pop(uuid, None)


class Heard(Protocol):
    """The calls now, and those that have just ended. Reading costs nothing."""

    followed: Followed

    def current(self) -> Live:
        """All calls now."""

    def call(self, uuid: str) -> LiveCall | None:
        """A channel that there is now."""

    def ended(self, uuid: str) -> Ended | None:
        """A channel that ended within the last minutes."""

    def been(self) -> Mapping[str, Collection[str]]:
        """Who is, or was, in each conference that goes on, by extension or number."""

    def news(self) -> int:
        """A number that is another one after each change."""

    def wait_change(self, timeout: float, after: int | None = None) -> bool:
        """Whether something changed within ``timeout`` seconds from now, or since ``news`` were ``after``."""

    def changed(self) -> None:
        """Wake who waits for a change in this process: there is one that no switch tells of."""


class Changes:
    """Wakes all who wait for the next change."""

    def __init__(self) -> None:
        self._next: Signal | None = None
        self.number = 0

    def announce(self) -> None:
        """Something changed."""
        self.number += 1
        woken, self._next = self._next, None
        if woken is not None:
            woken.set()

    def wait(self, timeout: float, after: int | None = None) -> bool:
        """For the next change from now on, or after that number, at most ``timeout`` seconds."""
        if after not in (None, self.number):
            return True
        if self._next is None:
            self._next = Signal()
        return bool(self._next.wait(timeout))


class HeardHere:
    """The tables that this process's own links keep."""

    def __init__(self, tables: Sequence[LiveTable]) -> None:
        self.tables = tuple(tables)
        self.followed = Followed()
        for table in self.tables:
            table.on_channel = self.followed
        self._changes = Changes()
        self._live = Live(known=False)
        self._versions: tuple[int, ...] = ()

    def current(self) -> Live:
        """The calls of all FreeSWITCHes to which there is a link; unknown when there is none."""
        versions = tuple(table.version for table in self.tables)
        if versions != self._versions:
            known = tuple(table.calls.channels for table in self.tables if table.known)
            self._live = View(known, bool(known))
            self._versions = versions
        return self._live

    def call(self, uuid: str) -> LiveCall | None:
        return next((found for table in self.tables if (found := table.calls.get(uuid))), None)

    def ended(self, uuid: str) -> Ended | None:
        return next((found for table in self.tables if (found := table.ended.get(uuid))), None)

    def been(self) -> Mapping[str, Collection[str]]:
        rooms = {room for table in self.tables for room in table.been}
        return {room: {who for table in self.tables for who in table.been.get(room, ())} for room in rooms}

    def generation(self) -> int:
        """Another number after each change of which ``followed`` tells no channel."""
        return sum(table.generation for table in self.tables)

    def known(self) -> bool:
        """Whether there is a link to any FreeSWITCH."""
        return any(table.known for table in self.tables)

    def news(self) -> int:
        return self._changes.number

    def wait_change(self, timeout: float, after: int | None = None) -> bool:
        return self._changes.wait(timeout, after)

    def changed(self) -> None:
        """A link has changed its table."""
        self._changes.announce()


def wait_ended(heard: Heard, leg: str, seconds: float) -> Ended | None:
    """How a leg that is no more has ended; None if nobody hears."""
    until = time.monotonic() + seconds
    while True:
        found = heard.ended(leg)
        left = until - time.monotonic()
        if found is not None or left <= 0 or not heard.current().known:
            return found
        heard.wait_change(left)
