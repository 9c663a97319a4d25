"""Events as the real switch sends them: their headers in its order, and their encodings on the wire."""

import itertools
import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import uuid4

Event = dict[str, str]

#: What ``myevents`` subscribes to (mod_event_socket.c:2098).
MYEVENTS = frozenset({
    "CHANNEL_ANSWER", "CHANNEL_APPLICATION", "CHANNEL_BRIDGE", "CHANNEL_CREATE", "CHANNEL_DATA", "CHANNEL_DESTROY",
    "CHANNEL_EXECUTE", "CHANNEL_EXECUTE_COMPLETE", "CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_ORIGINATE",
    "CHANNEL_UUID", "CHANNEL_OUTGOING", "CHANNEL_PARK", "CHANNEL_PROGRESS", "CHANNEL_PROGRESS_MEDIA", "CHANNEL_STATE",
    "CHANNEL_UNBRIDGE", "CHANNEL_UNPARK", "DETECTED_SPEECH", "DTMF", "NOTALK", "TALK",
})
#: Channel events without the channel's variables (switch_channel.c:2767).
WITHOUT_VARIABLES = frozenset({"CHANNEL_STATE", "CHANNEL_CALLSTATE", "CHANNEL_OUTGOING"})


class Stamps:
    """Writes the headers that every event begins with. ``clock`` tells seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time, hostname: str = "simulator") -> None:
        self._clock = clock
        self.core_uuid = str(uuid4())
        self.hostname = hostname
        self._sequence = itertools.count(1)

    def event(self, name: str, headers: Mapping[str, str]) -> Event:
        """An event of this moment."""
        now = self._clock()
        date = datetime.fromtimestamp(now, UTC)
        return {
            "Event-Name": name,
            "Core-UUID": self.core_uuid,
            "FreeSWITCH-Hostname": self.hostname,
            "FreeSWITCH-Switchname": self.hostname,
            "FreeSWITCH-IPv4": "127.0.0.1",
            "FreeSWITCH-IPv6": "::1",
            "Event-Date-Local": date.strftime("%Y-%m-%d %H:%M:%S"),
            "Event-Date-GMT": date.strftime("%a, %d %b %Y %H:%M:%S GMT"),
            "Event-Date-Timestamp": str(int(now * 1e6)),
            "Event-Sequence": str(next(self._sequence)),
            **headers,
        }


def as_json(event: Event) -> bytes:
    """A text/event-json frame. Arrays go out as lists."""
    values = {name: _listed(value) for name, value in event.items()}
    if "_body" in values:
        values = {"Content-Length": str(len(event["_body"].encode())), **values}
    return _frame("text/event-json", json.dumps(values, ensure_ascii=False).encode("utf-8", "replace"))


def as_plain(event: Event) -> bytes:
    """A text/event-plain frame, values percent-encoded."""
    body = event.get("_body", "").encode()
    block = lines({name: value for name, value in event.items() if name != "_body"})
    if body:
        block += b"Content-Length: %d\n" % len(body)
    return _frame("text/event-plain", block + b"\n" + body)


def lines(headers: Mapping[str, str]) -> bytes:
    """``Name: value`` lines, values encoded as in the reply to ``connect``; ``_undef_``: "" (switch_event.c:1602)."""
    return "".join(f"{name}: {_encoded(value)}\n" for name, value in headers.items()).encode()


def _encoded(value: str) -> str:
    """What looks encoded already stays as it is (switch_utils.c, switch_url_encode_opt)."""
    pieces = _ESCAPE.split(value or _EMPTY)
    return "".join(piece if number % 2 else quote(piece, safe=_SAFE) for number, piece in enumerate(pieces))


_EMPTY = "_undef_"
_ESCAPE = re.compile("(%[0-9A-Fa-f]{2})")
_SAFE = "!'()*,/$-_.~"


def _frame(kind: str, body: bytes) -> bytes:
    return b"Content-Length: %d\nContent-Type: %s\n\n" % (len(body), kind.encode()) + body


def _listed(value: str) -> str | list[str]:
    return value.removeprefix("ARRAY::").split("|:") if value.startswith("ARRAY::") else value
