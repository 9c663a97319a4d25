"""A call that acts on another call's channel: how it says so, and how the owner of that channel notices.

Whoever moves a channel (``uuid_bridge``, ``intercept``, ``uuid_transfer``, a conference) holds its claim and marks it
first. FreeSWITCH puts the mark into the completion of what the owner was doing, which otherwise looks like any other
end: NORMAL_CLEARING of a talk, PLAYBACK ERROR of an announcement, no digits of a question. The owner then says nothing
more. A phone's own pickup (INVITE with Replaces) marks nothing; it shows in ``transfer_history``.
"""

import re
from collections.abc import Mapping
from typing import Protocol

import gevent

from fsctl.model.outcomes import Moved
from fsctl.switch.session.call_session import CallSession

#: The mark's variable: the UUID of the channel that moves this one, or a word where no channel does.
MARK = "fsctl_moved"

#: A marked channel leaves its owner within so many seconds; otherwise the mover has failed and the owner goes on.
MOVE_SECONDS = 2.0

_HISTORY = "variable_transfer_history"
_BY = re.compile(r":uuid_br:([0-9a-f-]{36})\Z")
#: The mark of a call that somebody parks: in which slot.
_INTO = re.compile(r"park-([0-9]{1,15})")
_FAILSAFE = re.compile(r":bl_xfer:failsafe_[^/|]*/fsctl/XML\Z")
_WORD = re.compile(r"[A-Za-z0-9-]{1,64}")


class Commands(Protocol):
    """An event socket: the link, or the mover's own connection."""

    def api(self, text: str, timeout: float | None = 5) -> str: ...


def mark(commands: Commands, uuid: str, by: str) -> bool:
    """Say that ``by`` moves the channel now, and stop its owner's lease, which would tear the new talk apart.

    False if the channel is gone. Move it at once, or ``unmark`` it. ValueError if ``by`` is more than a word.
    """
    if not _WORD.fullmatch(by):
        raise ValueError(f"{by!r} cannot be a mark")
    if not commands.api(f"uuid_setvar {uuid} {MARK} {by}").startswith("+OK"):
        return False
    commands.api(f"sched_del {uuid}")
    return True


def unmark(commands: Commands, uuid: str) -> None:
    """It came to nothing: the owner keeps its call."""
    commands.api(f"uuid_setvar {uuid} {MARK}")


def into(slot: str) -> str:
    """The mark of a call that goes to a slot."""
    return f"park-{slot}"


def parked_in(by: str) -> str:
    """The slot that such a mark names; "" for every other mark."""
    found = _INTO.fullmatch(by)
    return found[1] if found else ""


def marked(event: Mapping[str, str]) -> str:
    """Who moves the channel of this event, as marked; "" if nobody does."""
    return event.get(f"variable_{MARK}", "")


def moved(event: Mapping[str, str], before: Mapping[str, str]) -> Moved | None:
    """Whether the channel was moved since ``before``, by the mark or by FreeSWITCH's own record of transfers."""
    if by := marked(event):
        return Moved(by)
    if event.get(_HISTORY, "") == before.get(_HISTORY, ""):
        return None
    found = _BY.search(event[_HISTORY])
    return Moved(found[1] if found else "")


def away(session: CallSession, event: Mapping[str, str]) -> Moved | None:
    """Whether the session's channel has left it, by the completion of what it did. Its lease is for the owner to stop.

    What is marked and does not leave within MOVE_SECONDS was not moved after all.
    """
    found = moved(event, session.facts)
    if found is None:
        return None
    try:
        session.wait_event({"CHANNEL_UNPARK"}, MOVE_SECONDS)
    except gevent.Timeout:
        unmark(session, session.uuid)
        return None
    return found


def in_failsafe(event: Mapping[str, str], before: Mapping[str, str]) -> bool:
    """Whether the switch has taken the channel to the fail-safe since ``before``."""
    history = event.get(_HISTORY, "")
    return history != before.get(_HISTORY, "") and bool(_FAILSAFE.search(history))
