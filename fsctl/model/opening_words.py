"""Why a schedule is open or closed, as a reason."""

from typing import Final
from zoneinfo import ZoneInfo

from fsctl.model import told
from fsctl.model.opening import Opening
from fsctl.model.opening import Reason as Deciding
from fsctl.model.reasons import Reason, declare, reason

REASONS = declare({
    "schedule.open": "open",
    "schedule.closed": "closed",
    # Of a schedule that is named, since open and closed would be misread: night service goes by it.
    "schedule.runs": "{schedule} is on",
    "schedule.rests": "{schedule} is off",
    # By the part of the schedule that decides.
    "schedule.also": "{state}: exception {cause}",
    "schedule.dates": "{state}: date {cause}",
    "schedule.except": "{state}: {cause}",
    "schedule.holiday": "{state}: public holiday {cause}",
    "schedule.weekly": "{state} until {until}",
    "schedule.weekly_always": "{state}",
    "schedule.outside": "{state} until {until}",
    "schedule.outside_always": "{state}",
})


def because(opening: Opening, zone: ZoneInfo, name: str = "") -> Reason:
    """``closed: public holiday Good Friday``, ``open until 18:00``; times are those of ``zone``. With the schedule's
    ``name``: ``stocktaking is on until 04:00``.
    """
    state = _state(opening.open, name)
    match opening.reason.kind:
        case "also":
            return reason("schedule.also", state=state, cause=_cause(opening.reason))
        case "dates":
            return reason("schedule.dates", state=state, cause=_cause(opening.reason))
        case "except":
            return reason("schedule.except", state=state, cause=_cause(opening.reason))
        case "holiday":
            return reason("schedule.holiday", state=state, cause=_cause(opening.reason))
        case "weekly":
            if opening.next_change is None:
                return reason("schedule.weekly_always", state=state)
            return reason("schedule.weekly", state=state, until=told.moment(opening.next_change, zone, opening.at))
        case "outside":
            if opening.next_change is None:
                return reason("schedule.outside_always", state=state)
            return reason("schedule.outside", state=state, until=told.moment(opening.next_change, zone, opening.at))


def _state(open_: bool, name: str) -> Reason:
    if not name:
        return _OPEN if open_ else _CLOSED
    return reason("schedule.runs", schedule=name) if open_ else reason("schedule.rests", schedule=name)


def _cause(deciding: Deciding) -> Reason:
    return told.name(deciding.names) if any(deciding.names.values()) else told.day(deciding.day)


_OPEN: Final = reason("schedule.open")
_CLOSED: Final = reason("schedule.closed")
