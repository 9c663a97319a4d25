"""Group calls: who answers is in one room, which is named by the group's extension.

The calls that there are tell whether one goes on, and who is in it.
"""

from typing import Final

from fsctl.model.live import Live, LiveCall

_PREFIX: Final = "group-"


def room_of(extension: str) -> str:
    """The room of the group call that is dialled so."""
    return _PREFIX + extension


def extension_of(room: str) -> str:
    """How the group call of that room is dialled; "" for a conference of another kind."""
    return room.removeprefix(_PREFIX) if room.startswith(_PREFIX) else ""


def members_of(extension: str, live: Live) -> tuple[LiveCall, ...]:
    """The channels that are in it."""
    room = room_of(extension)
    return tuple(call for call in live.calls if call.room == room)


def rung_for(extension: str, live: Live) -> tuple[LiveCall, ...]:
    """The telephones that ring for it, and those outside at which nobody has pressed the 1 yet."""
    return tuple(
        call for call in live.calls if call.group == extension and call.direction == "outbound" and call.room is None)


def runs(extension: str, live: Live) -> bool:
    """Whether it goes on, or begins: somebody is in it, or rung for it."""
    return bool(members_of(extension, live) or rung_for(extension, live))
