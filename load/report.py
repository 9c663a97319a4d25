"""What the rounds say together: medians, ratios, and a table."""

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib import util
from importlib.metadata import version
from statistics import median
from typing import Any

import fsctl
from load.measure import Round

Key = tuple[str, str, int]
Json = dict[str, Any]

#: The bare server's rounds differ by no more, or the machine was too busy for figures that count.
STEADY = 0.25

_FIGURES = ("rate", "p50", "p99", "max", "cpu")

#: Each ratio: the figure, of what, and against what.
RATIOS: Mapping[str, tuple[str, Key, Key]] = {
    "cpu_vs_hub": ("cpu", ("fsctl", "person", 50), ("hub", "nothing", 50)),
    "cpu_hunt_vs_hub": ("cpu", ("fsctl", "hunt", 10), ("hub", "nothing", 50)),
    "cpu_hunt_always_open_vs_hub": ("cpu", ("fsctl", "hunt-always-open", 10), ("hub", "nothing", 50)),
    "cpu_code_vs_hub": ("cpu", ("fsctl", "code", 50), ("hub", "nothing", 50)),
    "cpu_vs_genesis": ("cpu", ("fsctl", "person", 50), ("genesis", "nothing", 50)),
    "cpu_vs_bare": ("cpu", ("fsctl", "person", 50), ("bare", "nothing", 50)),
    "p50_1_vs_stock": ("p50", ("fsctl", "person", 1), ("stock", "nothing", 1)),
    "p50_1_vs_hub": ("p50", ("fsctl", "person", 1), ("hub", "nothing", 1)),
    "p50_1_hunt_vs_hub": ("p50", ("fsctl", "hunt", 1), ("hub", "nothing", 1)),
    "p99_200_vs_stock": ("p99", ("fsctl", "person", 200), ("stock", "nothing", 200)),
    "p99_200_vs_hub": ("p99", ("fsctl", "person", 200), ("hub", "nothing", 200)),
    "rate_50_vs_stock": ("rate", ("fsctl", "person", 50), ("stock", "nothing", 50)),
    "rate_50_vs_hub": ("rate", ("fsctl", "person", 50), ("hub", "nothing", 50)),
}


def medians(found: Mapping[Key, Sequence[Round]]) -> dict[Key, dict[str, float]]:
    """Of each figure the median of its rounds."""
    return {key: {figure: median(getattr(each, figure) for each in rounds) for figure in _FIGURES}
            for key, rounds in found.items()}


def ratios(of: Mapping[Key, Mapping[str, float]]) -> dict[str, float]:
    """Those of which both sides were measured."""
    return {name: of[ours][figure] / of[theirs][figure] for name, (figure, ours, theirs) in RATIOS.items()
            if ours in of and theirs in of and of[theirs][figure]}


def spread(found: Mapping[Key, Sequence[Round]]) -> float:
    """How far the bare server's rounds differ: the largest from the smallest, of their median; 0 without it."""
    used = [each.cpu for each in found.get(("bare", "nothing", 50), ())]
    return (max(used) - min(used)) / median(used) if used else 0.0


def as_json(found: Mapping[Key, Sequence[Round]], idle: Mapping[str, float], workers: int) -> Json:
    """All that was measured, for programs. Times in seconds."""
    of = medians(found)
    return {
        "machine": {
            "cores": os.cpu_count(), "load_1min": os.getloadavg()[0], "fsctl": fsctl.__version__,
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.release()}",
            "versions": {name: version(name) for name in ("gevent", "greenswitch", "genesis") if util.find_spec(name)},
        },
        "workers": workers, "idle": dict(idle), "bare_spread": spread(found), "steady": spread(found) <= STEADY,
        "figures": [
            {"server": server, "kind": kind, "at_once": at_once, "median": of[server, kind, at_once],
             "failed": sum(each.failed for each in rounds), "open": sum(each.results.get("open", 0) for each in rounds),
             "rounds": [asdict(each) for each in rounds]}
            for (server, kind, at_once), rounds in found.items()
        ],
        "ratios": ratios(of),
    }


def table(report: Mapping[str, Any]) -> Iterable[str]:
    """The medians and the ratios, in Markdown."""
    yield "| server | calls | at once | CPU a call | calls/s | p50 | p99 | max | made | failed | not in the journal |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for row in report["figures"]:
        of = row["median"]
        made = sum(each["calls"] for each in row["rounds"])
        yield (f"| {row['server']} | {row['kind']} | {row['at_once']} | {of['cpu'] * 1e3:.3f} ms | {of['rate']:,.0f} "
               f"| {_ms(of['p50'])} | {_ms(of['p99'])} | {_ms(of['max'])} | {made} | {row['failed']} | {row['open']} |")
    yield ""
    yield from ratio_table(report["ratios"])
    if report["workers"] > 1:
        yield ""
        yield from _split(report)
    if not report["steady"]:
        yield ""
        yield f"The bare server's rounds differ by {report['bare_spread']:.0%}: the machine was busy with other things."


def ratio_table(ratios: Mapping[str, float]) -> Iterable[str]:
    """Each by its name, in Markdown."""
    yield "| ratio | |"
    yield "|---|--:|"
    for name, value in ratios.items():
        yield f"| {name} | {value:.3g} |"


def _split(report: Mapping[str, Any]) -> Iterable[str]:
    """Of the processors, by process: the first is the parent."""
    for row in report["figures"]:
        if row["server"] == "fsctl":
            shares = zip(*(each["cpu_by_process"] for each in row["rounds"]), strict=False)
            told = ", ".join(f"{median(share) * 1e3:.3f}" for share in shares)
            yield f"{row['kind']} @{row['at_once']}: ms of each process a call: {told}"


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:,.2f} ms"
