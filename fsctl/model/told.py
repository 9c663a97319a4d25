"""Values of reasons that each language writes in its own way: instants, days, and names that differ by language."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from fsctl.model.reasons import Reason, Value, declare_form, reason
from fsctl.words import language, moments


def moment(at: datetime, zone: ZoneInfo, seen: datetime) -> Reason:
    """An aware instant by the clocks of ``zone``, told with as much of the date as it takes at the instant ``seen``."""
    return reason("moment", at=at.astimezone(zone).isoformat(), seen=_day_of(seen, zone), zone=_zone_name(at, zone))


def end(at: datetime, zone: ZoneInfo, since: datetime) -> Reason:
    """When something ends that was switched ``since`` then: told with its date, and with the year if it is another."""
    return reason("end", at=at.astimezone(zone).isoformat(), since=_day_of(since, zone), zone=_zone_name(at, zone))


def instant(at: datetime, zone: tzinfo) -> Reason:
    """An aware instant by the clocks of ``zone``, told to the second and with its offset."""
    return reason("instant", at=at.astimezone(zone).isoformat(timespec="seconds"))


def day(on: date) -> Reason:
    """A day without its year."""
    return reason("day", on=on.isoformat())


def name(names: Mapping[str, str]) -> Reason:
    """What something is called, by language; a language without a name has that of another one."""
    return reason("name", **names)


def _day_of(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).date().isoformat()


def _zone_name(at: datetime, zone: ZoneInfo) -> str:
    """What the clocks are called then, where they show this time twice."""
    there = at.astimezone(zone)
    twice = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
    return (there.tzname() or "") if twice else ""


def _moment(values: Mapping[str, Value]) -> str:
    at, seen, zone = (str(values.get(each, "")) for each in ("at", "seen", "zone"))
    try:
        return moments.moment(datetime.fromisoformat(at), date.fromisoformat(seen), zone)
    except ValueError:  # of a damaged journal
        return at


def _end(values: Mapping[str, Value]) -> str:
    at, since, zone = (str(values.get(each, "")) for each in ("at", "since", "zone"))
    try:
        there = datetime.fromisoformat(at)
        return moments.dated(there, zone, year=there.year != date.fromisoformat(since).year)
    except ValueError:
        return at


def _instant(values: Mapping[str, Value]) -> str:
    at = str(values.get("at", ""))
    try:
        return moments.exactly(datetime.fromisoformat(at))
    except ValueError:
        return at


def _day(values: Mapping[str, Value]) -> str:
    on = str(values.get("on", ""))
    try:
        return moments.day(date.fromisoformat(on))
    except ValueError:
        return on


def _name(values: Mapping[str, Value]) -> str:
    return str(values.get(language()) or next(filter(None, values.values()), ""))


declare_form("moment", _moment)
declare_form("end", _end)
declare_form("instant", _instant)
declare_form("day", _day)
declare_form("name", _name)
