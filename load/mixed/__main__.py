"""``scripts/load mixed``: what fsctl uses beside a real FreeSWITCH, which FREESWITCH names by its install prefix."""

import argparse
import json
import os
import sys
import tempfile
import time
import tomllib
from contextlib import ExitStack
from pathlib import Path

from fsctl.schema import structure
from load import cpu
from load.compared import Server, serving
from load.mixed import office, phones, plan, report, results, ringing, traffic
from tests.live.lab import Lab

_IDLE_SECONDS = 20.0
_LINKED_SECONDS = 20.0


def main() -> None:
    options = argparse.ArgumentParser(prog="scripts/load mixed", description=__doc__)
    options.add_argument("--seconds", type=float, default=40.0, metavar="N", help="of traffic")
    options.add_argument("--lamps", type=int, default=100, metavar="N", help="that phones have subscribed to")
    options.add_argument("--rings", type=int, default=40, metavar="N", help="calls that are timed, of each server")
    options.add_argument("--workers", type=int, default=1, metavar="N", help="of fsctl serve")
    options.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    asked = options.parse_args()
    prefix = os.environ.get("FREESWITCH")
    if not prefix:
        options.error("FREESWITCH has to name the install prefix of a FreeSWITCH")
    told = run(Path(prefix), asked)
    if asked.json:
        asked.json.write_text(json.dumps(told, indent=1) + "\n")
    print("\n".join(report.table(told)))


def run(prefix: Path, asked: argparse.Namespace) -> report.Json:
    """All measurements, one after the other."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        text = office.text()
        lab = Lab(prefix, structure(tomllib.loads(text)), acting=phones.acting())
        stack.callback(lab.close)
        fsctl = stack.enter_context(serving(folder, text, lab.esl_port, "ClueCon", asked.workers, lab.socket_port))
        _await_link(folder / "fsctl.log")
        _quiet(lab)
        for number in range(asked.lamps):
            who = office.CALLERS[number // len(office.LAMPS) % len(office.CALLERS)]
            stack.callback(lab.subscribe(who, office.LAMPS[number % len(office.LAMPS)]).close)
        rings = ringing.measure(lab, folder, asked.rings)
        idle = _idle(fsctl)
        mixed = _mixed(lab, fsctl, asked.seconds)
        return report.as_json(asked.lamps, asked.workers, rings, idle, mixed)


def _await_link(log: Path) -> None:
    deadline = time.monotonic() + _LINKED_SECONDS
    while "linked to the switch" not in log.read_text():
        if time.monotonic() > deadline:
            raise TimeoutError(log.read_text())
        time.sleep(0.05)


def _quiet(lab: Lab) -> None:
    """All phones are registered, and from now on FreeSWITCH works for fsctl alone."""
    lab.phones(*(who for who in office.EVERYBODY if who not in (office.RINGING, office.RUNG)))
    lab.others(*office.PEOPLE)
    lab.exchange.api("sofia global siptrace off")
    lab.switch.socket.unsubscribe()


def _idle(fsctl: Server) -> float:
    """The share of a processor that it uses while nobody calls."""
    cpu.wait_idle(fsctl.pid, 0.0)
    before, start = cpu.total(fsctl.pid), time.monotonic()
    time.sleep(_IDLE_SECONDS)
    return (cpu.total(fsctl.pid) - before) / (time.monotonic() - start)


def _mixed(lab: Lab, fsctl: Server, seconds: float) -> report.Mixed:
    calls = plan.calls(seconds)
    pids = {"fsctl": fsctl.pid, "switch": lab.switch.pid, "phones": lab.exchange.pid, "generator": os.getpid()}

    def used() -> dict[str, float]:
        each = {name: cpu.used(pid) if name == "generator" else cpu.total(pid) for name, pid in pids.items()}
        return {**each, "machine": cpu.machine()}

    print(f"traffic begins; fsctl is process {fsctl.pid}", file=sys.stderr, flush=True)
    before, processes, start = used(), cpu.used_by_family(fsctl.pid), time.monotonic()
    made = traffic.make(lab, calls)
    cpu.wait_idle(fsctl.pid, 0.0)
    elapsed, after = time.monotonic() - start, used()
    return report.Mixed(
        seconds=elapsed, made=made, cpu={name: after[name] - before[name] for name in after},
        processes=[spent - processes.get(pid, 0.0) for pid, spent in cpu.used_by_family(fsctl.pid).items()],
        results=results.of_kinds(fsctl.database or Path(), calls))


if __name__ == "__main__":
    main()
