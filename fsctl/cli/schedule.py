"""``fsctl schedule``: whether schedules are open, why and until when; dates out of calendars."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from fsctl import clock
from fsctl.cli import completion, options
from fsctl.cli.instants import instant
from fsctl.cli.local_time import local
from fsctl.errors import FsctlError
from fsctl.model.office import Office
from fsctl.model.opening import Opening
from fsctl.model.opening_words import because
from fsctl.model.sections import Site
from fsctl.words import say, term

_CHANGES_SHOWN = 7

#: What a schedule can be.
STATES = OPEN, CLOSED = "open", "closed"

_at = click.option("--at", metavar="TIME", help="ISO 8601; without an offset the site's local time.")
_site = click.option("--site", "site_key", metavar="SITE", help="By whose clocks and holidays.",
                     shell_complete=completion.sites)
_date = click.DateTime(["%Y-%m-%d"])


@click.group()
def schedule() -> None:
    """Whether schedules are open, why and until when."""


@schedule.command("list")
@_at
@_site
@options.common
def list_(at: str | None, site_key: str | None, as_json: bool, database: str | None) -> None:
    """The state of every schedule, by the clocks and holidays of each site."""
    office = options.office_to_read(database)
    sites = [_site_of(office, site_key)] if site_key else list(office.sites.values())
    rows = [
        {"schedule": key, "site": site.key, **_state(_opening(office, key, site, at), site)}
        for key in office.schedules
        for site in sites
    ]
    if as_json:
        options.print_json(rows)
    else:
        options.print_table(map(_in_words, rows), ("schedule", "site", "state", "because", "next_change"))


@schedule.command()
@click.argument("name", shell_complete=completion.schedules)
@_at
@_site
@options.common
def show(name: str, at: str | None, site_key: str | None, as_json: bool, database: str | None) -> None:
    """The state of schedule NAME and the next times when it changes. SITE may be left out where there is one."""
    office = options.office_to_read(database)
    if name not in office.schedules:
        known = ", ".join(office.schedules) or say("none")
        raise FsctlError(say("there is no schedule {name}; known are {known}", name=name, known=known))
    site = _site_of(office, site_key)
    now = _opening(office, name, site, at)
    changes: list[dict[str, str | None]] = []
    coming = now
    while coming.next_change and len(changes) < _CHANGES_SHOWN:
        coming = office.opening(name, site.key, coming.next_change)
        state = _state(coming, site)
        changes.append({"at": local(coming.at, ZoneInfo(site.timezone)), "state": state["state"],
                        "because": state["because"]})
    state = _state(now, site)
    if as_json:
        options.print_json({"schedule": name, "site": site.key, **state, "changes": changes})
    else:
        click.echo(state["because"])
        options.print_table(map(_in_words, changes), ("at", "state", "because"))


@schedule.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "first", type=_date, metavar="DATE", help="The first day; default today.")
@click.option("--to", "last", type=_date, metavar="DATE", help="The last day; default a year after the first.")
@click.option("--timezone", metavar="ZONE", help="Like Europe/Berlin: the schedule's; default the calendar's own.")
@options.common
def import_(file: Path, first: datetime | None, last: datetime | None, timezone: str | None, as_json: bool,
            database: str | None) -> None:
    """Print the events of an iCalendar FILE as `dates` for the office file. Nothing is changed."""
    from fsctl.officefile.calendar_import import load_events, to_toml

    begin: date = first.date() if first else clock.now().date()
    try:
        end = last.date() if last else begin + timedelta(days=365)
    except OverflowError:
        raise FsctlError(say("--from: {day} is too late", day=begin)) from None
    events = load_events(file, begin, end, timezone)
    if as_json:
        options.print_json({"dates": [each.dates for each in events]})
    else:
        click.echo(to_toml(events), nl=False)


def _site_of(office: Office, key: str | None) -> Site:
    known = ", ".join(office.sites) or say("none")
    if key is None and len(office.sites) == 1:
        return next(iter(office.sites.values()))
    if key is None:
        raise FsctlError(say("say which site with --site; known are {known}", known=known))
    if key not in office.sites:
        raise FsctlError(say("there is no site {site}; known are {known}", site=key, known=known))
    return office.sites[key]


def _opening(office: Office, name: str, site: Site, at: str | None) -> Opening:
    return office.opening(name, site.key, instant(at, ZoneInfo(site.timezone)))


def _state(opening: Opening, site: Site) -> dict[str, str | None]:
    return {
        "state": OPEN if opening.open else CLOSED,
        "because": str(because(opening, ZoneInfo(site.timezone))),
        "next_change": local(opening.next_change, ZoneInfo(site.timezone)),
    }


def _in_words(row: Mapping[str, object]) -> dict[str, object]:
    return {**row, "state": term("opening", str(row["state"]))}
