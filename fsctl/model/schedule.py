"""Reading the times of a schedule: days, hours and dates as the office file writes them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fsctl.model.sections import Schedule
from fsctl.words import say

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: The word in ``except`` that stands for the public holidays of the site.
HOLIDAYS = "holidays"

#: Minutes of a day.
DAY = 24 * 60

_WINDOW = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YEARLY = re.compile(r"\d{2}-\d{2}", re.ASCII)

_LEAP_YEAR = tuple(date(2000, 1, 1) + timedelta(days=day) for day in range(366))


@dataclass(frozen=True, slots=True)
class Window:
    """Hours in minutes since midnight. ``end`` lies behind DAY when they last past midnight."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Dates:
    """The days from ``first`` to ``last``, both included; with a window only those hours of each day."""

    first: date
    last: date
    window: Window | None = None

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Yearly:
    """The same by month and day, every year that has them; ``last`` may come before ``first``, past New Year."""

    first: tuple[int, int]
    last: tuple[int, int]
    window: Window | None = None

    def has(self, day: date) -> bool:
        here = day.month, day.day
        begun, not_over = self.first <= here, here <= self.last
        return begun and not_over if self.first <= self.last else begun or not_over


@dataclass(frozen=True, slots=True)
class Times:
    """A schedule that was read. ``weekly`` has the windows of each day, Monday first."""

    weekly: tuple[tuple[Window, ...], ...]
    dates: tuple[Dates | Yearly, ...]
    except_: tuple[Dates | Yearly, ...]
    also: tuple[Dates | Yearly, ...]
    holidays: bool


def days(text: str) -> tuple[int, ...]:
    """``"mon-thu"`` → (0, 1, 2, 3); a range may go past Sunday."""
    first, dash, last = text.partition("-")
    if first not in DAYS or (dash and last not in DAYS):
        raise ValueError(say("{found} is not a day; write one of {days}, or a range like mon-thu",
                             found=repr(text), days=", ".join(DAYS)))
    begin = DAYS.index(first)
    length = (DAYS.index(last) - begin) % 7 if dash else 0
    return tuple((begin + day) % 7 for day in range(length + 1))


def window(text: str) -> Window:
    """``"22:00-04:00"`` → Window(1320, 1680). 24:00 is an end, no beginning."""
    match = _WINDOW.fullmatch(text)
    if match is None:
        raise ValueError(say("{found} is not a range of hours; write HH:MM-HH:MM", found=repr(text)))
    from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
    begin, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if from_minute > 59 or to_minute > 59 or begin >= DAY or end > DAY:
        raise ValueError(say("{found} has hours that don't exist", found=repr(text)))
    if begin == end:
        raise ValueError(say(
            "{found} is empty: it ends when it begins; the whole day is 00:00-24:00", found=repr(text)))
    return Window(begin, end if end > begin else end + DAY)


def dates(text: str) -> Dates | Yearly:
    """``"2026-12-27/2026-12-31"``, ``"2026-12-24"``, with hours ``"2026-11-28 10:00-14:00"``; ``"12-24"``: yearly."""
    range_, space, hours = text.partition(" ")
    first, slash, last = range_.partition("/")
    if _YEARLY.fullmatch(first):
        days_of_year = [_month_and_day(each, text) for each in range_.split("/", 1)]
        return Yearly(days_of_year[0], days_of_year[-1], window(hours) if space else None)
    begin = _date(first, text)
    end = _date(last, text) if slash else begin
    if end < begin:
        raise ValueError(say("{found} ends before it begins", found=repr(text)))
    return Dates(begin, end, window(hours) if space else None)


def read(schedule: Schedule) -> Times:
    """The times of a schedule; ValueError at the first that cannot be read."""
    weekly: list[list[Window]] = [[] for _ in DAYS]
    for key, hours in schedule.weekly.items():
        windows = [window(text) for text in hours]
        for day in days(key):
            weekly[day].extend(windows)
    return Times(
        weekly=tuple(tuple(sorted(windows, key=lambda each: each.begin)) for windows in weekly),
        dates=tuple(map(dates, schedule.dates)),
        except_=tuple(dates(text) for text in schedule.except_ if text != HOLIDAYS),
        also=tuple(map(dates, schedule.also)),
        holidays=HOLIDAYS in schedule.except_,
    )


def mistakes(schedule: Schedule) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """All times that cannot be read, each with its path inside the schedule."""
    for key, hours in schedule.weekly.items():
        yield from _mistake(days, key, ("weekly", key))
        for index, text in enumerate(hours):
            yield from _mistake(window, text, ("weekly", key, index))
    for name in ("dates", "except_", "also"):
        for index, text in enumerate(getattr(schedule, name)):
            if name != "except_" or text != HOLIDAYS:
                yield from _mistake(dates, text, (name.removesuffix("_"), index))


def is_never_open(times: Times) -> bool:
    """Whether there is no moment at which this schedule is open."""
    every_week = (Yearly((1, 1), (12, 31)),) if any(times.weekly) else ()
    return not times.also and all(_excluded(each, times) for each in (*every_week, *times.dates))


def is_always_open(times: Times) -> bool:
    """Whether this schedule is open at every moment of every week."""
    if times.except_ or times.holidays:
        return False
    week = sorted(
        (day * DAY + each.begin, day * DAY + each.end)
        for day, windows in enumerate((times.weekly[6], *times.weekly), start=-1)
        for each in windows
    )
    covered = 0
    for begin, end in week:
        if begin > covered:
            return False
        covered = max(covered, end)
    return covered >= 7 * DAY


def _excluded(opened: Dates | Yearly, times: Times) -> bool:
    """Whether the exceptions that last whole days leave nothing of these dates."""
    closed = [each for each in times.except_ if each.window is None]
    if isinstance(opened, Yearly):  # which no dates exclude for ever
        closed = [each for each in closed if isinstance(each, Yearly)]
        return all(any(each.has(day) for each in closed) for day in _LEAP_YEAR if opened.has(day))
    ordinal = opened.first.toordinal()
    while ordinal <= opened.last.toordinal():
        day = date.fromordinal(ordinal)
        closing = next((each for each in closed if each.has(day)), None)
        if closing is None:
            return False
        ordinal = (closing.last if isinstance(closing, Dates) else day).toordinal() + 1
    return True


def _date(text: str, whole: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError(say(
            "{found} is not a date; write YYYY-MM-DD, YYYY-MM-DD/YYYY-MM-DD or YYYY-MM-DD HH:MM-HH:MM, all without"
            " YYYY- for every year", found=repr(whole)))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(say("{found} has a day that doesn't exist; write a month from 01 to 12 and a day that it has",
                             found=repr(whole))) from None


def _month_and_day(text: str, whole: str) -> tuple[int, int]:
    day = _date(f"{_LEAP_YEAR[0].year}-{text}", whole)
    return day.month, day.day


def _mistake(
    reader: Callable[[str], object], text: str, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    try:
        reader(text)
    except ValueError as error:
        yield path, str(error)
