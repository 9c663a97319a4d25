"""Calendars whose zones the file defines: each table has a case and its neighbours."""

from datetime import date
from pathlib import Path

import pytest

from fsctl.errors import FsctlError
from fsctl.officefile.calendar_import import load_events

#: The times at which a zone of Europe changes its clocks.
SPRING, AUTUMN = "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"


def a_part(kind: str, begin: str, before: str, after: str, *more: str) -> str:
    lines = (f"DTSTART:{begin}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}", *more)
    return "\n".join((f"BEGIN:{kind}", *lines, f"END:{kind}"))


def a_zone(name: str, *parts: str) -> str:
    return "\n".join(("BEGIN:VTIMEZONE", f"TZID:{name}", *parts, "END:VTIMEZONE"))


def european(name: str, winter: str, summer: str, *more: str, hour: int = 2) -> str:
    """A zone as Outlook writes it, with rules since 1601."""
    return a_zone(
        name,
        a_part("STANDARD", f"16010101T{hour + 1:02}0000", summer, winter, f"RRULE:{AUTUMN}", *more),
        a_part("DAYLIGHT", f"16010101T{hour:02}0000", winter, summer, f"RRULE:{SPRING}", *more),
    )


def fixed(name: str, offset: str, *more: str) -> str:
    return a_zone(name, a_part("STANDARD", "19700101T000000", offset, offset, *more))


BRITISH = european("GMT", "+0000", "+0100", hour=1)
CENTRAL = european("Central Europe Standard Time", "+0100", "+0200")
INDIAN = fixed("Customized Time Zone", "+0530")
VENDOR = "/freeassociation.sourceforge.net/Europe/Berlin"


class Calendars:
    def __init__(self, folder: Path) -> None:
        self._file = folder / "calendar.ics"

    def dates(self, text: str, timezone: str | None = "Europe/Berlin") -> list[str]:
        """What becomes of the lines of an event, and of the components before and after it, which ``---`` divides."""
        before, *event = text.split("---")
        after = event[1:]
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *before.splitlines(), "BEGIN:VEVENT", "UID:1",
                 "DTSTAMP:20260101T000000Z", *event[0].splitlines(), "END:VEVENT", *"".join(after).splitlines(),
                 "END:VCALENDAR", ""]
        self._file.write_bytes("\r\n".join(line for line in lines if line or line is lines[-1]).encode())
        return [each.dates for each in load_events(self._file, date(2026, 1, 1), date(2026, 12, 31), timezone)]


@pytest.fixture
def calendars(tmp_path: Path) -> Calendars:
    return Calendars(tmp_path)


def from_to(zone: str, begin: str = "20260701T080000", end: str = "20260701T100000") -> str:
    return f"---DTSTART;TZID={zone}:{begin}\nDTEND;TZID={zone}:{end}"


WINTER = ("20260115T080000", "20260115T100000")


