"""sipp, a telephone that says what the test tells it, message by message."""

import itertools
import re
import socket
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.live.clients.program import Program, needed
from tests.live.clients.scenario import called, calling, registering
from tests.live.lab import Lab
from tests.ports import free_port

_numbers = itertools.count(1)

_CUE = "MESSAGE sip:cue@127.0.0.1 SIP/2.0"


@dataclass(frozen=True)
class Message:
    """A SIP message at sipp."""

    at: float
    """Seconds since the first one."""

    way: str
    """``sent`` or ``received``."""

    text: str

    def header(self, name: str) -> str:
        """The first of this name; empty where there is none."""
        found = re.search(rf"^{name}: *(.*)$", self.text.partition("\n\n")[0], re.M | re.I)
        return found[1] if found else ""


class Sipp:
    """One sipp, which runs a scenario (``scenario.py``) against a profile of the switch from a port of its own."""

    def __init__(
        self, lab: Lab, port: int, scenario: str, keys: Mapping[str, str], *, extension: str = "", once: bool = True
    ) -> None:
        needed("sipp")
        self._lab, self._temporary = lab, tempfile.TemporaryDirectory(prefix="sipp-")
        self.port, self.call_id = free_port(), f"fsctl-{next(_numbers)}-{port}"
        folder = Path(self._temporary.name)
        self._trace, self._errors, self._waits, self._cued = folder / "messages", folder / "errors", folder / "waits", 0
        (folder / "scenario.xml").write_text(scenario, "utf-8")
        lab.adopt(self)
        self._program = Program(lab, [
            "sipp", *(word for key, value in keys.items() for word in ("-key", key, value)), "-sf", "scenario.xml",
            "-i", "127.0.0.1", "-bind_local", "-p", f"{self.port}", "-mi", "127.0.0.1", "-mp", f"{_media_port()}",
            "-ci", "127.0.0.1", "-cp", f"{free_port()}",
            "-cid_str", self.call_id, "-aa", "-default_behaviors", "none", "-nostdin",
            *(["-au", extension, "-ap", lab.password(extension)] if extension else []), *(["-m", "1"] if once else []),
            "-trace_msg", "-message_file", f"{self._trace}", "-trace_err", "-error_file", f"{self._errors}",
            "-trace_logs", "-log_file", f"{self._waits}", f"127.0.0.1:{port}"], folder)
        bound = f"0100007F:{self.port:04X} "
        lab.wait(lambda: bound in Path("/proc/net/udp").read_text() or not self._program.alive, 5, "sipp does not start")

    @property
    def messages(self) -> list[Message]:
        """All so far; what was sent again is among them."""
        if not self._trace.exists():
            return []
        pieces = re.split(r"^-{20,} (\S+ \S+)\n\w+ message (sent|received) [(\[]\d+.*:\n\n", self._trace.read_text("utf-8", "replace"), flags=re.M)
        times = [datetime.fromisoformat(time) for time in pieces[1::3]]
        texts = [re.split(r"^-{20,}$", text.replace("\r", ""), maxsplit=1, flags=re.M)[0] for text in pieces[3::3]]
        return [Message((time - times[0]).total_seconds(), way, text)
                for time, way, text in zip(times, pieces[2::3], texts, strict=True) if "\n\n" in text]

    @property
    def requests(self) -> list[str]:
        """The methods of its calls, in their order, repeated ones once: INVITE, CANCEL, ACK, BYE."""
        begins = (message.text.split()[0] for message in self._received())
        return [begin for begin in begins if begin not in ("SIP/2.0", "NOTIFY")]

    @property
    def statuses(self) -> list[int]:
        """What its INVITE was answered with, in order, repeated ones once; but for 100 and a call for the password."""
        answers = (message for message in self._received() if message.text.startswith("SIP/2.0 "))
        found = [int(message.text.split()[1]) for message in answers if message.header("CSeq").endswith(" INVITE")]
        return [status for status in found if status not in (100, 407)]

    def wait_request(self, method: str, timeout: float = 5) -> Message:
        """The first of this method; TimeoutError if none comes in time."""
        return self._wait(f"{method} ", timeout)

    def wait_status(self, status: int, timeout: float = 5) -> Message:
        """The first answer with it, to whatever; TimeoutError if none comes in time."""
        return self._wait(f"SIP/2.0 {status} ", timeout)

    def wait_ended(self, timeout: float = 5) -> list[int]:
        """Until its one call is over; the statuses."""
        self._lab.wait(lambda: not self._program.alive, timeout, "sipp's call goes on")
        return self.statuses

    def quiet(self, seconds: float) -> None:
        """AssertionError if it is called within that time."""
        try:
            self.wait_request("INVITE", seconds)
        except TimeoutError:
            return
        raise AssertionError("sipp is called")

    def cue(self) -> None:
        """What its scenario waits for (``scenario.cue``), or comes to within 5 s."""
        self._lab.wait(lambda: self._waits.exists() and self._waits.read_text().count("waits") > self._cued, 5,
                       "sipp does not wait for a cue")
        self._cued += 1
        # A request of the same headers, as those are what its next answer repeats.
        invite = [message.text for message in self.messages if message.text.startswith("INVITE ")][-1]
        lines = invite.partition("\n\n")[0].split("\n")
        kept = [line for line in lines[1:] if re.match("(Via|From|To|Call-ID|CSeq|Contact):", line)]
        with socket.socket(type=socket.SOCK_DGRAM) as udp:
            text = "\r\n".join([_CUE, *kept, f"Subject: {next(_numbers)}", "Content-Length: 0", "", ""])
            udp.sendto(text.encode(), ("127.0.0.1", self.port))

    def close(self) -> None:
        self._program.end()
        self._temporary.cleanup()

    def _received(self) -> list[Message]:
        seen: dict[str, Message] = {}
        for message in self.messages:
            if message.way == "received" and not message.text.startswith(_CUE):
                seen.setdefault(message.text, message)
        return list(seen.values())

    def _wait(self, beginning: str, timeout: float) -> Message:
        found: list[Message] = []

        def came() -> bool:
            found[:] = [message for message in self._received() if message.text.startswith(beginning)]
            return bool(found)

        try:
            self._lab.wait(came, timeout, "")
        except TimeoutError:
            raise TimeoutError(f"no {beginning}at sipp: {self._story()}") from None
        return found[0]

    def _story(self) -> str:
        """What happened, for whoever waits in vain."""
        lines = [f"{message.at:.3f} {message.way} {message.text.splitlines()[0]}" for message in self.messages]
        errors = self._errors.read_text("utf-8", "replace") if self._errors.exists() else ""
        return "\n".join([*lines, errors, "" if lines else self._program.printed])


