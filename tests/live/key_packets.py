"""Keys as they pass the loopback: telephone-events in RTP (RFC 4733), each packet with the kernel's time of it."""

import socket
import struct
import threading
from dataclasses import dataclass, field

import pytest

_KEYS = "0123456789*#"
_ALL_IP, _TO_US, _LONGEST = 0x0800, 0, 2048
#: linux/socket.h: a time in nanoseconds comes beside each packet.
_SO_TIMESTAMPNS = 35


@dataclass
class KeyPackets:
    """One key on one way. ``began`` and ``ended`` are the times of its first packet and of the first that ends it."""

    key: str
    began: float
    ended: float = 0.0
    samples: int = 0
    ports: tuple[int, int] = field(default=(0, 0))


class Loopback:
    """Listens until it is closed; skips the test where that is not allowed."""

    def __init__(self) -> None:
        try:
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL_IP))
        except PermissionError:
            pytest.skip("only root may listen on the loopback")
        self._socket.bind(("lo", _ALL_IP))
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.settimeout(0.2)
        self._keys: dict[tuple[int, int, int, int], KeyPackets] = {}
        self._open = True
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def sent_from(self, port: int) -> list[KeyPackets]:
        return [each for each in self._keys.values() if each.ports[0] == port]

    def sent_to(self, port: int) -> list[KeyPackets]:
        return [each for each in self._keys.values() if each.ports[1] == port]

    def close(self) -> None:
        self._open = False
        self._reader.join()
        self._socket.close()

    def _listen(self) -> None:
        while self._open:
            try:
                packet, [(_, _, stamp), *_], _, (_, _, way, *_) = self._socket.recvmsg(_LONGEST, 64)
            except TimeoutError:
                continue
            if way == _TO_US and packet[9] == socket.IPPROTO_UDP:
                seconds, nanoseconds = struct.unpack("ll", stamp)
                self._take(packet[4 * (packet[0] & 15):], seconds + nanoseconds / 1e9)

    def _take(self, datagram: bytes, at: float) -> None:
        """What has 16 bytes and the version of RTP, a payload type that is agreed upon and one of our keys."""
        rtp = datagram[8:]
        if len(rtp) != 16 or rtp[0] >> 6 != 2 or rtp[1] & 127 < 96 or rtp[12] >= len(_KEYS):
            return
        ports = struct.unpack("!HH", datagram[:4])
        begun, source = struct.unpack("!II", rtp[4:12])
        found = self._keys.setdefault((*ports, begun, source), KeyPackets(_KEYS[rtp[12]], at, ports=ports))
        if rtp[13] & 128 and not found.ended:
            found.ended, (found.samples,) = at, struct.unpack("!H", rtp[14:])
