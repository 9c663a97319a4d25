"""The state of a schedule in words, German or English."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from fsctl.model.opening import Opening
from fsctl.model.opening import Reason as Deciding
from fsctl.model.reasons import Reason, declare, reason

#: By the part of the schedule that decides. The words are those of ``words``, in a language that is not always English.
REASONS = declare({
    "schedule.also": "{words}",
    "schedule.weekly": "{words}",
    "schedule.dates": "{words}",
    "schedule.except": "{words}",
    "schedule.holiday": "{words}",
    "schedule.outside": "{words}",
})

_DAYS: Final = {
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STATES: Final = {"de": ("geschlossen", "offen"), "en": ("closed", "open")}
#: Of a schedule that is named, since open and closed would be misread: night service goes by it.
_BY_NAME: Final = {"de": ("{name} ruht", "{name} läuft"), "en": ("{name} is off", "{name} is on")}
_UNTIL: Final = {"de": "bis", "en": "until"}
_CAUSES: Final = {
    "de": {"also": "Ausnahme", "dates": "Termin", "holiday": "Feiertag"},
    "en": {"also": "exception", "dates": "date", "holiday": "public holiday"},
}


def words(opening: Opening, language: str, zone: ZoneInfo, name: str = "") -> str:
    """``geschlossen: Feiertag Karfreitag``, ``open until 18:00``; times are those of ``zone``. With the schedule's
    ``name``: ``stocktaking is on until 04:00``.

    Any language but German is English. A holiday that has no name in it is shown by another of its names.
    """
    spoken = "de" if language == "de" else "en"
    state = _BY_NAME[spoken][opening.open].format(name=name) if name else _STATES[spoken][opening.open]
    if opening.reason.kind in ("weekly", "outside"):
        if opening.next_change is None:
            return state
        return f"{state} {_UNTIL[spoken]} {_when(opening.next_change, opening.at, spoken, zone)}"
    return f"{state}: {_cause(opening.reason, spoken)}"


def because(opening: Opening, language: str, zone: ZoneInfo, name: str = "") -> Reason:
    """The same as a reason."""
    told = words(opening, language, zone, name)
    match opening.reason.kind:
        case "also":
            return reason("schedule.also", words=told)
        case "weekly":
            return reason("schedule.weekly", words=told)
        case "dates":
            return reason("schedule.dates", words=told)
        case "except":
            return reason("schedule.except", words=told)
        case "holiday":
            return reason("schedule.holiday", words=told)
        case "outside":
            return reason("schedule.outside", words=told)


def _cause(deciding: Deciding, language: str) -> str:
    names = deciding.names
    called = names.get(language) or next(filter(None, names.values()), "") or _date(deciding.day, language)
    cause = _CAUSES[language].get(deciding.kind)
    return f"{cause} {called}" if cause else called


def _when(change: datetime, now: datetime, language: str, zone: ZoneInfo) -> str:
    """A clock time, with as much of the date as it takes to tell which."""
    then, today = change.astimezone(zone), now.astimezone(zone).date()
    clock = f"{then:%H:%M}"
    if then.replace(fold=0).utcoffset() != then.replace(fold=1).utcoffset():
        clock += f" {then.tzname()}"  # the clock shows this time twice
    days = (then.date() - today).days
    if days == 0:
        return clock
    if days == 1 and clock == "00:00":
        return "24:00"
    parts = [_DAYS[language][then.weekday()]]
    if not 0 < days < 7:
        parts.append(_date(then.date(), language, year=then.year != today.year))
    return " ".join((*parts, clock))


def _date(day: date, language: str, *, year: bool = False) -> str:
    if language == "de":
        return f"{day:%d.%m.}{day.year if year else ''}"
    return f"{day.day} {_MONTHS[day.month - 1]}{f' {day.year}' if year else ''}"
