"""Telephones: those of the office, and subscribers of the public network behind the trunk."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

import gevent

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.channel.hold import hold, unhold
from fsctl.simulator.channel.profile import Profile
from fsctl.simulator.core.causes import told
from fsctl.simulator.telephones import transfer
from fsctl.simulator.telephones.subscription import Subscription

if TYPE_CHECKING:
    from fsctl.simulator.switch import Simulator

#: What a phone does with a call: ring and wait for ``answer()`` or ``reject()``, or say 486, 603 or 480 at once.
Behaviour = Literal["ring", "busy", "decline", "absent"]

_BEHAVIOURS: dict[Behaviour, str] = {"busy": "USER_BUSY", "decline": "CALL_REJECTED", "absent": "NO_ANSWER"}
_STATUSES = {404: "UNALLOCATED_NUMBER", 408: "NO_USER_RESPONSE", 480: "NO_ANSWER", 486: "USER_BUSY",
             503: "SWITCH_CONGESTION", 603: "CALL_REJECTED"}

#: Nobody's hand is quicker. Seconds, as is how long one looks at one's phone for a call to be connected.
_HAND_SECONDS = 0.1
_LOOKS = 1.0


class Phone:
    """``facts`` are what the directory knows of the user; None for somebody outside."""

    def __init__(self, switch: "Simulator", number: str, facts: Mapping[str, str] | None) -> None:
        self.switch, self.number = switch, number
        self.behaviour: Behaviour = "ring"
        self.registered = True
        self.arrived: list[Line] = []
        self._facts = facts

    def call(self, dialled: str, name: str | None = None, headers: Mapping[str, str] | None = None) -> "Line":
        """Place a call. Names and numbers come as they would over SIP, where the switch decodes ``%XX`` once."""
        number, dialled = unquote(self.number), unquote(dialled)
        profile = Profile(unquote(name or self.number), number, dialled, "public", ani=number)
        variables = {"sip_from_user": number, "sofia_profile_name": "trunk"}
        if self._facts is not None:
            profile.context, profile.username = self._facts.get("user_context", "default"), self.number
            variables |= {"sofia_profile_name": "phones", "sip_authorized": "true", "user_name": self.number,
                          "domain_name": self.switch.globals["domain"], **self._facts}
        channel = Channel(self.switch, "inbound", f"sofia/{variables['sofia_profile_name']}/{number}", profile)
        channel.variables |= variables
        channel.enter("CS_NEW")
        channel.enter("CS_INIT")
        channel.fire("CHANNEL_CREATE")
        channel.transfer_to = (dialled, "XML", profile.context)
        self.switch.last_call_at = time.monotonic()
        channel.executor.start()
        return Line(channel)

    def watch(self, lamp: str) -> Subscription:
        """Subscribe to a lamp such as ``night+berlin``."""
        return Subscription(self.switch, self.number, lamp)

    def replace(self, line: "Line") -> "Line":
        """Take a call that rings at another phone as a pressed lamp does: by an INVITE with Replaces."""
        caller = line.channel.other
        assert caller is not None
        profile = Profile(self.number, self.number, line.channel.profile.destination_number, "default", ani=self.number)
        channel = Channel(self.switch, "inbound", f"sofia/phones/{self.number}", profile)
        channel.variables |= {"user_name": self.number, **(self._facts or {})}
        channel.enter("CS_NEW")
        channel.enter("CS_INIT")
        channel.fire("CHANNEL_CREATE")
        channel.transfer_to = (f"answer,intercept:{caller.uuid}", "inline", "default")
        channel.executor.start()
        return Line(channel)

    def invite(self, channel: Channel) -> None:
        """The switch rings this phone by a leg of its own."""
        if self.behaviour != "ring":
            channel.hang_up(_BEHAVIOURS[self.behaviour])
            return
        self.arrived.append(Line(channel))
        channel.ring_ready()

    def ringing(self, timeout: float = 5) -> "Line":
        """Wait for the next call that rings here; TimeoutError if none does."""
        if not self.switch.wait(lambda: bool(self.arrived), timeout):
            raise TimeoutError(f"{self.number} does not ring")
        return self.arrived.pop(0)

    def quiet(self, seconds: float) -> None:
        """AssertionError if it rings within that time."""
        if self.switch.wait(lambda: bool(self.arrived), seconds):
            raise AssertionError(f"{self.number} rings")

    def register(self) -> None:
        """Be reachable again."""
        self.registered = True

    def unregister(self) -> None:
        """Be reachable no more."""
        self.registered = False


class Line:
    """One call as its phone sees it."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.shown_name, self.shown_number = channel.profile.caller_id_name, channel.profile.caller_id_number
        self.started_ringing_after = time.monotonic() - channel.switch.last_call_at
        #: No SIP is spoken here.
        self.headers: Mapping[str, str] = {}
        self._cause = ""

    @property
    def display(self) -> tuple[str, str]:
        """Name and number of the other party on the display now."""
        return self.channel.display or (self.shown_name, self.shown_number)

    @property
    def answered(self) -> bool:
        return self.channel.answered

    @property
    def doing(self) -> str:
        """What the switch does with this phone, by the name of its application: ``voicemail``, ``playback`` …"""
        return self.channel.variables.get("current_application", "")

    @property
    def ended(self) -> bool:
        return self.channel.hung_up or self.channel.left_to is not None

    def answer(self) -> None:
        """Lift the receiver."""
        self.channel.answer()

    def reject(self, sip_status: int = 486) -> None:
        """Decline it."""
        self.channel.hang_up(_STATUSES[sip_status])

    def press(self, keys: str) -> None:
        """Press keys."""
        self.channel.press(keys)

    def hang_up(self) -> None:
        """End it; before the answer that is a caller who gives up, or a phone that declines."""
        self._settled()
        before = "ORIGINATOR_CANCEL" if self.channel.direction == "inbound" else "CALL_REJECTED"
        if not self.ended:
            self._cause = "NORMAL_CLEARING"
        self.channel.hang_up("NORMAL_CLEARING" if self.answered else before)

    def hold(self) -> None:
        """The other party hears music."""
        self._settled()
        hold(self.channel)

    def unhold(self) -> None:
        """Talk on."""
        unhold(self.channel)

    def redirect(self, dialled: str) -> None:
        """302: the caller shall call ``dialled`` instead."""
        self.channel.set("sip_redirect_contact_user_0", unquote(dialled))
        self.channel.hang_up("REQUESTED_CHAN_UNAVAIL")

    def transfer(self, dialled: str) -> None:
        """REFER: the other party shall call ``dialled`` instead."""
        self._settled()
        transfer.blind(self.channel, unquote(dialled))

    def transfer_to(self, other: "Line") -> None:
        """REFER with Replaces: the other party shall have whom this phone talks to, or rings, in the call ``other``."""
        self._settled()
        consulted = other.channel
        self.channel.switch.wait(
            lambda: consulted.partner is not None or consulted.ringing or consulted.answered, _LOOKS)
        transfer.attended(self.channel, other.channel)

    def _settled(self) -> None:
        """People do nothing with a call before they know that they have it; the switch is done by then."""
        if self.answered and not self.ended:
            self.channel.switch.wait(lambda: self.channel.partner is not None or self.ended, _LOOKS)
            gevent.sleep(_HAND_SECONDS)

    def wait_answered(self, timeout: float = 5) -> None:
        """TimeoutError if nobody answers."""
        self.channel.switch.wait(lambda: self.answered or self.ended, timeout)
        if not self.answered:
            raise TimeoutError(f"nobody answers: {self.channel.hangup_cause}")

    def wait_ended(self, timeout: float = 5) -> str:
        """The cause that this phone saw, by its Q.850 name; TimeoutError if the call goes on."""
        if not self.channel.switch.wait(lambda: self.ended, timeout):
            raise TimeoutError("the call goes on")
        return self._cause or told(self.channel.hangup_cause or "NORMAL_CLEARING")

    def hears(self, other: "Line") -> bool:
        """Whether they are connected, or about to be."""
        return self.channel.switch.wait(lambda: self.channel.partner is other.channel, 0.35)
