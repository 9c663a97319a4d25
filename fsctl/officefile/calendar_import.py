"""The events of an iCalendar file (RFC 5545) as dates of the office file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from fsctl.errors import FsctlError
from fsctl.officefile.calendar_zones import left_open, settle
from fsctl.words import say
from fsctl.words.system import system_error

#: No calendar of an office needs a larger file, or a longer time.
LARGEST: Final = 5_000_000
LONGEST: Final = timedelta(days=10 * 366)

_ONE_DAY: Final = timedelta(days=1)
_REPEATS: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """``dates`` as the office file writes them, and what the event is called."""

    dates: str
    summary: str = ""


def load_events(path: str | Path, first: date, last: date, timezone: str | None) -> list[Event]:
    """The events that touch the days from ``first`` to ``last``, in order; one of several days may become several.

    Repetitions are worked out; cancelled events are left out. Times with a zone, as the file defines it, are turned
    into those of ``timezone``, or keep what their own clocks show. FsctlError says what cannot be read.
    """
    if not first <= last <= first + LONGEST:
        raise FsctlError(say(
            "{first} to {last}: must be in order, and {most} days at most", first=first, last=last, most=LONGEST.days))
    if timezone is not None and timezone not in available_timezones():
        raise FsctlError(say("there is no time zone {zone}; write it as Europe/Berlin", zone=repr(timezone)))
    zone = ZoneInfo(timezone) if timezone else None
    content = _content(path)
    icalendar, recurring = _libraries()
    try:
        with left_open():
            calendar = icalendar.Calendar.from_ical(content)
        for event in calendar.walk("VEVENT"):
            _refuse_often(event)
        settle(calendar, _called)
        found = {
            Event(dates, _summary(occurrence))
            for occurrence in recurring.of(calendar).between(first, last + _ONE_DAY)
            if str(occurrence.get("STATUS", "")).upper() != "CANCELLED"
            for dates in _dates(_wall(occurrence["DTSTART"].dt, zone), _wall(occurrence["DTEND"].dt, zone))
        }
    except FsctlError as error:
        raise FsctlError(f"{path}: {error}") from None
    except Exception as error:  # what these libraries raise for a bad file is not written down
        raise FsctlError(say("{path}: is no calendar that can be read: {kind}: {why}",
                             path=path, kind=type(error).__name__, why=error)) from None
    return sorted(found)


def to_toml(events: list[Event]) -> str:
    """``dates = […]``, one line an event, its name behind it as a comment."""
    lines = [f"  {json.dumps(each.dates)},{f'  # {each.summary}' if each.summary else ''}\n" for each in events]
    return f"dates = [\n{''.join(lines)}]\n"


def _content(path: str | Path) -> bytes:
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise FsctlError(say("{path}: cannot be read: {why}", path=path, why=system_error(error))) from None
    if len(content) > LARGEST:
        raise FsctlError(say("{path}: is larger than {most} MB", path=path, most=LARGEST // 1_000_000))
    return content


def _libraries() -> tuple[ModuleType, ModuleType]:
    try:
        import icalendar
        import recurring_ical_events
    except ModuleNotFoundError as error:
        raise FsctlError(say(
            "calendars need {library}: run pip install icalendar recurring-ical-events", library=error.name)) from None
    return icalendar, recurring_ical_events


def _refuse_often(event: Any) -> None:
    """What repeats every second would take for ever to work out, and makes no opening hours."""
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        for often in rule.get("FREQ", []):
            if str(often).upper() not in _REPEATS:
                raise FsctlError(say("{event} repeats {often}; only {known} can be read",
                                     event=_called(event), often=often, known=", ".join(_REPEATS)))


def _summary(event: Any) -> str:
    """Fit for a comment: printable and short."""
    return "".join(each for each in str(event.get("SUMMARY", "")) if each.isprintable())[:60].strip()


def _called(event: Any) -> str:
    begin = getattr(event.get("DTSTART"), "dt", None)
    if summary := _summary(event):
        return summary
    return say("an event") if begin is None else say("an event of {day}", day=begin.strftime("%Y-%m-%d"))


def _wall(moment: date, zone: ZoneInfo | None) -> date:
    """What a clock shows; a date stays one."""
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        return moment
    if zone is None and moment.tzname() == "UTC" and moment.utcoffset() == UTC.utcoffset(None):
        raise FsctlError(say("has times in UTC; say with --timezone whose clocks the schedule follows"))
    return (moment.astimezone(zone) if zone else moment).replace(tzinfo=None)


def _dates(begin: date, end: date) -> Iterator[str]:
    """From ``begin`` until before ``end``, in whole minutes; nothing for an event without duration."""
    if not isinstance(begin, datetime) or not isinstance(end, datetime):
        if begin < end:
            yield _days(begin, end - _ONE_DAY)
        return
    begin, end = begin.replace(second=0, microsecond=0), _minute_after(end)
    midnight = datetime.combine(begin.date() + _ONE_DAY, time())
    if begin < end < begin + _ONE_DAY:
        yield f"{begin:%Y-%m-%d %H:%M}-{'24:00' if end == midnight else f'{end:%H:%M}'}"
    elif begin < end:
        first = begin.date()
        if begin.time() > time():
            yield f"{begin:%Y-%m-%d %H:%M}-24:00"
            first += _ONE_DAY
        if first < end.date():
            yield _days(first, end.date() - _ONE_DAY)
        if end.time() > time():
            yield f"{end:%Y-%m-%d} 00:00-{end:%H:%M}"


def _minute_after(end: datetime) -> datetime:
    whole = end.replace(second=0, microsecond=0)
    return whole if whole == end else whole + timedelta(minutes=1)


def _days(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first}/{last}"
