"""What is worked out once says the same as what is worked out anew, and is worked out once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsctl.model import schedule
from fsctl.model.opening import HORIZON, Opening
from fsctl.model.sections import Schedule
from fsctl.model.settings import Settings
from fsctl.model.timetable import Timetable
from tests.unit.builders import BERLIN, an_office
from tests.unit.model.plain_opening import plain_opening
from tests.unit.model.test_opening_properties import cases

MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)
ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
OFFICE_HOURS = Schedule(key="open", weekly={"mon-fri": ("08:00-12:00", "13:00-18:00")}, except_=("holidays",))
ALL_DAY = Schedule(key="open", weekly={"mon-sun": ("00:00-24:00",)})
ALL_DAY_UNTIL_A_HOLIDAY = replace(ALL_DAY, except_=("holidays",))


@settings(max_examples=60, deadline=None)
@given(cases(), st.lists(st.integers(-500 * 96, 500 * 96), min_size=1, max_size=4), st.booleans())
def test_says_what_is_worked_out_anew(
    case: tuple[Schedule, frozenset[date], ZoneInfo, datetime], quarters: list[int], ahead: bool,
) -> None:
    written, holidays, zone, at = case
    times = schedule.read(written)

    def holiday(day: date) -> Mapping[str, str] | None:
        return {"de": "Tag", "en": "Day"} if day in holidays else None

    timetable = Timetable(times, zone, holiday)
    instants = [at, *(at + timedelta(minutes=15 * each) for each in quarters), at]
    change = plain_opening(times, zone, at, holiday).next_change
    if change is not None:  # either side of it, and of the instant from which it is near enough to be known
        instants += [change - MOMENT, change, change - HORIZON - MOMENT, change - HORIZON][:: 1 if ahead else -1]
    for instant in instants:
        assert timetable.opening(instant) == plain_opening(times, zone, instant, holiday)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"])
@pytest.mark.parametrize("written", [OFFICE_HOURS, ALL_DAY, ALL_DAY_UNTIL_A_HOLIDAY, Schedule(key="never")],
                         ids=["office hours", "all day", "all day until a holiday", "never"])
def test_says_so_all_hours_of_the_day_through_a_year(written: Schedule, zone: str) -> None:
    begin = datetime(2006 if zone == "America/St_Johns" else 2011, 9, 1, tzinfo=UTC)
    times, names = schedule.read(written), {"de": "Neujahr", "en": "New Year"}

    def holiday(day: date) -> Mapping[str, str] | None:
        return names if (day.month, day.day) == (1, 1) else None

    timetable = Timetable(times, ZoneInfo(zone), holiday)
    for hours in range(0, 500 * 24, 127):
        instant = begin + timedelta(hours=hours)
        assert timetable.opening(instant) == plain_opening(times, ZoneInfo(zone), instant, holiday)


def asked(written: Schedule, holidays: frozenset[date], step: timedelta, times: int) -> Counter[date]:
    """How often each day is worked out for so many questions, one after the other."""
    days: Counter[date] = Counter()

    def holiday(day: date) -> Mapping[str, str] | None:
        days[day] += 1
        return {"en": "Day"} if day in holidays else None

    timetable = Timetable(schedule.read(written), ZONE, holiday)
    for number in range(times):
        timetable.opening(NOW + number * step)
    return days


def test_ten_thousand_questions_work_each_day_out_about_once() -> None:
    days = asked(OFFICE_HOURS, frozenset(), timedelta(minutes=15), 10_000)
    assert len(days) < 10_000 / 96 + 40
    assert days.total() < 1.1 * len(days)


def test_where_nothing_changes_that_is_found_once() -> None:
    holidays = frozenset({(NOW + 1000 * DAY).date()})
    days = asked(ALL_DAY_UNTIL_A_HOLIDAY, holidays, timedelta(minutes=15), 10_000)
    asked_for = 10_000 / 96
    assert len(days) < asked_for + HORIZON.days + 40
    assert days.total() < 1.1 * (asked_for + len(days))  # what was only looked at is not kept


def test_what_never_changes_is_not_looked_for() -> None:
    written = replace(ALL_DAY, dates=("12-24",))
    opening, days = Timetable(schedule.read(written), ZONE, {}.get).opening(NOW), asked(written, frozenset(), DAY, 1)
    assert (opening.open, opening.next_change) == (True, None)
    assert days.total() == 0


def test_a_timetable_holds_little_however_far_it_is_asked() -> None:
    timetable = Timetable(schedule.read(OFFICE_HOURS), ZONE, {}.get)
    for days in range(0, 20_000, 10):
        timetable.opening(NOW + timedelta(days=days))
    assert len(timetable._stretches) <= 4


def opening_after(office, **changed) -> Opening:
    return replace(office, **changed).opening("open", "berlin", NOW)


def test_what_was_worked_out_outlives_a_change_of_settings() -> None:
    asked_for: Counter[date] = Counter()

    def holidays(_region: str, day: date) -> None:
        asked_for[day] += 1

    office = an_office(schedules={"open": OFFICE_HOURS}, holidays=holidays)
    before, days = opening_after(office), asked_for.copy()
    assert opening_after(office, settings=Settings(())) == before
    assert asked_for == days != Counter()


def test_what_was_worked_out_goes_with_what_it_was_made_of() -> None:
    office = an_office(schedules={"open": OFFICE_HOURS}, sites={"berlin": BERLIN})
    assert opening_after(office).open
    assert not opening_after(office, holidays=lambda _region, _day: {"en": "Day"}).open
    assert not opening_after(office, schedules={"open": Schedule(key="open")}).open
    assert not opening_after(office, sites={"berlin": replace(BERLIN, timezone="Pacific/Apia")}).open
    assert opening_after(office).open
