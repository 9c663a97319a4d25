"""Whether a schedule is open at an instant, why, and until when.

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
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from operator import attrgetter
from typing import Final, Literal
from zoneinfo import ZoneInfo

from fsctl.model.clock_changes import clock_changes, wall_clock
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
_FIRST_LOOK: Final = timedelta(days=2)
_FURTHER_LOOKS: Final = timedelta(days=14)


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


def state_at(times: Times, zone: ZoneInfo, at: datetime, holiday: Holiday) -> Opening:
    """Whether ``times`` are open at an aware instant, for the clocks and the holidays of a place.

    Zones are taken to change their clocks once in a day at most, as all have done since 1970.
    """
    if at.tzinfo is None:
        raise ValueError("the instant needs a time zone")
    days = _Days(times, holiday)
    open_, reason = days.state(wall_clock(at, zone))
    return Opening(at, open_, reason, _next_change(days, zone, at.astimezone(UTC), open_))


@dataclass(frozen=True, slots=True)
class _Span:
    """What a day says about the wall clock from ``begin`` until before ``end``. The least rank decides."""

    rank: int
    begin: datetime
    end: datetime
    open: bool
    reason: Reason


class _Days:
    """What each day says, worked out once."""

    def __init__(self, times: Times, holiday: Holiday) -> None:
        self._times = times
        self._holiday = holiday
        self._known: dict[date, tuple[_Span, ...]] = {}

    @property
    def horizon(self) -> timedelta:
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

    def spans(self, day: date) -> tuple[_Span, ...]:
        """What the windows and exceptions that begin on a day say, about it and the night after it."""
        if day not in self._known:
            self._known[day] = tuple(self._spans(day))
        return self._known[day]

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


def _next_change(days: _Days, zone: ZoneInfo, at: datetime, open_: bool) -> datetime | None:
    """Only where a window begins or ends, or a clock is changed, can anything be different."""
    begin, limit, look = at, at + days.horizon, _FIRST_LOOK
    while begin < limit:
        end = min(begin + look, limit)
        edges = {*_edges(days, zone, begin, end), *clock_changes(zone, begin, end)}
        for instant in sorted(edges):
            if begin < instant <= end and days.state(wall_clock(instant, zone))[0] != open_:
                return instant
        begin, look = end, _FURTHER_LOOKS
    return None


def _edges(days: _Days, zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """When the clock shows the beginnings and ends of spans: twice in the hour that it repeats.

    Some in days around may lie outside, and for hours that are skipped there are two that mean nothing.
    """
    day, last = wall_clock(begin, zone).date() - _ONE_DAY, wall_clock(end, zone).date() + _ONE_DAY
    while day <= last:
        for span in days.spans(day):
            for wall, fold in product((span.begin, span.end), (0, 1)):
                yield wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        day += _ONE_DAY
