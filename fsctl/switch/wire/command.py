"""Commands as bytes; what could be read as another command is refused with ValueError."""

import re
from collections.abc import Iterable, Mapping

from fsctl.switch.wire.text import UUID

_BREAK = re.compile(r"[\r\n\0]")
_WORD = re.compile(r"[A-Za-z0-9_]+")
_EVENT_NAME = re.compile(r"[A-Za-z0-9_.:+-]+")
_HEADER_NAME = re.compile(r"[A-Za-z0-9_-]+")
# Of the events that ``myevents`` subscribes to (mod_event_socket.c:2098).
_IDLE_EVENTS = (
    "CHANNEL_APPLICATION CHANNEL_CREATE CHANNEL_DATA CHANNEL_DESTROY CHANNEL_HANGUP_COMPLETE CHANNEL_ORIGINATE"
    " CHANNEL_OUTGOING CHANNEL_PARK CHANNEL_PROGRESS CHANNEL_STATE CHANNEL_UNBRIDGE CHANNEL_UUID DETECTED_SPEECH NOTALK"
    " TALK"
)


def command(*lines: str, body: str = "") -> bytes:
    """One command: its line, its header lines, and a text/plain body.

    FreeSWITCH cuts headers at each CR and LF (mod_event_socket.c:1292). It also replaces any packet whose headers hold
    "unload" or "reload" and "mod_event_socket", wherever that is, by that unloading (mod_event_socket.c:1737).
    """
    if body:
        lines += ("content-type: text/plain", f"content-length: {len(body.encode())}")
    if not lines or not all(lines):
        raise ValueError("an empty line in a command")
    block = "\n".join(lines)
    if (block.count("\n") != len(lines) - 1 or "\r" in block or "\0" in block
            or "\n" in body or "\r" in body or "\0" in body):
        broken = next(text for text in (*lines, body) if _BREAK.search(text))
        raise ValueError(f"CR, LF or NUL in a command: {broken[:60]!r}")
    if "mod_event_socket" in (folded := block.lower()) and ("unload" in folded or "reload" in folded):
        raise ValueError(f"FreeSWITCH would unload its event socket: {block[:60]!r}")
    return f"{block}\n\n{body}".encode()


def connect() -> bytes:
    """Must be the first command on a call's connection: mod_event_socket.c:2721."""
    return command("connect")


def auth(password: str) -> bytes:
    """The answer to auth/request."""
    return command(f"auth {password}")


def api(text: str) -> bytes:
    """Run it in FreeSWITCH's thread of this connection, where nothing moves meanwhile (mod_event_socket.c:2329)."""
    return command(f"api {_said(text)}")


def bgapi(text: str, job_uuid: str) -> bytes:
    """Run it in a thread of its own; a BACKGROUND_JOB with this Job-UUID tells the result (mod_event_socket.c:2375)."""
    return command(f"bgapi {_said(text)}", f"Job-UUID: {_matching(UUID, job_uuid)}")


def myevents() -> bytes:
    """The channel's own events, plain (mod_event_socket.c:375, 2104): of JSON all had to be read for one header."""
    return command("myevents plain")


def fewer_events() -> bytes:
    """After ``myevents``: without those about which nothing is done, which FreeSWITCH needn't write then, and nobody
    read. Only with ``full`` control (mod_event_socket.c:2236, 2539).
    """
    return command(f"nixevent {_IDLE_EVENTS}")


def linger(seconds: int) -> bytes:
    """Keep the connection up to so long after the hang-up; without a limit it would hold the dead channel for ever."""
    if not 0 < seconds <= 600:
        raise ValueError(f"linger {seconds}")
    return command(f"linger {seconds}")


def events(names: Iterable[str]) -> bytes:
    """Subscribe, plain. A name with ``::`` is a subclass of CUSTOM; these go last (mod_event_socket.c:2495)."""
    asked = [_matching(_EVENT_NAME, name) for name in names]
    plain = [name for name in asked if "::" not in name and name != "CUSTOM"]
    custom = [name for name in asked if "::" in name]
    if custom or "CUSTOM" in asked:
        custom.insert(0, "CUSTOM")
    if not asked:
        raise ValueError("a subscription to nothing")
    return command(" ".join(["event", "plain", *plain, *custom]))


def sendevent(name: str, headers: Mapping[str, str]) -> bytes:
    """Fire an event within FreeSWITCH."""
    lines = [f"{_matching(_HEADER_NAME, key)}: {value}" for key, value in headers.items()]
    return command(f"sendevent {_matching(_WORD, name)}", *lines)


def sendmsg_execute(app: str, arg: str, event_uuid: str, lock: bool, uuid: str | None = None) -> bytes:
    """Queue an application. ``event_uuid`` returns as Application-UUID in its events (switch_ivr.c:636).

    ``lock`` keeps the order with what is queued before and after; never for ``bridge``, which would block all that
    follows until the talk is over (switch_ivr_bridge.c:558). FreeSWITCH expands ``${…}`` in ``arg``.
    """
    lines = [
        _sendmsg(uuid),
        "call-command: execute",
        f"execute-app-name: {_matching(_WORD, app)}",
        f"event-uuid: {_matching(UUID, event_uuid)}",
    ]
    if lock:
        lines.append("event-lock: true")
    return command(*lines, body=arg)


def sendmsg_hangup(cause: str = "NORMAL_CLEARING", uuid: str | None = None) -> bytes:
    """Queue the hang-up, for a Q.850 name."""
    return command(_sendmsg(uuid), "call-command: hangup", f"hangup-cause: {_matching(_WORD, cause)}")


def _sendmsg(uuid: str | None) -> str:
    return "sendmsg" if uuid is None else f"sendmsg {_matching(UUID, uuid)}"


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("an api command without a name")
    return text


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"not {pattern.pattern}: {text[:60]!r}")
    return text
