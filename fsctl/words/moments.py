"""Days and instants as people write them, in the reader's language.

The patterns are those of Unicode (CLDR), and are messages like others: each language has its own order of day and
month. What days and months are called is Babel's.
"""

import re
from datetime import date, datetime
from typing import Final

from fsctl.words import language, term

_CLOCK = "HH:mm"
_DAY = "d MMM"
_DAY_AND_YEAR = "d MMM y"
_WEEKDAY = "ccc"
_EXACT = "yyyy-MM-dd'T'HH:mm:ssxxx"

#: An instant in ISO 8601 with its offset, amid other text or alone.
INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d:\d\d|Z)")

#: What clocks of European places are called, by which half of the year it is.
ZONES = ("CET", "CEST", "WET", "WEST", "EET", "EEST")

#: All patterns, for the catalogues.
PATTERNS = (_CLOCK, _DAY, _DAY_AND_YEAR, _WEEKDAY, _EXACT)


def day(on: date, *, year: bool = False) -> str:
    """``24 Dec``, ``24.12.``"""
    return _formatted(on, _DAY_AND_YEAR if year else _DAY)


def exactly(at: datetime) -> str:
    """An aware instant with its offset, to the second, as the command line takes it in English."""
    return _formatted(at, _EXACT)


def told(text: str) -> str:
    """An instant in ISO 8601 with its offset, exactly; any other text as it is."""
    try:
        return exactly(datetime.fromisoformat(text)) if INSTANT.fullmatch(text) else text
    except ValueError:
        return text


def of_the_week(at: datetime) -> str:
    """``Tue 18:30``."""
    return f"{_formatted(at, _WEEKDAY)} {_formatted(at, _CLOCK)}"


def dated(at: datetime, zone: str = "", *, year: bool = False) -> str:
    """A clock time with its date; ``zone`` as below."""
    return f"{day(at.date(), year=year)} {_clock(at, zone)}"


def moment(at: datetime, seen: date, zone: str = "") -> str:
    """A clock time, with as much of the date as it takes to tell which, for whoever is told on the day ``seen``.

    ``zone`` is what the clocks are called then, where they show this time twice.
    """
    clock = _clock(at, zone)
    days = (at.date() - seen).days
    if days == 0:
        return clock
    if days == 1 and clock == "00:00":
        return "24:00"
    parts = [_formatted(at, _WEEKDAY)]
    if not 0 < days < 7:
        parts.append(day(at.date(), year=at.year != seen.year))
    return " ".join((*parts, clock))


def _clock(at: datetime, zone: str) -> str:
    shown = _formatted(at, _CLOCK)
    return f"{shown} {term('time zone', zone)}" if zone else shown


def _formatted(at: date, pattern: str) -> str:
    from babel.dates import parse_pattern  # takes long to load, and not every command tells a time

    return parse_pattern(term("pattern", pattern)).apply(at, language())
