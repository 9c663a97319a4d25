"""Whether a schedule is open at an instant, why, and until when: the instants at which that changes, worked out once.

A stretch of two weeks is worked out when somebody asks for an instant in it, and a few of them are kept. Where nothing
changes, how far ahead was looked is kept, too. So a question is a search in a sorted list.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

from fsctl.model import schedule
from fsctl.model.clock_changes import clock_changes, wall_clock
from fsctl.model.opening import Days, Holiday, Opening, Reason
from fsctl.model.schedule import Times
from fsctl.model.sections import Schedule

_EPOCH: Final = datetime(2000, 1, 3, tzinfo=UTC)
_STRETCH: Final = timedelta(days=14)
_ONE_DAY: Final = timedelta(days=1)

#: Stretches that are kept of each timetable: now and what comes, and what somebody asks for beside.
_KEPT: Final = 4


class Timetable:
    """``times`` by the clocks and the holidays of a place.

    Zones are taken to change their clocks once in a day at most, as all have done since 1970.
    """

    def __init__(self, times: Times, zone: ZoneInfo, holiday: Holiday) -> None:
        self._days, self._zone = Days(times, holiday), zone
        never = schedule.is_always_open(times) or schedule.is_never_open(times)  # would take longest to look for
        self._horizon = timedelta() if never else self._days.horizon
        #: By their numbers, counted from _EPOCH; the one that was used last comes last.
        self._stretches: dict[int, _Stretch] = {}
        #: From the end of the first until before the second nothing changes.
        self._quiet = (0, 0)

    def opening(self, at: datetime) -> Opening:
        """The state at an aware instant."""
        if at.tzinfo is None:
            raise ValueError("the instant needs a time zone")
        moment = at.astimezone(UTC)
        number = (moment - _EPOCH) // _STRETCH
        stretch = self._kept(number)
        place = bisect_right(stretch.edges, moment) - 1
        open_, reason = stretch.states[place]
        change = stretch.changes[place] or self._after(number, open_, moment + self._horizon)
        return Opening(at, open_, reason, change if change and change <= moment + self._horizon else None)

    def _after(self, number: int, open_: bool, limit: datetime) -> datetime | None:
        """The first instant after a stretch, which ends ``open_``, at which it is otherwise; None for none by then."""
        first, end = self._quiet
        if not first <= number < end:
            first, end = number, number + 1
        change: datetime | None = None
        while change is None and _begin(end) <= limit:
            # Most that are looked at only here have nothing to tell and would push out others.
            stretch = self._stretches.get(end) or _Stretch(self._days, self._zone, _begin(end))
            change = stretch.edges[0] if stretch.states[0][0] != open_ else stretch.changes[0]
            if change is None:
                end += 1
            else:
                self._keep(end, stretch)
        self._quiet = first, end
        return change

    def _kept(self, number: int) -> "_Stretch":
        stretch = self._stretches.get(number) or _Stretch(self._days, self._zone, _begin(number))
        self._keep(number, stretch)
        return stretch

    def _keep(self, number: int, stretch: "_Stretch") -> None:
        self._stretches.pop(number, None)
        self._stretches[number] = stretch
        if len(self._stretches) > _KEPT:
            del self._stretches[next(iter(self._stretches))]


class _Stretch:
    """From each of its ``edges`` on the state is another one; the first is its begin.

    ``changes`` has for each when ``open`` is different after that; None where it is not within the stretch.
    """

    def __init__(self, days: Days, zone: ZoneInfo, begin: datetime) -> None:
        self.edges: list[datetime] = []
        self.states: list[tuple[bool, Reason]] = []
        for instant in sorted({begin, *_edges(days, zone, begin, begin + _STRETCH)}):
            state = days.state(wall_clock(instant, zone))
            if not self.states or state != self.states[-1]:
                self.edges.append(instant)
                self.states.append(state)
        self.changes: list[datetime | None] = [None] * len(self.edges)
        for place in reversed(range(len(self.edges) - 1)):
            differs = self.states[place][0] != self.states[place + 1][0]
            self.changes[place] = self.edges[place + 1] if differs else self.changes[place + 1]


def _begin(number: int) -> datetime:
    return _EPOCH + number * _STRETCH


def _edges(days: Days, zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Only where a window begins or ends, at midnight, or where a clock is changed, can anything be different.

    A clock shows what it shows twice in the hour that it repeats; for hours that are skipped there are two instants
    that mean nothing.
    """
    day, last = wall_clock(begin, zone).date() - _ONE_DAY, wall_clock(end, zone).date() + _ONE_DAY
    shown: set[datetime] = set()
    while day <= last:
        shown.add(datetime.combine(day, time()))
        for span in days.spans(day):
            shown |= {span.begin, span.end}
        day += _ONE_DAY
    changes = list(clock_changes(zone, begin - 2 * _ONE_DAY, end + 3 * _ONE_DAY))
    ahead = timedelta() if changes else wall_clock(begin, zone) - begin.replace(tzinfo=None)
    instants = (
        (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for wall, fold in product(shown, (0, 1)))
        if changes else (wall.replace(tzinfo=UTC) - ahead for wall in shown))
    yield from (instant for instant in (*instants, *changes) if begin <= instant < end)


@dataclass(frozen=True, slots=True)
class _Worked:
    """What a timetable was made of, as far as it can differ under one key."""

    schedule: Schedule
    holidays: Callable[[str, date], Mapping[str, str] | None]
    timetable: Timetable


class Timetables:
    """Those that were asked for, one for each schedule, zone and region. They hold no time of their own."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], _Worked] = {}

    def of(
        self, written: Schedule, timezone: str, region: str,
        holidays: Callable[[str, date], Mapping[str, str] | None],
    ) -> Timetable:
        """The timetable of a schedule; ValueError where it cannot be read: no office that was checked has such."""
        key = written.key, timezone, region
        known = self._known.get(key)
        if known is None or known.schedule is not written or known.holidays is not holidays:
            timetable = Timetable(schedule.read(written), ZoneInfo(timezone), partial(holidays, region))
            known = self._known[key] = _Worked(written, holidays, timetable)
        return known.timetable
