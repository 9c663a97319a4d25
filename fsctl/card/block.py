"""What stands in one place of the card, with its height: it is measured first, and placed then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from fsctl.card import Row
from fsctl.card.wrapping import Measure, wrapped

#: Millimetres of a point, and the distance of two lines in sizes of their text.
MM: Final = 25.4 / 72
_LINE: Final = 1.2

#: How much of a column is for what is dialled.
LEFT: Final = 0.35

Colour = Literal["black", "grey", "blue", "white", "red", "line"]


@dataclass(frozen=True, slots=True)
class Text:
    """A line; ``y`` is where its letters stand."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    colour: Colour = "black"


@dataclass(frozen=True, slots=True)
class Box:
    """An area of a colour; ``y`` is its upper end."""

    x: float
    y: float
    width: float
    height: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Block:
    """As if it stood in the upper left corner."""

    height: float
    drawn: tuple[Text | Box, ...] = ()

    def at(self, x: float, y: float) -> tuple[Text | Box, ...]:
        """What is drawn where the block stands there."""
        return tuple(replace(each, x=each.x + x, y=each.y + y) for each in self.drawn)

    @staticmethod
    def stacked(blocks: "Sequence[Block]") -> "Block":
        """One below the other."""
        drawn: list[Text | Box] = []
        y = 0.0
        for block in blocks:
            drawn += block.at(0, y)
            y += block.height
        return Block(y, tuple(drawn))

    @staticmethod
    def lines(lines: Sequence[str], size: float, *, bold: bool = False, colour: Colour = "black") -> "Block":
        """Text, one line below the other."""
        high = size * MM * _LINE
        texts = (Text(0, (index + 0.8) * high, line, size, bold, colour) for index, line in enumerate(lines))
        return Block(high * len(lines), tuple(texts))


def heading(text: str, width: float, size: float, measure: Measure) -> Block:
    """Over a section."""
    pad, larger = size * MM * 0.3, size * 1.05
    lines = Block.lines(wrapped(text, width - 4 * pad, larger, True, measure), larger, bold=True, colour="white")
    box = Box(0, 0, width, lines.height + 2 * pad, "blue")
    return Block(box.height, (box, *lines.at(2 * pad, pad)))


def fact(what: str, which: str, width: float, size: float, measure: Measure) -> Block:
    """What, in small letters, and below it which."""
    small = size * 0.8
    return Block.stacked([
        Block.lines(wrapped(what, width, small, False, measure), small, colour="grey"),
        Block.lines(wrapped(which, width, size, True, measure), size, bold=True)])


def row(each: Row, width: float, size: float, measure: Measure) -> Block:
    """The digits large, and beside them what they do. A thin line ends it."""
    left = width * LEFT
    pad = size * MM * 0.25
    sides = (_dialled(each, left, size, measure), _does(each, width - left - pad, size, measure))
    high = max(side.height for side in sides) + 2 * pad
    drawn = (*sides[0].at(0, pad), *sides[1].at(left + pad, pad), Box(0, high - 0.15, width, 0.15, "line"))
    return Block(high, drawn)


def _dialled(each: Row, width: float, size: float, measure: Measure) -> Block:
    """Beside the digits stands what is dialled after them, where there is room; below, whether they count in a talk."""
    width -= size * MM * 0.5
    large, small = (size, size) if each.lamp else (size * 1.3, size * 0.85)
    lines = wrapped(each.digits, width, large, True, measure)
    digits = Block.lines(lines, large, bold=True)
    gap = size * MM * 0.4
    beside = measure(lines[-1], large, True) + gap
    blocks = [digits]
    if each.after and beside + measure(each.after, small, False) <= width:
        last = digits.drawn[-1]
        blocks = [Block(digits.height, (*digits.drawn, Text(beside, last.y, each.after, small, colour="grey")))]
    elif each.after:
        blocks.append(Block.lines(wrapped(each.after, width, small, False, measure), small, colour="grey"))
    if each.talk:
        talk = wrapped(each.talk, width, small, True, measure)
        blocks.append(Block.lines(talk, small, bold=True, colour="blue"))
    return Block.stacked(blocks)


def _does(each: Row, width: float, size: float, measure: Measure) -> Block:
    """On the line of the digits, which are larger."""
    above = 0.0 if each.lamp else 0.8 * _LINE * MM * size * 0.3
    return Block.stacked([Block(above), Block.lines(wrapped(each.text, width, size, False, measure), size)])
