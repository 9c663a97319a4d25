"""Names and numbers from the office file, one or many, so short that they fit on a card."""

from collections.abc import Iterable
from typing import Final

from fsctl.words import say

#: So many of a kind are named, and so long can each be.
MOST: Final = 4
_LONGEST: Final = 40


def clipped(name: str) -> str:
    """In one line, without what cannot be printed."""
    plain = " ".join("".join(each if each.isprintable() else " " for each in name).split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST - 1].rstrip()}…"


def listed(names: Iterable[str]) -> str:
    """The first of them with commas between, and how many more there are."""
    found = list(dict.fromkeys(names))
    shown = ", ".join(found[:MOST])
    left = len(found) - MOST
    return shown if left <= 0 else say("{names} (and {number} more)", names=shown, number=left)


def ranges(numbers: Iterable[str]) -> str:
    """``701-703, 710``: those that follow one another as one."""
    found: list[tuple[str, str]] = []
    for each in numbers:
        if found and len(each) == len(found[-1][1]) and int(each) == int(found[-1][1]) + 1:
            found[-1] = (found[-1][0], each)
        else:
            found.append((each, each))
    return listed(first if first == last else f"{first}\N{EN DASH}{last}" for first, last in found)
