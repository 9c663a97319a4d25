"""Finds a channel at whichever FreeSWITCH has it, for commands that act on it there."""

from collections.abc import Callable, Sequence

from fsctl.model.live import Live, LiveCall
from fsctl.switch.link import snapshot
from fsctl.switch.link.event_socket import EventSocket, SwitchError


def find(
    switches: Sequence[tuple[str, int]], secret: str, choose: Callable[[Live], LiveCall | None]
) -> tuple[EventSocket, LiveCall] | None:
    """The channel that ``choose`` finds among the calls of a FreeSWITCH, and the link to that, which is open.

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
