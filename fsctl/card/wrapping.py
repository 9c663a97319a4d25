"""Text in lines that are no wider than allowed, and columns that are no taller than needed."""

from collections.abc import Callable, Sequence

#: The width of a text in millimetres, at a size in points, bold or not.
Measure = Callable[[str, float, bool], float]


def wrapped(text: str, width: float, size: float, bold: bool, measure: Measure) -> list[str]:
    """Broken at blanks, and in a word only where that alone is too wide."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if measure(longer, size, bold) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if lines[-1] and measure(lines[-1] + character, size, bold) > width:
                lines.append("")
            lines[-1] += character
    return lines


def split(heights: Sequence[float]) -> int:
    """How many of these belong in the first of two columns, so that the taller one is as short as possible."""
    return min(range(len(heights) + 1), key=lambda count: max(sum(heights[:count]), sum(heights[count:])))
