"""Connects a caller on hold with another channel than the one that holds him (fsctl.switch.session.moving)."""

import logging
import time
from typing import Final

import gevent

from fsctl.switch.link.calls_now import Heard
from fsctl.switch.link.event_socket import EventSocket
from fsctl.switch.session import moving

log = logging.getLogger(__name__)

#: A channel that was answered waits to be connected after a frame of audio or two.
_FRAME_SECONDS: Final = 0.02


def connect(link: EventSocket, heard: Heard, caller: str, holder: str, leg: str) -> bool:
    """Whether the caller talks with ``leg`` now, which was answered and parks; the held call has ended then.

    Nothing happens where ``holder`` does not hold him any more. A leg that cannot be connected is hung up.
    """
    if not _parks(link, leg) or link.api(f"uuid_getvar {caller} signal_bond").strip() != holder:
        return False
    with moving.marked(link, leg, caller) as there:
        moved = there and _move(link, heard, caller, leg)
    if moved:
        link.api(f"uuid_kill {holder}")  # taken off hold just now, it may not have noticed that it is alone
        return True
    log.info("the caller on hold %s was not connected with %s", caller, leg)
    link.api(f"uuid_kill {leg}")
    return False


def _parks(link: EventSocket, leg: str) -> bool:
    """Moved before that, it would be torn away again by its own thread, which only then begins to park."""
    for _ in range(int(1 / _FRAME_SECONDS)):
        if link.api(f"uuid_getvar {leg} current_application").strip() == "park":
            return True
        gevent.sleep(_FRAME_SECONDS)
    return False


def _move(link: EventSocket, heard: Heard, caller: str, leg: str) -> bool:
    ordinary = f"uuid_setvar {leg} fsctl_recalls"  # as it is from now on
    answers = link.apis((ordinary, *moving.connecting(caller, leg)))
    until = time.monotonic() + moving.MOVE_SECONDS
    while answers[-1].startswith("+OK") and (left := until - time.monotonic()) > 0:
        if any(call.uuid == leg and call.peer == caller for call in heard.current().calls):
            link.api(moving.connected(caller))
            return True
        heard.wait_change(left)
    return False
