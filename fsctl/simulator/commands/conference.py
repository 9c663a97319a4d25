"""The command ``conference``: who is in a room, and what is done to one of them or to all."""

import json
from collections.abc import Callable

from fsctl.simulator.channel.channel import Switch
from fsctl.simulator.channel.room import Member, Room
from fsctl.simulator.core.media import parts_of


def conference(switch: Switch, argument: str) -> str:
    """``json_list``, ``room list [count] | json_list | play sound | mute member | unmute member | hup member``.

    A member is named by its number, by a variable of its channel (``uuid=…``), or by ``all``.
    """
    name, command, what = (argument.split(" ", 2) + ["", ""])[:3]
    if name == "json_list":
        return json.dumps([_whole(each) for each in switch.rooms.values()])
    room = switch.rooms.get(name)
    if room is None or room.over:
        return f"-ERR Conference {name} not found\n"
    newest_first = room.members[::-1]
    if (command, what) == ("list", "count"):
        return str(len(room.members))  # without a line's end (mod_conference.c, conference_list_count_only)
    if command == "list":
        return "".join(f"{each.number};{each.channel.name};{each.channel.uuid};{_caller(each)};{_can(each)};0;0;0\n"
                       for each in newest_first)
    if command == "json_list":
        return json.dumps([_whole(room)])
    if command == "play":
        found = parts_of(what)
        for each in room.members:
            each.channel.sounds += found
        return f"+OK (play) Playing file {what}\n" if found else f"-ERR (play) File: {what} not found.\n"
    if command not in _ACTS:
        return f"-ERR Conference command '{command}' not found.\n"
    members = _named(room, newest_first, what)
    for member in members:
        _ACTS[command](room, member)
    done = "".join(f"+OK {command} {member.number}\n" for member in members)
    return done or ("-ERR Non-Existant member\n" if "=" in what else f"-ERR Non-Existant ID {what}\n")


def _whole(room: Room) -> dict[str, object]:
    return {"conference_name": room.name, "member_count": len(room.members), "conference_uuid": room.uuid,
            "members": [_row(each) for each in room.members[::-1]]}


def _named(room: Room, members: list[Member], what: str) -> list[Member]:
    name, equals, value = what.partition("=")
    if equals:
        return [each for each in members if each.channel.get(name) == value][:1]
    return members if what == "all" else [each for each in members if str(each.number) == what]


def _mute(muted: bool) -> Callable[[Room, Member], None]:
    def act(room: Room, member: Member) -> None:
        member.muted = muted

    return act


_ACTS: dict[str, Callable[[Room, Member], None]] = {"mute": _mute(True), "unmute": _mute(False), "hup": Room.put_out}


def _caller(member: Member) -> str:
    profile = member.channel.profile
    return f"{profile.caller_id_name};{profile.caller_id_number}"


def _can(member: Member) -> str:
    return "hear" if member.muted else "hear|speak"


def _row(member: Member) -> dict[str, object]:
    profile, held = member.channel.profile, member.channel.held
    return {
        "type": "caller", "id": member.number, "uuid": member.channel.uuid,
        "caller_id_name": profile.caller_id_name, "caller_id_number": profile.caller_id_number,
        "flags": {"can_hear": True, "can_speak": not member.muted, "hold": held},
    }
