"""What is known of a channel, and how events show it."""

from collections import deque
from typing import Literal, Self

from fsctl.simulator.channel.profile import Profile
from fsctl.simulator.channel.thread import Thread
from fsctl.simulator.channel.variables import Variables
from fsctl.simulator.channel.watcher import Watcher
from fsctl.simulator.core.core import Core
from fsctl.simulator.core.events import WITHOUT_VARIABLES
from fsctl.simulator.core.recording import Recording
from fsctl.simulator.dialplan.interpreter import Action

_STATES = {"CS_NEW": 0, "CS_INIT": 1, "CS_ROUTING": 2, "CS_SOFT_EXECUTE": 3, "CS_EXECUTE": 4, "CS_EXCHANGE_MEDIA": 5,
           "CS_CONSUME_MEDIA": 7, "CS_HIBERNATE": 8, "CS_RESET": 9, "CS_HANGUP": 10, "CS_REPORTING": 11,
           "CS_DESTROY": 12}


class State(Variables):
    """``direction`` is ``inbound`` for a caller's own leg and ``outbound`` for one that the switch rang."""

    def __init__(self, switch: Core, direction: str, name: str, profile: Profile, uuid: str) -> None:
        super().__init__(
            switch, profile, {"direction": direction, "uuid": uuid, "channel_name": name, "call_uuid": uuid})
        self.direction, self.name, self.uuid = direction, name, uuid
        self.state, self.call_state = "CS_INIT", "DOWN"
        self.answered = self.ringing = self.early = self.in_dialplan = False
        #: What its phone was told while it waited for an answer, if it called.
        self.progress: list[Literal["ringing", "early media"]] = []
        self.hangup_cause = ""
        self.thread = Thread(self)
        #: What follows in the dialplan after what runs now, and what to run instead of a dialplan of one's own.
        self.remaining: list[Action] = []
        self.inherited: list[Action] = []
        #: Keys that were pressed and that nobody has read yet.
        self.digits: deque[str] = deque()
        #: Those that were pressed at the other end, as they arrived at its phone.
        self.keys = ""
        #: Somebody at this leg pressed the key that takes the call.
        self.confirmed = False
        #: With whom it talks.
        self.partner: Self | None = None
        #: The other leg, shown in events also after the talk, and what that one is to this.
        self.other: Self | None = None
        self.other_type = ""
        #: Who shall have the call that this channel rings for, when its own phone has left by a transfer.
        self.left_to: Self | None = None
        #: Who has taken this leg's place.
        self.picker: Self | None = None
        #: It was taken from the phones that rang for it.
        self.intercepted = False
        #: Whether it counts as a caller, not as one who was called.
        self.calls = direction == "inbound"
        #: Name and number of the other party that its phone was told since it called or rang.
        self.display: tuple[str, str] | None = None
        #: The same, as far as a message has told it.
        self.told: tuple[str, str] | None = None
        #: Where a transfer sends it: destination, dialplan, context.
        self.transfer_to: tuple[str, str, str] | None = None
        #: With whom it shall talk, when somebody else connects them, and whether its thread then holds the talk.
        self.join_to: tuple[Self, bool] | None = None
        #: Its own ``bridge`` was what it left when it was called away.
        self.bridging = False
        #: Its phone holds the call; or it hears music because the other one does.
        self.held = self.music = False
        #: The key by which somebody at this leg takes the call, once he was asked.
        self.asked_key = ""
        #: What is played now ends at once.
        self.broken_off = False
        #: What the switch has played to it, in order, each sound as it was named.
        self.sounds: list[str] = []
        #: What is played over what it hears else, and until when, by the monotonic clock.
        self.displaced: dict[str, float] = {}
        #: The files into which it is recorded, by their paths.
        self.recordings: dict[str, Recording] = {}
        #: CS_RESET: torn out of what it does, though nobody says where to.
        self.reset = False
        #: A ``socket`` application holds it parked.
        self.controlled = False
        self.connections: list[Watcher] = []

    @property
    def hung_up(self) -> bool:
        return bool(self.hangup_cause)

    @property
    def ready(self) -> bool:
        """Whether applications go on: neither hung up nor called away."""
        return not self.hung_up and not self.reset and not self.called_away

    @property
    def called_away(self) -> bool:
        """A transfer, or somebody who connects it with another channel, wants its thread."""
        return self.transfer_to is not None or self.join_to is not None

    @property
    def in_room(self) -> bool:
        """Whether it is in a conference."""
        return "conference_call_key" in self.variables

    def enter(self, state: str) -> None:
        """CS_ROUTING and so on; tells the links."""
        self.state = state
        self.fire("CHANNEL_STATE")

    def set_call_state(self, state: str) -> None:
        """DOWN, RINGING, RING_WAIT, EARLY, ACTIVE, HELD, UNHELD, HANGUP; tells the links."""
        if state != self.call_state:
            before, self.call_state = self.call_state, state
            self.fire("CHANNEL_CALLSTATE", Original_Channel_Call_State=before)

    def wake(self) -> None:
        """Something changed that its thread or the other leg's may wait for."""
        self.thread.wake()
        if self.other is not None:
            self.other.thread.wake()
        self.switch.pulse()

    def fire(self, name: str, **headers: str) -> None:
        """Send an event of this channel; ``Bridge_A_Unique_ID="…"`` for ``Bridge-A-Unique-ID``."""
        extra = {key.replace("_", "-"): value for key, value in headers.items()}
        first = {key: extra.pop(key) for key in list(extra) if key.startswith("Bridge-")}
        self.switch.fire(name, {**first, **self.headers(name not in WITHOUT_VARIABLES), **extra})

    def headers(self, variables: bool = True) -> dict[str, str]:
        """Its state, its profile, the other leg's, and on request its variables; in the real switch's order."""
        number = _STATES["CS_HANGUP"] if self.hung_up and self.state == "CS_EXECUTE" else _STATES[self.state]
        shown = {
            "Channel-State": self.state, "Channel-Call-State": self.call_state,
            "Channel-State-Number": str(number), "Channel-Name": self.name,
            "Unique-ID": self.uuid, "Call-Direction": self.direction, "Presence-Call-Direction": self.direction,
            "Channel-HIT-Dialplan": str(self.direction == "inbound").lower(),
            "Channel-Presence-ID": self.variables.get("presence_id", ""), "Channel-Call-UUID": self.uuid,
            "Answer-State": self._answer_state(), "Hangup-Cause": self.hangup_cause,
        }
        shown = {name: value for name, value in shown.items() if value}
        shown |= self.profile.headers("Caller", self.direction, self.uuid, self.name)
        if (other := self.other) is not None:
            shown["Other-Type"] = self.other_type
            shown |= other.profile.headers("Other-Leg", other.direction, other.uuid, other.name)
        if variables:
            shown |= {f"variable_{name}": value for name, value in self.variables.items()}
        return shown

    def _answer_state(self) -> str:
        if self.hung_up:
            return "hangup"
        return "answered" if self.answered else "early" if self.early else "ringing"
