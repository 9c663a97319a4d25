"""The schedules of an office at its sites."""

from dataclasses import replace
from datetime import UTC, datetime

from fsctl.model.opening import Reason
from fsctl.model.sections import Schedule
from tests.unit.builders import BERLIN, LONDON, an_office

OPEN = Schedule(key="open", weekly={"mon-fri": ("08:00-12:00",)}, except_=("holidays",))
NAMES = {"de": "Karfreitag", "en": "Good Friday"}
FRIDAY = datetime(2026, 4, 3, 7, 30, tzinfo=UTC)


def test_clocks_and_holidays_are_those_of_the_site() -> None:
    office = an_office(
        schedules={"open": OPEN},
        sites={"berlin": replace(BERLIN, holidays="DE-BE"), "london": replace(LONDON, holidays="GB-ENG")},
        holidays=lambda region, day: NAMES if (region, day) == ("DE-BE", FRIDAY.date()) else None,
    )
    in_berlin, in_london = (office.opening("open", site, FRIDAY) for site in ("berlin", "london"))
    assert (in_berlin.open, in_berlin.reason) == (False, Reason("holiday", FRIDAY.date(), NAMES))
    assert (in_london.open, in_london.next_change) == (True, datetime(2026, 4, 3, 11, 0, tzinfo=UTC))


def test_an_office_that_was_told_of_no_holidays_has_none() -> None:
    assert an_office(schedules={"open": OPEN}).opening("open", "berlin", FRIDAY).open


def test_a_schedule_that_is_changed_counts_at_once() -> None:
    office = an_office(schedules={"open": OPEN})
    assert office.opening("open", "berlin", FRIDAY).open
    later = replace(office, schedules={"open": Schedule(key="open")})
    assert not later.opening("open", "berlin", FRIDAY).open
