"""Header lines of a message, each read only when somebody asks for it: of 250 about twenty are.

Lines are split before anything is decoded, and each value is decoded once and cleaned last: no value becomes a header.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeVar, overload

from fsctl.switch.wire.names import Names
from fsctl.switch.wire.text import clean, decode

Other = TypeVar("Other")

#: In so many characters at the beginning each name is searched for by itself; what says what a message is stands there.
_BEGINNING: Final = 4096

# Several in a row at once, since they can be the bytes of one character. urllib's unquote takes twice the time.
_ESCAPES: Final = re.compile(b"(?:%[0-9A-Fa-f]{2})+")

#: Values up to so many characters are kept decoded: all events of a channel repeat them.
_SHORT: Final = 100

#: So FreeSWITCH writes what is empty (switch_event.c:1602).
_EMPTY: Final = "_undef_"

#: Of a line that nobody has asked for yet.
_UNREAD: Final = "\0unread"

#: Of all messages.
_NAMES: Final = Names()


class Headers(Mapping[str, str]):
    """The values by name as spelled, cleaned; the first of duplicates. ``escaped``: as of an event,
    whose values are percent-encoded.

    A line without a colon is the rest of a reply that held a line feed (mod_event_socket.c:2785), and is passed over.
    ``more`` stands beside the lines, and before them. After ``searches`` for what is not at the beginning, all lines
    that anybody may ask for are found at once.
    """

    __slots__ = ("_escaped", "_found", "_known", "_more", "_searches", "_text")

    def __init__(
        self, block: bytes, *, escaped: bool = False, more: Mapping[str, str] | None = None, searches: int = 0,
    ) -> None:
        # What is no UTF-8 comes back as it was where it is looked at.
        self._text = f"\n{block.decode('utf-8', 'surrogateescape')}\n"
        self._escaped = escaped
        self._more = more or {}
        self._known: dict[str, str | None] = {**self._more}
        self._searches = searches
        self._found: dict[str, str] | None = None

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
        for line in self._text.split("\n"):
            name, colon, value = line.partition(":")
            if colon and (name := _legible(name)) not in whole:
                whole[name] = self._value(value)
        self._known = {**whole}
        return whole

    def _read(self, name: str) -> str | None:
        """The value of a line that nobody has asked for yet."""
        needle = f"\n{name}:"
        if self._found is not None:
            if (line := self._found.get(name)) is not None:
                return self._value(line)
            _NAMES.searched(name)
            at = self._text.find(needle)
        elif self._searches > 0:
            at = self._text.find(needle)
            self._searches -= not 0 <= at < _BEGINNING
        else:
            at = self._text.find(needle, 0, _BEGINNING)
            if at < 0 and len(self._text) > _BEGINNING:
                self._find_all()
                return self.get(name)
        if at < 0:
            return None
        begin = at + len(needle)
        return self._value(self._text[begin : self._text.index("\n", begin)])

    def _find_all(self) -> None:
        """Every line that is known to be asked for."""
        found = self._found = _NAMES.found(self._text)
        self._known = {**_NAMES.absent, **dict.fromkeys(found, _UNREAD), **self._known}

    def _value(self, line: str) -> str:
        if self._escaped and "%" in line:
            return _short(line) if len(line) <= _SHORT else _unescape(line)
        text = line.lstrip(" ")
        if not text.isprintable():
            return _legible(text)
        return "" if self._escaped and text == _EMPTY else text


def unescaped(value: str) -> str:
    """Without percent-encoding."""
    return decode(_ESCAPES.sub(_unescaped, value.encode("utf-8", "replace"))) if "%" in value else value


def _unescape(line: str) -> str:
    return clean(decode(_ESCAPES.sub(_unescaped, line.encode("utf-8", "surrogateescape").lstrip(b" "))))


_short: Final = lru_cache(maxsize=4096)(_unescape)


def _unescaped(escapes: re.Match[bytes]) -> bytes:
    return bytes.fromhex(escapes[0].decode().replace("%", ""))


def _legible(text: str) -> str:
    """Cleaned, with U+FFFD for what was no UTF-8."""
    return text if text.isprintable() else clean(decode(text.encode("utf-8", "surrogateescape")))
