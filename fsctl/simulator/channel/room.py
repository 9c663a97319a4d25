"""A conference: who is in it and hears whom, what is told of it, and how it ends."""

from dataclasses import dataclass
from itertools import count
from uuid import uuid4

from fsctl.simulator.channel.state import State
from fsctl.simulator.core.core import Core

_NUMBERS = count(1)


@dataclass(eq=False, slots=True)
class Member:
    """A channel in a room. ``staying`` is False once the room, or somebody by command, wants it out.

    ``gives_keys``: what is pressed there goes to all others.
    """

    channel: State
    number: int
    gives_keys: bool = False
    muted: bool = False
    staying: bool = True


class Room:
    """With fewer than ``least`` members it ends, once it had so many (mod_conference's ``mintwo``)."""

    def __init__(self, switch: Core, name: str, profile: str) -> None:
        self.name, self.uuid, self._profile = name, str(uuid4()), profile
        self.members: list[Member] = []
        self.least = 1
        self.over = False
        self._switch, self._enforced = switch, False
        self._tell("conference-create", {})

    def enter(self, channel: State, gives_keys: bool = False) -> Member:
        """A channel keeps its number from room to room."""
        number = int(channel.variables.get("conference_member_id") or next(_NUMBERS))
        member = Member(channel, number, gives_keys)
        self.members.append(member)
        self._enforced |= len(self.members) >= self.least
        channel.variables |= {
            "conference_name": self.name, "conference_member_id": str(member.number), "conference_uuid": self.uuid,
            "conference_moderator": "false", "conference_ghost": "false", "conference_call_key":
                f"conference_{self.name}_{self._domain}_{channel.profile.caller_id_number}",
        }
        self._tell_of(member, "add-member")
        return member

    def leave(self, member: Member) -> list[str]:
        """The channels with which the room ends by that. Of a member's variables only ``conference_call_key`` goes
        (conference_member_del).
        """
        self.members.remove(member)
        member.channel.set("conference_call_key", None)
        ends: list[str] = []
        if not self.members or self._enforced and len(self.members) < self.least:
            self.over = True
            for each in self.members:
                ends += [each.channel.uuid] if each.staying else []
                self.put_out(each)
        self._tell_of(member, "del-member")
        if not self.members:
            self._tell("conference-destroy", {})
        return ends

    def put_out(self, member: Member) -> None:
        """Its own thread leaves."""
        member.staying = False
        member.channel.wake()

    def pass_on(self, channel: State, key: str) -> None:
        """A key of one of them, also of one who is muted."""
        if any(each.channel is channel and each.gives_keys for each in self.members):
            for each in self.members:
                if each.channel is not channel:
                    each.channel.keys += key

    def hears(self, one: State, other: State) -> bool:
        """Who holds hears nobody, and nobody him; the others hear no music."""
        here = {each.channel.uuid: each for each in self.members if not each.channel.held}
        return one is not other and one.uuid in here and other.uuid in here and not here[other.uuid].muted

    @property
    def _domain(self) -> str:
        return self._switch.globals["domain"]

    def _tell_of(self, member: Member, action: str) -> None:
        self._tell(action, {
            **member.channel.headers(variables=False), "Hear": "true", "Speak": str(not member.muted).lower(),
            "Hold": str(member.channel.held).lower(), "Member-ID": str(member.number), "Member-Type": "member",
        })

    def _tell(self, action: str, of_member: dict[str, str]) -> None:
        self._switch.fire("CUSTOM", {
            "Event-Subclass": "conference::maintenance",
            "Conference-Name": self.name, "Conference-Domain": self._domain,
            "Conference-Size": str(len(self.members)), "Conference-Ghosts": "0",
            "Conference-Profile-Name": self._profile, "Conference-Unique-ID": self.uuid, **of_member, "Action": action,
        })
