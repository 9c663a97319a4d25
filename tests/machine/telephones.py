"""FreeSWITCH and the telephones at it, in memory, as far as parked calls need them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from fsctl.model.live import LiveCall

Event = Mapping[str, str]


@dataclass
class Channel:
    """A call's end. ``user`` is None for who calls from outside, and such a one is at most in one place.

    He is with a ``controller``, ``talks`` with his ``peer``, ``waits`` in his ``slot``, or comes ``back`` from there.
    ``told``: he knows how long he is to wait; his hang-up shows it.
    """

    uuid: str
    user: str | None
    doing: str
    peer: str = ""
    slot: str = ""
    parker: str = ""
    told: bool = False
    held: bool = False


class Switch:
    """One FreeSWITCH. What it tells its links is told in order, ``heard`` by each of them in its own time."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.channels: dict[str, Channel] = {}
        self.told: dict[str, list[Event]] = {}

    def callers(self, *doing: str) -> list[Channel]:
        return [each for each in self.channels.values() if each.user is None and (not doing or each.doing in doing)]

    def view(self, uuid: str, now: datetime) -> LiveCall | None:
        """A channel as ``uuid_dump`` has it: the slot shows while he talks with nobody."""
        if (channel := self.channels.get(uuid)) is None:
            return None
        slot = channel.slot if not channel.peer else ""
        state = "held" if channel.held else "parked" if slot else "talking"
        return LiveCall(
            uuid, channel.user, channel.peer or None, "inbound", state, now, number=channel.user or "+4915",  # type: ignore[arg-type]
            slot=slot or None, parker=channel.parker or None, node=self.name)

    def connect(self, caller: Channel, phone: Channel) -> None:
        """Both talk, and whoever else did with one of them is alone, which ends his call."""
        for left in [each for each in self.channels.values() if each.peer in (caller.uuid, phone.uuid)]:
            if left.uuid not in (caller.uuid, phone.uuid):
                self.end(left)
        caller.doing, caller.peer = "talks", phone.uuid
        phone.doing, phone.peer, phone.held = "talks", caller.uuid, False
        self._tell("CHANNEL_BRIDGE", caller)
        self._tell("CHANNEL_BRIDGE", phone)

    def wait(self, caller: Channel, slot: str) -> None:
        """``uuid_transfer … park+701``: wherever he was; who talked with him is alone."""
        if phone := self.channels.get(caller.peer):
            caller.peer = ""
            self.end(phone)
        caller.doing, caller.slot = "waits", slot
        self._tell("CUSTOM", caller)

    def come_back(self, caller: Channel) -> None:
        """``recall+701``."""
        caller.doing = "back"

    def end(self, channel: Channel) -> None:
        """He hangs up, and so does who talks with him."""
        if self.channels.pop(channel.uuid, None) is None:
            return
        self._tell("CHANNEL_HANGUP_COMPLETE", channel)
        if channel.peer and (other := self.channels.get(channel.peer)) and other.peer == channel.uuid:
            other.peer = ""
            self.end(other)

    def restart(self) -> None:
        self.channels.clear()
        for events in self.told.values():
            events.clear()

    def changed(self, channel: Channel) -> None:
        self._tell("CHANNEL_CALLSTATE", channel)

    def _tell(self, name: str, channel: Channel) -> None:
        event = {"Event-Name": name, "Unique-ID": channel.uuid, "variable_fsctl_slot": channel.slot,
                 "variable_fsctl_recall_seconds": "45" if channel.told else ""}
        for events in self.told.values():
            events.append(event)

    def heard(self, node: str, most: int) -> Iterator[Event]:
        """The next events that this controller's link hears."""
        for _ in range(min(most, len(self.told[node]))):
            yield self.told[node].pop(0)