@pytest.mark.parametrize(("text", "dates"), [
    # "GMT" with summer time of its own, and what is no such thing
    (BRITISH + from_to("GMT"), "2026-07-01 09:00-11:00"),
    (BRITISH + from_to("GMT", *WINTER), "2026-01-15 09:00-11:00"),
    (from_to("GMT"), "2026-07-01 10:00-12:00"),
    (BRITISH + from_to("Europe/London"), "2026-07-01 09:00-11:00"),
    (BRITISH.replace("TZID:GMT", "TZID:GB") + from_to("GMT"), "2026-07-01 10:00-12:00"),
    (fixed("GMT", "+0000") + from_to("GMT"), "2026-07-01 10:00-12:00"),
    # the definition may come after the event, and the first of two counts
    (from_to("GMT") + "---" + BRITISH, "2026-07-01 09:00-11:00"),
    (BRITISH + "\n" + fixed("GMT", "+0900") + from_to("GMT"), "2026-07-01 09:00-11:00"),
    (fixed("Europe/Berlin", "+0900") + from_to("Europe/Berlin"), "2026-07-01 01:00-03:00"),
    (fixed("Europe/Berlin", "+0900") + from_to("Europe/Vienna"), "2026-07-01 08:00-10:00"),
    # names of no zone that the world knows
    (CENTRAL + from_to("Central Europe Standard Time"), "2026-07-01 08:00-10:00"),
    (CENTRAL + from_to("Central Europe Standard Time", *WINTER), "2026-01-15 08:00-10:00"),
    (CENTRAL + from_to('"Central Europe Standard Time"'), "2026-07-01 08:00-10:00"),
    (fixed("Central Europe Standard Time", "+0000") + from_to("Central Europe Standard Time"),
     "2026-07-01 10:00-12:00"),
    (INDIAN + from_to("Customized Time Zone"), "2026-07-01 04:30-06:30"),
    (fixed("Customized Time Zone", "+0300") + from_to("Customized Time Zone"), "2026-07-01 07:00-09:00"),
    (european(VENDOR, "+0200", "+0300") + from_to(VENDOR), "2026-07-01 07:00-09:00"),
    # what a zone says beside its clocks
    (fixed("A", "+0900", "TZNAME:UTC", "X-CITY:Seoul", "COMMENT:x") + from_to("A"), "2026-07-01 01:00-03:00"),
    (fixed("A", "+0900", "TZNAME;LANGUAGE=en:Seoul") + from_to("A"), "2026-07-01 01:00-03:00"),
    (fixed("A", "+0900") + from_to("A", "20260701T080000Z", "20260701T100000Z"), "2026-07-01 10:00-12:00"),
    ("X-WR-TIMEZONE:Asia/Tokyo\n" + CENTRAL + from_to("Central Europe Standard Time"), "2026-07-01 08:00-10:00"),
    ("X-WR-TIMEZONE:Asia/Tokyo\n" + fixed("A", "+0000", "TZNAME:UTC") + from_to("A"), "2026-07-01 10:00-12:00"),
    # before the first change of clocks, and after the last: UNTIL is in UTC
    (a_zone("A", a_part("STANDARD", "20260101T000000", "+0300", "+0100")) + from_to("A"), "2026-07-01 09:00-11:00"),
    (a_zone("A", a_part("STANDARD", "20211031T000000", "+0300", "+0200", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;"
            "UNTIL=20251025T210000Z"),
            a_part("DAYLIGHT", "20220327T000000", "+0200", "+0300", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;"
            "UNTIL=20260328T220000Z")) + from_to("A"), "2026-07-01 07:00-09:00"),
    (a_zone("A", a_part("STANDARD", "20211031T000000", "+0300", "+0200", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;"
            "UNTIL=20251025T210000Z"),
            a_part("DAYLIGHT", "20220327T000000", "+0200", "+0300", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;"
            "UNTIL=20260328T215959Z")) + from_to("A"), "2026-07-01 08:00-10:00"),
    (a_zone("A", a_part("STANDARD", "20200101T000000", "+0100", "+0100"),
            a_part("DAYLIGHT", "20200401T000000", "+0100", "+0300", "RDATE:20260401T000000")) + from_to("A"),
     "2026-07-01 07:00-09:00"),
])
def test_the_definition_in_the_file_counts(calendars: Calendars, text: str, dates: str) -> None:
    assert calendars.dates(text) == [dates]


NOWHERE = "which the file doesn't define and which is no IANA zone; add its VTIMEZONE to the file, or write a zone like"


@pytest.mark.parametrize(("text", "says"), [
    (from_to("Foo") + "\nSUMMARY:Party", f'Party has times in the time zone "Foo", {NOWHERE} Europe/Berlin'),
    (from_to("Foo"), f'an event of 2026-07-01 has times in the time zone "Foo", {NOWHERE}'),
    (from_to("Central Europe Standard Time"), f'the time zone "Central Europe Standard Time", {NOWHERE}'),
    (from_to("Customized Time Zone"), f'the time zone "Customized Time Zone", {NOWHERE}'),
    (from_to(VENDOR), f'the time zone "{VENDOR}", {NOWHERE}'),
    (from_to("europe/berlin"), f'the time zone "europe/berlin", {NOWHERE}'),
    (CENTRAL + from_to("Central European Standard Time"), NOWHERE),
    ("---DTSTART:20260701T080000\nDTEND;TZID=Foo:20260701T100000", NOWHERE),
    ("---DTSTART:20260701T080000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Foo:20260702T080000", NOWHERE),
    ("---DTSTART:20260701T080000\nDURATION:PT1H\nRDATE;TZID=Foo:20260702T080000", NOWHERE),
    ("---DTSTART:20260701T080000\nRECURRENCE-ID;TZID=Foo:20260702T080000", NOWHERE),
    ("X-WR-TIMEZONE:Foo---DTSTART:20260701T080000", f'X-WR-TIMEZONE is the time zone "Foo", {NOWHERE}'),
    # a zone that is defined, but not well
    (a_zone("GMT") + from_to("GMT"), 'the VTIMEZONE "GMT" cannot be read: '),
    (a_zone("GMT", a_part("STANDARD", "19700101T000000", "+0000", "+0000", "RRULE:FREQ=SECONDLY")) + from_to("GMT"),
     'the VTIMEZONE "GMT" cannot be read: it repeats SECONDLY; only YEARLY can be read; put it right, or take it out'),
    (a_zone("GMT", "BEGIN:STANDARD\nDTSTART:19700101T000000\nEND:STANDARD") + from_to("GMT"), 'the VTIMEZONE "GMT"'),
    (a_zone("Foo", "BEGIN:STANDARD\nDTSTART:19700101T000000\nEND:STANDARD") + from_to("Foo"), "cannot be read: "),
    (a_zone("GMT", "BEGIN:STANDARD\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0000\nEND:STANDARD") + from_to("GMT"), '"GMT"'),
])
def test_a_zone_that_cannot_be_known_is_refused(calendars: Calendars, text: str, says: str) -> None:
    with pytest.raises(FsctlError) as refused:
        calendars.dates(text)
    assert says in str(refused.value)
    assert str(refused.value).startswith(str(calendars._file))


