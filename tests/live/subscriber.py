"""The part of a desk phone that has lamps: SUBSCRIBE and NOTIFY over UDP (RFC 6665, RFC 4235)."""

import re
import socket
import threading
import time
import uuid
from contextlib import suppress
from xml.etree import ElementTree

from tests.live.digest import authorization

EXPIRES = 600


class Subscriber:
    """One SUBSCRIBE dialog for ``lamp``, with digest authentication. ``states`` and ``entities`` as of a Watch; ``bodies``
    raw. A document that is no XML, or whose version does not follow the last one's, is kept in ``faults``.

    With ``mailbox`` the lamp is a user's whose messages are watched (RFC 3842); the states are ``yes`` and ``no``.
    """

    def __init__(self, port: int, user: str, password: str, lamp: str, *, mailbox: bool = False) -> None:
        self._event = ("message-summary", "application/simple-message-summary") if mailbox else (
            "dialog", "application/dialog-info+xml")
        self._switch, self._user, self._password, self._lamp = ("127.0.0.1", port), user, password, lamp
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._call_id, self._tag, self._to_tag, self._number = uuid.uuid4().hex, uuid.uuid4().hex[:8], "", 0
        self.states: list[str] = []
        self.entities: list[str] = []
        self.bodies: list[str] = []
        self.faults: list[str] = []
        self._version = -1
        self.told_at: list[float] = []
        self._changed = threading.Condition()
        self._answers: dict[int, str] = {}
        threading.Thread(target=self._read, daemon=True).start()
        self.renew()

    def renew(self) -> None:
        self._subscribe(EXPIRES)

    def wait(self, state: str, timeout: float = 5) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self.states[-1:] == [state], timeout):
                raise TimeoutError(f"{self._lamp} shows {self.states} to {self._user}, not {state}")

    def close(self) -> None:
        self._subscribe(0)
        self._socket.close()

    def _subscribe(self, expires: int) -> None:
        answer = self._ask(expires, "")
        if answer.startswith("SIP/2.0 407") or answer.startswith("SIP/2.0 401"):
            answer = self._ask(expires, authorization(
                answer, "SUBSCRIBE", f"sip:{self._lamp}@127.0.0.1", self._user, self._password))
        assert re.match(r"SIP/2\.0 20[02]", answer), answer
        self._to_tag = re.search(r"^To:.*;tag=(\S+?)\r?$", answer, re.M)[1]

    def _ask(self, expires: int, authorization: str) -> str:
        self._number += 1
        to = f"<sip:{self._lamp}@127.0.0.1>" + (f";tag={self._to_tag}" if self._to_tag else "")
        host, port = self._socket.getsockname()
        lines = [
            f"SUBSCRIBE sip:{self._lamp}@127.0.0.1 SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{uuid.uuid4().hex}", "Max-Forwards: 70",
            f"From: <sip:{self._user}@127.0.0.1>;tag={self._tag}", f"To: {to}", f"Call-ID: {self._call_id}",
            f"CSeq: {self._number} SUBSCRIBE", f"Contact: <sip:{self._user}@{host}:{port}>", f"Event: {self._event[0]}",
            f"Accept: {self._event[1]}", f"Expires: {expires}",
            *([authorization] if authorization else []), "Content-Length: 0", "", "",
        ]
        packet = "\r\n".join(lines).encode()
        deadline = time.monotonic() + 5
        with self._changed:
            while self._number not in self._answers:
                assert time.monotonic() < deadline, "no answer to SUBSCRIBE"
                self._socket.sendto(packet, self._switch)
                self._changed.wait_for(lambda: self._number in self._answers, 1)
            return self._answers[self._number]

    def _read(self) -> None:
        while True:
            try:
                data, address = self._socket.recvfrom(65536)
            except OSError:
                return
            text = data.decode("utf-8", "replace")
            with self._changed:
                if text.startswith("SIP/2.0 "):
                    if not text.startswith("SIP/2.0 1"):
                        self._answers[int(re.search(r"^CSeq: (\d+)", text, re.M)[1])] = text
                elif text.startswith("NOTIFY "):
                    self._notified(text, address)
                self._changed.notify_all()

    def _notified(self, text: str, address: tuple[str, int]) -> None:
        kept = [line for line in text.split("\r\n") if re.match("(Via|From|To|Call-ID|CSeq):", line, re.I)]
        answer = "\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""])
        with suppress(OSError):  # it was closed meanwhile
            self._socket.sendto(answer.encode(), address)
        body = text.partition("\r\n\r\n")[2]
        if not body or (self.bodies and body == self.bodies[-1]):  # sent again
            return
        self.bodies.append(body)
        state = re.search(r"<state>(\w+)</state>|^Messages-Waiting: (?=(\w+))", body, re.M)
        self.states.append(state[1] or state[2] if state else "terminated")
        self.told_at.append(time.monotonic())
        if "dialog" in self._event:
            self._check(body)

    def _check(self, body: str) -> None:
        try:
            document = ElementTree.fromstring(body)
        except ElementTree.ParseError as error:
            self.faults.append(f"{error}: {body}")
            return
        version = int(document.attrib["version"])
        if version != self._version + 1 and self.bodies[:-1]:
            self.faults.append(f"version {version} after {self._version}: {body}")
        self._version = version
        self.entities.append(document.attrib["entity"])
