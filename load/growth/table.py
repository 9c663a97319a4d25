"""What the rounds say together, in Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Size = Mapping[str, Any]
Axis = Mapping[str, Any]


def table(told: Mapping[str, Any]) -> Iterator[str]:
    """A row for each size."""
    yield "| | | CPU a call | p50 | p50 / least | CPU a change elsewhere | idle | wakes a second | memory | not well |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for axis in told["axes"]:
        sizes = axis["sizes"]
        for size in sizes:
            yield (f"| {axis['label']} | {size['size']:,} | {_ms(size['cpu'])} | {_ms(size['p50'])} "
                   f"| {size['p50'] / sizes[0]['p50']:.2f} | {_ms(size['change'])} | {size['idle']:.2%} "
                   f"| {size['woken']:.1f} | {size['rss'] / 1e6:.0f} MB | {size['failed'] + size['open']} |")
    yield ""
    for axis in told["axes"]:
        if (each := of_each(axis)) is not None:
            yield f"{axis['label']}: {each / 1e3:,.1f} kB each"


def of_each(axis: Axis) -> float | None:
    """Bytes of each one, between the least and the greatest size; None where there is but one."""
    sizes: Sequence[Size] = axis["sizes"]
    least, most = sizes[0], sizes[-1]
    if least["size"] == most["size"]:
        return None
    grown: list[int] = [size["rss"] - (size["rss_before"] if axis["grows_later"] else 0) for size in (least, most)]
    return float((grown[1] - grown[0]) / (most["size"] - least["size"]))


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms"
