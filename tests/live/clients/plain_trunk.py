"""A provider that knows nothing of encrypted audio."""

import re
import socket
import threading
import time
from collections.abc import Callable

from tests.live.lab import Lab


class PlainTrunk:
    """Answers at ``port`` of ``address`` at once and gives back what it hears; refuses an offer of nothing but encrypted audio by
    ``refusal``, or answers that, too, as if it were plain. ``offers`` are when INVITEs came and with what.
    """

    def __init__(self, lab: Lab, port: int, refusal: int | None, address: str = "127.0.0.1") -> None:
        self.offers: list[tuple[float, str]] = []
        self.requests: list[str] = []
        self._lab, self._refusal, self._over = lab, refusal, threading.Event()
        self._address, self._sip, self._rtp = address, _socket(address, port), _socket(address, 0)
        self._threads = [threading.Thread(target=run) for run in (
            lambda: self._serve(self._sip, self._told), lambda: self._serve(self._rtp, self._rtp.sendto))]
        for thread in self._threads:
            thread.start()
        lab.adopt(self)

    @property
    def encrypted(self) -> list[bool]:
        """Of each offer, whether it wanted encryption alone."""
        return ["RTP/AVP" not in text for _, text in self.offers]

    def close(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _serve(self, udp: socket.socket, act: Callable[[bytes, tuple[str, int]], object]) -> None:
        with udp:
            while not self._over.is_set():
                try:
                    act(*udp.recvfrom(65536))
                except TimeoutError:
                    continue

    def _told(self, data: bytes, sender: tuple[str, int]) -> None:
        text = data.decode()
        method = text.split()[0]
        with self._lab.changed:
            self.requests.append(method)
            if method == "INVITE":
                self.offers.append((time.monotonic(), text))
            self._lab.changed.notify_all()
        if method not in ("ACK", "SIP/2.0"):
            refused = self._refusal if method == "INVITE" and "RTP/AVP" not in text else None
            self._sip.sendto(self._answer(text, method, refused).encode(), sender)

    def _answer(self, text: str, method: str, refusal: int | None) -> str:
        kept = [line for line in text.split("\r\n") if re.match("(Via|From|To|Call-ID|CSeq):", line)]
        tagged = [f"{line};tag=far" if line.startswith("To:") and "tag=" not in line else line for line in kept]
        body = self._sdp() if method == "INVITE" and refusal is None else ""
        contact = f"Contact: <sip:far@{self._address}:{self._sip.getsockname()[1]}>"
        kind = ["Content-Type: application/sdp"] if body else []
        return "\r\n".join([
            f"SIP/2.0 {refusal or 200} So", *tagged, contact, *kind, f"Content-Length: {len(body)}", "", body])

    def _sdp(self) -> str:
        port = self._rtp.getsockname()[1]
        return "\r\n".join([
            "v=0", f"o=- 1 1 IN IP4 {self._address}", "s=-", f"c=IN IP4 {self._address}", "t=0 0",
            f"m=audio {port} RTP/AVP 0", ""])


def _socket(address: str, port: int) -> socket.socket:
    made = socket.socket(type=socket.SOCK_DGRAM)
    made.bind((address, port))
    made.settimeout(0.05)
    return made
