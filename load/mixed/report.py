"""What the mixed traffic says: figures for programs, and a table."""

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any

from load.mixed.results import Results
from load.mixed.sip import Rang
from load.mixed.traffic import Made
from load.report import ratio_table

Json = dict[str, Any]

#: Of the async socket's applications, those that fsctl is compared with.
_SOCKETS = ("bridge", "ring_ready")

#: What is counted of each kind of call.
_COUNTS = ("made", "answered", "ended", "right", "waited")


@dataclass(frozen=True)
class Mixed:
    """The traffic: how long it took, what was made, and what each used of the processors meanwhile, in seconds.

    ``processes`` are fsctl's, ``results`` the journal's by kinds of calls.
    """

    seconds: float
    made: Sequence[Made]
    cpu: Mapping[str, float]
    processes: Sequence[float]
    results: Mapping[str, Results]


def as_json(lamps: int, workers: int, rings: Mapping[str, Sequence[Rang]], idle: float, mixed: Mixed) -> Json:
    """All that was measured. Times in seconds."""
    told = {name: median(each.told for each in found) for name, found in rings.items()}
    called = {name: median(each.called for each in found) for name, found in rings.items()}
    others = mixed.cpu["machine"] - sum(mixed.cpu[name] for name in ("fsctl", "switch", "phones", "generator"))
    return {
        "machine": {"cores": os.cpu_count(), "load_1min": os.getloadavg()[0], "python": platform.python_version()},
        "lamps": lamps, "workers": workers, "idle": idle, "seconds": mixed.seconds,
        "cpu": {**mixed.cpu, "others": others}, "processes": list(mixed.processes),
        "kinds": _kinds(mixed),
        "ringing": {
            name: {"calls": len(found), "told": told[name], "called": called[name],
                   "quartiles": quantiles([each.told for each in found]), "each": [asdict(each) for each in found]}
            for name, found in rings.items()},
        "ratios": {
            "cpu_vs_switch": mixed.cpu["fsctl"] / mixed.cpu["switch"],
            "told_vs_socket": told["fsctl"] / min(told[name] for name in _SOCKETS),
            "told_vs_bridge": told["fsctl"] / told["bridge"],
            "called_vs_socket": called["fsctl"] / min(called[name] for name in _SOCKETS),
            "told_vs_dialplan": told["fsctl"] / told["dialplan"],
        },
    }


def _kinds(mixed: Mixed) -> list[Json]:
    """Of each kind: how many calls were made, answered, ended as they should, came where they should, and waited."""
    told = []
    for kind in dict.fromkeys(each.placed.kind for each in mixed.made):
        made = [each for each in mixed.made if each.placed.kind == kind]
        results = mixed.results[kind]
        told.append({
            "kind": kind, "made": len(made), "answered": sum(each.answered for each in made),
            "ended": sum(each.cause == "NORMAL_CLEARING" for each in made),
            "right": results.right, "waited": results.waited, "wrong": results.wrong,
        })
    return told


def table(report: Mapping[str, Any]) -> Iterable[str]:
    """In Markdown."""
    yield "| calls | made | answered | ended well | where they should, says the journal | waited in a group |"
    yield "|---|--:|--:|--:|--:|--:|"
    kinds = report["kinds"]
    total = {"kind": "all", **{key: sum(row[key] for row in kinds) for key in _COUNTS}}
    for row in (*kinds, total):
        yield f"| {row['kind']} | {' | '.join(str(row[key]) for key in _COUNTS)} |"
    used, made = report["cpu"], total["made"]
    yield ""
    yield f"| {report['seconds']:.0f} s of traffic | CPU | of a core | a call |"
    yield "|---|--:|--:|--:|"
    for name in ("fsctl", "switch", "phones", "generator", "others"):
        yield (f"| {name} | {used[name]:.2f} s | {used[name] / report['seconds']:.1%} "
               f"| {used[name] / max(made, 1) * 1e3:.2f} ms |")
    if report["workers"] > 1:
        yield ""
        yield "fsctl's processes: " + ", ".join(f"{each:.2f} s" for each in report["processes"])
    yield ""
    yield f"Idle with {report['lamps']} lamps: {report['idle']:.2%} of a core."
    yield ""
    yield "| from INVITE | to the other phone's | to 180, median | quartiles | calls |"
    yield "|---|--:|--:|--:|--:|"
    for name, row in report["ringing"].items():
        low, _, high = row["quartiles"]
        yield (f"| {name} | {row['called'] * 1e3:.1f} ms | {row['told'] * 1e3:.1f} ms "
               f"| {low * 1e3:.1f} to {high * 1e3:.1f} ms | {row['calls']} |")
    yield ""
    yield from ratio_table(report["ratios"])
