"""Which letters the PDF is written with: none come along, so it is one that every reader has, or one of this machine.

The usual one (Helvetica) has the letters of Western Europe. Where others are needed, a font of the system is looked for
that has them; what it has not stands as ``?``.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from fsctl.card import Card

T = TypeVar("T")

#: What the usual font can write.
CHARSET: Final = "windows-1252"

_FOLDERS: Final = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts",
    "/System/Library/Fonts", "C:/Windows/Fonts")

#: The files of fonts with many letters, as they are called everywhere: plain, and bold.
_FILES: Final = (
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"), ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"), ("Arial.ttf", "Arial Bold.ttf"),
    ("arial.ttf", "arialbd.ttf"))


@dataclass(frozen=True, slots=True)
class Font:
    """Of a machine: its files, and which letters both have."""

    plain: Path
    bold: Path
    letters: frozenset[str]


def usual(card: Card) -> bool:
    """Whether the usual font has all letters of a card."""
    return all(_encodes(each) for each in letters_of(card))


def best(card: Card, folders: Iterable[str] = _FOLDERS) -> Font | None:
    """The font of this machine that lacks the fewest letters of a card, if it has more than the usual one."""
    wanted = letters_of(card)
    found = min(_fonts(folders), key=lambda font: len(wanted - font.letters), default=None)
    lacking = {each for each in wanted if not _encodes(each)}
    return found if found and len(wanted - found.letters) < len(lacking) else None


def written(card: Card, font: Font | None) -> Card:
    """With ``?`` for each letter that a font has not, None being the usual one."""
    has = font.letters.__contains__ if font else _encodes
    return _each(card, lambda text: "".join(each if has(each) else "?" for each in text))


def letters_of(card: Card) -> frozenset[str]:
    """All that stand on it."""
    found: list[str] = []

    def add(text: str) -> str:
        found.append(text)
        return text

    _each(card, add)
    return frozenset("".join(found))


def _encodes(letter: str) -> bool:
    try:
        return bool(letter.encode(CHARSET))
    except UnicodeEncodeError:
        return False


def _each(value: T, change: Callable[[str], str]) -> T:
    """With all text in it changed."""
    changed: Any = value
    if isinstance(value, str):
        changed = change(value)
    elif isinstance(value, tuple):
        changed = tuple(_each(each, change) for each in value)
    elif is_dataclass(value) and not isinstance(value, type):
        changed = replace(value, **{each.name: _each(getattr(value, each.name), change) for each in fields(value)})
    return changed  # type: ignore[no-any-return]


def _fonts(folders: Iterable[str]) -> Iterator[Font]:
    from fontTools.ttLib import TTLibError  # comes with the library that writes the PDF

    there: dict[str, Path] = {}
    for folder in folders:
        for path, _, files in os.walk(Path(folder).expanduser()):
            there = {name: Path(path, name) for name in files} | there
    for plain, bold in _FILES:
        if plain in there and bold in there:
            with suppress(OSError, TTLibError):
                yield Font(there[plain], there[bold], _letters(there[plain]) & _letters(there[bold]))


def _letters(file: Path) -> frozenset[str]:
    from fontTools.ttLib import TTFont

    with file.open("rb") as opened, TTFont(opened, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap() or ()))
