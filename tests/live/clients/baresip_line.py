"""A call at a baresip."""

import array
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from tests.live.sip_phone import SipLine
from tests.live.tones import loudest_tone

if TYPE_CHECKING:
    from tests.live.clients.baresip import Baresip

#: What comes before the samples in a file of sndfile's, in bytes; samples a second, of two bytes each.
_HEADER, _RATE = 44, 8000


class BaresipLine:
    """A Line, as far as baresip 1.0.0 can: it rejects with 486 only, and neither redirects nor transfers attended.

    ``sip_call_id`` is known of a call that it placed once the other side has said something.
    """

    def __init__(self, phone: "Baresip") -> None:
        self.sip_call_id = self.shown_name = self.shown_number = self.cause = ""
        self.answered = self.ended = False
        self.progress: list[Literal["ringing", "early media"]] = []
        """What this phone was told while it waited for an answer: 180, or 183 with SDP."""
        self.placed_at = self.arrived_at = time.monotonic()
        self.tone = phone.tone
        self._phone, self._deaf = phone, False

    def told(self, kind: str, event: Mapping[str, str]) -> None:
        """What baresip tells of this call."""
        match kind:
            case "CALL_INCOMING":
                self.arrived_at = time.monotonic()
                self.shown_name = event.get("peerdisplayname", "")
                self.shown_number = event["peeruri"].removeprefix("sip:").partition("@")[0]
            case "CALL_RINGING":
                self.progress.append("ringing")
            case "CALL_PROGRESS":
                self.progress.append("early media")
            case "CALL_ESTABLISHED":
                self.answered = True
            case "CALL_CLOSED":
                self.ended, self.cause = True, event.get("param", "")

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the INVITE that made this phone ring."""
        for message in self._phone.received:
            head = message.partition("\n\n")[0].split("\n")
            if head[0].startswith("INVITE ") and f"Call-ID: {self.sip_call_id}" in head:
                return dict(line.partition(": ")[::2] for line in head[1:])
        return {}

    def answer(self) -> None:
        self._command("accept")
        self.wait_answered()

    def reject(self, sip_status: int = 486) -> None:
        if sip_status != 486:
            raise ValueError("baresip rejects with 486 only; Sipp answers anything")
        self.hang_up()

    def hang_up(self) -> None:
        self._command("hangup")

    def hold(self) -> None:
        """Returns once the switch has noticed. From then on one cannot know what it hears: baresip stops recording."""
        self._deaf = True
        self._phone.lab.holding(1, lambda: self._command("hold"))

    def unhold(self) -> None:
        self._phone.lab.holding(-1, lambda: self._command("resume"))

    def press(self, keys: str) -> None:
        """Sends telephone-events (RFC 4733), of 160 ms or so each, one after the other."""
        self._command("sndcode", keys)

    def transfer(self, dialled: str) -> None:
        """Sends a REFER."""
        self._command("transfer", self._phone.uri(dialled))

    def wait_progress(self, timeout: float = 5) -> str:
        """The first that the caller is told before an answer; TimeoutError if that is nothing."""
        self._phone.lab.wait(lambda: bool(self.progress) or self.ended, timeout, "the caller is told nothing")
        if not self.progress:
            raise TimeoutError(f"the caller is told nothing: {self.cause}")
        return self.progress[0]

    def wait_answered(self, timeout: float = 5) -> None:
        self._phone.lab.wait(lambda: self.answered or self.ended, timeout, "nobody answers")
        if not self.answered:
            raise TimeoutError(f"nobody answers: {self.cause}")

    def wait_ended(self, timeout: float = 5) -> str:
        """Status and phrase, or what baresip says of it: ``486 Busy Here``, ``Connection reset by user``."""
        self._phone.lab.wait(lambda: self.ended, timeout, "the call goes on")
        return self.cause

    def hears(self, other: "SipLine | BaresipLine") -> bool:
        """Listens for a third of a second."""
        return self.heard() == other.tone

    def heard(self) -> int | None:
        """The loudest tone of a third of a second, in Hz; None where nothing comes, or silence."""
        assert not self._deaf, "it has held the call"
        dumps = sorted(self._phone.folder.glob("dump-*-dec.wav"), key=lambda each: each.stat().st_mtime_ns)
        if not dumps:
            return None
        file = dumps[-1]
        wanted = file.stat().st_size + _RATE * 2 * 35 // 100
        try:
            self._phone.lab.wait(lambda: file.stat().st_size >= wanted, 1, "")
        except TimeoutError:
            return None
        sound = file.read_bytes()[_HEADER:]  # the header is written when the call is over
        return loudest_tone(_RATE, array.array("h", sound[: len(sound) // 2 * 2]))

    def _command(self, command: str, params: str = "") -> None:
        if self.sip_call_id:
            self._phone.command("callfind", self.sip_call_id)
        self._phone.command(command, params)
