"""A site's night service: whether it is on at an instant, why, and when that changes."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fsctl.model import told, who
from fsctl.model.office import Office
from fsctl.model.opening_words import because
from fsctl.model.reasons import Reason, declare, reason
from fsctl.model.sections import Site
from fsctl.model.settings import Override

REASONS = declare({
    "night.switched_on": "switched on by hand by {by}",
    "night.switched_on_until": "switched on by hand by {by} until {until}",
    "night.switched_off": "switched off by hand by {by}",
    "night.switched_off_until": "switched off by hand by {by} until {until}",
    "night.no_schedule": "no schedule",
}, {"by": who.in_words})


@dataclass(frozen=True, slots=True)
class Night:
    """``by`` and ``until`` are those of an override, None by schedule.

    ``next_change`` is the first instant at which ``on`` will differ, None where nothing but people will change it.
    """

    on: bool
    because: Reason
    by: str | None = None
    until: datetime | None = None
    next_change: datetime | None = None


def night_at(site: Site, office: Office, at: datetime) -> Night:
    """What people switched by hand counts, else the schedule; without one it is off."""
    override = office.settings.night(site.key, at)
    return by_schedule(site, office, at) if override is None else by_hand(site, office, override)


def by_hand(site: Site, office: Office, override: Override) -> Night:
    """While an override is in force."""
    why = _by_hand(override, ZoneInfo(site.timezone))
    if override.until is None:
        return Night(override.on, why, override.by)
    after = _first_difference(site, office, override.on, override.until)
    return Night(override.on, why, override.by, override.until, after)


def by_schedule(site: Site, office: Office, at: datetime) -> Night:
    """As if nobody had switched anything."""
    key = schedule_of(site)
    if site.night is None or key is None:
        return Night(False, reason("night.no_schedule"))
    opening = office.opening(key, site.key, at)
    on = opening.open if site.night.during else not opening.open
    why = because(opening, ZoneInfo(site.timezone), site.night.during or "")
    return Night(on, why, next_change=opening.next_change)


def end_by_phone(site: Site, office: Office, at: datetime) -> datetime | None:
    """When what is switched at ``at`` by code, key or lamp ends: when the schedule changes next, or only by hand."""
    return None if site.night_by_phone == "stays" else by_schedule(site, office, at).next_change


def toggled(site: Site, office: Office, at: datetime) -> bool | None:
    """What toggling comes to: on or off by hand, or None where the schedule says so anyway and is followed again."""
    on = not night_at(site, office, at).on
    follows = schedule_of(site) is not None and by_schedule(site, office, at).on == on
    return None if follows else on


def schedule_of(site: Site) -> str | None:
    """The schedule that switches a site's night service; None where only people do."""
    return (site.night.outside or site.night.during) if site.night else None


def _first_difference(site: Site, office: Office, on: bool, at: datetime) -> datetime | None:
    """The first instant from ``at`` on at which the schedule says otherwise."""
    night = by_schedule(site, office, at)
    return night.next_change if night.on == on else at


def _by_hand(override: Override, zone: ZoneInfo) -> Reason:
    by = override.by
    if override.until is None:
        return reason("night.switched_on", by=by) if override.on else reason("night.switched_off", by=by)
    until = told.end(override.until, zone, override.since)
    return (reason("night.switched_on_until", by=by, until=until) if override.on
            else reason("night.switched_off_until", by=by, until=until))
