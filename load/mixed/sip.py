"""Two telephones as bare as can be, so that what is measured between them is FreeSWITCH and who decides."""

import re
import select
import socket
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from tests.live.digest import authorization
from tests.ports import free_port

_SECONDS = 5.0
_SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"


@dataclass(frozen=True)
class Rang:
    """Seconds from the INVITE with its password until the other phone is called, and until the caller is told (180)."""

    called: float
    told: float


class Pair:
    """Who calls and who is rung, each a user and his password, at the FreeSWITCH behind ``port``."""

    def __init__(self, port: int, caller: tuple[str, str], rung: tuple[str, str]) -> None:
        self._port, self._caller, self._rung = port, _Phone(port, *caller), _Phone(port, *rung)
        registering = _Dialog(self._rung, f"sip:127.0.0.1:{port}", f"<sip:{rung[0]}@127.0.0.1>")
        registering.ask_with_password("REGISTER")
        answer = self._rung.final()
        if not answer.startswith("SIP/2.0 200"):
            raise RuntimeError(f"the phone is not registered: {answer}")

    def ring(self, dialled: str) -> Rang:
        """One call, which is given up once it rings."""
        uri = f"sip:{dialled}@127.0.0.1:{self._port}"
        calling, invited = _Dialog(self._caller, uri, f"<{uri}>"), ""
        calling.ask_with_password("INVITE")
        start, called, told, waiting = time.perf_counter(), 0.0, 0.0, {self._caller, self._rung}
        for phone, text in _received(self._caller, self._rung):
            now = time.perf_counter() - start
            match phone is self._rung, text.split()[0]:
                case True, "INVITE":
                    phone.reply(text, "180 Ringing")
                    called, invited = called or now, text
                case True, "CANCEL":
                    phone.reply(text, "200 OK")
                    phone.reply(invited, "487 Request Terminated")
                case True, "ACK":
                    waiting.discard(phone)
                case False, _ if text.startswith("SIP/2.0 180"):
                    told = told or now
                case False, _ if re.match(r"SIP/2\.0 [3-6]", text):
                    calling.acknowledge(text)
                    waiting.discard(phone)
            if called and told and not calling.cancelled:
                calling.cancel()
            if not waiting:
                return Rang(called, told)
        raise TimeoutError(f"{dialled}: called after {called:.3f} s, the caller was told after {told:.3f} s")

    def close(self) -> None:
        for phone in (self._caller, self._rung):
            phone.socket.close()


class _Phone:
    def __init__(self, port: int, user: str, password: str) -> None:
        self.user, self.password, self.port = user, password, free_port()
        self.socket = socket.socket(type=socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", self.port))
        self.socket.connect(("127.0.0.1", port))

    def reply(self, request: str, status: str) -> None:
        kept = [line for line in request.split("\r\n") if re.match("(Via|From|Call-ID|CSeq|Record-Route):", line)]
        self.send(f"SIP/2.0 {status}", *kept, f"To: {_header(request, 'To')};tag=rung",
                  f"Contact: <sip:{self.user}@127.0.0.1:{self.port}>")

    def send(self, *lines: str, body: str = "") -> None:
        kind = ["Content-Type: application/sdp"] if body else []
        self.socket.send("\r\n".join([*lines, *kind, f"Content-Length: {len(body)}", "", body]).encode())

    def final(self) -> str:
        """The next final answer."""
        for _, text in _received(self):
            if re.match(r"SIP/2\.0 [2-6]", text):
                return text
        raise TimeoutError(f"no answer to {self.user}")


class _Dialog:
    """What one phone asks at one address, with one Call-ID."""

    def __init__(self, phone: _Phone, uri: str, to: str) -> None:
        self._phone, self._uri, self._to, self._call = phone, uri, to, uuid.uuid4().hex
        self._number, self._via, self.cancelled = 0, "", False

    def ask_with_password(self, method: str) -> None:
        """Returns when the request has gone out for the second time; it is answered first by what is to be proved."""
        self._ask(method)
        challenge = self._phone.final()
        if method == "INVITE":
            self.acknowledge(challenge)
        self._ask(method, authorization(challenge, method, self._uri, self._phone.user, self._phone.password))

    def acknowledge(self, answer: str) -> None:
        self._say("ACK", _header(answer, "To"))

    def cancel(self) -> None:
        self.cancelled = True
        self._say("CANCEL", self._to)

    def _ask(self, method: str, *more: str) -> None:
        self._number += 1
        self._via = f"Via: SIP/2.0/UDP 127.0.0.1:{self._phone.port};branch=z9hG4bK{uuid.uuid4().hex};rport"
        self._say(method, self._to, *more, body=_SDP if method == "INVITE" else "")

    def _say(self, method: str, to: str, *more: str, body: str = "") -> None:
        user = self._phone.user
        self._phone.send(
            f"{method} {self._uri} SIP/2.0", self._via, "Max-Forwards: 70", f"From: <sip:{user}@127.0.0.1>;tag={user}",
            f"To: {to}", f"Call-ID: {self._call}", f"CSeq: {self._number} {method}",
            f"Contact: <sip:{user}@127.0.0.1:{self._phone.port}>", *more, body=body)


def _received(*phones: _Phone) -> Iterator[tuple[_Phone, str]]:
    """What comes, until nothing does for a while."""
    while ready := select.select([phone.socket for phone in phones], [], [], _SECONDS)[0]:
        for phone in phones:
            if phone.socket in ready:
                yield phone, phone.socket.recv(65536).decode()


def _header(message: str, name: str) -> str:
    found = re.search(rf"^{name}: *(.*?)\r?$", message, re.M)
    return found[1] if found else ""
