"""Rule about dates: a schedule that was given days of certain years needs new ones when they are over."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from fsctl.model import schedule
from fsctl.model.schedule import Dates
from fsctl.model.sections import Schedule
from fsctl.officefile.checks_settings import zones
from fsctl.officefile.office_view import View
from fsctl.schema import Finding, Path
from fsctl.words import say


def over(view: View) -> Iterator[Finding]:
    """Days of every year and holidays never end, and what is only yet to come needs no word."""
    today = _today(view)
    for key, each in view.office.schedules.items():
        readable = next(schedule.mistakes(each), None) is None  # where it is not, another rule says so
        last, path = max(_dated(each), default=(today, ())) if readable else (today, ())
        if last < today:
            yield Finding(
                ("schedules", key, *path),
                say("the last date of this schedule, {day}, is over; write new ones, or MM-DD for a day of every year, "
                    "or take out what is over", day=last),
                True,
            )


def _dated(each: Schedule) -> Iterator[tuple[date, Path]]:
    """The last day of each date that has a year, and its place in the schedule."""
    for name in ("dates", "except_", "also"):
        for index, text in enumerate(getattr(each, name)):
            if text != schedule.HOLIDAYS and isinstance(read := schedule.dates(text), Dates):
                yield read.last, (name.removesuffix("_"), index)


def _today(view: View) -> date:
    """The day that it is at the site where it is earliest: what is over there is over everywhere."""
    places = {site.timezone for site in view.office.sites.values()} & zones()
    return min((view.now.astimezone(ZoneInfo(place)).date() for place in places), default=view.now.date())


RULES = (over,)