# ---- what it plays --------------------------------------------------------------------------------


def phone(lab: Lab, extension: str, *steps: str, expires: int = 600) -> Sipp:
    """A telephone that is called; without steps nobody ever answers there."""
    sipp = Sipp(lab, lab.sip_port, called(*steps), {}, once=False)
    register(lab, extension, f"<sip:{extension}@127.0.0.1:{sipp.port}>", expires)
    return sipp


def register(lab: Lab, extension: str, contact: str, expires: int = 600) -> None:
    """Returns once the switch knows this contact, whoever is there; once more with the same one, or 0 s, as phones do."""
    keys = {"from": f"<sip:{extension}@127.0.0.1>", "contact": contact}
    sipp = Sipp(lab, lab.sip_port, registering(expires), keys, extension=extension)
    sipp.wait_ended()
    sipp.wait_status(200, 0)

    def noticed() -> bool:
        contacts = lab.contacts(extension)
        return sipp.call_id in contacts.values() if expires else not any(contact in each for each in contacts)

    lab.wait(noticed, 5, f"the switch does not notice: {lab.contacts(extension)}")


def caller(
    lab: Lab, extension: str, dialled: str, *steps: str, offer: bool = True, events: bool = True,
    headers: Sequence[str] = ()
) -> Sipp:
    """A telephone that calls ``dialled``, or a whole URI, and is registered nowhere."""
    keys = {
        "target": _uri(dialled, lab.sip_port), "from": f"<sip:{extension}@127.0.0.1>", "to": f"<{_uri(dialled, lab.sip_port)}>"}
    scenario = calling(*steps, offer=offer, events=events, headers=headers)
    return Sipp(lab, lab.sip_port, scenario, keys, extension=extension)


def trunk(
    lab: Lab, caller: str, dialled: str, *steps: str, offer: bool = True, events: bool = True,
    headers: Sequence[str] = (), to: str = ""
) -> Sipp:
    """A call from the public network. ``caller`` is a number, or what stands in From: ``"Anonymous" <sip:…>``.

    ``to`` is the number in To, where the request names another one.
    """
    keys = {
        "target": _uri(dialled, lab.trunk_port), "from": caller if "<" in caller else f"<sip:{caller}@127.0.0.1>",
        "to": f"<{_uri(to or dialled, lab.trunk_port)}>"}
    return Sipp(lab, lab.trunk_port, calling(
        *steps, offer=offer, events=events, authenticate=False, headers=headers), keys)


def _media_port() -> int:
    """For audio; sipp takes one or two of the next three as well, for video, which nobody else may be given."""
    first = free_port()
    for _ in range(3):
        free_port()
    return first


def _uri(dialled: str, port: int) -> str:
    return dialled if ":" in dialled else f"sip:{dialled}@127.0.0.1:{port}"
