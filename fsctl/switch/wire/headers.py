"""Header lines of a message, each read only when somebody asks for it: of 250 about twenty are.

Lines are split before anything is decoded, and each value is decoded once and cleaned last: no value becomes a header.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeVar, overload

from fsctl.switch.wire.text import clean, decode

Other = TypeVar("Other")

#: Searching the whole block for one name costs far less than finding where every line begins.
_SEARCHES: Final = 24

# Several in a row at once, since they can be the bytes of one character. urllib's unquote takes twice the time.
_ESCAPES: Final = re.compile(b"(?:%[0-9A-Fa-f]{2})+")

#: So FreeSWITCH writes what is empty (switch_event.c:1602).
_EMPTY: Final = "_undef_"

#: Of a line that nobody has asked for yet.
_UNREAD: Final = "\0unread"


class Headers(Mapping[str, str]):
    """The values by name as spelled, cleaned; the first of duplicates. ``escaped``: as of an event,
    whose values are percent-encoded.

    A line without a colon is the rest of a reply that held a line feed (mod_event_socket.c:2785), and is passed over.
    ``more`` stands beside the lines, and before them.
    """

    __slots__ = ("_block", "_escaped", "_known", "_lines", "_more", "_searches")

    def __init__(self, block: bytes, *, escaped: bool = False, more: Mapping[str, str] | None = None) -> None:
        self._block = b"\n%b\n" % block
        self._escaped = escaped
        self._more = more or {}
        self._known: dict[str, str | None] = {**self._more}
        self._searches = 0
        self._lines: dict[bytes, bytes] | None = None

    @overload
    def get(self, name: str, /) -> str | None: ...
    @overload
    def get(self, name: str, default: str, /) -> str: ...
    @overload
    def get(self, name: str, default: Other, /) -> str | Other: ...

    def get(self, name: str, default: object = None, /) -> object:
        value = self._known.get(name, _UNREAD)
        if value is _UNREAD:
            value = self._known[name] = self._read(name)
        return default if value is None else value

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def __repr__(self) -> str:
        return f"Headers({dict(self)!r})"

    def _whole(self) -> dict[str, str]:
        """All of it, under names that are clean, too."""
        whole = dict(self._more)
        for line, value in self._split().items():
            if (name := clean(decode(line))) not in whole:
                whole[name] = self._value(value)
        self._known = {**whole}
        return whole

    def _read(self, name: str) -> str | None:
        """The value of a line that nobody has asked for yet."""
        if self._lines is None and self._searches < _SEARCHES:
            self._searches += 1
            needle = _line(name)
            at = self._block.find(needle)
            if at < 0:
                return None
            begin = at + len(needle)
            return self._value(self._block[begin : self._block.index(b"\n", begin)])
        value = self._split().get(name.encode("utf-8", "replace"))
        return None if value is None else self._value(value)

    def _split(self) -> dict[bytes, bytes]:
        if self._lines is None:
            self._lines = {}
            for line in self._block.split(b"\n"):
                name, colon, value = line.partition(b":")
                if colon and name not in self._lines:
                    self._lines[name] = value
        return self._lines

    def _value(self, line: bytes) -> str:
        if self._escaped and b"%" in line:
            line = _ESCAPES.sub(_unescaped, line.lstrip(b" "))
            return clean(decode(line))
        text = line.decode("utf-8", "replace").lstrip(" ")
        if self._escaped and text == _EMPTY:
            return ""
        return text if text.isprintable() else clean(text)


@lru_cache(maxsize=4096)
def _line(name: str) -> bytes:
    """How its line begins. Names are ours, a few hundred."""
    return b"\n%b:" % name.encode("utf-8", "replace")


def unescaped(value: str) -> str:
    """Without percent-encoding."""
    return decode(_ESCAPES.sub(_unescaped, value.encode("utf-8", "replace"))) if "%" in value else value


def _unescaped(escapes: re.Match[bytes]) -> bytes:
    return bytes.fromhex(escapes[0].decode().replace("%", ""))
