"""``scripts/load``: measures and compares."""

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path

from load.compared import SERVERS, running
from load.measure import measure, unfinished


def main() -> None:
    options = argparse.ArgumentParser(prog="scripts/load", description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", nargs="+", default=list(SERVERS))
    options.add_argument("--workers", type=int, default=1)
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        names = [name for name in SERVERS if name in arguments.only]
        servers = [stack.enter_context(running(name, Path(folder), arguments.workers)) for name in names]
        for number in range(arguments.rounds):
            for server in servers:
                for kind in ("person", "hunt", "hunt-always-open", "code") if server.name == "fsctl" else ("nothing",):
                    for at_once, calls in ((1, 50), (50, 200), (200, 300)):
                        found = measure(server, kind, at_once, calls, 1.0)
                        left = unfinished(server.database, found.uuids) if server.database else []
                        print(f"{number} {server.name:8} {kind:16} @{at_once:<3} calls {found.calls:4} failed "
                              f"{found.failed} open {len(left)} {found.rate:7.0f}/s p50 {found.p50 * 1e3:7.2f} ms "
                              f"p99 {found.p99 * 1e3:7.2f} ms max {found.slowest * 1e3:7.2f} ms "
                              f"CPU {found.cpu * 1e3:6.3f} ms", flush=True)


if __name__ == "__main__":
    main()
