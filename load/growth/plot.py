"""Draws how the cost of a call grows, as one small SVG file for the documentation."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from load.plots import OTHERS, OURS, pyplot

#: Each row of panels: the figure, its unit, and what it is called.
_ROWS = (
    ("p50", 1e3, "decision,\nmedian, ms"), ("cpu", 1e3, "processor\na call, ms"),
    ("change", 1e3, "processor a change\nelsewhere, ms"), ("rss", 1e-6, "memory,\nMB"),
)


def draw(told: Mapping[str, Any], file: Path) -> None:
    """A column for each axis. Dots are rounds."""
    axes = told["axes"]
    figure, panels = pyplot.subplots(
        len(_ROWS), len(axes), figsize=(2.2 * len(axes), 1.6 * len(_ROWS)), squeeze=False, sharex="col", sharey="row")
    for column, axis in enumerate(axes):
        sizes = [size["size"] for size in axis["sizes"]]
        for row, (name, scale, label) in enumerate(_ROWS):
            panel = panels[row][column]
            if sizes[0]:
                panel.set_xscale("log")
            else:
                panel.set_xscale("symlog", linthresh=1)
            named = [size for size in sizes if not any(size < other <= size * 4 for other in sizes)]
            panel.set_xticks(named, [_short(size) for size in named], fontsize=7)
            panel.minorticks_off()
            for size in axis["sizes"]:
                dots = [each[name] * scale for each in size["rounds"] if name in each]
                panel.plot([size["size"]] * len(dots), dots, ".", color=OTHERS, markersize=2)
            panel.plot(sizes, [size[name] * scale for size in axis["sizes"]], color=OURS, linewidth=1.2)
            if not column:
                panel.set_ylabel(label)
        panels[-1][column].set_xlabel(axis["label"])
    for shared in panels:
        shared[0].set_ylim(bottom=0)
    figure.align_ylabels()
    figure.tight_layout()
    figure.savefig(file, bbox_inches="tight", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)


def _short(size: int) -> str:
    """1000 is ``1k``."""
    for unit, sign in ((10**6, "M"), (10**3, "k")):
        if size >= unit:
            return f"{size / unit:g}{sign}"
    return str(size)
