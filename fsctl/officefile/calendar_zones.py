"""The zones of the times in an iCalendar file: what the file defines counts before what is known by the same name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from fsctl.errors import FsctlError
from fsctl.schema import shown
from fsctl.words import say

_TIMES: Final = ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")

#: What says how the clocks of a zone go. Other properties, and parameters, make the library refuse the zone.
_CLOCKS: Final = ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE")

#: The zone for the times that name none; no property of RFC 5545, but calendars have it.
_DEFAULT: Final = "X-WR-TIMEZONE"


@contextmanager
def left_open() -> Iterator[None]:
    """Meanwhile the library reads files and leaves their times without zones, for ``settle``.

    By itself it goes by a zone's name first, takes one that it doesn't know for none, and remembers those of files that
    it has read before.
    """
    from icalendar.timezone import tzp
    from icalendar.timezone.zoneinfo import ZONEINFO

    class LeftOpen(ZONEINFO):
        def knows_timezone_id(self, tzid: str) -> bool:
            return True

        def timezone(self, name: str) -> None:
            return None

    tzp.use(LeftOpen())
    try:
        yield
    finally:
        tzp.use_default()


def settle(calendar: Any, called: Callable[[Any], str]) -> None:
    """Give every time of the events its zone by RFC 5545 §3.2.19; FsctlError says whose zone cannot be known."""
    zones = _Zones(calendar)
    default = None
    if name := calendar.pop(_DEFAULT, None):
        default = zones.named(str(name))
        if default is None:
            raise FsctlError(say(
                "{property} is the time zone {zone}, which the file doesn't define and which is no IANA zone; add its"
                " VTIMEZONE to the file, or write a zone like Europe/Berlin", property=_DEFAULT, zone=shown(str(name))))
    for event in calendar.walk("VEVENT"):
        for each in _times(event):
            name, zone = each.params.get("TZID"), default
            if name and str(each.params.get("VALUE", "")).upper() != "DATE":  # a day is the same day everywhere
                zone = zones.named(str(name))
                if zone is None:
                    raise FsctlError(say(
                        "{event} has times in the time zone {zone}, which the file doesn't define and which is no IANA"
                        " zone; add its VTIMEZONE to the file, or write a zone like Europe/Berlin",
                        event=called(event), zone=shown(str(name))))
            for time in getattr(each, "dts", (each,)):  # a list of times, or one
                time.dt = _in(time.dt, zone)


def _times(event: Any) -> Iterator[Any]:
    for name in _TIMES:
        found = event.get(name, [])
        yield from found if isinstance(found, list) else [found]


def _in(moment: Any, zone: tzinfo | None) -> Any:
    """A moment, or beginning and end of a period, in its zone; days and durations as they are."""
    if isinstance(moment, tuple):
        return tuple(_in(each, zone) for each in moment)
    if zone is None or not isinstance(moment, datetime):
        return moment
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


class _Zones:
    """The zones that a file may name, each made when it is asked for."""

    def __init__(self, calendar: Any) -> None:
        self._definitions: dict[str, Any] = {}
        for each in calendar.walk("VTIMEZONE"):
            self._definitions.setdefault(str(each.get("TZID", "")), each)
        self._made: dict[str, tzinfo] = {}

    def named(self, name: str) -> tzinfo | None:
        """The zone of a name; None where it cannot be known."""
        if name not in self._made:
            if name in self._definitions:
                self._made[name] = _made(name, self._definitions[name])
            elif name in available_timezones():
                self._made[name] = ZoneInfo(name)
        return self._made.get(name)


def _made(name: str, definition: Any) -> tzinfo:
    """The zone of a VTIMEZONE. It is called UTC if it means that, and never so otherwise, whatever its clocks say."""
    plain = deepcopy(definition)
    _keep(plain, ("TZID",))
    try:
        for part in plain.subcomponents:
            _keep(part, _CLOCKS)
            part.add("TZNAME", "UTC" if name.rpartition("/")[2].upper() == "UTC" else part.name)
            if rule := part.get("RRULE"):
                _mend(rule, part)
        zone: tzinfo = plain.to_tz(lookup_tzid=False)
    except Exception as error:  # what the library raises for a bad zone is not written down
        raise FsctlError(say(
            "the VTIMEZONE {zone} cannot be read: {why}; put it right, or take it out if its name is that of an IANA"
            " zone", zone=shown(name), why=str(error) or type(error).__name__)) from None
    return zone


def _keep(component: Any, names: tuple[str, ...]) -> None:
    for name in set(component) - set(names):
        del component[name]


def _mend(rule: Any, part: Any) -> None:
    """What repeats more often than clocks are changed would take for ever; the library takes UNTIL for local time."""
    often = [str(each) for each in rule.get("FREQ", []) if str(each).upper() != "YEARLY"]
    if often:
        raise ValueError(say("it repeats {often}; only YEARLY can be read", often=often[0]))
    rule["UNTIL"] = [
        (each + part["TZOFFSETFROM"].td).replace(tzinfo=None) if isinstance(each, datetime) and each.tzinfo else each
        for each in rule.get("UNTIL", [])
    ]
    if not rule["UNTIL"]:
        del rule["UNTIL"]
