"""Frames into events: cleaned text by name."""

import json
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from fsctl.switch.wire.frame import Frame, WireError, content_length
from fsctl.switch.wire.headers import Headers, unescaped
from fsctl.switch.wire.text import clean, decode
from fsctl.words import say

#: Read only what is needed of it: most of its headers are never looked at.
Event = Mapping[str, str]

#: What a caller hears: nothing yet, ``early`` what was said or tells before the answer, and everything once he is
#: ``answered``. Before that it is ``impossible`` where his phone made no offer (``enable-3pcc``, sofia.c:8020).
Audio = Literal["impossible", "none", "early", "answered"]

#: So many searches at most are made in an event of which not much is asked but what stands at its beginning.
_FEW: Final = 3


def parse_event(frame: Frame, *, much: bool = False) -> Event:
    """The event in a frame, or the channel data in the reply to ``connect`` (percent-encoded: mod_event_socket.c:2040).

    ``much`` will be asked of it, as of channel data. A list comes out as FreeSWITCH writes it in its other formats,
    ``ARRAY::a|:b``. ``_body`` is the event's own body, with its line feeds. WireError when the frame holds no event.
    """
    if frame.content_type == "text/event-json":
        return _json_event(frame.body)
    if frame.content_type == "text/event-plain":
        return _plain_event(frame.body, 0 if much else _FEW)
    if frame.content_type == "command/reply":
        return Headers(frame.block, escaped=True)
    raise WireError(say("no event in {found}", found=repr(frame.content_type[:40])))


def parse_dump(text: str) -> Event:
    """What ``uuid_dump … json`` printed, which is an event (mod_commands.c:6508); WireError when it is none.

    It is read as a plain event of the same channel, in which FreeSWITCH leaves alone what looks percent-encoded.
    """
    return {name: clean(unescaped(value)) for name, value in _json_event(text.encode()).items()}


def event_age_seconds(event: Mapping[str, str], now: float) -> float:
    """Seconds since FreeSWITCH fired the event (Event-Date-Timestamp, µs); 0.0 if it doesn't say.

    ``now`` is the time of day as time.time() gives it; both clocks are to be in step.
    """
    stamp = event.get("Event-Date-Timestamp", "")
    return now - int(stamp) / 1e6 if stamp.isascii() and stamp.isdigit() and len(stamp) < 20 else 0.0


def _plain_event(body: bytes, searches: int) -> Event:
    if body.endswith(b"\n\n") and b"\nContent-Length:" not in body:  # most have no body of their own
        return Headers(body[:-2], escaped=True, searches=searches)
    block, _, rest = body.partition(b"\n\n")
    event = Headers(block, escaped=True, searches=searches)
    if rest and (length := content_length(event.get("Content-Length", "0"), len(rest))):
        return Headers(block, escaped=True, more={"_body": decode(rest[:length])})
    return event


def _json_event(body: bytes) -> Event:
    try:
        event: object = _DECODER.decode(decode(body))
    except (ValueError, RecursionError):
        raise WireError(say("not JSON: {found}", found=repr(body[:40]))) from None
    if not isinstance(event, dict):
        raise WireError(say("not an event: {found}", found=repr(body[:40])))
    if not _TEXT.issuperset(map(type, event.values())):
        event = {name: value if isinstance(value, str) else _text(value) for name, value in event.items()}
    return _Cleaned(event)


class _Cleaned(Mapping[str, str]):
    """Text from JSON, which is read whole, but cleaned only where somebody looks."""

    __slots__ = ("_values",)

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        value = self._values[name]
        return value if name == "_body" else clean(value)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._values if name.isprintable())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"Event({dict(self)!r})"


def _first(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Of duplicates the first counts."""
    pairs.reverse()
    return dict(pairs)


def _text(value: object) -> str:
    if isinstance(value, list) and not any(isinstance(item, list) for item in value):
        return "ARRAY::" + "|:".join(_text(item) for item in value)
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return value
    raise WireError(say("an event within an event"))


_TEXT = frozenset({str})
# Numbers stay text: FreeSWITCH sends none, and a peer could send one that takes long to read.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_first, parse_int=str, parse_float=str, parse_constant=str, strict=False
)
