"""Bytes into frames, however they were chunked: linear in time, bounded in memory."""

import re
from typing import Final

from fsctl.switch.wire.headers import Headers
from fsctl.switch.wire.text import clean, decode
from fsctl.words import say

#: Bytes. A call with every variable set sends about 20 KiB of headers; FreeSWITCH itself allows 10 MiB.
HEADER_LIMIT = 256 * 1024
#: Bytes of one event on a call's own connection.
BODY_LIMIT = 1024 * 1024
#: Bytes of one ``api`` reply on the inbound link (``show channels`` of a busy switch); mod_event_socket.c:38.
REPLY_LIMIT = 16 * 1024 * 1024

# How FreeSWITCH writes the header lines of an event, of what an api printed, and of any other reply
# (mod_event_socket.c:1441, 1591, 2777). Of another shape, they are looked for.
_EVENT: Final = re.compile(rb"Content-Length: (\d+)\nContent-Type: (text/event-[a-z]+)")
_PRINTED: Final = re.compile(rb"Content-Type: (api/response)\nContent-Length: (\d+)")
_REPLY: Final = re.compile(rb"Content-Type: command/reply\nReply-Text: [^\n]*")

# Bytes within which the first line has shown its colon; what begins otherwise isn't an event socket.
_FIRST_NAME_LIMIT = 256


class WireError(Exception):
    """The peer broke the protocol. ``str()`` is the reason, on one line."""


class Frame:
    """One message: its header ``block``, and ``body``. Of duplicates among its headers the first counts."""

    __slots__ = ("_folded", "block", "body", "content_type", "length", "usual")

    def __init__(self, block: bytes, body: bytes = b"") -> None:
        self.block, self.body = block, body
        self._folded: bytes | None = None
        #: Whether it has the shape that FreeSWITCH gives to nearly all.
        self.usual = True
        #: In lower case; "" when the peer named none.
        self.content_type: str
        #: Bytes of its body by its header, as text.
        self.length: str
        if found := _EVENT.fullmatch(block):
            self.length, self.content_type = found[1].decode(), found[2].decode()
        elif found := _PRINTED.fullmatch(block):
            self.content_type, self.length = found[1].decode(), found[2].decode()
        elif _REPLY.fullmatch(block):
            self.content_type, self.length = "command/reply", "0"
        else:
            self.usual = False
            self.content_type = self.get("Content-Type").strip().lower()
            self.length = self.get("Content-Length", "0")

    def get(self, name: str, default: str = "") -> str:
        """A header by its name in whatever case, cleaned, not percent-decoded: FreeSWITCH mixes the cases."""
        if self._folded is None:
            self._folded = b"\n%b\n" % self.block.lower()
        needle = b"\n%b:" % name.lower().encode()
        at = self._folded.find(needle)
        if at < 0:
            return default
        begin = at + len(needle)
        end = self._folded.index(b"\n", begin)
        return clean(decode(self.block[begin - 1 : end - 1].lstrip(b" ")))

    @property
    def headers(self) -> dict[str, str]:
        """All of them by name as spelled, cleaned, not percent-decoded."""
        found: dict[str, tuple[str, str]] = {}
        for name, value in Headers(self.block).items():
            found.setdefault(name.lower(), (name, value))
        return dict(found.values())

    @property
    def text(self) -> str:
        """What an ``api`` printed, or the Reply-Text of any other command, without line feeds at its end.

        An ``api`` on a connection without ``full`` is refused in a command/reply: mod_event_socket.c:2236.
        """
        if self.content_type == "api/response":
            return decode(self.body).replace("\0", " ").rstrip("\r\n")
        return self.get("Reply-Text").strip()

    def __repr__(self) -> str:
        return f"Frame({self.content_type!r}, {len(self.block)} and {len(self.body)} bytes)"


