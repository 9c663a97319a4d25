"""Ports on loopback for servers of the tests, of which several runs and processes may be at work at once."""

import random
import socket
from collections.abc import Iterator

#: A process is bound to the first TCP port of each block that it has: others see that it is taken.
_claims: dict[int, socket.socket] = {}

#: Blocks lie below the ports that the system hands out (32768 and up).
_SERVERS, _BLOCK = range(2_000, 10_000), 100
_AUDIO, _AUDIO_BLOCK = range(10_000, 32_000), 400


def free_port() -> int:
    """A port that is free for UDP and TCP, and that no other test is given."""
    while True:
        port = next(_ports)
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            try:
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def audio_ports() -> tuple[int, int]:
    """The first and the last of a range for audio that no other FreeSWITCH of any test has, until it is given back."""
    first = _block(_AUDIO, _AUDIO_BLOCK)
    return first, first + _AUDIO_BLOCK - 2


def give_back(first: int) -> None:
    """Nobody speaks at a range for audio any more. There are not as many as there are FreeSWITCHes in a whole run."""
    _claims.pop(first).close()


def _block(among: range, size: int) -> int:
    while True:
        first = random.randrange(among.start, among.stop - size + 1, size)
        claim = socket.socket()
        try:
            claim.bind(("127.0.0.1", first))
        except OSError:
            claim.close()
            continue
        _claims[first] = claim
        return first


def _all() -> Iterator[int]:
    while True:
        first = _block(_SERVERS, _BLOCK)
        yield from range(first + 1, first + _BLOCK)


_ports = _all()
