"""The office file: the warning that the last date of a schedule is over."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from fsctl import officefile
from tests.unit.test_officefile import changed

WEEK = {"mon-fri": ["08:00-18:00"]}


def warned(schedule: dict[str, Any], now: datetime, **changes: Any) -> list[tuple[str, str]]:
    """What is said of a schedule: the end of the path, and the date."""
    tree = changed({"schedules/stocktaking": None, "schedules/open": schedule, **changes})
    found = officefile.check(tree, now)
    assert all(each.warning for each in found)
    return [(each.path.removeprefix("schedules.open."), each.message.split(", ")[1]) for each in found]


#: At noon of 31 December 2026.
ROWS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    # all over
    ({"except": ["2026-12-30"]}, [("except[0]", "2026-12-30")]),
    ({"except": ["2026-12-24", "2026-12-30", "2026-12-27"]}, [("except[1]", "2026-12-30")]),
    ({"except": ["2026-12-24/2026-12-30"]}, [("except[0]", "2026-12-30")]),
    ({"except": ["2026-12-30 12:00-14:00"]}, [("except[0]", "2026-12-30")]),
    ({"except": ["holidays", "12-24", "2025-12-29"]}, [("except[2]", "2025-12-29")]),
    ({"also": ["2026-11-28 10:00-14:00"]}, [("also[0]", "2026-11-28")]),
    ({"dates": ["2026-01-02/2026-01-03"]}, [("dates[0]", "2026-01-03")]),
    ({"except": ["2026-12-24"], "also": ["2026-12-29"]}, [("also[0]", "2026-12-29")]),
    ({"except": ["2026-12-29"], "also": ["12-24"]}, [("except[0]", "2026-12-29")]),
    # not all
    ({"except": ["2026-12-31"]}, []),
    ({"except": ["2026-12-30/2026-12-31"]}, []),
    ({"except": ["2026-12-30", "2027-12-30"]}, []),
    ({"except": ["2026-12-30"], "also": ["2027-01-02"]}, []),
    ({"except": ["2025-12-30"], "dates": ["2027-01-02"]}, []),
    ({"except": ["2026-12-24/2027-01-05"]}, []),
    # none that ends
    ({}, []),
    ({"except": ["holidays"]}, []),
    ({"except": ["12-24"]}, []),
    ({"except": ["holidays", "12-24/01-02", "02-29"]}, []),
    ({"also": ["12-24 10:00-14:00"]}, []),
    ({"dates": ["12-24"]}, []),
]


@pytest.mark.parametrize(("schedule", "expected"), ROWS)
def test_the_last_date_is_over(schedule: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert warned({"weekly": WEEK, **schedule}, datetime(2026, 12, 31, 12, tzinfo=UTC)) == expected


@pytest.mark.parametrize(("now", "zones", "over"), [
    ("2026-12-30T22:59", ("Europe/Berlin", "Europe/Berlin"), False),
    ("2026-12-30T23:00", ("Europe/Berlin", "Europe/Berlin"), True),
    ("2026-12-30T23:00", ("Europe/Berlin", "Europe/London"), False),
    ("2026-12-31T00:00", ("Europe/Berlin", "Europe/London"), True),
    ("2026-12-31T04:59", ("Europe/Berlin", "America/New_York"), False),
    ("2026-12-31T05:00", ("Europe/Berlin", "America/New_York"), True),
    ("2026-12-30T15:00", ("Asia/Tokyo", "Asia/Tokyo"), True),
    ("2030-07-01T00:00", ("Europe/Berlin", "Europe/London"), True),
])
def test_a_day_is_over_when_it_is_so_at_every_site(now: str, zones: tuple[str, str], over: bool) -> None:
    instant = datetime.fromisoformat(now).replace(tzinfo=UTC)
    sites = {"sites/berlin/timezone": zones[0], "sites/london/timezone": zones[1]}
    for at in (instant, instant.astimezone(timezone(timedelta(hours=-9)))):
        assert bool(warned({"weekly": WEEK, "except": ["2026-12-30"]}, at, **sites)) is over


def test_what_cannot_be_read_is_told_once() -> None:
    tree = changed({"schedules/open/except": ["2020-12-24", "2026-02-30"], "sites/london/timezone": "Mars"})
    found = [(each.path, each.warning) for each in officefile.check(tree, datetime(2027, 7, 1, tzinfo=UTC))]
    assert found == [("sites.london.timezone", False), ("schedules.open.except[1]", False),
                     ("schedules.stocktaking.dates[0]", True)]
