"""Talks that a third one has joined: three are in a room of their own, which is named by one of the two who talked."""

from collections.abc import Collection
from typing import Final

from fsctl.model.live import Live, LiveCall

_PREFIX: Final = "join-"


def room_of(uuid: str) -> str:
    """The room for the talk of a channel."""
    return _PREFIX + uuid


def whose(room: str) -> str:
    """The channel whose talk a room is for; "" for a conference of another kind."""
    return room.removeprefix(_PREFIX) if room.startswith(_PREFIX) else ""


def joined_by(user: str, live: Live) -> str:
    """The room in which somebody is with two others; "" where he is in none."""
    return next((call.room for call in live.of(user) if call.room and whose(call.room)), "")


def in_order(members: Collection[str], room: str) -> tuple[str, ...]:
    """Those who are left, the one first for whom the room is: FreeSWITCH tells that channel's owner of the new talk."""
    return tuple(sorted(members, key=lambda uuid: (uuid != whose(room), uuid)))


def members_of(room: str, live: Live) -> tuple[LiveCall, ...]:
    """All channels in a room."""
    return tuple(call for call in live.calls if call.room == room)
