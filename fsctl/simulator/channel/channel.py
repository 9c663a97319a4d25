"""A channel: one leg of a call, its variables and its state. What it executes is in executor.py."""

from collections import deque
from typing import TYPE_CHECKING
from uuid import uuid4

from fsctl.simulator.channel.executor import Executor
from fsctl.simulator.channel.hold import play_music, unhold
from fsctl.simulator.channel.profile import Profile, now_us
from fsctl.simulator.channel.shown import headers
from fsctl.simulator.channel.variables import Variables
from fsctl.simulator.channel.watcher import Watcher
from fsctl.simulator.core.causes import Q850, known
from fsctl.simulator.core.events import WITHOUT_VARIABLES

if TYPE_CHECKING:
    from fsctl.simulator.switch import Simulator

#: Transfers of one channel before it is hung up (switch_ivr.c:2175).
TRANSFER_LIMIT = 70


class Channel(Variables):
    """``direction`` is ``inbound`` for a caller's own leg and ``outbound`` for one that the switch rang."""

    def __init__(self, switch: "Simulator", direction: str, name: str, profile: Profile, uuid: str = "") -> None:
        uuid = uuid or str(uuid4())
        super().__init__(
            switch, profile, {"direction": direction, "uuid": uuid, "channel_name": name, "call_uuid": uuid})
        self.direction, self.name, self.uuid = direction, name, uuid
        self.state, self.call_state = "CS_INIT", "DOWN"
        self.answered = self.ringing = self.early = self.in_dialplan = False
        self.hangup_cause = ""
        #: Keys that were pressed and that nobody has read yet.
        self.digits: deque[str] = deque()
        #: Somebody at this leg pressed the key that takes the call.
        self.confirmed = False
        #: With whom it talks.
        self.partner: Channel | None = None
        #: The other leg, shown in events also after the talk, and what that one is to this.
        self.other: Channel | None = None
        self.other_type = ""
        #: Who shall have the call that this channel rings for, when its own phone has left by a transfer.
        self.left_to: Channel | None = None
        #: Who has taken this leg's place (pickup.py).
        self.picker: Channel | None = None
        #: It was taken from the phones that rang for it.
        self.intercepted = False
        #: Name and number that its phone shows by now, where they changed since it rang.
        self.display: tuple[str, str] | None = None
        #: Where a transfer sends it: destination, dialplan, context.
        self.transfer_to: tuple[str, str, str] | None = None
        #: With whom it shall talk, when somebody else connects them, and whether its thread then holds the talk.
        self.join_to: tuple[Channel, bool] | None = None
        #: Its own ``bridge`` was what it left when it was called away.
        self.bridging = False
        #: Its phone holds the call; or it hears music because the other one does.
        self.held = self.music = False
        #: The key by which somebody at this leg takes the call, once he was asked.
        self.asked_key = ""
        #: What is played now ends at once.
        self.broken_off = False
        #: CS_RESET: torn out of what it does, though nobody says where to.
        self.reset = False
        #: A ``socket`` application holds it parked.
        self.controlled = False
        self.connections: list[Watcher] = []
        self._transfers = 0
        self.executor = Executor(self)
        switch.add(self)

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

    def enter(self, state: str) -> None:
        """CS_ROUTING and so on; tells the links."""
        self.state = state
        self.fire("CHANNEL_STATE")

    def fire(self, name: str, **headers: str) -> None:
        """Send an event of this channel; ``Bridge_A_Unique_ID="…"`` for ``Bridge-A-Unique-ID``."""
        extra = {key.replace("_", "-"): value for key, value in headers.items()}
        first = {key: extra.pop(key) for key in list(extra) if key.startswith("Bridge-")}
        self.switch.fire(name, {**first, **self.headers(name not in WITHOUT_VARIABLES), **extra})

    def headers(self, variables: bool = True) -> dict[str, str]:
        """The channel as events show it."""
        return headers(self, variables)

    def set_call_state(self, state: str) -> None:
        """DOWN, RINGING, RING_WAIT, EARLY, ACTIVE, HELD, UNHELD, HANGUP; tells the links."""
        if state != self.call_state:
            before, self.call_state = self.call_state, state
            self.fire("CHANNEL_CALLSTATE", Original_Channel_Call_State=before)

    def ring_ready(self) -> None:
        """The far end rings, or the caller hears that it does."""
        if self.hung_up or self.answered or self.ringing:
            return
        self.ringing = True
        self.profile.times.progress = self.profile.times.progress or now_us()
        self.fire("CHANNEL_PROGRESS")
        self.set_call_state("RINGING")
        self.wake()

    def pre_answer(self) -> None:
        """Media before the answer: 183."""
        if self.hung_up or self.answered or self.early:
            return
        self.early = True
        self.profile.times.progress_media = now_us()
        self.fire("CHANNEL_PROGRESS_MEDIA")
        self.set_call_state("EARLY")
        self.wake()

    def answer(self) -> None:
        """Take the call; what ``api_on_answer`` names is run."""
        if self.hung_up or self.answered:
            return
        self.answered = True
        self.profile.times.answered = now_us()
        self.fire("CHANNEL_ANSWER")
        self.set_call_state("ACTIVE")
        if command := self.variables.get("api_on_answer"):
            self.switch.api(command)
        self.wake()

    def hang_up(self, cause: str = "NORMAL_CLEARING") -> None:
        """End it, from wherever. The first cause counts."""
        if self.hung_up:
            return
        unhold(self, final=True)
        self.hangup_cause = known(cause)
        self.profile.times.hangup = now_us()
        self.fire("CHANNEL_HANGUP")
        for connection in list(self.connections):
            connection.channel_down()
        self.wake()

    def transfer(self, destination: str, dialplan: str = "", context: str = "") -> None:
        """Send it elsewhere in the dialplan (switch_ivr_session_transfer)."""
        if self.hung_up:
            return
        self._transfers += 1
        if self._transfers > TRANSFER_LIMIT:
            self.hang_up("EXCHANGE_ROUTING_ERROR")
            return
        context = context or self.get("force_transfer_context") or self.profile.context
        self.transfer_to = (destination, dialplan or "XML", context)
        self.reset = False
        self.other = None
        self.set("signal_bond", None)
        self.wake()

    def leave(self) -> None:
        """It talks with nobody any more; who talked with it learns so."""
        partner, self.partner = self.partner, None
        if partner is not None:
            partner.executor.wake()

    def inherit(self, other: "Channel") -> None:
        """Go on in another one's dialplan, where it was (switch_ivr_originate.c, after a failed transfer)."""
        self.executor.inherited = list(other.executor.rest)
        self.transfer(other.profile.destination_number, "inherited", other.profile.context)

    def break_off(self) -> None:
        """End what is played."""
        self.broken_off = True
        self.wake()

    def press(self, keys: str) -> None:
        """DTMF from this channel's phone."""
        for key in keys:
            self.digits.append(key)
            self.fire("DTMF", DTMF_Digit=key, DTMF_Duration="2000", DTMF_Source="RTP")
        if self.asked_key and self.asked_key in self.digits:
            self.confirmed = True
            self.digits.clear()
        self.wake()

    def wake(self) -> None:
        """Something changed that its thread or the other leg's may wait for."""
        self.executor.wake()
        if self.other is not None:
            self.other.executor.wake()
        self.switch.pulse()

    def end(self) -> None:
        """The executor is through: report, and be gone once no connection lingers."""
        cause = self.hangup_cause
        play_music(self, False)
        self.enter("CS_HANGUP")
        self.variables |= {"hangup_cause": cause, "hangup_cause_q850": str(_q850(cause))}
        if hook := self.variables.get("api_hangup_hook"):
            self.switch.api(self.expand(hook))
        self.set_call_state("HANGUP")
        self.enter("CS_REPORTING")
        self.fire("CHANNEL_HANGUP_COMPLETE")
        for connection in list(self.connections):
            connection.channel_ended()
        self.destroy_if_free()

    def destroy_if_free(self) -> None:
        """A connection that lingers keeps a dead channel in the list of channels."""
        if not self.connections and self.state == "CS_REPORTING":
            self.fire("CHANNEL_DESTROY")
            self.enter("CS_DESTROY")
            self.switch.remove(self)


def _q850(cause: str) -> int:
    number = Q850[cause]
    return number if number <= 127 else 0

