"""The application ``conference``: in a room with others, until the channel is called away or the room ends."""

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.channel.room import Room


def conference(channel: Channel, data: str) -> None:
    """``room@profile[+flags{…}]``; of the flags there are ``mintwo``, and ``dist-dtmf``, which is the member's own.

    Who is in a room when it ends is hung up on, unless ``hangup_after_conference`` is false (mod_conference.c,
    conference_thread_run); also who is on his way out, of whom a real one loses some.
    """
    where, _, flags = data.partition("+flags{")
    name, _, profile = where.partition("@")
    rooms = channel.switch.rooms
    room = rooms.get(name)
    if room is None or room.over:
        room = rooms[name] = Room(channel.switch, name, profile or "default")
    wanted = flags.rstrip("}").split("|")
    if "mintwo" in wanted:
        room.least = 2
    channel.answer()
    member = room.enter(channel, gives_keys="dist-dtmf" in wanted)
    channel.thread.wait(lambda: not member.staying)
    ends = room.leave(member)
    if not room.members and rooms.get(name) is room:
        del rooms[name]
    for uuid in ends:
        other = channel.switch.find(uuid)
        if other is not None and not _goes_on(other):
            other.hang_up("NORMAL_CLEARING")


def _goes_on(channel: Channel) -> bool:
    return channel.get("hangup_after_conference") is not None and not channel.true("hangup_after_conference")
