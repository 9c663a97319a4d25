"""Talks that a third one has joined: three are in a room of their own, which is named by one of the two who talked."""

from collections.abc import Collection
from typing import Final, Literal

from fsctl.model.live import Live, LiveCall

#: Who has joined: an executive a talk that is his, or a colleague whichever he may; or one of two brings in whom he
#: holds.
Kind = Literal["join", "barge_in", "three_way"]

_PREFIXES: Final[dict[Kind, str]] = {"join": "join-", "barge_in": "barge-in-", "three_way": "three-way-"}


def room_of(uuid: str, kind: Kind = "join") -> str:
    """The room for the talk of a channel."""
    return _PREFIXES[kind] + uuid


def whose(room: str) -> str:
    """The channel whose talk a room is for; "" for a conference of another kind."""
    return next((room.removeprefix(each) for each in _PREFIXES.values() if room.startswith(each)), "")


def joined_by(user: str, live: Live) -> str:
    """The room in which an executive is with two others; "" where he has joined none."""
    return next((call.room for call in live.of(user) if call.room and call.room.startswith(_PREFIXES["join"])), "")


def in_order(left: Collection[str], room: str, live: Live) -> tuple[str, ...]:
    """Those who are left, as they are to be connected: FreeSWITCH tells the owner of the first one of the new talk.

    That is one who called, for those who were rung have none; and of two such the one for whom the room is.
    """
    rung = {call.uuid for call in members_of(room, live) if call.direction == "outbound"}
    return tuple(sorted(left, key=lambda uuid: (uuid in rung, uuid != whose(room), uuid)))


def members_of(room: str, live: Live) -> tuple[LiveCall, ...]:
    """All channels in a room."""
    return live.within(room)
