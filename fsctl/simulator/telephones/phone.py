"""Telephones: those of the office, and subscribers of the public network behind the trunk."""

import time
from collections.abc import Mapping
from typing import Literal
from urllib.parse import unquote

from fsctl.model import contexts
from fsctl.simulator.channel.channel import Channel, Switch
from fsctl.simulator.channel.profile import Profile
from fsctl.simulator.channel.routing import start
from fsctl.simulator.telephones.line import Line
from fsctl.simulator.telephones.subscription import Subscription

#: What a phone does with a call: ring and wait for ``answer()`` or ``reject()``, say 486, 603 or 480 at once, or
#: nothing, as one does that is gone without having said so.
Behaviour = Literal["ring", "early", "busy", "decline", "absent", "silent"]

_STATUSES: dict[Behaviour, int] = {"busy": 486, "decline": 603, "absent": 480}


class Phone:
    """``facts`` are what the directory knows of the user; None for somebody outside. ``contact`` is where the switch
    shall call it, which it tells when it registers.
    """

    def __init__(self, switch: Switch, number: str, facts: Mapping[str, str] | None, contact: str = "") -> None:
        self.switch, self.number, self.contact = switch, number, contact
        self.behaviour: Behaviour = "ring"
        self.registered = True
        self.arrived: list[Line] = []
        self._facts = facts

    def call(self, dialled: str, name: str | None = None, headers: Mapping[str, str] | None = None) -> Line:
        """Place a call. Names and numbers come as they would over SIP, where the switch decodes ``%XX`` once."""
        number, dialled = unquote(self.number), unquote(dialled)
        profile = Profile(unquote(name or self.number), number, dialled, contexts.PUBLIC, ani=number)
        variables = {"sip_from_user": number, "sofia_profile_name": "trunk"}
        if self._facts is not None:
            profile.context, profile.username = self._facts.get("user_context", contexts.DEFAULT), self.number
            variables |= {"sofia_profile_name": "phones", "sip_authorized": "true", "user_name": self.number,
                          "domain_name": self.switch.globals["domain"], **self._facts}
        channel = Channel(self.switch, "inbound", f"sofia/{variables['sofia_profile_name']}/{number}", profile)
        channel.variables |= variables
        channel.enter("CS_NEW")
        channel.enter("CS_INIT")
        channel.fire("CHANNEL_CREATE")
        channel.transfer_to = (dialled, "XML", profile.context)
        self.switch.last_call_at = time.monotonic()
        start(channel)
        return Line(channel)

    def watch(self, lamp: str) -> Subscription:
        """Subscribe to a lamp such as ``night+berlin``."""
        return Subscription(self.switch, self.number, lamp)

    def replace(self, line: Line) -> Line:
        """Take a call that rings at another phone as a pressed lamp does: by an INVITE with Replaces."""
        caller = line.channel.other
        assert caller is not None
        called = line.channel.profile.destination_number
        profile = Profile(self.number, self.number, called, contexts.DEFAULT, ani=self.number)
        channel = Channel(self.switch, "inbound", f"sofia/phones/{self.number}", profile)
        channel.variables |= {"user_name": self.number, **(self._facts or {})}
        channel.enter("CS_NEW")
        channel.enter("CS_INIT")
        channel.fire("CHANNEL_CREATE")
        channel.transfer_to = (f"answer,intercept:{caller.uuid}", "inline", contexts.DEFAULT)
        start(channel)
        return Line(channel)

    def invite(self, channel: Channel) -> None:
        """The switch rings this phone by a leg of its own."""
        if self.behaviour == "silent":
            return
        if self.behaviour in _STATUSES:
            Line(channel).reject(_STATUSES[self.behaviour])
            return
        self.arrived.append(Line(channel))
        if self.behaviour == "early":
            channel.pre_answer()
        else:
            channel.ring_ready()

    def ringing(self, timeout: float = 5) -> Line:
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
