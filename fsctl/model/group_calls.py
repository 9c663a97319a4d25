"""Group calls: who answers is in one room, which is named by the group's extension.

The calls that there are tell whether one goes on, and who is in it.
"""

from typing import Final

from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office

_PREFIX: Final = "group-"

#: Who withholds his number.
ANONYMOUS: Final = "anonymous"


def room_of(extension: str) -> str:
    """The room of the group call that is dialled so."""
    return _PREFIX + extension


def extension_of(room: str) -> str:
    """How the group call of that room is dialled; "" for a conference of another kind."""
    return room.removeprefix(_PREFIX) if room.startswith(_PREFIX) else ""


def claimed(group: str) -> str:
    """What whoever begins a group's call has claimed until somebody is in it, or nobody came."""
    return f"conference:{group}"


def conference_of(room: str, office: Office) -> Destination | None:
    """Whose room it is (``conference:crew``); None for a conference of another kind."""
    to = office.extensions.get(extension_of(room))
    return to if to is not None and to.kind == "conference" else None


def members_of(extension: str, live: Live) -> tuple[LiveCall, ...]:
    """The channels that are in it."""
    room = room_of(extension)
    return tuple(call for call in live.calls if call.room == room)


def rung_for(extension: str, live: Live) -> tuple[LiveCall, ...]:
    """The telephones that ring for it, and those outside at which nobody has pressed the 1 yet."""
    return tuple(call for call in live.calls if call.group == extension and _is_rung(call))


def _is_rung(call: LiveCall) -> bool:
    return call.direction == "outbound" and call.room is None


def taken_part_in(call: LiveCall) -> str:
    """The extension of the group call that a channel is in, or is rung for; "" for none. While there is such a channel,
    the group call goes on, or begins.
    """
    return extension_of(call.room) if call.room else (call.group or "") if _is_rung(call) else ""


def waits_for(extension: str, live: Live) -> LiveCall | None:
    """Who has begun it, and waits for the first one to answer; None where nobody does."""
    if members_of(extension, live):
        return None
    callers = {call.peer for call in rung_for(extension, live)}
    return next((call for call in live.calls if call.uuid in callers), None)


def known_as(call: LiveCall) -> str:
    """Who is at one of its telephones: by his extension, also at his telephone outside, else by his number."""
    if person := _person(call):
        return person
    return call.who.name if call.who else ANONYMOUS


def is_at(who: str, call: LiveCall) -> bool:
    """Whether that is one of somebody's telephones: ``who`` is an extension or a number, or as he is known."""
    return who in (_person(call), call.number or None, known_as(call))


def _person(call: LiveCall) -> str | None:
    kind, _, name = (call.sent_by or "").partition(":")
    return call.user or (name if kind == "user" else None)


def channels_of(extension: str, live: Live) -> tuple[LiveCall, ...]:
    """All that are in it, and then those that are rung for it."""
    return members_of(extension, live) + rung_for(extension, live)


def runs(extension: str, live: Live) -> bool:
    """Whether it goes on, or begins: somebody is in it, or rung for it."""
    return any(taken_part_in(call) == extension for call in live.calls)
