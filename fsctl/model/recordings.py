"""How recordings are named: by the call and by when they began."""

import re
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Final

from fsctl.model.joined import whose
from fsctl.model.live import Live, LiveCall

#: What FreeSWITCH could take for more than a part of a path in a command.
_MISREAD: Final = re.compile(r"[^\w ./+-]")

_NAME: Final = re.compile(r"(\d{8}T\d{6}\.\d{3})Z_([0-9a-f-]{36})\.wav", re.ASCII)


def name_of(call: str, at: datetime) -> str:
    """The file's name: when it began, to the millisecond, and the UUID by which the journal has the call."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}.{at.microsecond // 1000:03}Z_{call}.wav"


def told_by(name: str) -> tuple[str, datetime] | None:
    """The call and the instant that a file's name tells; None for a file that is no recording."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return found[2], datetime.strptime(found[1], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
    except ValueError:
        return None


def call_of(own: LiveCall, live: Live) -> str:
    """The UUID by which the journal has the talk of a channel: that of who called."""
    other = live.call(own.peer or whose(own.room or ""))
    return next((each.uuid for each in (own, other) if each and each.direction == "inbound"), own.uuid)


def misread(path: str) -> str:
    """The first character of a path that cannot stand in a command; "" for none."""
    found = _MISREAD.search(path)
    return found[0] if found else ""


def within(folder: str, name: str) -> str:
    """The whole path of a recording, or "" where it cannot stand in a command, or nobody knows the folder."""
    return str(PurePosixPath(folder, name)) if folder and not misread(folder) else ""
