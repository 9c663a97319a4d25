"""The telephones that the exchange plays, and their calls."""

import re
import time
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from tests.live.esl import Event
from tests.live.subscriber import Subscriber
from tests.live.telephony import Behaviour
from tests.live.tones import recorded, tones

if TYPE_CHECKING:
    from tests.live.lab import Lab

#: SIP statuses as causes: what a phone does when it is told to answer so.
CAUSES = {
    404: "UNALLOCATED_NUMBER", 408: "NO_USER_RESPONSE", 480: "NO_ANSWER", 486: "USER_BUSY", 503: "SWITCH_CONGESTION",
    603: "CALL_REJECTED",
}
_DIALOG = re.compile(r"^From: .*;tag=(\S+)\nTo: <sip:([^@]+)@.*;tag=(\S+)", re.M)
_RINGING = re.compile(r"^From: .*;tag=(\S+)\nTo: <sip:gw\+([^@]+)@.*;tag=(\S+)", re.M)


class SipPhone:
    """A telephone of the exchange: a registered one, or a subscriber of the public network."""

    def __init__(self, lab: "Lab", name: str, dial: str, host: str = "") -> None:
        self.behaviour: Behaviour = "ring"
        self.arrived: list[SipLine] = []
        self._lab, self._name, self._dial, self._host = lab, name, dial, host

    def call(self, dialled: str, name: str | None = None, headers: Mapping[str, str] | None = None, keys: bool = True,
             early: bool = False) -> "SipLine":
        """``early``: this phone speaks before it is answered, as telephones do, once there is early media."""
        line = SipLine(self._lab, str(uuid.uuid4()))
        variables = {"sip_from_display": percent(name or self._name)}
        if self._host:
            variables["origination_caller_id_number"] = percent(self._name)
        if not keys:  # the offer names no telephone-event
            variables["dtmf_type"] = "none"
            line.tone = 2400  # beside which keys are heard
        variables |= {f"sip_h_{header}": value for header, value in (headers or {}).items()}
        self._lab.place(line, f"{self._dial}{percent(dialled)}{self._host}", variables, early)
        return line

    def replace(self, line: "SipLine") -> "SipLine":
        """Takes the call that rings as ``line`` at another phone, by an INVITE with Replaces."""
        found: list[re.Match[str]] = []

        def rings() -> bool:
            heads = [text for way, text in self._lab.sip() if way == "sent" and line.call_id in text]
            found[:] = filter(None, (_RINGING.search(head) for head in heads if head.startswith("SIP/2.0 180")))
            return bool(found)

        self._lab.wait(rings, 5, "the other phone does not ring")
        theirs, number, ours = found[-1].groups()
        mine = SipLine(self._lab, str(uuid.uuid4()))
        replaces = f"'{line.call_id};to-tag={theirs};from-tag={ours}'"
        self._lab.place(mine, f"{self._dial}{number}", {"sip_h_Replaces": replaces})
        return mine

    def replace_caller(self, line: "SipLine") -> "SipLine":
        """Takes the place of ``line``, which has called and was answered, by an INVITE with Replaces."""
        number, replaces = line.dialog()
        return self.replace_dialog(replaces, number)

    def replace_dialog(self, replaces: str, number: str = "104") -> "SipLine":
        """Calls with this in Replaces."""
        mine = SipLine(self._lab, str(uuid.uuid4()))
        self._lab.place(mine, f"{self._dial}{number}", {"sip_h_Replaces": f"'{replaces}'"})
        return mine

    def ringing(self, timeout: float = 5) -> "SipLine":
        self._lab.wait(lambda: bool(self.arrived), timeout, f"{self._name} does not ring")
        return self.arrived.pop(0)

    def quiet(self, seconds: float) -> None:
        try:
            self._lab.wait(lambda: bool(self.arrived), seconds, "")
        except TimeoutError:
            return
        raise AssertionError(f"{self._name} rings")

    def watch(self, lamp: str) -> Subscriber:
        return self._lab.subscribe(self._name, lamp)

    def register(self) -> None:
        if not self._host:
            self._lab.register(self._name)

    def unregister(self) -> None:
        self._lab.unregister(self._name)


