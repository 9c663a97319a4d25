"""One measurement: so many calls at one server, its processors before and after."""

import math
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from load import cpu
from load.calls import Script
from load.compared import Server
from load.generator import Generator
from load.kinds import KINDS


@dataclass(frozen=True)
class Round:
    """What one measurement found. Times in seconds, of decisions; ``cpu`` is the server's a call."""

    calls: int
    failed: int
    rate: float
    p50: float
    p99: float
    slowest: float
    cpu: float
    by_process: tuple[float, ...] = ()
    uuids: tuple[str, ...] = field(default=(), repr=False)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


def measure(server: Server, kind: str, at_once: int, calls: int, seconds: float) -> Round:
    """Make the calls, and wait until the server has done all that it put off."""
    cpu.wait_idle(server.pid)
    before = cpu.used_by_family(server.pid)
    figures = Generator(server.address, Script(KINDS[kind]())).run(at_once, calls, seconds)
    cpu.wait_idle(server.pid)
    after = cpu.used_by_family(server.pid)
    spent = [after[pid] - before.get(pid, 0.0) for pid in after]
    decided = len(figures.latencies)
    return Round(
        decided, figures.failed, decided / figures.seconds if figures.seconds else 0.0,
        quantile(figures.latencies, 0.5), quantile(figures.latencies, 0.99), max(figures.latencies, default=math.nan),
        sum(spent) / max(decided, 1), tuple(each / max(decided, 1) for each in spent), tuple(figures.uuids),
    )


def unfinished(database: Path, uuids: Sequence[str]) -> list[str]:
    """The calls that the journal does not have, or not as ended."""
    with sqlite3.connect(database) as connection:
        ended = {row[0] for row in connection.execute("select uuid from journal_call where state = 'ended'")}
    return [uuid for uuid in uuids if uuid not in ended]
