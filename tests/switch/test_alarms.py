"""Alarms by the clock: which are due, and how long none is."""

from datetime import UTC, datetime, timedelta

import pytest

from fsctl.switch.upkeep.alarms import Alarms

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def alarms() -> Alarms[str]:
    alarms = Alarms[str](again=True)
    assert alarms.arm("second", NOW + 2 * MINUTE)
    assert alarms.arm("first", NOW + MINUTE)
    assert not alarms.arm("third", NOW + 3 * MINUTE)
    return alarms


def test_each_is_due_once_when_its_time_has_come(alarms: Alarms[str]) -> None:
    assert alarms.due(NOW) == set()
    assert alarms.due(NOW + 2 * MINUTE) == {"first", "second"}
    assert alarms.due(NOW + 2 * MINUTE) == set()
    assert alarms.due(NOW + 9 * MINUTE) == {"third"}


def test_only_the_last_time_of_each_counts(alarms: Alarms[str]) -> None:
    assert not alarms.arm("first", NOW + 5 * MINUTE)
    assert not alarms.arm("second", None)
    assert alarms.seconds(NOW, 3600) == 180
    assert alarms.due(NOW + 4 * MINUTE) == {"third"}
    assert alarms.due(NOW + 5 * MINUTE) == {"first"}


def test_how_long_none_is_due(alarms: Alarms[str]) -> None:
    assert alarms.seconds(NOW, 3600) == 60
    assert alarms.seconds(NOW, 10) == 10
    assert alarms.seconds(NOW + 9 * MINUTE, 3600) == 0
    alarms.clear()
    assert alarms.seconds(NOW, 3600) == 3600
    assert alarms.due(NOW + 9 * MINUTE) == set()


def test_all_are_due_if_the_clock_was_set_back(alarms: Alarms[str]) -> None:
    assert alarms.due(NOW) == set()
    assert alarms.due(NOW - MINUTE) == {"first", "second", "third"}
    assert alarms.due(NOW - MINUTE) == set()


def test_times_that_do_not_count_any_more_are_not_kept() -> None:
    alarms = Alarms[str](again=True)
    for number in range(10_000):
        alarms.arm("one", NOW + (1 + number % 7) * MINUTE)
    assert len(alarms._heap) < 200
    assert alarms.due(NOW + 3 * MINUTE) == set()
    assert alarms.due(NOW + 7 * MINUTE) == {"one"}


def test_what_only_ends_does_not_end_since_the_clock_was_set_back() -> None:
    alarms = Alarms[str](again=False)
    alarms.arm("a", NOW + timedelta(hours=1))
    assert alarms.due(NOW) == set() == alarms.due(NOW - timedelta(seconds=1))
    assert alarms.due(NOW + timedelta(hours=1)) == {"a"}