class FrameReader:
    """Reads one connection. ``header_limit`` and ``body_limit`` are bytes. After a WireError it stays broken."""

    def __init__(self, *, header_limit: int = HEADER_LIMIT, body_limit: int = BODY_LIMIT) -> None:
        self._header_limit, self._body_limit = header_limit, body_limit
        self._buffer = bytearray()
        self._searched = 0  # bytes of the header block known to hold no end
        self._named = False  # its first line has its colon
        self._headed: Frame | None = None  # waits for its body
        self._missing = 0
        self._broken = ""

    @property
    def partial(self) -> bool:
        """Whether a frame has begun that has not ended."""
        return bool(self._buffer) or self._headed is not None

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete now. WireError when the peer can't be speaking the event socket."""
        if self._broken:
            raise WireError(self._broken)
        frames: list[Frame] = []
        try:
            if self.partial:
                self._buffer += data
                if (frame := self._next()) is None:
                    return frames
                frames.append(frame)
                data = bytes(self._buffer)
                self._buffer.clear()
            if rest := data[self._take_whole(data, frames) :]:
                self._buffer += rest
                self._next()  # which looks at its beginning
        except WireError as error:
            self._broken = str(error)
            self._buffer.clear()
            raise
        return frames

    def _take_whole(self, data: bytes, frames: list[Frame]) -> int:
        """The frames that lie in ``data`` from beginning to end, as most do; where what follows begins."""
        at = 0
        while True:
            while data.startswith(b"\n", at):  # the rest of a reply that ended in line feeds
                at += 1
            end = data.find(b"\n\n", at)
            if not 0 <= end - at <= self._header_limit:
                return at
            frame = Frame(data[at:end])
            if not frame.usual:
                self._check_beginning(frame.block, whole=True)
            over = end + 2 + (content_length(frame.length, self._body_limit) if frame.length != "0" else 0)
            if over > len(data):
                return at
            frame.body = data[end + 2 : over]
            frames.append(frame)
            at = over

    def _next(self) -> Frame | None:
        """The frame that has begun, once it is there."""
        if self._headed is None:
            block = self._cut_block()
            if block is None:
                return None
            self._headed = Frame(block)
            self._missing = content_length(self._headed.length, self._body_limit)
        if len(self._buffer) < self._missing:
            return None
        frame, self._headed = self._headed, None
        frame.body = bytes(self._buffer[: self._missing])
        del self._buffer[: self._missing]
        return frame

    def _cut_block(self) -> bytes | None:
        buffer = self._buffer
        if not self._searched and buffer[:1] == b"\n":  # the rest of a reply that ended in line feeds
            del buffer[: len(buffer) - len(buffer.lstrip(b"\n"))]
        end = buffer.find(b"\n\n", max(0, self._searched - 1))
        size = end if end >= 0 else len(buffer)
        if size > self._header_limit:
            raise WireError(say("headers of more than {most} bytes", most=self._header_limit))
        self._named = self._named or self._check_beginning(bytes(buffer[: min(size, _FIRST_NAME_LIMIT)]), end >= 0)
        if end < 0:
            self._searched = size
            return None
        block = bytes(buffer[:end])
        del buffer[: end + 2]
        self._searched, self._named = 0, False
        return block

    def _check_beginning(self, beginning: bytes, whole: bool) -> bool:
        """A browser or a TLS client is known by its first bytes and need not be waited for."""
        colon = beginning.find(b":", 0, _FIRST_NAME_LIMIT)
        newline = beginning.find(b"\n", 0, _FIRST_NAME_LIMIT)
        named = colon >= 0 and not 0 <= newline < colon
        over = whole or newline >= 0 or len(beginning) >= _FIRST_NAME_LIMIT
        if beginning and (not beginning[:1].isalpha() or (over and not named)):
            raise WireError(say("not an event socket: begins with {beginning}", beginning=repr(beginning[:40])))
        return named


def content_length(text: str, limit: int) -> int:
    """Bytes; WireError unless it is plain ASCII digits up to the limit.

    ``int()`` would take `` 5``, ``+5``, ``1_0`` and Arabic digits too.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= limit):
        raise WireError(say("Content-Length {found} is not a number up to {most}", found=repr(text[:20]), most=limit))
    return int(text)
