"""The calls of one FreeSWITCH, kept up from its events. Pure: times and order come with the events."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Final

from fsctl.facts.arriving import OWNER, left_to_failsafe
from fsctl.model.live import Channels, Live, LiveCall, View
from fsctl.switch.link.channel import (
    RECORDING,
    alerting,
    moment,
    read_channel,
    recorded_to,
    redirect_of,
    refusal_of,
    rings_nobody,
    room_of,
    sequence,
    state_of,
    user_of,
)

#: What our dialplan fires when a call has arrived in its slot, with the channel's variables as only CUSTOM ones have.
PARKED: Final = "fsctl::parked"

#: What is told of conferences, without the channels' variables.
ROOMS: Final = "conference::maintenance"

#: A key that was pressed, which says nothing about the channel.
KEY: Final = "DTMF"

#: All that is needed. CALLSTATE alone tells ringing, answered and held, but carries no variables; CREATE, PARK,
#: UNPARK and BRIDGE do. HANGUP_COMPLETE is the last word about a channel. HEARTBEAT: the link lives. DTMF: keys that
#: are pressed amid a talk; FreeSWITCH passes them on by itself.
EVENTS: Final = (
    "CHANNEL_CREATE", "CHANNEL_CALLSTATE", "CHANNEL_PARK", "CHANNEL_UNPARK", "CHANNEL_BRIDGE", "CHANNEL_UNBRIDGE",
    "CHANNEL_HANGUP_COMPLETE", "HEARTBEAT", "RECORD_START", "RECORD_STOP", KEY, PARKED, ROOMS,
)

#: Those by which the calls are kept up, and of which nobody else wants to know.
ONLY_STATES: Final = frozenset({
    "CHANNEL_CREATE", "CHANNEL_CALLSTATE", "CHANNEL_PARK", "CHANNEL_UNPARK", "CHANNEL_UNBRIDGE"})

#: Those that tell of channels.
_TELLING: Final = frozenset(EVENTS) - {"HEARTBEAT", KEY}

#: An ended channel is remembered so long.
REMEMBERED: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Ended:
    """A channel that is gone: who was at it, why it ended, and where its phone sent the call instead (302).

    ``status`` is the SIP status by which its phone refused the call; 0 where it did not, or the channel was just lost.
    ``failsafe``: the fail-safe had it. ``owner``: the token of the connection that had it last.
    """

    uuid: str
    user: str | None
    cause: str
    status: int
    redirected: str
    at: datetime
    failsafe: bool = False
    owner: str = ""


class Calls(dict[str, LiveCall]):
    """Channels by UUID, which keep up an index of themselves. They come and go one by one."""

    def __init__(self) -> None:
        super().__init__()
        self.channels = Channels()

    def __setitem__(self, uuid: str, call: LiveCall) -> None:
        super().__setitem__(uuid, call)
        self.channels = self.channels.having(call)

    def __delitem__(self, uuid: str) -> None:
        super().__delitem__(uuid)
        self.channels = self.channels.without(uuid)

    def remove(self, uuid: str) -> LiveCall | None:
        """The channel, which is no more; None where it was not there."""
        found = self.get(uuid)
        if found is not None:
            del self[uuid]
        return found


class LiveTable:
    """The channels of the FreeSWITCH that ``node`` names. ``version`` grows with each change.

    ``known`` is whether the link to it is up. Channels that events name without telling about them are ``missing``,
    until a row of ``uuid_dump`` or their end comes.
    """

    def __init__(self, node: str) -> None:
        self.node = node
        self.known = False
        self.version = 0
        #: Grows when any channel may be another one, or gone, of which nobody was told by itself.
        self.generation = 0
        self.calls = Calls()
        self.ended: dict[str, Ended] = {}
        self.missing: set[str] = set()
        #: Who is, or was, in each conference that goes on, by extension or number.
        self.been: dict[str, set[str]] = {}
        self._dumped: dict[str, int] = {}
        self._view: Live = Live(known=False)
        self._viewed = 0
        #: Called with the UUID of each channel of which something new is known; it may not wait.
        self.on_channel: Callable[[str], None] = lambda uuid: None

    def view(self) -> Live:
        """All channels now."""
        if self._viewed != self.version:
            self._view, self._viewed = View((self.calls.channels,), self.known), self.version
        return self._view

    def know(self, known: bool) -> None:
        """The link came up, or went down."""
        self.known = known
        self.version += 1
        self.generation += 1

    def replace(self, rows: Iterable[Mapping[str, str]]) -> None:
        """All channels there are, each as ``uuid_dump`` tells it. Events that are older than its row count no more."""
        self.calls, self._dumped = Calls(), {}
        self.missing.clear()
        self.version += 1
        self.generation += 1
        self.add(rows)
        rooms = {call.room for call in self.calls.values()}
        self.been = {room: people for room, people in self.been.items() if room in rooms}

    def add(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Channels that were missing."""
        for row in rows:
            call = read_channel(row, self.node)
            if rings_nobody(row):
                self.missing.discard(call.uuid)
            elif call.uuid and call.uuid not in self.ended and row.get("Answer-State") != "hangup":
                self._dumped[call.uuid] = sequence(row)
                self.missing.discard(call.uuid)
                self._set(call)
        for call in tuple(self.calls.values()):  # one who waits is not yet connected with the phone that rings for him
            peer = self.calls.get(call.peer or "")
            if peer is not None and peer.state == "ringing" and call.state != "ringing":
                self._set(replace(call, peer=None))

    def lose(self, uuids: Collection[str], at: datetime) -> None:
        """Channels that are gone, though nobody heard how they ended."""
        for uuid in uuids:
            self.missing.discard(uuid)
            if (call := self.calls.get(uuid)) is not None:
                self._end(Ended(uuid, call.user, "", 0, "", at))

    def clear(self) -> tuple[str, ...]:
        """FreeSWITCH was restarted: its channels are gone; which these were."""
        gone = tuple(self.calls)
        self.calls, self._dumped, self.missing, self.been = Calls(), {}, set(), {}
        self.version += 1
        self.generation += 1
        return gone

    def apply(self, event: Mapping[str, str]) -> None:
        """Take in one event."""
        uuid, name = event.get("Unique-ID", ""), event.get("Event-Name")
        if name == "CUSTOM":
            name = event.get("Event-Subclass")
        if not uuid or name not in _TELLING or (uuid not in self.calls and rings_nobody(event)):
            return
        if name == "CHANNEL_HANGUP_COMPLETE":
            self._hang_up(uuid, event)
        elif uuid not in self.ended and (uuid not in self._dumped or sequence(event) > self._dumped[uuid]):
            match name:
                case "CHANNEL_CALLSTATE":
                    self._change_state(uuid, event)
                case "RECORD_START" | "RECORD_STOP":
                    self._record(uuid, event, name == "RECORD_START")
                case _ if name == ROOMS:
                    self._come_or_go(uuid, event)
                case _:
                    self._tell(uuid, event)
                    if name == "CHANNEL_BRIDGE":
                        self._connect(event)
                    elif name == "CHANNEL_UNBRIDGE":
                        self._part(event)

    def _tell(self, uuid: str, event: Mapping[str, str]) -> None:
        """An event with the channel's variables. Whom it talks with is for others to say."""
        if event.get("Answer-State") == "hangup":
            return  # on its way out
        before = self.calls.get(uuid)
        if before is None:
            self.missing.discard(uuid)
        self._set(read_channel(event, self.node, moment(event), before))

    def _change_state(self, uuid: str, event: Mapping[str, str]) -> None:
        call = self.calls.get(uuid)
        if event.get("Answer-State") == "hangup":
            return  # CHANNEL_HANGUP_COMPLETE follows at once, and tells more
        if call is None:
            self.missing.add(uuid)
            return
        state, alerts = state_of(event), call.alerting or alerting(event)
        if call.slot and not call.peer and state == "talking":
            state = "parked"
        if state != call.state:
            self._set(replace(call, state=state, since=moment(event), alerting=alerts))
        elif alerts != call.alerting:
            self._set(replace(call, alerting=alerts))

    def _record(self, uuid: str, event: Mapping[str, str], begins: bool) -> None:
        """Of other recordings than those by the code, such as messages in mailboxes, nothing is to be known."""
        call, path = self.calls.get(uuid), event.get("Record-File-Path", "")
        if call is None:
            return
        if begins and path == event.get(f"variable_{RECORDING}"):
            self._set(replace(call, recorded=recorded_to(event)))
        elif not begins and call.recorded == PurePosixPath(path).name:
            self._set(replace(call, recorded=None))

    def _connect(self, event: Mapping[str, str]) -> None:
        ends = event.get("Bridge-A-Unique-ID", ""), event.get("Bridge-B-Unique-ID", "")
        for uuid, other in (ends, ends[::-1]):
            call = self.calls.get(uuid)
            if call is None:
                if uuid and uuid not in self.ended:
                    self.missing.add(uuid)
                continue
            state = call.state if call.state == "held" else "talking"
            since = call.since if state == call.state else moment(event)
            self._set(replace(call, peer=other or None, room=None, state=state, since=since, slot=None))

    def _part(self, event: Mapping[str, str]) -> None:
        """Comes late: the new talk's BRIDGE may have been before it."""
        ends = event.get("Bridge-A-Unique-ID", ""), event.get("Bridge-B-Unique-ID", "")
        for uuid, other in (ends, ends[::-1]):
            call = self.calls.get(uuid)
            if call is not None and call.peer == other:
                self._set(_alone(call, moment(event)))

    def _come_or_go(self, uuid: str, event: Mapping[str, str]) -> None:
        """Of all that a conference tells, who is in it. Another one may have taken the channel before it left this."""
        call = self.calls.get(uuid)
        match event.get("Action"):
            case "add-member" if call is None:
                self.missing.add(uuid)
            case "add-member" if call is not None:
                self._set(replace(call, peer=None, room=room_of(event)))
            case "del-member" if call is not None and call.room == room_of(event):
                self._set(replace(call, room=None))

    def _hang_up(self, uuid: str, event: Mapping[str, str]) -> None:
        call = self.calls.get(uuid)
        user = user_of(event) or (call.user if call else None)
        cause = event.get("Hangup-Cause", "")
        refusal, redirect, owner = refusal_of(event), redirect_of(event), event.get(f"variable_{OWNER}", "")
        self._end(Ended(uuid, user, cause, refusal, redirect, moment(event), left_to_failsafe(event), owner))

    def _end(self, ended: Ended) -> None:
        self.missing.discard(ended.uuid)
        self._dumped.pop(ended.uuid, None)
        gone = self.calls.remove(ended.uuid)
        self._emptied(gone.room if gone else None)
        self.ended[ended.uuid] = ended
        for other in self.calls.channels.found("peer", ended.uuid):
            self._set(_alone(other, ended.at))
        while self.ended and (oldest := next(iter(self.ended.values()))).at < ended.at - REMEMBERED:
            del self.ended[oldest.uuid]
        self.version += 1
        self.on_channel(ended.uuid)

    def _emptied(self, room: str | None) -> None:
        """The last one may have left."""
        if room and not self.calls.channels.found("room", room):
            self.been.pop(room, None)

    def _set(self, call: LiveCall) -> None:
        if call.peer in self.ended:
            call = replace(call, peer=None)
        if self.calls.get(call.uuid) != call:
            before = self.calls.get(call.uuid)
            self.calls[call.uuid] = call
            if call.room and (who := call.user or call.number):
                self.been.setdefault(call.room, set()).add(who)
            if before is not None and before.room != call.room:
                self._emptied(before.room)
            self.version += 1
            self.on_channel(call.uuid)


def _alone(call: LiveCall, at: datetime) -> LiveCall:
    """It talks with nobody any more; who has a slot by then waits there."""
    if call.slot and call.state == "talking":
        return replace(call, peer=None, state="parked", since=at)
    return replace(call, peer=None)
