"""What systemd is told of a service: that it is ready, and that it is alive (man 3 sd_notify).

Without systemd nothing is told to nobody.
"""

import logging
import os
import socket

from gevent.monkey import get_original

log = logging.getLogger(__name__)

READY, ALIVE = "READY=1", "WATCHDOG=1"


def tell(state: str) -> None:
    """One message. What does not arrive is logged: a service does not end for that."""
    place = os.environ.get("NOTIFY_SOCKET", "")
    if not place:
        return
    try:
        with get_original("socket", "socket")(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.connect("\0" + place[1:] if place.startswith("@") else place)
            sock.send(state.encode())
    except OSError as error:
        log.warning("systemd is not told %s: %s", state, error)


def watchdog_seconds() -> float | None:
    """Within which systemd wants to hear that this process is alive; None where it does not."""
    period, process = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if not period.isdigit() or not int(period) or process not in ("", str(os.getpid())):
        return None
    return int(period) / 1_000_000
