"""Draws what a run has found, as small SVG files for the documentation."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({
    "svg.fonttype": "none", "svg.hashsalt": "fsctl", "font.size": 9, "axes.spines.top": False,
    "axes.spines.right": False,
})

from matplotlib import pyplot as pyplot  # noqa: E402

OURS, OTHERS = "#1f6fb4", "#9aa3ab"

Row = Mapping[str, Any]


def draw(told: Mapping[str, Any], folder: Path) -> list[Path]:
    """All plots of which ``told`` has the figures; their files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, plot in PLOTS.items():
        figure = plot(told["figures"])
        if figure is not None:
            file = folder / f"{name}.svg"
            figure.savefig(file, bbox_inches="tight", metadata={"Date": None})
            pyplot.close(figure)
            files.append(file)
    return files


def bars(figure: str, at_once: Sequence[int], scale: float, label: str) -> Callable[[Sequence[Row]], Any]:
    """A bar for each server and kind of call: the median, with a line from the least to the greatest round."""
    def plot(rows: Sequence[Row]) -> Any:
        chosen = [row for row in rows if row["at_once"] in at_once]
        if not chosen:
            return None
        drawn, axes = pyplot.subplots(figsize=(6, 0.3 * len(chosen) + 0.7))
        for place, row in enumerate(chosen):
            median = row["median"][figure] * scale
            rounds = [each[figure] * scale for each in row["rounds"]]
            color = OURS if row["server"] == "fsctl" else OTHERS
            axes.barh(place, median, color=color)
            axes.plot([min(rounds), max(rounds)], [place, place], color="black", linewidth=0.8)
            axes.annotate(f" {median:,.3g}", (max([median, *rounds]), place), va="center")
        axes.set_yticks(range(len(chosen)), [_called(row) for row in chosen])
        axes.invert_yaxis()
        axes.margins(x=0.12)
        axes.set_xlabel(label)
        return drawn

    return plot


def _called(row: Row) -> str:
    return row["server"] if row["kind"] == "nothing" else f"{row['server']}: {row['kind']}"


#: Each file, and what is drawn in it. Hunt calls are counted ten at once.
PLOTS: Mapping[str, Callable[[Sequence[Row]], Any]] = {
    "cpu": bars("cpu", (10, 50), 1e3, "processor time a call, ms"),
    "rate": bars("rate", (10, 50), 1, "calls a second"),
    "one-call": bars("p50", (1,), 1e3, "one call at a time: ms to the decision, median"),
    "storm": bars("p99", (200,), 1e3, "200 calls at once: ms to the decision, 99th percentile"),
}
