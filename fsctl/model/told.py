"""Values of reasons that each language writes in its own way: instants, days, and names that differ by language."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from fsctl.model.reasons import Reason, Value, declare_form, reason
from fsctl.words import language, moments


def moment(at: datetime, zone: ZoneInfo, seen: datetime | None = None) -> Reason:
    """An aware instant by the clocks of ``zone``, told with as much of the date as it takes at the instant ``seen``."""
    there = at.astimezone(zone)
    twice = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
    return reason(
        "moment", at=there.isoformat(), seen=seen.astimezone(zone).date().isoformat() if seen else "",
        zone=(there.tzname() or "") if twice else "")


def instant(at: datetime, zone: tzinfo) -> Reason:
    """An aware instant by the clocks of ``zone``, told to the second and with its offset."""
    return reason("instant", at=at.astimezone(zone).isoformat(timespec="seconds"))


def day(on: date) -> Reason:
    """A day without its year."""
    return reason("day", on=on.isoformat())


def name(names: Mapping[str, str]) -> Reason:
    """What something is called, by language; a language without a name has that of another one."""
    return reason("name", **names)


def _moment(values: Mapping[str, Value]) -> str:
    at, seen = str(values.get("at", "")), str(values.get("seen", ""))
    try:
        return moments.moment(
            datetime.fromisoformat(at), date.fromisoformat(seen) if seen else None, str(values.get("zone", "")))
    except ValueError:  # of a damaged journal
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
declare_form("instant", _instant)
declare_form("day", _day)
declare_form("name", _name)
