"""Instants as people write them on the command line."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, tzinfo

import click

from fsctl import clock
from fsctl.cli import options
from fsctl.errors import FsctlError
from fsctl.words import say

#: Before, zones changed their clocks in ways that schedules are not meant for.
_YEARS = range(1970, 3000)

_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: (\d\d:\d\d(?::\d\d)?)(?: ?([+-]\d\d:\d\d))?)?")


def until_option(forms: str) -> Callable[[options.Command], options.Command]:
    """The option that limits what is switched, in one of these forms."""
    return click.option("--until", metavar="TIME", help=f"Ends by itself: {forms}.")


def instant(text: str | None, zone: tzinfo, option: str = "--at") -> datetime:
    """An aware datetime from ISO 8601, in ``zone`` where the text has no offset; now without a text."""
    if text is None:
        return clock.now()
    try:
        moment = _read(text)
    except ValueError:
        raise FsctlError(
            say("{option}: {text} is no time; write it as 2026-12-24T18:00", option=option, text=repr(text))) from None
    if moment.year not in _YEARS:
        raise FsctlError(_no_year(option, moment))
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def end_time(text: str, zone: tzinfo, now: datetime, also: str = "") -> datetime:
    """When something ends that ``--until`` limits, in UTC: the next HH:MM in ``zone``, or ISO 8601.

    FsctlError for what is no time, or none to come; ``also`` is what else may be written.
    """
    if re.fullmatch(r"\d{1,2}:\d{2}", text):
        moment = _next(text, zone, now)
    else:
        try:
            moment = _read(text)
        except ValueError:
            raise FsctlError(
                say("--until: {text} is no time; write 18:00, 2026-12-24T18:00 or {also}", text=repr(text), also=also)
                if also else say("--until: {text} is no time; write 18:00, 2026-12-24T18:00", text=repr(text))
            ) from None
        if moment.year not in _YEARS:
            raise FsctlError(_no_year("--until", moment))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if moment <= now:
        raise FsctlError(say("--until: {text} is over; nothing was changed", text=text))
    return moment.astimezone(UTC)


def _read(text: str) -> datetime:
    """ISO 8601, or as German tables have it: ``30.11.2026 09:00:00 +01:00``. ValueError for neither."""
    found = _GERMAN.fullmatch(text)
    if found is None:
        return datetime.fromisoformat(text)
    day, month, year, time, offset = found.groups()
    return datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2}T{time or '00:00'}{offset or ''}")


def _no_year(option: str, moment: datetime) -> str:
    return say("{option}: the year must be {first} to {last}, not {year}",
               option=option, first=_YEARS[0], last=_YEARS[-1], year=moment.year)


def _next(text: str, zone: tzinfo, now: datetime) -> datetime:
    """When the clocks of ``zone`` show that time next."""
    hour, minute = map(int, text.split(":"))
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise FsctlError(say("--until: {text} is no time of day", text=repr(text)))
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(3))
    moments = (datetime.combine(day, time(hour % 24, minute), zone) for day in days)
    return next(moment for moment in moments if moment > now)
