"""One call as its phone sees it, and what people do with it."""

import time
from collections.abc import Mapping
from typing import Literal
from urllib.parse import unquote

import gevent

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.core.causes import of_status, told
from fsctl.simulator.telephones import transfer

#: The phones of the laboratory name a cause beside these statuses (RFC 3326), and it counts for more.
_NAMED = {408: "NO_USER_RESPONSE", 480: "NO_ANSWER", 503: "SWITCH_CONGESTION"}

#: Nobody's hand is quicker. Seconds, as is how long one looks at one's phone for a call to be connected.
_HAND_SECONDS = 0.1
_LOOKS = 1.0


class Line:
    """One call as its phone sees it."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.shown_name, self.shown_number = channel.profile.caller_id_name, channel.profile.caller_id_number
        self.started_ringing_after = time.monotonic() - channel.switch.last_call_at
        #: No SIP is spoken here; of its headers there is the one that says how to ring.
        alert = channel.variables.get("alert_info", "")
        self.headers: Mapping[str, str] = {"Alert-Info": alert} if alert else {}
        self._cause = ""

    @property
    def display(self) -> tuple[str, str]:
        """Name and number of the other party on the display now."""
        before = ("", "") if self.channel.direction == "inbound" else (self.shown_name, self.shown_number)
        return self.channel.display or before

    @property
    def progress(self) -> list[Literal["ringing", "early media"]]:
        """What this phone was told while it waited for an answer."""
        return self.channel.progress

    @property
    def answered(self) -> bool:
        return self.channel.answered

    @property
    def doing(self) -> str:
        """What the switch does with this phone, by the name of its application: ``voicemail``, ``playback`` …"""
        return self.channel.variables.get("current_application", "")

    @property
    def sounds(self) -> list[str]:
        """What the switch has played to this phone, in order, each sound as it was named."""
        return self.channel.sounds

    @property
    def ended(self) -> bool:
        return self.channel.hung_up or self.channel.left_to is not None

    def answer(self) -> None:
        """Lift the receiver."""
        self.channel.answer()

    def reject(self, sip_status: int = 486) -> None:
        """Decline it."""
        self.channel.variables |= {
            "sip_invite_failure_status": str(sip_status), "proto_specific_hangup_cause": f"sip:{sip_status}"}
        self.channel.hang_up(_NAMED.get(sip_status) or of_status(sip_status))

    @property
    def keys(self) -> str:
        """What was pressed at the other end, as it arrived here."""
        return self.channel.keys

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
        self.channel.hold()

    def unhold(self) -> None:
        """Talk on."""
        self.channel.unhold()

    def redirect(self, dialled: str) -> None:
        """302: the caller shall call ``dialled`` instead."""
        self.channel.set("sip_redirect_contact_0", f"<sip:{dialled}@127.0.0.1>")
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
            channel = self.channel
            channel.switch.wait(lambda: channel.partner is not None or channel.in_room or self.ended, _LOOKS)
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
        switch, mine, theirs = self.channel.switch, self.channel, other.channel
        return switch.wait(lambda: mine.partner is theirs or any(
            room.hears(mine, theirs) for room in switch.rooms.values()), 0.35)
