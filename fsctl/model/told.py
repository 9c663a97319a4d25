"""Values of reasons that each language writes in its own way: instants, days, and names that differ by language."""

from collections.abc import Callable, Mapping
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


def _moment(at: str, seen: str, zone: str) -> str:
    return moments.moment(datetime.fromisoformat(at), date.fromisoformat(seen), zone)


def _end(at: str, since: str, zone: str) -> str:
    there = datetime.fromisoformat(at)
    return moments.dated(there, zone, year=there.year != date.fromisoformat(since).year)


def _instant(at: str) -> str:
    return moments.exactly(datetime.fromisoformat(at))


def _day(on: str) -> str:
    return moments.day(date.fromisoformat(on))


def _name(values: Mapping[str, Value]) -> str:
    return str(values.get(language()) or next(filter(None, values.values()), ""))


def _declare(name: str, tell: Callable[..., str], *keys: str) -> None:
    """``tell`` gets the values of these keys. Of a damaged journal the first of them is told as it is."""

    def form(values: Mapping[str, Value]) -> str:
        kept = [str(values.get(key, "")) for key in keys]
        try:
            return tell(*kept)
        except ValueError:
            return kept[0]

    declare_form(name, form)


_declare("moment", _moment, "at", "seen", "zone")
_declare("end", _end, "at", "since", "zone")
_declare("instant", _instant, "at")
_declare("day", _day, "on")
declare_form("name", _name)