def test_a_zone_of_another_file_is_not_known_here(calendars: Calendars) -> None:
    zone = fixed("Only Here", "+0300")
    assert calendars.dates(zone + from_to("Only Here")) == ["2026-07-01 07:00-09:00"]
    with pytest.raises(FsctlError, match="which the file doesn't define"):
        calendars.dates(from_to("Only Here"))
    assert calendars.dates(fixed("Only Here", "+0500") + from_to("Only Here")) == ["2026-07-01 05:00-07:00"]


def test_a_bad_zone_that_nobody_names_does_no_harm(calendars: Calendars) -> None:
    assert calendars.dates(a_zone("GMT") + from_to("Europe/London")) == ["2026-07-01 09:00-11:00"]


@pytest.mark.parametrize(("text", "dates"), [
    # without --timezone a time is what its own clocks show
    (INDIAN + from_to("Customized Time Zone"), ["2026-07-01 08:00-10:00"]),
    (BRITISH + from_to("GMT"), ["2026-07-01 08:00-10:00"]),
    (from_to("Europe/London"), ["2026-07-01 08:00-10:00"]),
    ("---DTSTART:20260701T080000\nDTEND:20260701T100000", ["2026-07-01 08:00-10:00"]),
    (fixed("Africa/Accra", "+0000", "TZNAME:UTC") + from_to("Africa/Accra"), ["2026-07-01 08:00-10:00"]),
    ("X-WR-TIMEZONE:A\n" + fixed("A", "+0300") + "---DTSTART:20260701T080000Z\nDTEND:20260701T100000Z",
     ["2026-07-01 11:00-13:00"]),
    ("X-WR-TIMEZONE:Asia/Tokyo\n" + CENTRAL + from_to("Central Europe Standard Time"), ["2026-07-01 08:00-10:00"]),
    # UTC is nobody's clock
    ("---DTSTART:20260701T080000Z\nDTEND:20260701T100000Z", "has times in UTC"),
    (from_to("UTC"), "has times in UTC"),
    (fixed("UTC", "+0000") + from_to("UTC"), "has times in UTC"),
    (fixed("tzone://Microsoft/Utc", "+0000") + from_to('"tzone://Microsoft/Utc"'), "has times in UTC"),
    ("X-WR-TIMEZONE:UTC---DTSTART:20260701T080000Z\nDTEND:20260701T100000Z", "has times in UTC"),
])
def test_whose_clocks_where_none_are_asked_for(calendars: Calendars, text: str, dates: list[str] | str) -> None:
    if isinstance(dates, list):
        assert calendars.dates(text, None) == dates
    else:
        with pytest.raises(FsctlError, match=dates):
            calendars.dates(text, None)


def repeated(*lines: str, zone: str = "Central Europe Standard Time") -> str:
    """From Friday 23 October on, two days before the clocks go back, in a zone that the file defines."""
    return "\n".join((CENTRAL + from_to(zone, "20261023T090000", "20261023T103000"), *lines))


ZONE = "TZID=Central Europe Standard Time"


