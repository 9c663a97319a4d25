"""The rounds: at one axis after the other all sizes in turn, so that a busy machine slows all of them alike."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from load import cpu, kinds
from load.calls import Script
from load.compared import Server, controller
from load.generator import Generator
from load.growth import memory, offices
from load.growth.axes import AXES, Axis
from load.growth.teller import Elsewhere, Teller
from load.measure import Round, made
from load.plan import Leg

Json = dict[str, Any]

#: Calls before anything is measured.
_FIRST = 30
_APART_SECONDS = 0.005


@dataclass(frozen=True)
class Amount:
    """How much is measured: ``calls`` and ``changes`` elsewhere in each round, and for how long nothing."""

    calls: int
    changes: int
    idle_seconds: float


#: In full, the links' comparison is twice in the time in which nothing happens.
QUICK, FULL = Amount(20, 20, 1.0), Amount(150, 100, 21.0)


@dataclass
class Size:
    """One size of an axis, at a controller of its own."""

    size: int
    server: Server
    generator: Generator
    tell: Teller
    before: int
    after: int
    idle: float = 0.0
    woken: float = 0.0
    rounds: list[Round] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)

    def measure(self, amount: Amount) -> None:
        """One round."""
        leg = Leg("fsctl", "person", 1, amount.calls, 60.0)
        self.rounds.append(made(self.server, self.generator, leg, self.idle))
        self.changes.append(self._changed(amount.changes))

    def _changed(self, changes: int) -> float:
        """Seconds of processors that the controller takes to hear a change that concerns nobody."""
        elsewhere = Elsewhere(self.tell)
        elsewhere.begin()
        time.sleep(_APART_SECONDS)
        before, start = cpu.total(self.server.pid), time.monotonic()
        for number in range(changes):
            elsewhere.change(number)
            time.sleep(_APART_SECONDS)
        cpu.wait_idle(self.server.pid, self.idle)
        used, seconds = cpu.total(self.server.pid) - before, time.monotonic() - start
        elsewhere.end()
        return (used - self.idle * seconds) / changes

    def as_json(self) -> Json:
        return {
            "size": self.size, "idle": self.idle, "woken": self.woken, "rss_before": self.before, "rss": self.after,
            "failed": sum(each.failed for each in self.rounds),
            "open": sum(each.results.get("open", 0) for each in self.rounds),
            "p50": median(each.p50 for each in self.rounds), "cpu": median(each.cpu for each in self.rounds),
            "change": median(self.changes),
            "rounds": [{"p50": each.p50, "cpu": each.cpu, "change": change}
                       for each, change in zip(self.rounds, self.changes, strict=True)],
        }


def run(names: Sequence[str], rounds: int, most: int | None, amount: Amount) -> Json:
    """Each axis by its name; no sizes above ``most``."""
    return {"axes": [_axis(AXES[name], rounds, most, amount) for name in names]}


def _axis(axis: Axis, rounds: int, most: int | None, amount: Amount) -> Json:
    with TemporaryDirectory() as folder, ExitStack() as stack:
        sizes = []
        for size in axis.sizes:
            if most is None or size <= most:
                sizes.append(stack.enter_context(_grown(axis, size, Path(folder) / str(size))))
                print(f"{axis.name}: {size}", file=sys.stderr)
        _look_idle(sizes, amount.idle_seconds)
        for number in range(rounds):
            for each in [*sizes[number % len(sizes):], *sizes[:number % len(sizes)]]:
                each.measure(amount)
            print(f"{axis.name}: round {number + 1} of {rounds}", file=sys.stderr)
        return {"name": axis.name, "label": axis.label, "grows_later": axis.grows_later,
                "sizes": [each.as_json() for each in sizes]}


def _look_idle(sizes: Sequence[Size], seconds: float) -> None:
    woken = [memory.woken(each.server.pid) for each in sizes]
    start = time.monotonic()
    shares = cpu.idle_shares([each.server.pid for each in sizes], seconds)
    for each, count in zip(sizes, woken, strict=True):
        each.idle = shares[each.server.pid]
        each.woken = (memory.woken(each.server.pid) - count) / (time.monotonic() - start)


@contextmanager
def _grown(axis: Axis, size: int, folder: Path) -> Iterator[Size]:
    """A controller that has come to that size."""
    folder.mkdir()
    tree = offices.office(axis.people(size))
    with controller(folder, tree, fill=lambda database: axis.fill(size, database)) as server:
        assert server.switch is not None
        tell = Teller(server.switch)
        generator = Generator(server.address, Script(kinds.between(list(axis.pairs(size)))), tell)
        with ExitStack() as stack:
            stack.callback(tell.close)
            made(server, generator, Leg("fsctl", "person", 1, _FIRST, 60.0), 0.0)  # what is worked out once
            before = memory.resident(server.pid)
            axis.grow(size, server, stack)
            cpu.wait_idle(server.pid, 0.0)
            yield Size(size, server, generator, tell, before, memory.resident(server.pid))
