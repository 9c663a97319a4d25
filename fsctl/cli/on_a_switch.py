"""Finds channels at whichever FreeSWITCH has them, for commands that act on them there."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from fsctl.errors import FsctlError
from fsctl.model.live import Live, LiveCall
from fsctl.switch.link import snapshot
from fsctl.switch.link.event_socket import EventSocket, SwitchError

_Found = TypeVar("_Found")


def find(
    switches: Sequence[tuple[str, int]], secret: str, choose: Callable[[Live], _Found | None]
) -> tuple[EventSocket, _Found] | None:
    """What ``choose`` finds among the calls of a FreeSWITCH, a channel or several, and the link to that, which is open.

    None where no FreeSWITCH has such a channel; SwitchError if one of them could not be asked.
    """
    problem: SwitchError | None = None
    for host, port in switches:
        link, found = EventSocket(host, port, secret), None
        try:
            link.open()
            found = choose(snapshot.calls_now(link, f"{host}:{port}"))
            if found is not None:
                return link, found
        except SwitchError as error:
            problem = error
        finally:
            if found is None:
                link.close()
    if problem is not None:
        raise problem
    return None


def act(link: EventSocket, commands: Iterable[str], over: str) -> None:
    """Have it done, and close the link; FsctlError with the words ``over`` where nobody is there any more."""
    try:
        if not any(answer.startswith("+OK") for answer in link.apis(commands)):
            raise FsctlError(over)
    finally:
        link.close()


def silence(call: LiveCall, heard: bool) -> str:
    """The command by which somebody in a room is heard by the others no more, or again."""
    return f"conference {call.room} {'unmute' if heard else 'mute'} uuid={call.uuid}"


def hang_up(call: LiveCall) -> str:
    """The command that ends somebody's call."""
    return f"uuid_kill {call.uuid} NORMAL_CLEARING"