class SipLine:
    """A call at a phone of the exchange."""

    _tones = 0

    def __init__(self, lab: "Lab", uuid: str) -> None:
        self.uuid, self.call_id = uuid, ""
        self.shown_name = self.shown_number = self.cause = ""
        self.answered = self.ended = self.recorded = False
        self.placed_at = self.arrived_at = time.monotonic()
        SipLine._tones = (SipLine._tones + 1) % 20
        self.tone = 500 + 100 * SipLine._tones
        self.key_events: list[Event] = []
        """A DTMF event of the exchange for each key that has arrived."""
        self._lab = lab

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the INVITE that made this phone ring, as they were sent to it."""
        for direction, message in self._lab.sip():
            head = message.split("\n\n")[0]
            if direction == "received" and head.startswith("INVITE ") and f"\nCall-ID: {self.call_id}\n" in f"{head}\n":
                return dict(line.partition(": ")[::2] for line in head.split("\n")[1:])
        return {}

    @property
    def sip_call_id(self) -> str:
        """The Call-ID, of a call that this phone placed as well."""
        return self.call_id or self._lab.exchange.api(f"uuid_getvar {self.uuid} sip_call_id").strip()

    @property
    def keys(self) -> str:
        """What was pressed at the other end, as it arrived here."""
        return "".join(event["DTMF-Digit"] for event in self.key_events)

    @property
    def audio_port(self) -> int:
        return int(self._lab.exchange.api(f"uuid_getvar {self.uuid} local_media_port"))

    @property
    def display(self) -> tuple[str, str]:
        """As the last message to this phone said that told it."""
        call_id = self.sip_call_id
        told = (self.shown_name, self.shown_number)
        for direction, message in self._lab.sip():
            head = message.split("\n\n")[0]
            if direction == "received" and call_id in head and "\nX-FS-Display-Name: " in head:
                headers = dict(line.partition(": ")[::2] for line in head.split("\n")[1:])
                number = headers["X-FS-Display-Number"].removeprefix("sip:").partition("@")[0]
                told = headers["X-FS-Display-Name"], number
        return told

    @property
    def progress(self) -> list[Literal["ringing", "early media"]]:
        """What this phone was told while it waited for an answer, each once: 180, or 183 with SDP."""
        call_id = self.sip_call_id
        heads = [text for way, text in self._lab.sip() if way == "received" and call_id in text]
        told = {"SIP/2.0 180": "ringing", "SIP/2.0 183": "early media"}
        return list(dict.fromkeys(told[head[:11]] for head in heads if head[:11] in told))

    @property
    def reason(self) -> str:
        """The Reason of the CANCEL that ended the ringing, as a phone reads it to know whether it missed a call."""
        cancels = (text for way, text in self._lab.sip() if way == "received" and text.startswith("CANCEL "))
        found = [re.search(r"^Reason: (.*)$", text, re.M) for text in cancels if self.call_id in text]
        return found[-1][1] if found and found[-1] else ""

    @property
    def started_ringing_after(self) -> float:
        calls = [line.placed_at for line in self._lab._lines.values() if line.placed_at < self.arrived_at and not line.call_id]
        return self.arrived_at - max(calls)

    def answer(self) -> None:
        self._lab.exchange.api(f"uuid_setvar {self.uuid} tone {self.tone}")
        self._lab.exchange.api(f"uuid_transfer {self.uuid} speak XML phones")
        self.wait_answered()

    def reject(self, sip_status: int = 486) -> None:
        if sip_status in CAUSES:
            self._lab.exchange.api(f"uuid_kill {self.uuid} {CAUSES[sip_status]}")
        else:
            self._lab.exchange.api(f"uuid_transfer {self.uuid} respond:{sip_status} inline")

    def hang_up(self) -> None:
        self._lab.exchange.api(f"uuid_kill {self.uuid} NORMAL_CLEARING")

    def press(self, keys: str) -> None:
        self._lab.exchange.api(f"uuid_send_dtmf {self.uuid} {keys}")

    def sing(self, keys: str) -> None:
        """The sounds of keys, as a line sends them that has nothing else."""
        self._lab.exchange.api(f"uuid_broadcast {self.uuid} tone_stream://d=100;w=100;{keys} aleg")

    def has_no_keys(self) -> None:
        """It will answer without telephone-events."""
        self._lab.exchange.api(f"uuid_setvar {self.uuid} dtmf_type none")

    def hold(self) -> None:
        """Returns once the switch has noticed: nobody dials a second call before his phone says that it holds."""
        self._hold("uuid_hold", 1)

    def unhold(self) -> None:
        self._hold("uuid_hold off", -1)

    def _hold(self, command: str, more: int) -> None:
        self._lab.holding(more, lambda: self._lab.exchange.api(f"{command} {self.uuid}"))

    def redirect(self, dialled: str) -> None:
        """Answers the INVITE with 302."""
        self._lab.exchange.api(f"uuid_transfer {self.uuid} redirect:sip:{percent(dialled)}@127.0.0.1 inline")

    def transfer(self, dialled: str) -> None:
        """Sends a REFER: the other party shall call ``dialled`` instead."""
        self._refer(f"{percent(dialled)}@127.0.0.1:{self._lab.sip_port}")

    def transfer_to(self, other: "SipLine") -> None:
        """Sends a REFER with Replaces: the other party shall take the place of this phone in the call ``other``."""
        number, replaces = other.dialog()
        self._refer(f"{number}@127.0.0.1:{self._lab.sip_port}?Replaces={percent(replaces)}")

    def dialog(self) -> tuple[str, str]:
        """Of a call that this phone placed: what it called, and what Replaces names it by."""
        call_id = self.sip_call_id
        found: list[re.Match[str]] = []

        def begun() -> bool:
            heads = [message for way, message in self._lab.sip() if way == "received" and call_id in message]
            begun = [head for head in heads if head.startswith(("SIP/2.0 180", "SIP/2.0 183", "SIP/2.0 200"))]
            found[:] = filter(None, (_DIALOG.search(head) for head in begun))
            return bool(found)

        self._lab.wait(begun, 5, "the other call neither rings nor is answered")
        ours, number, theirs = found[-1].groups()
        return number, f"{call_id};to-tag={theirs};from-tag={ours}"

    def _refer(self, to: str) -> None:
        """Where the REFER is refused, FreeSWITCH waits for ten seconds before it says so (sofia_wait_for_reply)."""
        self._lab.exchange.api(f"uuid_deflect {self.uuid} sip:{to}", 15)

    def wait_answered(self, timeout: float = 5) -> None:
        self._lab.wait(lambda: self.answered or self.ended, timeout, "nobody answers")
        if not self.answered:
            raise TimeoutError(f"nobody answers: {self.cause}")

    def wait_ended(self, timeout: float = 5) -> str:
        self._lab.wait(lambda: self.ended, timeout, "the call goes on")
        return self.cause

    def hears(self, other: "SipLine") -> bool:
        """Listens for a third of a second."""
        return other.tone in heard_by(self)[0]

    def heard(self) -> int | None:
        """The loudest tone of a third of a second, in Hz; None where it is quiet."""
        return next(iter(heard_by(self)[0]), None)


def heard_by(*lines: SipLine) -> list[list[int]]:
    """The tones of a third of a second that each of these hears, in Hz, the loudest first."""
    files = [line._lab.folder / f"{uuid.uuid4()}.wav" for line in lines]
    for line, file in zip(lines, files, strict=True):
        line.recorded = False
        line._lab.exchange.api(f"uuid_setvar_multi {line.uuid} RECORD_READ_ONLY=true;RECORD_PRE_BUFFER_FRAMES=1")
        line._lab.exchange.api(f"uuid_record {line.uuid} start {file}")
    time.sleep(0.35)
    for line, file in zip(lines, files, strict=True):
        line._lab.exchange.api(f"uuid_record {line.uuid} stop {file}")
    for line in lines:
        line._lab.wait(lambda: line.recorded or line.ended, 5, "nothing could be recorded")
    return [tones(*recorded(file)) if line.recorded else [] for line, file in zip(lines, files, strict=True)]


def sip_messages(log: str) -> list[tuple[str, str]]:
    """The SIP messages in a log with siptrace, as (``sent`` or ``received``, text)."""
    pieces = re.split(r"^(send|recv) \d+ bytes .*\n *-{20,}\n", log, flags=re.M)
    ways = {"send": "sent", "recv": "received"}
    return [(ways[way], text.replace("\r", "")) for way, text in zip(pieces[1::2], pieces[2::2], strict=True)]


def percent(text: str) -> str:
    """Text that FreeSWITCH decodes just before it sends it, so that nothing on the way makes anything of it."""
    return "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"%{byte:02X}" for byte in text.encode("utf-8", "surrogateescape"))
