"""``scripts/load``: measures what a call costs fsctl, and compares it with other servers in the same run."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from load import cpu, plan, report
from load.compared import SERVERS, Server, running
from load.growth.axes import AXES
from load.measure import Round, measure


def main() -> None:
    options = argparse.ArgumentParser(prog="scripts/load", description=__doc__)
    options.add_argument("--quick", action="store_true", help="fewer calls and only what the ratios need: a minute")
    options.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    options.add_argument("--rounds", type=int, default=5, metavar="N")
    options.add_argument("--only", nargs="+", default=[], choices=SERVERS, metavar="NAME", help="these servers only")
    options.add_argument("--kinds", nargs="+", default=[], metavar="KIND", help="these kinds of calls only")
    options.add_argument("--workers", type=int, default=1, metavar="N", help="of fsctl serve")
    options.add_argument("--calls", type=int, metavar="N", help="no more in each measurement")
    options.add_argument("--plots", type=Path, metavar="FILE", help="draw what such a FILE says into docs/speed")
    options.add_argument("--growth", nargs="*", choices=AXES, metavar="AXIS",
                         help="how a call's cost grows instead, along these axes or all of them")
    options.add_argument("--most", type=int, metavar="N", help="no larger size of an axis")
    asked = options.parse_args()
    if asked.growth is not None:
        _growth(asked)
        return
    if asked.plots:
        from load import plots  # matplotlib takes long to load

        told = json.loads(asked.plots.read_text())
        plots.draw(told, Path("docs/speed"))
    else:
        told = run(asked)
        if not told["steady"] and not asked.quick:
            print("the machine was busy with other things; once more", file=sys.stderr)
            told = run(asked)
        if asked.json:
            asked.json.write_text(json.dumps(told, indent=1) + "\n")
    print("\n".join(report.table(told)))


def _growth(asked: argparse.Namespace) -> None:
    from load.growth import run, table

    if asked.plots:
        from load.growth import plot

        told = json.loads(asked.plots.read_text())
        plot.draw(told, Path("docs/speed-growth.svg"))
    else:
        told = run.run(asked.growth or list(AXES), asked.rounds, asked.most, run.QUICK if asked.quick else run.FULL)
        if asked.json:
            asked.json.write_text(json.dumps(told, indent=1) + "\n")
    print("\n".join(table.table(told)))


def run(asked: argparse.Namespace) -> report.Json:
    """All rounds: in each all servers in turn, each time beginning with another one."""
    found: dict[report.Key, list[Round]] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        names = [name for name in SERVERS if not asked.only or name in asked.only]
        servers = [stack.enter_context(running(name, Path(folder), asked.workers)) for name in names]
        idle = cpu.idle_shares([server.pid for server in servers])
        for number in range(asked.rounds):
            for server in rotated(servers, number):
                for leg in plan.legs(server.name, quick=asked.quick, most=asked.calls):
                    if not asked.kinds or leg.kind in (*asked.kinds, "nothing"):
                        found.setdefault(leg.key, []).append(measure(server, leg, idle[server.pid]))
            print(f"round {number + 1} of {asked.rounds}", file=sys.stderr)
    ordered = {key: found[key] for key in sorted(found, key=lambda key: SERVERS.index(key[0]))}
    return report.as_json(ordered, {server.name: idle[server.pid] for server in servers}, asked.workers)


def rotated(servers: Sequence[Server], number: int) -> Sequence[Server]:
    start = number % len(servers)
    return [*servers[start:], *servers[:start]]


if __name__ == "__main__":
    main()
