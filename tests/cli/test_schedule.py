"""``fsctl schedule`` on the sample office, and calendars."""

import json
import sys
import tomllib
from pathlib import Path

import pytest

from fsctl.model.schedule import dates
from tests.cli.test_explain import database, run

__all__ = ["database"]


def test_the_state_of_every_schedule_at_every_site(database):
    code, output = run("schedule", "list", "--at", "2026-12-25T18:00", "--json", database=database)
    assert code == 0
    assert [(row["schedule"], row["site"], row["state"], row["because"]) for row in json.loads(output)] == [
        ("open", "berlin", "closed", "closed: public holiday Christmas Day"),
        ("open", "london", "closed", "closed: public holiday Christmas Day"),
        ("stocktaking", "berlin", "closed", "closed until Sun 22:00"),
        ("stocktaking", "london", "closed", "closed until Sun 22:00")]
    rows = json.loads(run("schedule", "list", "--site", "london", "--json", database=database)[1])
    assert {row["site"] for row in rows} == {"london"}
    assert "SCHEDULE" in run("schedule", "list", database=database)[1]


def test_a_schedule_and_its_next_changes(database):
    code, output = run("schedule", "show", "open", "--site", "berlin", "--at", "2026-11-28T09:00:00Z", "--language",
                       "de", "--json", database=database)
    shown = json.loads(output)
    changes = shown.pop("changes")
    assert (code, shown) == (0, {
        "schedule": "open", "site": "berlin", "state": "open", "because": "offen: Ausnahme 28.11.",
        "next_change": "2026-11-28T14:00:00+01:00"})
    assert [(change["at"], change["state"], change["because"]) for change in changes] == [
        ("2026-11-28T14:00:00+01:00", "closed", "geschlossen bis Mo 08:00"),
        ("2026-11-30T08:00:00+01:00", "open", "offen bis 12:00"),
        ("2026-11-30T12:00:00+01:00", "closed", "geschlossen bis 13:00"),
        ("2026-11-30T13:00:00+01:00", "open", "offen bis 18:00"),
        ("2026-11-30T18:00:00+01:00", "closed", "geschlossen bis Di 08:00"),
        ("2026-12-01T08:00:00+01:00", "open", "offen bis 12:00"),
        ("2026-12-01T12:00:00+01:00", "closed", "geschlossen bis 13:00")]
    lines = run("schedule", "show", "open", "--site", "london", "--at", "2026-11-30T09:00", database=database)[1]
    assert lines.splitlines()[0] == "open until 12:00"
    assert lines.splitlines()[2] == "2026-11-30T12:00:00+00:00  closed  closed until 13:00"


@pytest.mark.parametrize(("at", "language", "because", "next_change"), [
    ("2031-12-23T18:00", "en", "closed until Mon 08:00", "2031-12-29T08:00:00+01:00"),
    ("2031-12-24T10:00", "en", "closed: Christmas Eve", "2031-12-29T08:00:00+01:00"),
    ("2031-12-24T10:00", "de", "geschlossen: Heiligabend", "2031-12-29T08:00:00+01:00"),
    ("2031-12-30T10:00", "de", "offen bis 12:00", "2031-12-30T12:00:00+01:00"),
    ("2031-12-31T10:00", "de", "geschlossen: Silvester", "2032-01-02T08:00:00+01:00"),
    ("2026-12-30T10:00", "en", "closed: 30 Dec", "2027-01-04T08:00:00+01:00"),
])
def test_days_of_every_year(database, at, language, because, next_change):
    """The sample's 12-24 and 12-31, and its days of one year, which do not come back."""
    told = json.loads(run("schedule", "show", "open", "--site", "berlin", "--at", at, "--language", language, "--json",
                          database=database)[1])
    assert (told["because"], told["next_change"]) == (because, next_change)
    night = "attendant:after-hours" if told["state"] == "closed" else "hunt:sales"
    steps = json.loads(run("explain", "+4915112345678", "+49305550100", "--at", at, "--json", database=database)[1])
    assert steps["steps"][0]["target"] == night


@pytest.mark.parametrize(("arguments", "says"), [
    (("show", "open"), "say which site with --site; known are berlin, london"),
    (("show", "open", "--site", "paris"), "there is no site paris; known are berlin, london"),
    (("show", "shut", "--site", "berlin"), "there is no schedule shut; known are open, stocktaking"),
    (("list", "--at", "tomorrow"), "--at: 'tomorrow' is no time; write it as 2026-12-24T18:00"),
    (("list", "--at", "0001-01-01"), "--at: the year must be 1970 to 2999, not 1"),
    (("import", "nothing.ics"), "nothing.ics: cannot be read: No such file or directory"),
    (("import", "x.ics", "--from", "2026-02-01", "--to", "2026-01-01"), "2026-02-01 to 2026-01-01: must be in order"),
    (("import", "x.ics", "--from", "9999-12-01"), "--from: 9999-12-01 is too late"),
    (("import", "x.ics", "--timezone", "Berlin"), "there is no time zone 'Berlin'; write it as Europe/Berlin"),
])
def test_what_is_refused(database, arguments, says):
    code, output = run("schedule", *arguments, database=database)
    assert (code, says in output) == (1, True), output


def an_event(text: str) -> str:
    lines = "\r\n".join(line.strip() for line in text.strip().splitlines())
    return f"BEGIN:VEVENT\r\nUID:{abs(hash(text))}\r\nDTSTAMP:20260101T000000Z\r\n{lines}\r\nEND:VEVENT\r\n"


