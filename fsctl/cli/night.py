"""``fsctl night``: night service by hand, for operators and cron."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from fsctl import clock
from fsctl.cli import completion, options
from fsctl.cli.instants import end_time, until_option
from fsctl.cli.local_time import local, of_site
from fsctl.errors import FsctlError
from fsctl.model.night import by_schedule, night_at, toggled
from fsctl.model.office import Office
from fsctl.model.sections import Site
from fsctl.model.settings import OFF, ON, night_path, night_value
from fsctl.model.who import in_words
from fsctl.store.settings import change_setting
from fsctl.words import say, term

_NEXT_CHANGE = "next-change"

_site = click.argument("site", required=False, shell_complete=completion.night_sites)
_until = until_option("the next HH:MM, ISO 8601, or next-change of the schedule")


@click.group()
def night() -> None:
    """Night service: outside calls go to a site's night destination.

    SITE may be left out where there is only one with a night service. Nothing is printed where nothing changed.
    """


@night.command()
@_site
@_until
@options.common
def on(site: str | None, until: str | None, as_json: bool, database: str | None) -> None:
    """Switch it on by hand."""
    _switch(site, lambda *now: True, until, as_json, database)


@night.command()
@_site
@_until
@options.common
def off(site: str | None, until: str | None, as_json: bool, database: str | None) -> None:
    """Switch it off by hand."""
    _switch(site, lambda *now: False, until, as_json, database)


@night.command()
@_site
@_until
@options.common
def toggle(site: str | None, until: str | None, as_json: bool, database: str | None) -> None:
    """Switch it over by hand; to what the schedule says anyway, without --until, by following that again."""
    _switch(site, toggled if until is None else lambda *now: not night_at(*now).on, until, as_json, database)


@night.command()
@_site
@options.common
def auto(site: str | None, as_json: bool, database: str | None) -> None:
    """Leave it to the schedule again."""
    _switch(site, lambda *now: None, None, as_json, database)


def _switch(
    key: str | None, wanted: Callable[[Site, Office, datetime], bool | None], until: str | None, as_json: bool,
    database: str | None,
) -> None:
    store = options.opened(database)
    office, now = options.office_of(store), clock.now()
    site = _chosen(office, key)
    on = wanted(site, office, now)
    end = _end(until, site, office, now) if until else None
    value = None if on is None else night_value(on, end)
    changed = change_setting(store, night_path(site.key), value, options.user_name(), now)
    office = options.office_of(store)
    if as_json:
        options.print_json(_row(site, office, clock.now()) | {"changed": changed})
    elif changed:
        found = night_at(site, office, clock.now())
        click.echo(say("{site}: {state} ({because})", site=site.key, state=_state(found.on), because=found.because))


@night.command()
@_site
@options.common
def status(site: str | None, as_json: bool, database: str | None) -> None:
    """Whether it is on, why, until when, by whom and since when; of all sites, or of SITE."""
    office, now = options.office_to_read(database), clock.now()
    sites = [_chosen(office, site)] if site else _with_night(office)
    rows = [_row(each, office, now) for each in sites]
    if as_json:
        options.print_json(rows)
    else:
        options.print_table(map(_in_table, rows), ("site", "on", "because", "until", "by", "since", "next_change"))


def _row(site: Site, office: Office, now: datetime) -> dict[str, object]:
    found, override, zone = night_at(site, office, now), office.settings.night(site.key, now), of_site(site.key, office)
    return {"site": site.key, "on": found.on, "because": str(found.because), "until": local(found.until, zone),
            "by": found.by, "since": local(override.since, zone) if override else None,
            "next_change": local(found.next_change, zone)}


def _in_table(row: dict[str, object]) -> dict[str, object]:
    return row | {"on": _state(bool(row["on"])), "by": in_words(str(row["by"] or ""))}


def _state(on: bool) -> str:
    return term("switched", ON if on else OFF)


def _with_night(office: Office) -> list[Site]:
    return [site for site in office.sites.values() if site.night is not None]


def _chosen(office: Office, key: str | None) -> Site:
    sites = _with_night(office)
    known = ", ".join(site.key for site in sites) or say("none")
    if key is None:
        if not sites:
            raise FsctlError(
                say("no site has a night service; write night = {{ to = … }} in its table of the office file"))
        if len(sites) != 1:
            raise click.UsageError(say("which site? With a night service: {known}", known=known))
        return sites[0]
    if key not in office.sites:
        raise FsctlError(say("there is no site {site}; with a night service: {known}", site=repr(key), known=known))
    if office.sites[key].night is None:
        raise FsctlError(say("site {site} has no night service; write night = {{ to = … }} in its table of the office "
                             "file", site=key))
    return office.sites[key]


def _end(text: str, site: Site, office: Office, now: datetime) -> datetime:
    """When an override ends; FsctlError for what is no time, or none to come."""
    if text == _NEXT_CHANGE:
        change = by_schedule(site, office, now).next_change
        if change is None:
            raise FsctlError(say("--until next-change: site {site} has no schedule that changes", site=site.key))
        return change
    return end_time(text, ZoneInfo(site.timezone), now, _NEXT_CHANGE)
