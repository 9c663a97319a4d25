"""Where everything stands on one page, in millimetres, as large as it fits: whoever draws it says how wide text is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fsctl.card import Card, Section
from fsctl.card.block import MM, Block, Box, Text, fact, heading, row
from fsctl.card.wrapping import Measure, split, wrapped
from fsctl.errors import FsctlError
from fsctl.words import say

#: The page, its margins, and what is between two columns.
WIDTH, HEIGHT, MARGIN, GAP = 210.0, 297.0, 10.0, 6.0
INSIDE: Final = WIDTH - 2 * MARGIN
COLUMN: Final = (INSIDE - GAP) / 2
_FOOT: Final = 5.5

#: So many facts stand side by side.
_BESIDE: Final = 4

#: The sizes of text that are tried, in points; with less nobody can read it at the phone.
_SIZES: Final = tuple(quarters / 4 for quarters in range(48, 19, -1))


@dataclass(frozen=True, slots=True)
class Sheet:
    """``drawn`` is the whole page; ``columns`` are its sections for who places them otherwise, at the same ``size``."""

    size: float
    columns: tuple[tuple[Section, ...], tuple[Section, ...]]
    drawn: tuple[Text | Box, ...]


def sheet(card: Card, measure: Measure) -> Sheet:
    """FsctlError for what does not fit on a page at any size that can be read."""
    for size in _SIZES:
        top = _top(card, size, measure)
        start = MARGIN + top.height + size * MM * 0.5
        blocks = [_section(section, size, measure) for section in card.sections]
        first = split([block.height for block in blocks])
        columns = (blocks[:first], blocks[first:])
        if start + max(sum(block.height for block in column) for column in columns) <= HEIGHT - MARGIN - _FOOT:
            drawn = (*top.at(MARGIN, MARGIN), *_body(columns, start), *_foot(card, measure))
            return Sheet(size, (card.sections[:first], card.sections[first:]), drawn)
    raise FsctlError(say("the card does not fit on one page"))


def _section(section: Section, size: float, measure: Measure) -> Block:
    rows = (row(each, COLUMN, size, measure) for each in section.rows)
    return Block.stacked([heading(section.heading, COLUMN, size, measure), *rows, Block(size * MM * 0.8)])


def _body(columns: tuple[list[Block], list[Block]], start: float) -> Iterator[Text | Box]:
    for place, column in enumerate(columns):
        yield from Block.stacked(column).at(MARGIN + place * (COLUMN + GAP), start)


def _top(card: Card, size: float, measure: Measure) -> Block:
    """Whose card it is, the emergency numbers, and the facts side by side."""
    large = size * 1.8
    lines = wrapped(card.title, INSIDE, large, True, measure)
    title = Block.lines(lines, large, bold=True)
    about = Block.lines(wrapped(card.about, INSIDE, size * 1.1, False, measure), size * 1.1, colour="grey")
    return Block.stacked([title, about, Block(size * MM * 0.6), *_emergency(card, size, measure),
                          *_facts(card, size, measure)])


def _emergency(card: Card, size: float, measure: Measure) -> Iterator[Block]:
    pad, larger = size * MM * 0.45, size * 1.3
    for what in card.emergency:
        lines = Block.lines(wrapped(what, INSIDE - 4 * pad, larger, True, measure), larger, bold=True, colour="white")
        box = Box(0, 0, INSIDE, lines.height + 2 * pad, "red")
        yield Block(box.height + pad, (box, *lines.at(2 * pad, pad)))


def _facts(card: Card, size: float, measure: Measure) -> Iterator[Block]:
    """Some in a line."""
    width = (INSIDE - (_BESIDE - 1) * GAP) / _BESIDE
    blocks = [fact(what, which, width, size, measure) for what, which in card.facts]
    for first in range(0, len(blocks), _BESIDE):
        side = blocks[first:first + _BESIDE]
        drawn = tuple(each for place, block in enumerate(side) for each in block.at(place * (width + GAP), 0))
        yield Block(max(block.height for block in side) + size * MM * 0.5, drawn)


def _foot(card: Card, measure: Measure) -> Iterator[Text | Box]:
    size, y = 7.5, HEIGHT - MARGIN
    yield Box(MARGIN, y - 4.6, INSIDE, 0.2, "line")
    yield Text(MARGIN, y - 1, card.legend, size, False, "grey")
    yield Text(WIDTH - MARGIN - measure(card.made, size, False), y - 1, card.made, size, False, "grey")
