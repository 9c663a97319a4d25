"""One measurement: so many calls at one server, its processors before and after."""

import math
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from load import cpu
from load.calls import Script
from load.compared import Server
from load.generator import Generator
from load.kinds import KINDS
from load.plan import Leg

_JOURNAL_SECONDS = 20.0


@dataclass(frozen=True)
class Round:
    """What one measurement found: calls a second, and seconds from connect() to the decision.

    ``cpu`` is seconds of the server's processors a call, beyond what it uses idle, ``cpu_by_process`` all that each of
    its processes used. ``open`` are the calls that the journal does not have as ended.
    """

    calls: int
    failed: int
    open: int
    rate: float
    p50: float
    p99: float
    max: float
    cpu: float
    cpu_by_process: tuple[float, ...]


def measure(server: Server, leg: Leg) -> Round:
    """Make the calls, and wait until the server has done all that it put off."""
    before, start = cpu.used_by_family(server.pid), time.monotonic()
    figures = Generator(server.address, Script(KINDS[leg.kind]())).run(leg.at_once, leg.calls, leg.seconds)
    still_open = await_journal(server.database, figures.uuids) if server.database else ()
    cpu.wait_idle(server.pid, server.idle)
    after, end = cpu.used_by_family(server.pid), time.monotonic()
    decided = len(figures.latencies)
    spent = [after[pid] - before.get(pid, 0.0) for pid in after]
    return Round(
        calls=decided, failed=figures.failed, open=len(still_open),
        rate=decided / figures.seconds if figures.seconds else 0.0,
        p50=quantile(figures.latencies, 0.5), p99=quantile(figures.latencies, 0.99), max=quantile(figures.latencies, 1),
        cpu=(sum(spent) - server.idle * (end - start)) / max(decided, 1),
        cpu_by_process=tuple(each / max(decided, 1) for each in spent),
    )


def quantile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


def await_journal(database: Path, uuids: Sequence[str]) -> Sequence[str]:
    """Wait until the journal has these calls as ended; those of which it does not say so in time."""
    deadline = time.monotonic() + _JOURNAL_SECONDS
    while (left := _unended(database, uuids)) and time.monotonic() < deadline:
        time.sleep(0.05)
        uuids = left
    return left


def _unended(database: Path, uuids: Sequence[str]) -> Sequence[str]:
    with sqlite3.connect(database) as connection:
        found = connection.execute(
            "select uuid from journal_call where state = 'ended' and uuid in (select value from json_each(?))",
            ["[" + ",".join(f'"{uuid}"' for uuid in uuids) + "]"])
        ended = {row[0] for row in found}
    connection.close()
    return [uuid for uuid in uuids if uuid not in ended]