@pytest.fixture
def imported(database, tmp_path):
    """Imports events, given as their lines, and answers the exit code and the dates or the refusal."""
    def call(*events: str, head: str = "", options: tuple[str, ...] = ()) -> tuple[int, object]:
        file = tmp_path / "calendar.ics"
        file.write_bytes(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n{head}"
                         f"{''.join(map(an_event, events))}END:VCALENDAR\r\n".encode())
        code, output = run("schedule", "import", str(file), "--from", "2026-01-01", "--to", "2026-12-31", "--json",
                           *options, database=database)
        return code, json.loads(output)["dates"] if code == 0 else output
    return call


@pytest.mark.parametrize(("event", "expected"), [
    ("DTSTART;VALUE=DATE:20261224", ["2026-12-24"]),
    ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227", ["2026-12-24/2026-12-26"]),
    ("DTSTART:20261128T100000\nDTEND:20261128T140000", ["2026-11-28 10:00-14:00"]),
    ("DTSTART:20261128T100000\nDURATION:PT90M", ["2026-11-28 10:00-11:30"]),
    ("DTSTART:20261128T100030\nDTEND:20261128T235959", ["2026-11-28 10:00-24:00"]),
    ("DTSTART:20261128T220000\nDTEND:20261129T040000", ["2026-11-28 22:00-04:00"]),
    ("DTSTART:20261128T220000\nDTEND:20261129T220000", ["2026-11-28 22:00-24:00", "2026-11-29 00:00-22:00"]),
    ("DTSTART:20261127T180000\nDTEND:20261130T080000",
     ["2026-11-27 18:00-24:00", "2026-11-28/2026-11-29", "2026-11-30 00:00-08:00"]),
    ("DTSTART:20261127T000000\nDTEND:20261129T000000", ["2026-11-27/2026-11-28"]),
    ("DTSTART:20261128T100000\nDTEND:20261128T100000", []),
    ("DTSTART;VALUE=DATE:20261224\nSTATUS:CANCELLED", []),
    ("DTSTART;VALUE=DATE:20250101", []),
    ("DTSTART;VALUE=DATE:20251230\nDTEND;VALUE=DATE:20260103", ["2025-12-30/2026-01-02"]),
    ("DTSTART;VALUE=DATE:20251224\nRRULE:FREQ=YEARLY", ["2026-12-24"]),
    ("DTSTART;TZID=Europe/Berlin:20261023T090000\nDTEND;TZID=Europe/Berlin:20261023T100000\nRRULE:FREQ=DAILY;COUNT=4\n"
     "EXDATE;TZID=Europe/Berlin:20261024T090000",
     ["2026-10-23 09:00-10:00", "2026-10-25 09:00-10:00", "2026-10-26 09:00-10:00"]),
])
def test_events_become_dates_that_an_office_file_may_have(imported, event, expected):
    assert imported(event) == (0, expected)
    for text in expected:
        dates(text)


def test_whose_clocks(imported):
    utc = "DTSTART:20260701T080000Z\nDTEND:20260701T100000Z"
    assert imported(utc)[1].endswith("has times in UTC; say with --timezone whose clocks the schedule follows")
    assert imported(utc, head="X-WR-TIMEZONE:Europe/Berlin\r\n") == (0, ["2026-07-01 10:00-12:00"])
    assert imported(utc, options=("--timezone", "Europe/London")) == (0, ["2026-07-01 09:00-11:00"])
    berlin = "DTSTART;TZID=Europe/Berlin:20260701T080000\nDTEND;TZID=Europe/Berlin:20260701T100000"
    assert imported(berlin) == (0, ["2026-07-01 08:00-10:00"])
    assert imported(berlin, options=("--timezone", "Europe/London")) == (0, ["2026-07-01 07:00-09:00"])


@pytest.mark.parametrize(("event", "says"), [
    ("DTSTART:20260101T000000\nRRULE:FREQ=SECONDLY\nSUMMARY:Bomb", "Bomb repeats SECONDLY; only DAILY, WEEKLY"),
    ("DTSTART:99991301", "is no calendar that can be read"),
    ("SUMMARY:never begins", "is no calendar that can be read"),
])
def test_calendars_that_cannot_be_read(imported, event, says):
    code, output = imported(event)
    assert (code, says in output) == (1, True), output


def test_a_file_that_is_no_calendar(database, tmp_path: Path):
    file = tmp_path / "x.ics"
    for content, says in ((b"\x00\xff", "is no calendar that can be read"), (b"x" * 5_000_001, "is larger than 5 MB")):
        file.write_bytes(content)
        code, output = run("schedule", "import", str(file), database=database)
        assert (code, says in output) == (1, True), output


def test_names_become_comments_and_cannot_leave_them(database, tmp_path: Path):
    file = tmp_path / "x.ics"
    event = an_event("DTSTART;VALUE=DATE:20261224\nSUMMARY:Party\\n]\\nevil = 1")
    file.write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:t\r\n{event}END:VCALENDAR\r\n", newline="")
    output = run("schedule", "import", str(file), "--from", "2026-12-01", database=database)[1]
    assert output == 'dates = [\n  "2026-12-24",  # Party]evil = 1\n]\n'
    assert tomllib.loads(output) == {"dates": ["2026-12-24"]}


def test_without_the_libraries_it_says_what_to_install(database, tmp_path: Path, monkeypatch):
    monkeypatch.setitem(sys.modules, "recurring_ical_events", None)
    file = tmp_path / "x.ics"
    file.write_text("")
    assert run("schedule", "import", str(file), database=database) == (
        1, "calendars need recurring_ical_events: run pip install icalendar recurring-ical-events")
