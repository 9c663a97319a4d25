"""One measurement: so many calls at one server, its processors before and after."""

import json
import math
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
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
    its processes used, ``generator`` what the generator used. ``results`` is what became
    of so many calls by fsctl's journal; "open" are those that it does not have as ended.
    """

    calls: int
    failed: int
    rate: float
    p50: float
    p99: float
    max: float
    cpu: float
    cpu_by_process: tuple[float, ...]
    generator: float
    results: Mapping[str, int]


def measure(server: Server, leg: Leg, idle: float) -> Round:
    """Make the calls, and wait until the server has done all that it put off.

    ``idle`` is what it uses of a processor when nobody calls.
    """
    return made(server, Generator(server.address, Script(KINDS[leg.kind]())), leg, idle)


def made(server: Server, generator: Generator, leg: Leg, idle: float) -> Round:
    """The same by a generator that has made calls before."""
    own = time.process_time()
    before, start = cpu.used_by_family(server.pid), time.monotonic()
    figures = generator.run(leg.at_once, leg.calls, leg.seconds)
    own = time.process_time() - own
    results = await_journal(server.database, figures.uuids) if server.database else {}
    cpu.wait_idle(server.pid, idle)
    after, end = cpu.used_by_family(server.pid), time.monotonic()
    decided = len(figures.latencies)
    spent = [after[pid] - before.get(pid, 0.0) for pid in after]
    return Round(
        calls=decided, failed=figures.failed,
        rate=decided / figures.seconds if figures.seconds else 0.0,
        p50=quantile(figures.latencies, 0.5), p99=quantile(figures.latencies, 0.99),
        max=quantile(figures.latencies, 1),
        cpu=(sum(spent) - idle * (end - start)) / max(decided, 1),
        cpu_by_process=tuple(each / max(decided, 1) for each in spent), generator=own / max(decided, 1),
        results=results,
    )


def quantile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


def await_journal(database: Path, uuids: Sequence[str]) -> dict[str, int]:
    """How many calls have which kind of result, once the journal has all as ended; "open" are those it has not."""
    deadline = time.monotonic() + _JOURNAL_SECONDS
    while True:
        results = _results(database, uuids)
        if not results["open"] or time.monotonic() > deadline:
            return dict(results)
        time.sleep(0.05)


def _results(database: Path, uuids: Sequence[str]) -> Counter[str]:
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute(_ENDED, [json.dumps(uuids)])
        results = Counter((result or "").partition(":")[0] for (result,) in found)
    results["open"] = len(uuids) - results.total()
    return results


_ENDED = """select result from journal_call
    where state = 'ended' and uuid in (select value from json_each(?))"""
