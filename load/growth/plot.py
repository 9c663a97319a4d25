"""Draws how the cost of a call grows, as one small SVG file for the documentation."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from load.plots import OTHERS, OURS, pyplot

#: Each row of panels: the figure, its unit, and what it is called.
_ROWS = (
    ("p50", 1e3, "one call at a time:\nms to the decision, median"), ("cpu", 1e3, "processor time\na call, ms"),
    ("change", 1e3, "processor time of a\nchange elsewhere, ms"), ("rss", 1e-6, "memory, MB"),
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
            panel.set_xscale("symlog", linthresh=1, linscale=0.3)
            for size in axis["sizes"]:
                dots = [each[name] * scale for each in size["rounds"] if name in each]
                panel.plot([size["size"]] * len(dots), dots, ".", color=OTHERS, markersize=2)
            panel.plot(sizes, [size[name] * scale for size in axis["sizes"]], color=OURS, linewidth=1.2)
            panel.set_ylim(bottom=0)
            if not column:
                panel.set_ylabel(label)
        panels[-1][column].set_xlabel(axis["label"])
    figure.align_ylabels()
    figure.tight_layout()
    figure.savefig(file, bbox_inches="tight", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
