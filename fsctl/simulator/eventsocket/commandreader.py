"""Reads what programs send to the event socket: a line, headers, and a body."""

import socket

#: Bytes of a command's headers (mod_event_socket.c:1221) and of its body (mod_event_socket.c:38).
_HEADER_LIMIT = 10 * 1024 * 1024
_BODY_LIMIT = 16 * 1024 * 1024

Headers = dict[str, str]


class Closed(Exception):
    """The connection is over."""


class CommandReader:
    """One connection's commands, however they were chunked."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = bytearray()

    def next(self) -> tuple[str, Headers, str]:
        """The next command's line, its headers as they were spelled, and its body.

        Closed when the peer is gone or sends more than the real switch would take.
        """
        while (end := self._end()) < 0:
            self._more(len(self._buffer) > _HEADER_LIMIT)
        block = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        line, *rest = block.decode("utf-8", "replace").replace("\r", "").split("\n")
        headers = {name.strip(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
        length = next((value for name, value in headers.items() if name.lower() == "content-length"), "0")
        return line.strip(), headers, self._body(int(length) if length.isascii() and length.isdigit() else 0)

    def _end(self) -> int:
        """Where the headers of the next command end; -1 while they have not all come."""
        del self._buffer[: len(self._buffer) - len(self._buffer.lstrip(b"\r\n"))]
        return self._buffer.find(b"\n\n")

    def _body(self, size: int) -> str:
        while len(self._buffer) < size:
            self._more(size > _BODY_LIMIT)
        body = bytes(self._buffer[:size])
        del self._buffer[:size]
        return body.decode("utf-8", "replace")

    def _more(self, too_much: bool) -> None:
        data = b"" if too_much else self._sock.recv(65536)
        if not data:
            raise Closed("closed by the peer")
        self._buffer += data
