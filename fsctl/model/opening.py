"""What the days of a schedule say: whether it is open while the clock shows something, and why.

What decides, the first that applies:

1. ``also``: open, whatever the rest says.
2. ``except`` with hours: closed for exactly these hours.
3. ``weekly`` and ``dates``: open. A window belongs to the day on which it begins, past midnight too; so a whole day in
   ``except``, or a holiday, removes the windows that begin on it, all of them and to their end, and leaves alone what
   the evening before has begun.
4. Anything else is closed.

Windows are half-open: open at 08:00, closed at 12:00. Hours are those of the clock on the wall. Hours that a clock
skips don't exist: a window that begins in them begins with the first moment after them. Hours that a clock shows twice
count twice.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Final, Literal

from fsctl.model.schedule import DAY, Dates, Times, Window, Yearly

#: How far ahead a change is looked for: long enough for whatever happens once a year, or on 29 February alone, which a
#: turn of a century without one keeps away for eight years.
HORIZON: Final = timedelta(days=400)
_LEAP_HORIZON: Final = timedelta(days=8 * 366)

#: The names of a day by language (``{"de": "Karfreitag", "en": "Good Friday"}``); None where it is an ordinary one.
Holiday = Callable[[date], Mapping[str, str] | None]

#: Days that are no public holidays but that everybody knows by name, by month and day.
_WELL_KNOWN: Final[Mapping[tuple[int, int], Mapping[str, str]]] = {
    (12, 24): {"de": "Heiligabend", "en": "Christmas Eve"},
    (12, 31): {"de": "Silvester", "en": "New Year's Eve"},
}
#: The ranks of what a day says. The last two say only why it is closed.
_ALSO, _HOURS_OFF, _WEEKLY, _DATES, _DAY_OFF, _WINDOW_OFF = range(6)

_ALL_DAY: Final = Window(0, DAY)
_ONE_DAY: Final = timedelta(days=1)

#: Days that are remembered: those of a few weeks, which whoever asks goes through more than once.
_REMEMBERED: Final = 32


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the part of the schedule that decides, and the day of it; ``outside`` is the absence of any.

    ``names`` has the names of that day by language, where it has any.
    """

    kind: Literal["also", "weekly", "dates", "except", "holiday", "outside"]
    day: date
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opening:
    """The state ``at`` an instant.

    ``next_change`` is the first instant (UTC) at which ``open`` is different; None when there is none within HORIZON.
    """

    at: datetime
    open: bool
    reason: Reason
    next_change: datetime | None


@dataclass(frozen=True, slots=True)
class _Span:
    """What a day says about the wall clock from ``begin`` until before ``end``. The least rank decides."""

    rank: int
    begin: datetime
    end: datetime
    open: bool
    reason: Reason


class Days:
    """What each day says. The last days asked for are remembered."""

    def __init__(self, times: Times, holiday: Holiday) -> None:
        self._times = times
        self._holiday = holiday
        #: What the windows and exceptions that begin on a day say, about it and the night after it.
        self.spans = lru_cache(maxsize=_REMEMBERED)(lambda day: tuple(self._spans(day)))

    @property
    def horizon(self) -> timedelta:
        """How far ahead a change is looked for."""
        opened = (*self._times.dates, *self._times.also)
        leap_day = any(isinstance(each, Yearly) and each.first == each.last == (2, 29) for each in opened)
        return _LEAP_HORIZON if leap_day else HORIZON

    def state(self, wall: datetime) -> tuple[bool, Reason]:
        """Whether it is open while the clock shows ``wall``, and why."""
        today = wall.date()
        found = [
            span
            for day in (today, today - _ONE_DAY)
            for span in self.spans(day)
            if span.begin <= wall < span.end
        ]
        if not found:
            return False, Reason("outside", today)
        decisive = min(found, key=attrgetter("rank"))
        return decisive.open, decisive.reason

    def _spans(self, day: date) -> Iterator[_Span]:
        times = self._times
        closed = self._closed(day)
        for window in _on(times.also, day):
            yield _span(_ALSO, window, True, Reason("also", day))
        for each in times.except_:
            if each.window and each.has(day):
                yield _span(_HOURS_OFF, each.window, False, Reason("except", day, self._names(day)))
        if closed:
            yield _span(_DAY_OFF, _ALL_DAY, False, closed)
        opened = [(_WEEKLY, window, Reason("weekly", day)) for window in times.weekly[day.weekday()]]
        opened += [(_DATES, window, Reason("dates", day)) for window in _on(times.dates, day)]
        for rank, window, reason in opened:
            yield _span(_WINDOW_OFF, window, False, closed) if closed else _span(rank, window, True, reason)

    def _closed(self, day: date) -> Reason | None:
        """Why no window may begin on a day."""
        if self._times.holidays and (names := self._holiday(day)):
            return Reason("holiday", day, names)
        if any(each.window is None and each.has(day) for each in self._times.except_):
            return Reason("except", day, self._names(day))
        return None

    def _names(self, day: date) -> Mapping[str, str]:
        return self._holiday(day) or _WELL_KNOWN.get((day.month, day.day), {})


def _on(dates: tuple[Dates | Yearly, ...], day: date) -> Iterator[Window]:
    return (each.window or _ALL_DAY for each in dates if each.has(day))


def _span(rank: int, window: Window, open_: bool, reason: Reason) -> _Span:
    midnight = datetime.combine(reason.day, time())
    begin, end = timedelta(minutes=window.begin), timedelta(minutes=window.end)
    return _Span(rank, midnight + begin, midnight + end, open_, reason)
