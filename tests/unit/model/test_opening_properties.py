"""Schedules against a slow oracle that knows which minutes of the wall clock are open, and counts minutes in UTC."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from fsctl.model import schedule
from fsctl.model.opening_words import because
from fsctl.model.sections import Schedule
from fsctl.model.timetable import Timetable
from fsctl.words import speaking

#: Zones, each with days on which its clocks were changed, or were not.
DAYS = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Europe/Berlin", date(2026, 12, 31)),
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Havana", date(2026, 3, 8)),
    ("America/Havana", date(2026, 11, 1)),
    ("America/St_Johns", date(2006, 10, 29)),  # from 00:01 back to 23:01 of the day before
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kolkata", date(2028, 2, 29)),
]
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN = timedelta(days=4)

quarters = st.sampled_from(range(0, 24 * 60, 15))
windows = (
    st.tuples(quarters, quarters)
    .filter(lambda each: each[0] != each[1])
    .map(lambda each: "{:02}:{:02}-{:02}:{:02}".format(*divmod(each[0], 60), *divmod(each[1], 60)))
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Schedule, frozenset[date], ZoneInfo, datetime]:
    """A schedule and holidays around a day, and an instant near it."""
    zone, middle = draw(st.sampled_from(DAYS))
    day = st.integers(-3, 4).map(lambda each: middle + timedelta(days=each))
    hours = st.one_of(st.just(""), windows.map(lambda each: f" {each}"))
    written_as = st.sampled_from(["%Y-%m-%d", "%m-%d"])
    entry = st.tuples(day, st.integers(0, 2), hours, written_as).map(
        lambda each: "/".join(
            f"{one:{each[3]}}" for one in sorted({each[0], each[0] + timedelta(days=each[1])})
        ) + each[2]
    )
    written = Schedule(
        key="x",
        weekly=draw(st.dictionaries(st.sampled_from(NAMES), st.lists(windows, max_size=3).map(tuple))),
        dates=tuple(draw(st.lists(entry, max_size=2))),
        except_=tuple(draw(st.lists(st.one_of(entry, st.just("holidays")), max_size=3))),
        also=tuple(draw(st.lists(entry, max_size=2))),
    )
    at = datetime(middle.year, middle.month, middle.day, tzinfo=UTC) + timedelta(
        minutes=draw(st.integers(-36 * 60, 36 * 60))
    )
    return written, draw(st.frozensets(day, max_size=2)), ZoneInfo(zone), at


def minutes(day: date, hours: str) -> range:
    """Minutes of the wall clock, counted from the year 1."""
    begin, end = ((int(each[:2]) * 60 + int(each[3:])) for each in hours.split("-"))
    start = day.toordinal() * 1440
    return range(start + begin, start + (end if end > begin else end + 1440))


def entries(texts: tuple[str, ...], near: date) -> Iterator[tuple[date, str]]:
    """Each day of each entry with its hours, which may be empty; of those without a year, the days around."""
    for text in texts:
        if text != "holidays":
            days, _, hours = text.partition(" ")
            first, _, last = days.partition("/")
            for offset in range(-15, 16):
                day = near + timedelta(days=offset)
                if written_at(day, first, last or first):
                    yield day, hours


def written_at(day: date, first: str, last: str) -> bool:
    """Whether a range of at most three days has a day: it began on it or before, and did not end before it."""
    shape = "%Y-%m-%d" if len(first) == 10 else "%m-%d"
    days = [f"{day - timedelta(days=back):{shape}}" for back in range(3)]
    return first in days and last not in days[1 : days.index(first) + 1]


def open_minutes(written: Schedule, holidays: frozenset[date], near: date) -> set[int]:
    """All open minutes of the wall clock on the days around."""
    gone = {day for day, hours in entries(written.except_, near) if not hours}
    if "holidays" in written.except_:
        gone |= holidays
    found: set[int] = set()
    for offset in range(-10, 11):
        day = near + timedelta(days=offset)
        if day not in gone:
            for hours in written.weekly.get(NAMES[day.weekday()], ()):
                found.update(minutes(day, hours))
    for day, hours in entries(written.dates, near):
        if day not in gone:
            found.update(minutes(day, hours or "00:00-24:00"))
    for day, hours in entries(written.except_, near):
        if hours:
            found.difference_update(minutes(day, hours))
    for day, hours in entries(written.also, near):
        found.update(minutes(day, hours or "00:00-24:00"))
    return found


def shown(at: datetime, zone: ZoneInfo) -> int:
    """Which minute the wall clock shows."""
    wall = at.astimezone(zone)
    return wall.toordinal() * 1440 + wall.hour * 60 + wall.minute


@settings(max_examples=200, deadline=None)
@given(cases())
def test_one_state_until_the_next_change(case: tuple[Schedule, frozenset[date], ZoneInfo, datetime]) -> None:
    written, holidays, zone, at = case
    times = schedule.read(written)

    def holiday(day: date) -> Mapping[str, str] | None:
        return {"de": "Tag", "en": "Day"} if day in holidays else None

    opening = Timetable(times, zone, holiday).opening(at)
    minutes_open = open_minutes(written, holidays, at.date())

    now = shown(at, zone) in minutes_open
    assert opening.open == now
    assert (opening.reason.kind in ("also", "weekly", "dates")) == now
    with speaking("de"):
        assert str(because(opening, zone)).startswith("offen" if now else "geschlossen")
    assert str(because(opening, zone)).startswith("open" if now else "closed")

    moment, end = at, at + SPAN
    while moment <= end and (shown(moment, zone) in minutes_open) == now:
        moment += timedelta(minutes=1)
    if moment <= end:
        assert opening.next_change == moment
    else:
        assert opening.next_change is None or opening.next_change > end
