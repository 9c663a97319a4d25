"""Reading days, hours and dates."""

from datetime import date

import pytest

from fsctl.model import schedule
from fsctl.model.schedule import Dates, Window, Yearly
from fsctl.model.sections import Schedule


@pytest.mark.parametrize(
    ("text", "days"), [("mon", (0,)), ("mon-thu", (0, 1, 2, 3)), ("sat-mon", (5, 6, 0)), ("sun-sun", (6,))]
)
def test_days(text: str, days: tuple[int, ...]) -> None:
    assert schedule.days(text) == days


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("08:00-12:30", Window(480, 750)),
        ("00:00-24:00", Window(0, 1440)),
        ("22:00-04:00", Window(1320, 1680)),
        ("18:00-00:00", Window(1080, 1440)),
        ("8:59-9:59", Window(539, 599)),
    ],
)
def test_windows(text: str, window: Window) -> None:
    assert schedule.window(text) == window


@pytest.mark.parametrize("text", ["25:00-26:00", "8:60-9:00", "8:00-9:60", "24:00-25:00", "08:00-24:01", "24:00-08:00"])
def test_hours_that_do_not_exist(text: str) -> None:
    with pytest.raises(ValueError, match="hours that don't exist"):
        schedule.window(text)


@pytest.mark.parametrize(
    ("text", "words"), [("08:00-08:00", "is empty"), ("8-9", "not a range of hours"), ("", "not a range of hours")]
)
def test_windows_that_are_none(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        schedule.window(text)


def test_dates() -> None:
    assert schedule.dates("2026-12-24") == Dates(date(2026, 12, 24), date(2026, 12, 24))
    assert schedule.dates("2026-12-27/2026-12-31") == Dates(date(2026, 12, 27), date(2026, 12, 31))
    assert schedule.dates("2026-11-28 10:00-14:00").window == Window(600, 840)
    assert schedule.dates("12-24") == Yearly((12, 24), (12, 24))
    assert schedule.dates("12-27/12-31 10:00-14:00") == Yearly((12, 27), (12, 31), Window(600, 840))
    assert schedule.dates("12-27/01-02") == Yearly((12, 27), (1, 2))
    assert schedule.dates("02-29").first == (2, 29)


@pytest.mark.parametrize(("text", "has", "has_not"), [
    ("12-24", ("1999-12-24", "2026-12-24", "2027-12-24"), ("2026-12-23", "2026-12-25", "2026-11-24")),
    ("02-29", ("2024-02-29", "2028-02-29"), ("2026-02-28", "2026-03-01", "2028-02-28", "2028-03-01")),
    ("02-27/02-29", ("2026-02-27", "2026-02-28", "2028-02-29"), ("2026-02-26", "2026-03-01", "2028-03-01")),
    ("12-27/01-02", ("2026-12-27", "2026-12-31", "2027-01-01", "2027-01-02"), ("2026-12-26", "2027-01-03")),
    ("12-24/01-02", ("2026-12-24", "2027-01-01", "2027-01-02"), ("2026-12-23", "2027-01-03", "2027-06-30")),
    ("12-24/02-29", ("2026-12-24", "2027-02-28", "2028-02-29"), ("2026-12-23", "2027-03-01", "2028-03-01")),
    ("02-29/03-02", ("2027-03-01", "2028-02-29", "2028-03-02"), ("2027-02-28", "2028-02-28", "2028-03-03")),
    ("11-28/12-02", ("2026-11-28", "2026-11-30", "2026-12-01"), ("2026-11-27", "2026-12-03", "2026-01-30")),
    ("2026-12-30/2027-01-01", ("2026-12-30", "2027-01-01"), ("2026-12-29", "2027-01-02", "2027-12-31")),
])
def test_days_that_dates_have(text: str, has: tuple[str, ...], has_not: tuple[str, ...]) -> None:
    read = schedule.dates(text)
    assert [day for day in (*has, *has_not) if read.has(date.fromisoformat(day))] == list(has)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-02-30", "doesn't exist"),
        ("2026-12-31/2026-12-27", "ends before"),
        ("24.12.2026", "^'24.12.2026' is not a date; write YYYY-MM-DD, YYYY-MM-DD/YYYY-MM-DD or YYYY-MM-DD HH:MM-"),
        ("2026-12-24/heute", "^'2026-12-24/heute' is not a date"),
        ("2026-02-30 10:00-12:00", "^'2026-02-30 10:00-12:00' has a day that doesn't exist; write a month from 01 to"),
        ("holidays", "not a date"),
        ("2026-12-24 25:00-26:00", "hours that don't exist"),
        ("02-30", "^'02-30' has a day that doesn't exist; write a month from 01 to 12 and a day"),
        ("2027-02-29", "^'2027-02-29' has a day that doesn't exist; write"),
        ("12-24/02-30", "^'12-24/02-30' has a day that doesn't exist; write"),
        ("00-10", "^'00-10' has a day that doesn't exist; write"),
        ("13-01", "^'13-01' has a day that doesn't exist; write a month from 01 to 12 and a day"),
        ("12-24/12-32", "^'12-24/12-32' has a day that doesn't exist; write a month from 01 to 12 and a day"),
        ("12-24/2026-12-26", "^'12-24/2026-12-26' is not a date.*, all without YYYY- for every year$"),
        ("2026-12-24/12-26", "^'2026-12-24/12-26' is not a date"),
        ("12-24/12-25/12-26", "is not a date"),
        ("12-24/", "is not a date"),
        ("1-2", "is not a date"),
        ("12-24 10-12", "not a range of hours"),
    ],
)
def test_dates_that_are_none(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        schedule.dates(text)


@pytest.mark.parametrize(
    ("weekly", "except_", "always", "never"),
    [
        ({"mon-sun": ("00:00-24:00",)}, (), True, False),
        ({"mon-sun": ("00:00-24:00",)}, ("holidays",), False, False),
        ({"mon-sun": ("00:00-23:59",)}, (), False, False),
        ({}, (), False, True),
        ({"mon": ()}, (), False, True),
        ({"mon-sun": ("12:00-06:00", "05:00-12:00")}, (), True, False),
        ({"mon-sun": ("01:00-24:00",)}, (), False, False),
        ({"mon": ("00:01-24:00",), "tue-sun": ("00:00-24:00",)}, (), False, False),
        ({"mon-sat": ("00:00-24:00",)}, (), False, False),
        ({"sun": ("00:00-00:01",), "mon-sat": ("00:00-24:00",)}, (), False, False),
    ],
)
def test_never_and_always(
    weekly: dict[str, tuple[str, ...]], except_: tuple[str, ...], always: bool, never: bool
) -> None:
    times = schedule.read(Schedule(key="x", weekly=weekly, except_=except_))
    assert (schedule.is_always_open(times), schedule.is_never_open(times)) == (always, never)


def test_all_mistakes_are_told_each_with_its_place() -> None:
    written = Schedule(
        key="x", weekly={"mon": ("08:00-12:00", "8-9"), "moon": ("09:00-10:00",)}, dates=("2026-12-24", "holidays"),
        except_=("holidays", "tomorrow"), also=("2026-02-30",),
    )
    found = {path: text.partition(";")[0] for path, text in schedule.mistakes(written)}
    assert found == {
        ("weekly", "mon", 1): "'8-9' is not a range of hours",
        ("weekly", "moon"): "'moon' is not a day",
        ("dates", 1): "'holidays' is not a date",
        ("except", 1): "'tomorrow' is not a date",
        ("also", 0): "'2026-02-30' has a day that doesn't exist",
    }


def test_dates_that_are_all_excepted_never_open() -> None:
    closed = Schedule(key="x", dates=("2026-12-01/2026-12-03",), except_=("2026-12-01/2026-12-02", "2026-12-03"))
    assert schedule.is_never_open(schedule.read(closed))
    assert not schedule.is_never_open(schedule.read(Schedule(key="x", dates=("2026-12-01",))))


@pytest.mark.parametrize(("dates", "weekly", "except_", "never"), [
    (("12-24",), {}, ("12-24",), True),
    (("12-24",), {}, ("12-25",), False),
    (("12-24",), {}, ("12-24 10:00-12:00",), False),
    (("12-24",), {}, ("2026-12-24",), False),  # it comes again
    (("12-24",), {}, ("2000-12-24",), False),
    (("2026-12-24/2026-12-26",), {}, ("12-24", "2026-12-25", "12-26"), True),
    (("2026-12-24/2026-12-26",), {}, ("12-24", "12-26"), False),
    (("2026-12-24/2027-01-05",), {}, ("12-20/01-05",), True),
    (("2026-12-24/2027-01-06",), {}, ("12-20/01-05",), False),
    (("02-20/03-01",), {}, ("02-20/02-28", "03-01"), False),  # 29 February is left
    (("02-20/03-01",), {}, ("02-20/02-29", "03-01"), True),
    (("9999-12-31",), {}, ("9999-12-31",), True),
    ((), {"mon": ("08:00-12:00",)}, ("01-01/06-30", "07-01/12-31"), True),
    ((), {"mon": ("08:00-12:00",)}, ("01-02/12-31",), False),
    ((), {}, (), True),
])
def test_yearly_exceptions(
    dates: tuple[str, ...], weekly: dict[str, tuple[str, ...]], except_: tuple[str, ...], never: bool
) -> None:
    written = Schedule(key="x", dates=dates, weekly=weekly, except_=except_)
    assert schedule.is_never_open(schedule.read(written)) == never
