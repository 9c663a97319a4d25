"""A leg to ring, and the channel for it."""

from dataclasses import dataclass

import gevent

from fsctl.model import contexts
from fsctl.simulator.channel.channel import Channel, Switch
from fsctl.simulator.channel.display import sanitized
from fsctl.simulator.channel.profile import Profile
from fsctl.simulator.channel.routing import start
from fsctl.simulator.core.media import seconds_of


@dataclass(slots=True)
class Leg:
    """One target. Without a channel there was nobody to ring."""

    channel: Channel | None
    cause: str = ""
    until: float = float("inf")
    progress_until: float = float("inf")
    asked: bool = False

    @property
    def picked_up(self) -> bool:
        """Whether somebody takes this leg's place and has left what he did."""
        picker = self.channel.picker if self.channel else None
        return picker is not None and (picker.transfer_to is None or picker.hung_up)

    @property
    def rings_nobody(self) -> bool:
        return self.channel is not None and self.channel.name.startswith("pickup/")

    @property
    def over(self) -> bool:
        return self.channel is None or self.channel.hung_up

    @property
    def taken(self) -> bool:
        """Whether somebody took the call: by answering, or with ``group_confirm_key`` by pressing that key.

        Where that is ``exec``, he hears something first, and need not press anything.
        """
        channel = self.channel
        return channel is not None and channel.answered and (channel.confirmed or not self.key)

    @property
    def key(self) -> str:
        return self.channel.variables.get("group_confirm_key", "") if self.channel else ""

    def ask(self) -> None:
        """Ask for the key, once, when the leg is answered."""
        if self.key and not self.asked and self.channel is not None and self.channel.answered:
            self.asked = True
            if self.key == "exec":
                self._tell(self.channel)
            else:
                self.channel.asked_key = self.key

    def _tell(self, channel: Channel) -> None:
        application, _, sound = channel.variables.get("group_confirm_file", "").partition(" ")
        seconds = (seconds_of(channel.expand(sound)) or 0) if application == "playback" else 0

        def told() -> None:
            channel.confirmed = True
            channel.wake()

        gevent.spawn_later(channel.switch.schedule.seconds(seconds), told)

    def won(self) -> None:
        """Who took the call by a key is not asked for it again, nor whom he calls (switch_ivr_originate.c:848)."""
        if self.channel is not None and self.channel.confirmed:
            self.channel.set("group_confirm_key", None)
            self.channel.set("group_confirm_file", None)

    @property
    def result(self) -> str:
        return self.cause or (self.channel.hangup_cause if self.channel else "") or "NONE"

    @property
    def state(self) -> tuple[bool, ...]:
        """What those who wait for it wait for."""
        channel = self.channel
        answered, ringing = bool(channel and channel.answered), bool(channel and channel.ringing)
        return self.over, self.taken, answered, ringing, self._alive, self.picked_up

    @property
    def due(self) -> float:
        """When it is given up unless something happens, by the monotonic clock."""
        return self.until if self._alive else min(self.until, self.progress_until)

    def give_up(self, now: float, timeout_cause: str) -> None:
        """End it if its time is over."""
        if self.channel is None:
            return
        if now >= self.until:
            self.channel.hang_up(timeout_cause)
        elif now >= self.progress_until and not self._alive:
            self.channel.hang_up("PROGRESS_TIMEOUT")

    @property
    def _alive(self) -> bool:
        return self.channel is not None and (self.channel.ringing or self.channel.early)


def new_leg(caller: Channel, endpoint: str, variables: dict[str, str], *, alone: bool) -> Channel:
    """A leg to an endpoint: what its phone shows, and what the dial string told it. ``alone``: it knows no caller."""
    profile = Profile(*shown_to(caller, variables), _called(endpoint), caller.profile.context)
    profile.callee_id_name = sanitized(variables.get("origination_callee_id_name", "Outbound Call"))
    profile.callee_id_number = sanitized(variables.get("origination_callee_id_number", _called(endpoint)))
    channel = _leg(caller.switch, endpoint, profile, variables | ({} if alone else {"originator": caller.uuid}))
    channel.set("originating_leg_uuid", caller.uuid)
    if not alone:
        channel.other, channel.other_type = caller, "originator"
    _begin(channel)
    return channel


def new_leg_for_nobody(switch: Switch, endpoint: str, variables: dict[str, str]) -> Channel:
    """The same for the command ``originate``, where no caller waits."""
    shown, called_by = (
        [sanitized(variables.get(f"origination_{which}_id_{part}", "")) for part in ("name", "number")]
        for which in ("caller", "callee"))
    profile = Profile(shown[0], shown[1], _called(endpoint), contexts.DEFAULT, callee_id_name=called_by[0],
                      callee_id_number=called_by[1])
    channel = _leg(switch, endpoint, profile, variables)
    _begin(channel)
    return channel


def _leg(switch: Switch, endpoint: str, profile: Profile, variables: dict[str, str]) -> Channel:
    channel = Channel(switch, "outbound", f"sofia/{_profile(endpoint)}/{profile.destination_number}", profile,
                      variables.get("origination_uuid", ""))
    channel.variables |= variables | {"originate_early_media": "true"}
    return channel


def _begin(channel: Channel) -> None:
    channel.enter("CS_INIT")
    for name in ("CHANNEL_CREATE", "CHANNEL_OUTGOING", "CHANNEL_ORIGINATE"):
        channel.fire(name)
    channel.enter("CS_ROUTING")
    channel.enter("CS_CONSUME_MEDIA")
    start(channel)


def shown_to(caller: Channel, variables: dict[str, str]) -> tuple[str, str]:
    """Name and number that a leg's phone shows."""
    name, number = (
        variables.get(f"origination_caller_id_{part}") or caller.get(f"effective_caller_id_{part}")
        or caller.get(f"caller_id_{part}") or "" for part in ("name", "number"))
    return sanitized(name), sanitized(number)


def _called(endpoint: str) -> str:
    return endpoint.rpartition("/")[2].partition("@")[0].removeprefix("sip:")


def _profile(endpoint: str) -> str:
    return "phones" if endpoint.startswith(("user/", "sofia/phones/")) else "trunk"
