"""A telephone behind a NAT: it names an address in Via, Contact and SDP at which nobody reaches it."""

import re
import socket
import struct
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.live.clients.messages import audio_port, contact, header
from tests.live.digest import authorization
from tests.live.lab import Lab

#: Of the network for examples (RFC 5737): no way leads there.
PRIVATE = "192.0.2.7"

#: 20 ms of a tone of 1 kHz in G.711 µ-law (ITU-T G.711, the digital milliwatt).
_TONE = bytes.fromhex("1e0b0b1e9e8b8b9e") * 20
TONE = 1000

_AUDIO = "m=audio 4000 RTP/AVP 0"


@dataclass(frozen=True)
class _Dialog:
    """A call, as the phone's own requests name it."""

    own: str
    other: str
    call: str
    target: str


class BehindNat:
    """Registers, calls and is called by UDP; all that it speaks is a tone. ``heard`` are packets of audio that came.

    ``address`` is that of its NAT.
    """

    def __init__(self, lab: Lab, extension: str, address: str = "127.0.0.2") -> None:
        self.extension, self._lab, self._number = extension, lab, 0
        self._password = lab.password(extension)
        self._address = address
        self.requests: list[str] = []
        self.heard = 0
        self._answers: list[str] = []
        self._name, self._id, self._over = uuid.uuid4().hex[:8], uuid.uuid4().hex, threading.Event()
        self._sdp = "\r\n".join([
            "v=0", f"o=- 1 1 IN IP4 {PRIVATE}", "s=-", f"c=IN IP4 {PRIVATE}", "t=0 0", _AUDIO, ""])
        self._rtp, self._remote = self._sender(), 0
        self._dialog: _Dialog | None = None
        self._threads: list[threading.Thread] = []
        self._start(self._speak)
        lab.adopt(self)
        self.register()

    def register(self) -> None:
        """Once more from another port: the NAT has forgotten the one before, where nobody is reached any more."""
        self._sip = self._sender()
        self._start(self._listen, self._sip)
        uri = f"sip:127.0.0.1:{self._lab.sip_port}"
        self._ask("REGISTER", uri, self._own, f"<sip:{self.extension}@127.0.0.1>", self._id)
        self._lab.wait(lambda: any(f"{self.port}" in each for each in self._lab.contacts(self.extension)), 5,
                       "the switch does not know from where it sends")

    @property
    def port(self) -> int:
        """From which it sends."""
        return int(self._sip.getsockname()[1])

    def call(self, dialled: str) -> str:
        """Returns how it is answered."""
        uri = f"sip:{dialled}@127.0.0.1:{self._lab.sip_port}"
        call = uuid.uuid4().hex
        answer = self._ask("INVITE", uri, self._own, f"<{uri}>", call, self._sdp)
        self._remote = audio_port(answer)
        self._dialog = _Dialog(self._own, header(answer, "To"), call, contact(answer))
        return answer

    def hold(self) -> None:
        self._amid_a_call("INVITE", self._sdp + "a=sendonly\r\n")

    def resume(self) -> None:
        self._amid_a_call("INVITE", self._sdp)

    def hang_up(self) -> None:
        self._amid_a_call("BYE")

    def subscribe(self, lamp: str) -> None:
        uri = f"sip:{lamp}@127.0.0.1:{self._lab.sip_port}"
        self._ask("SUBSCRIBE", uri, self._own, f"<{uri}>", uuid.uuid4().hex, more=[
            "Event: dialog", "Accept: application/dialog-info+xml"])

    def wait_request(self, method: str, timeout: float = 5) -> str:
        self._lab.wait(lambda: any(each.startswith(method) for each in self.requests), timeout, f"no {method}: {self.requests}")
        return next(each for each in self.requests if each.startswith(method))

    def close(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        self._threads.append(threading.Thread(target=target, args=arguments))
        self._threads[-1].start()

    @property
    def _own(self) -> str:
        return f"<sip:{self.extension}@127.0.0.1>;tag={self._name}"

    def _amid_a_call(self, method: str, body: str = "") -> None:
        dialog = self._dialog
        assert dialog
        self._ask(method, dialog.target, dialog.own, dialog.other, dialog.call, body)

    def _ask(
        self, method: str, uri: str, own: str, to: str, call: str, body: str = "", more: Sequence[str] = ()
    ) -> str:
        proof = ""
        while True:
            self._number += 1
            before = len(self._answers)
            head = [
                f"{method} {uri} SIP/2.0", f"From: {own}", f"To: {to}", f"Call-ID: {call}",
                f"CSeq: {self._number} {method}"]
            self._send([*head, "Expires: 600", *more, *([proof] if proof else [])], body)
            self._lab.wait(lambda: any(self._final(each) for each in self._answers[before:]), 10, f"no answer to {method}")
            answer = next(each for each in self._answers[before:] if self._final(each))
            if method == "INVITE":
                tagged = f"To: {header(answer, 'To')}"
                self._send([f"ACK {uri} SIP/2.0", head[1], tagged, head[3], f"CSeq: {self._number} ACK"], "")
            if proof or not answer.startswith(("SIP/2.0 401", "SIP/2.0 407")):
                assert answer.startswith(("SIP/2.0 200 ", "SIP/2.0 202 ")), answer
                return answer
            proof = authorization(answer, method, uri, self.extension, self._password)

    def _final(self, answer: str) -> bool:
        return not answer.startswith("SIP/2.0 1") and f"CSeq: {self._number} " in answer

    def _send(self, lines: list[str], body: str, via: bool = True) -> None:
        more = [f"Via: SIP/2.0/UDP {PRIVATE}:5060;rport;branch=z9hG4bK{uuid.uuid4().hex}", "Max-Forwards: 70"] if via else []
        kind = ["Content-Type: application/sdp"] if body else []
        contact = f"Contact: <sip:{self.extension}@{PRIVATE}:5060;line={self._name}>"
        text = "\r\n".join([lines[0], *more, *lines[1:], contact, *kind, f"Content-Length: {len(body)}", "", body])
        self._sip.sendto(text.encode(), ("127.0.0.1", self._lab.sip_port))

    def _listen(self, sip: socket.socket) -> None:
        while sip is self._sip and not self._over.is_set():
            try:
                text = sip.recv(65536).decode()
            except TimeoutError:
                continue
            with self._lab.changed:
                if text.startswith("SIP/2.0 "):
                    self._answers.append(text)
                else:
                    self.requests.append(text)
                    self._reply(text)
                self._lab.changed.notify_all()
        sip.close()

    def _reply(self, text: str) -> None:
        kept = [line for line in text.split("\r\n") if re.match("(Via|From|To|Call-ID|CSeq|Record-Route):", line)]
        tagged = [f"{line};tag={self._name}" if line.startswith("To:") and "tag=" not in line else line for line in kept]
        method = text.split()[0]
        if method != "ACK":
            self._send(["SIP/2.0 200 OK", *tagged], self._answer_to(text) if method == "INVITE" else "", via=False)
        if method == "INVITE":
            self._remote = audio_port(text)
            own = next(line for line in tagged if line.startswith("To:"))[4:]
            self._dialog = _Dialog(own, header(text, "From"), header(text, "Call-ID"), contact(text))

    def _answer_to(self, offer: str) -> str:
        """Without the encrypted audio, of which it knows nothing."""
        refused = "m=audio 0 RTP/SAVP 0\r\n" if "RTP/SAVP" in offer else ""
        return self._sdp.replace(_AUDIO, refused + _AUDIO)

    def _speak(self) -> None:
        """Twenty milliseconds after the other, and counts what comes."""
        number = 0
        while not self._over.is_set():
            if self._remote:
                number += 1
                head = struct.pack("!BBHII", 0x80, 0, number & 0xFFFF, number * 160, 7)
                self._rtp.sendto(head + _TONE, ("127.0.0.1", self._remote))
            try:
                self.heard += len(self._rtp.recv(2048)) > 100
            except TimeoutError:
                pass
        self._rtp.close()

    def _sender(self) -> socket.socket:
        made = socket.socket(type=socket.SOCK_DGRAM)
        made.bind((self._address, 0))
        made.settimeout(0.02)
        return made