@pytest.mark.parametrize(("text", "timezone", "dates"), [
    (repeated("RRULE:FREQ=WEEKLY;COUNT=2"), "Europe/Berlin", ["10-23 09:00-10:30", "10-30 09:00-10:30"]),
    (repeated("RRULE:FREQ=WEEKLY;COUNT=2"), "Europe/London", ["10-23 08:00-09:30", "10-30 08:00-09:30"]),
    (repeated("RRULE:FREQ=WEEKLY;COUNT=2"), "Asia/Tokyo", ["10-23 16:00-17:30", "10-30 17:00-18:30"]),
    (repeated("RRULE:FREQ=WEEKLY;COUNT=2"), None, ["10-23 09:00-10:30", "10-30 09:00-10:30"]),
    (repeated("RRULE:FREQ=WEEKLY;COUNT=2", zone="Europe/Berlin"), "Asia/Tokyo",
     ["10-23 16:00-17:30", "10-30 17:00-18:30"]),
    # UNTIL is in UTC and counts itself
    (repeated("RRULE:FREQ=WEEKLY;UNTIL=20261030T080000Z"), None, ["10-23 09:00-10:30", "10-30 09:00-10:30"]),
    (repeated("RRULE:FREQ=WEEKLY;UNTIL=20261030T075959Z"), None, ["10-23 09:00-10:30"]),
    (repeated("RRULE:FREQ=WEEKLY;UNTIL=20261030T070000Z"), None, ["10-23 09:00-10:30"]),
    # what is taken out and put in
    (repeated("RRULE:FREQ=WEEKLY;COUNT=2", f"EXDATE;{ZONE}:20261030T090000"), None, ["10-23 09:00-10:30"]),
    (repeated("RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:20261030T080000Z"), None, ["10-23 09:00-10:30"]),
    (repeated("RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:20261030T070000Z"), None,
     ["10-23 09:00-10:30", "10-30 09:00-10:30"]),
    (repeated("RRULE:FREQ=WEEKLY;COUNT=2", f"EXDATE;{ZONE}:20261023T090000,20261030T090000"), None, []),
    (repeated(f"RDATE;{ZONE}:20261102T110000"), "Asia/Tokyo", ["10-23 16:00-17:30", "11-02 19:00-20:30"]),
    (repeated(f"RDATE;VALUE=PERIOD;{ZONE}:20261102T110000/PT3H"), None, ["10-23 09:00-10:30", "11-02 11:00-14:00"]),
    (repeated(f"RDATE;VALUE=PERIOD;{ZONE}:20261102T110000/20261102T113000"), None,
     ["10-23 09:00-10:30", "11-02 11:00-11:30"]),
    # one of them moved
    (repeated("RRULE:FREQ=WEEKLY;COUNT=2") + f"""
END:VEVENT
BEGIN:VEVENT
UID:1
RECURRENCE-ID;{ZONE}:20261030T090000
DTSTART;{ZONE}:20261031T120000
DTEND;{ZONE}:20261031T130000""", "Asia/Tokyo", ["10-23 16:00-17:30", "10-31 20:00-21:00"]),
])
def test_repetitions_in_a_zone_of_the_file(
    calendars: Calendars, text: str, timezone: str | None, dates: list[str]
) -> None:
    assert calendars.dates(text, timezone) == [f"2026-{each}" for each in dates]


@pytest.mark.parametrize(("event", "dates"), [
    # all days are the same everywhere
    ("DTSTART;VALUE=DATE:20261224", ["2026-12-24"]),
    ("DTSTART;VALUE=DATE;TZID=GMT:20261224", ["2026-12-24"]),
    ("DTSTART;VALUE=DATE;TZID=Foo:20261224\nDTEND;VALUE=DATE;TZID=Foo:20261227", ["2026-12-24/2026-12-26"]),
    ("DTSTART;TZID=GMT:20261224", ["2026-12-24"]),
    ("DTSTART;VALUE=DATE:20261224\nDURATION:P2D", ["2026-12-24/2026-12-25"]),
    ("DTSTART;VALUE=DATE:20261024\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20261025", ["2026-10-24", "2026-10-26"]),
    # floating times are those of the schedule
    ("DTSTART:20260701T080000\nDURATION:PT2H", ["2026-07-01 08:00-10:00"]),
    ("DTSTART:20260701T080000Z\nDURATION:PT2H", ["2026-07-01 10:00-12:00"]),
    # lengths; the end of a night in which the clocks change is what they show then
    ("DTSTART;TZID=GMT:20260701T080000\nDURATION:PT2H", ["2026-07-01 09:00-11:00"]),
    ("DTSTART;TZID=GMT:20260701T233000\nDURATION:P1D", ["2026-07-02 00:30-24:00", "2026-07-03 00:00-00:30"]),
    ("DTSTART;TZID=GMT:20261024T220000\nDTEND;TZID=GMT:20261025T060000", ["2026-10-24 23:00-07:00"]),
    # the hour that comes twice is the first of the two
    ("DTSTART;TZID=GMT:20261025T013000\nDTEND;TZID=GMT:20261025T040000", ["2026-10-25 02:30-05:00"]),
    # its own zone for the end
    ("DTSTART;TZID=GMT:20260701T080000\nDTEND;TZID=Europe/Berlin:20260701T100000", ["2026-07-01 09:00-10:00"]),
])
def test_days_and_lengths(calendars: Calendars, event: str, dates: list[str]) -> None:
    assert calendars.dates(f"{BRITISH}---{event}") == dates
