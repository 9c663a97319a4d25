"""``scripts/load growth``: how the cost of a call grows with what there is, along some axes or all of them."""

import argparse
import json
from pathlib import Path

from load.growth import run, table
from load.growth.axes import AXES


def main() -> None:
    options = argparse.ArgumentParser(prog="scripts/load growth", description=__doc__)
    options.add_argument("axes", nargs="*", metavar="AXIS", help=f"of {', '.join(AXES)}")
    options.add_argument("--quick", action="store_true", help="fewer calls, and fewer sizes")
    options.add_argument("--rounds", type=int, default=5, metavar="N")
    options.add_argument("--most", type=int, metavar="N", help="no larger size of an axis")
    options.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    options.add_argument("--plots", type=Path, metavar="FILE", help="draw what such a FILE says into docs")
    asked = options.parse_args()
    if unknown := set(asked.axes) - set(AXES):
        options.error(f"no axis {', '.join(sorted(unknown))}; there are {', '.join(AXES)}")
    if asked.plots:
        from load.growth import plot  # matplotlib takes long to load

        told = json.loads(asked.plots.read_text())
        plot.draw(told, Path("docs/speed-growth.svg"))
    else:
        told = run.run(asked.axes or list(AXES), asked.rounds, asked.most, run.QUICK if asked.quick else run.FULL)
        if asked.json:
            asked.json.write_text(json.dumps(told, indent=1) + "\n")
    print("\n".join(table.table(told)))


if __name__ == "__main__":
    main()
