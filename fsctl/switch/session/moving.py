"""A call that acts on another call's channel: how it says so, and how the owner of that channel notices.

Whoever moves a channel (``uuid_bridge``, ``intercept``, ``uuid_transfer``, a conference) holds its claim and marks it
first. FreeSWITCH puts the mark into the completion of what the owner was doing, which otherwise looks like any other
end: NORMAL_CLEARING of a talk, PLAYBACK ERROR of an announcement, no digits of a question. The owner then says nothing
more. A phone's own pickup (INVITE with Replaces) marks nothing; it shows in ``transfer_history``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol, get_args

import gevent

from fsctl.model.destination import Destination
from fsctl.model.joined import Kind
from fsctl.model.outcomes import Moved
from fsctl.switch.session.call_session import CallSession

#: The mark's variable: the UUID of the channel that moves this one, or a word where no channel does.
MARK = "fsctl_moved"

#: Longest that moving a channel takes, in seconds; then FreeSWITCH itself takes the mark back.
_MARKED_SECONDS = 10

#: A marked channel leaves its owner within so many seconds; otherwise the mover has failed and the owner goes on.
MOVE_SECONDS = 2.0

#: If the talk of a channel that is moved ends meanwhile, it waits for so long; what says so is taken back at the end of
#: the move, or by FreeSWITCH a second earlier.
_ALONE_SECONDS = 3

_HISTORY = "variable_transfer_history"
_BY = re.compile(r":uuid_br:([0-9a-f-]{36})\Z")
#: The mark of a call that is sent on, parked or handed over: in which slot, or to whom; or who joins it, and how.
_INTO = re.compile(rf"({'|'.join(('park', 'push', *get_args(Kind)))})-([0-9]{{1,15}})")
_FAILSAFE = re.compile(r":bl_xfer:failsafe_[^/|]*/fsctl/XML\Z")
_WORD = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Commands(Protocol):
    """An event socket: the link, or the mover's own connection."""

    def api(self, text: str, timeout: float | None = 5) -> str: ...

    def apis(self, commands: Sequence[str]) -> list[str]: ...


def mark(commands: Commands, uuid: str, by: str) -> bool:
    """Say that ``by`` moves the channel, and stop its owner's lease, which would tear the new talk apart.

    False if the channel is gone. ValueError if ``by`` is more than a word.
    """
    return commands.apis(marking(uuid, by))[0].startswith("+OK")


@contextmanager
def marked(commands: Commands, by: str, *uuids: str) -> Iterator[bool]:
    """The same of channels that are moved now, within the block: whether all are there.

    If the mover is gone before its end, FreeSWITCH takes the mark back by itself.
    """
    later = [command for uuid in uuids for command in (  # not what another mover, who is gone, has left behind
        f"sched_del {_task(uuid)}", f"sched_api +{_MARKED_SECONDS} {_task(uuid)} {_unmarking(uuid)}")]
    answers = commands.apis([*later, *(command for uuid in uuids for command in marking(uuid, by))])
    try:
        yield all(answer.startswith("+OK") for answer in answers[len(later)::2])
    finally:
        commands.apis([command for uuid in uuids for command in (_unmarking(uuid), f"sched_del {_task(uuid)}")])


def marking(uuid: str, by: str) -> tuple[str, str]:
    """The commands by which ``mark`` does so."""
    if not _WORD.fullmatch(by):
        raise ValueError(f"{by!r} cannot be a mark")
    return f"uuid_setvar {uuid} {MARK} {by}", f"sched_del {uuid}"


def _unmarking(uuid: str) -> str:
    return f"uuid_setvar {uuid} {MARK}"


def _task(uuid: str) -> str:
    """The name by which FreeSWITCH is told that it need not do so any more."""
    return f"{MARK}-{uuid}"


def connecting(uuid: str, to: str) -> tuple[str, ...]:
    """The commands that connect a marked channel with ``to``, which was answered, instead of whom it talks with.

    To be written at once, so that FreeSWITCH does all of it or nothing if this process dies. The last one's ``+OK``
    says only that it began; once both are connected comes ``connected``.
    """
    alone = f"park_after_bridge=true;park_timeout={_ALONE_SECONDS}:NORMAL_CLEARING"
    return (
        f"uuid_setvar_multi {uuid} hangup_after_bridge=true;{alone}",
        f"sched_api +{_ALONE_SECONDS - 1} none {connected(uuid)}",
        f"uuid_bridge {uuid} {to}",
    )


def connected(uuid: str) -> str:
    """The command by which a channel ends with its talk again."""
    return f"uuid_setvar_multi {uuid} park_after_bridge=;park_timeout="


def on_its_way(commands: Commands, uuid: str) -> Destination | None:
    """Where a channel will be sent, by its mark, as soon as whoever holds it has heard so; None where it stays."""
    return sent_into(commands.api(f"uuid_getvar {uuid} {MARK}").strip())


def unmark(commands: Commands, uuid: str) -> None:
    """It came to nothing: the owner keeps its call."""
    commands.api(_unmarking(uuid))


def into(to: Destination) -> str:
    """The mark of a call that goes to a slot (``park:701``), is handed over to an executive (``push:130``), or goes on
    with somebody as the third (``join:130``, ``barge_in:101``), or who brought a third one in (``three_way:101``).
    """
    return f"{to.kind}-{to.name}"


def sent_into(by: str) -> Destination | None:
    """Where it goes, by such a mark; None for every other mark."""
    found = _INTO.fullmatch(by)
    return Destination(found[1], found[2]) if found else None


def mark_of(event: Mapping[str, str]) -> str:
    """Who moves the channel of this event, as marked; "" if nobody does."""
    return event.get(f"variable_{MARK}", "")


def moved(event: Mapping[str, str], before: Mapping[str, str]) -> Moved | None:
    """Whether the channel was moved since ``before``, by the mark or by FreeSWITCH's own record of transfers."""
    if by := mark_of(event):
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
