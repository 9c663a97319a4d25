"""A channel, one leg of a call: what can be done with it. And the switch, as far as its channels know it."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import uuid4

from fsctl.simulator.channel.display import called, connected
from fsctl.simulator.channel.profile import Profile, now_us
from fsctl.simulator.channel.room import Room
from fsctl.simulator.channel.state import State
from fsctl.simulator.core.causes import known
from fsctl.simulator.core.core import Core
from fsctl.simulator.dialplan.interpreter import Dialplan

#: Transfers of one channel before it is hung up (switch_ivr.c:2175).
TRANSFER_LIMIT = 70


class Channel(State):
    """Whoever makes one starts its thread too (routing.py), once it has said what is known of it."""

    switch: "Switch"

    def __init__(self, switch: "Switch", direction: str, name: str, profile: Profile, uuid: str = "") -> None:
        super().__init__(switch, direction, name, profile, uuid or str(uuid4()))
        self._transfers = 0
        switch.channels[self.uuid] = self

    def ring_ready(self) -> None:
        """The far end rings, or the caller hears that it does."""
        if self.hung_up or self.answered or self.ringing:
            return
        self.ringing = True
        self.progress.append("ringing")
        self.profile.times.progress = self.profile.times.progress or now_us()
        self._tell_called()
        self.fire("CHANNEL_PROGRESS")
        self.run_commands("api_on_ring")
        self.set_call_state("RINGING")
        self.wake()

    def pre_answer(self) -> None:
        """Media before the answer: 183."""
        if self.hung_up or self.answered or self.early:
            return
        self.early = True
        self.progress.append("early media")
        self.profile.times.progress_media = now_us()
        self._tell_called()
        self.fire("CHANNEL_PROGRESS_MEDIA")
        self.run_commands("api_on_media")
        self.set_call_state("EARLY")
        self.wake()

    def answer(self) -> None:
        """Take the call; what ``api_on_answer`` names is run."""
        if self.hung_up or self.answered:
            return
        self.answered = True
        self.profile.times.answered = now_us()
        self._tell_called()
        self.fire("CHANNEL_ANSWER")
        self.set_call_state("ACTIVE")
        self.run_commands("api_on_answer")
        if self.partner is not None and not self.partner.answered:
            self.partner.answer()
            connected(self.partner, self)
        self.wake()

    def run_commands(self, on: str) -> None:
        """Those of all variables that begin so (switch_channel_api_on)."""
        for command in [value for name, value in self.variables.items() if name.startswith(on)]:
            self.switch.api(command)

    def _tell_called(self) -> None:
        if self.direction == "inbound":
            called(self)

    def hang_up(self, cause: str = "NORMAL_CLEARING") -> None:
        """End it, from wherever. The first cause counts."""
        if self.hung_up:
            return
        self.unhold(final=True)
        self.hangup_cause = known(cause)
        if self.partner is not None:
            self.partner.set("last_bridge_hangup_cause", self.hangup_cause)
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
        application, _, data = (self.get("execute_on_blind_transfer") or "").partition(" ")
        if application:
            self.switch.applications[application].run(self, data)
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
            partner.thread.wake()

    def hold(self) -> None:
        """Its phone holds the call."""
        if self.held or self.hung_up or self.partner is None and not self.in_room:
            return
        self.held = True
        self.profile.times.last_hold = now_us()
        self.set_call_state("HELD")
        self.fire("CHANNEL_HOLD")
        if self.partner is not None:
            self.partner.play_music(True)

    def unhold(self, *, final: bool = False) -> None:
        """No longer. ``final``: since it hangs up, and whoever hears only music then is hung up on at once."""
        if not self.held or self.hung_up:
            return
        self.held = False
        partner = self.partner
        if partner is not None and not final:
            partner.play_music(False)
        self.set_call_state("UNHELD")
        self.fire("CHANNEL_UNHOLD")
        if not final:
            self.set_call_state("ACTIVE")
        elif partner is not None and partner.ready:
            partner.hang_up()

    def play_music(self, on: bool) -> None:
        """What it hears while the other one holds."""
        if on == self.music:
            return
        self.music = on
        about = {"Application": "playback", "Application_Data": self.switch.globals["hold_music"]}
        self.fire("CHANNEL_EXECUTE" if on else "CHANNEL_EXECUTE_COMPLETE", **about)

    def break_off(self) -> None:
        """End what is played."""
        self.broken_off = True
        self.wake()

    def press(self, keys: str) -> None:
        """DTMF from this channel's phone."""
        for key in keys:
            self._pass_on(key)
            self.fire("DTMF", DTMF_Digit=key, DTMF_Duration="2000", DTMF_Source="RTP")
        if self.asked_key and self.asked_key in self.digits:
            self.confirmed = True
            self.digits.clear()
        self.wake()

    def _pass_on(self, key: str) -> None:
        """To whom it talks with. Where nothing but ``socket`` runs it is lost in that (switch_ivr_park)."""
        if self.partner is not None:
            self.partner.keys += key
        elif self.in_room:
            for room in self.switch.rooms.values():
                room.pass_on(self, key)
        elif not self.controlled or self.thread.depth > 1:
            self.digits.append(key)


@dataclass(frozen=True, slots=True)
class Application:
    """Takes the channel and the expanded argument; what it returns is Application-Response.

    ``audible``: the caller hears something from then on, even before the application says that it begins.
    """

    run: Callable[[Channel, str], str | None]
    audible: bool = False


class Telephone(Protocol):
    """Somebody who can be rung."""

    def invite(self, channel: Channel) -> None: ...


class Switch(Core):
    """``applications`` is the table of what its channels execute; whatever else is above them, a subclass adds."""

    dialplan: Dialplan

    def __init__(self, variables: dict[str, str], speed: float, clock: Callable[[], float],
                 applications: Mapping[str, Application]) -> None:
        super().__init__(variables, speed, clock)
        self.applications = applications
        self.channels: dict[str, Channel] = {}
        #: The conferences, by name.
        self.rooms: dict[str, Room] = {}
        #: How many of them there may be, but for legs with ``no_throttle_limits``.
        self.max_sessions = 2000
        #: What is counted by ``uuid_limit``: in which second, and how often.
        self.rates: dict[str, tuple[int, int]] = {}
        #: What mod_hash keeps, by realm and key.
        self.hash: dict[str, str] = {}
        #: When the last call was placed, by the monotonic clock.
        self.last_call_at = 0.0

    def find(self, uuid: str) -> Channel | None:
        """A channel that is up."""
        channel = self.channels.get(uuid)
        return channel if channel is not None and not channel.hung_up else None

    def remove(self, channel: Channel) -> None:
        """It is gone for good."""
        self.channels.pop(channel.uuid, None)
        self.schedule.delete(channel.uuid)
        self.pulse()

    @abstractmethod
    def telephone(self, endpoint: str) -> tuple[Telephone | None, str, dict[str, str]]:
        """Whom an endpoint means, or the cause why there is no leg, and what the leg is told of it."""

    @abstractmethod
    def registrations(self) -> list[str]:
        """The users of all telephones that are registered."""

    @abstractmethod
    def contacts(self, extension: str) -> list[str]:
        """The SIP addresses of an extension's registered telephones."""

    @abstractmethod
    def reload(self) -> None:
        """Read dialplan and directory anew."""
