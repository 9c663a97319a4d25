"""Until when something lasts, as the names of the recordings that say so one after the other.

``until tomorrow eight thirty a m``, ``bis zum siebten Januar acht Uhr``: the words of each are in
freeswitch_conf/prompts.toml, and may be recorded by a person.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: The half of the day, where hours count to twelve.
_HALVES: Final = {"en": ("moments/am", "moments/pm")}

_FURTHER_NOTICE: Final = "moments/until-further-notice"
_WORDS: Final = ("moments/until", "moments/today", "moments/tomorrow", _FURTHER_NOTICE)


def until(moment: datetime | None, now: datetime, zone: ZoneInfo, language: str) -> tuple[str, ...]:
    """As of ``now``, by the clocks of ``zone``; None is until further notice."""
    if moment is None:
        return (_FURTHER_NOTICE,)
    then, today = moment.astimezone(zone), now.astimezone(zone).date()
    match (then.date() - today).days:
        case 0:
            day: tuple[str, ...] = ("moments/today",)
        case 1:
            day = ("moments/tomorrow",)
        case ahead if 1 < ahead < 7:
            day = (f"weekdays/{_DAYS[then.weekday()]}",)
        case _:
            day = (f"dates/{then.day}", f"months/{then.month}")
    minute = (f"minutes/{then.minute}",) if then.minute else ()
    half = _HALVES.get(language)
    return ("moments/until", *day, f"hours/{then.hour}", *minute, *((half[then.hour >= 12],) if half else ()))


def recordings(language: str) -> Iterator[str]:
    """All that ``until`` may name in a language."""
    yield from (*_WORDS, *_HALVES.get(language, ()))
    yield from (f"weekdays/{day}" for day in _DAYS)
    for folder, numbers in (("hours", range(24)), ("minutes", range(1, 60)), ("dates", range(1, 32)),
                            ("months", range(1, 13))):
        yield from (f"{folder}/{number}" for number in numbers)
