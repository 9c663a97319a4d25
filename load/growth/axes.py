"""What grows, how far, and how it is brought about at a controller that runs."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from fsctl.store.database import open_database
from load import cpu, journal_rows
from load.compared import Server, process
from load.growth import offices
from load.growth.teller import Teller, subscribe

#: People where something else grows, and where each has a lamp.
_PEOPLE, _WATCHED = 1_000, 10_000
_NODE, _JOURNAL = "load", timedelta(days=60)

Pairs = Callable[[int], Iterator[tuple[str, str]]]


def _nothing(size: int, server: Server, stack: ExitStack) -> None:
    """It is there when the controller starts."""


@dataclass(frozen=True)
class Axis:
    """One of them: ``people`` and ``rows`` are there when the controller starts, ``grow`` brings about the rest."""

    name: str
    label: str
    sizes: tuple[int, ...]
    people: Callable[[int], int] = lambda size: _PEOPLE
    rows: Callable[[int], int] = lambda size: 0
    grow: Callable[[int, Server, ExitStack], None] = _nothing

    @property
    def grows_later(self) -> bool:
        """Whether a controller of the least size comes to any other by what is done to it."""
        return self.grow is not _nothing

    def pairs(self, size: int) -> Iterator[tuple[str, str]]:
        """Who calls whom."""
        if self.name == "people":
            return offices.everybody(size)
        return zip(offices.CALLERS, offices.CALLED, strict=True)

    def fill(self, size: int, database: Path) -> None:
        """The journal."""
        if rows := self.rows(size):
            store = open_database(str(database))
            until = datetime.now(UTC) - timedelta(days=1)
            journal_rows.fill(store, rows, until - _JOURNAL, until, _NODE)
            store.close()


def _standing(kind: str, count: int, server: Server, stack: ExitStack) -> None:
    assert server.switch is not None and server.database is not None
    addresses = (f"{host}:{port}" for host, port in (server.address, server.switch))
    if count:
        stack.enter_context(process(
            server.database.parent, kind, "-m", "load.growth.standing", *addresses, kind, str(count)))


def _talks(size: int, server: Server, stack: ExitStack) -> None:
    _standing("talks", size, server, stack)


def _waiting(size: int, server: Server, stack: ExitStack) -> None:
    _standing("busy", 1, server, stack)
    _standing("waiting", size, server, stack)


def _lamps(size: int, server: Server, stack: ExitStack) -> None:
    assert server.switch is not None
    tell = Teller(server.switch)
    stack.callback(tell.close)
    for number in range(size):
        lamp, watcher = (str(100_000 + (number + other) % _WATCHED) for other in (3, 4))
        subscribe(tell, f"slot+{lamp}", watcher, number)
        if not number % 100:
            cpu.wait_idle(server.pid, 0.0)
    time.sleep(1)
    cpu.wait_idle(server.pid, 0.0)


AXES: Final = {axis.name: axis for axis in (
    Axis("people", "people", (15, 100, 1_000, 10_000, 100_000), people=lambda size: size),
    Axis("talks", "talks that go on", (1, 10, 100, 1_000, 2_000), grow=_talks),
    Axis("waiting", "callers who wait in a group", (0, 1, 10, 100, 200), grow=_waiting),
    Axis("lamps", "lamps that are watched", (10, 100, 1_000, 10_000), people=lambda size: _WATCHED, grow=_lamps),
    Axis("journal", "calls in the journal", (0, 100, 10_000, 1_000_000), rows=lambda size: size),
)}
