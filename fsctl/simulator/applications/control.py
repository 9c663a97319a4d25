"""The ``socket`` application: a call parks under a controller; and what becomes of the call without one."""

import logging
import socket
from collections.abc import Iterator

import gevent

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.eventsocket.outbound import FIRST_COMMAND_SECONDS, Connection

log = logging.getLogger(__name__)


def control(channel: Channel, data: str) -> None:
    """``socket host:port|host:port async full``: park under a controller, until it leaves.

    Who accepts no connection is passed over; if nobody does, the next action runs. So it does when a controller
    leaves, except where ``socket_resume`` says otherwise: see ``Connection.on_close``.
    """
    hosts, *words = data.split()
    sock = next(_connect(hosts), None)
    if sock is None:
        log.info("no controller at %s", hosts)
        return
    channel.set("socket_host", sock.getpeername()[0])
    connection = Connection(channel, sock, full="full" in words)
    channel.connections.append(connection)
    connection.start()
    if channel.hung_up:  # while it was connecting
        connection.channel_down()
    channel.thread.wait(lambda: connection.connected or connection.closed, serve=False)
    park(channel)
    channel.thread.serve()
    if not channel.called_away and channel.true("socket_resume"):
        channel.reset = False


def park(channel: Channel) -> None:
    """Sit still and do what is queued, for as long as the channel is under control.

    ``park_timeout`` (``seconds:cause``) counts once, and takes ``park_after_bridge`` along (switch_ivr.c:985).
    """
    if channel.reset:
        return
    limit, _, cause = (channel.get("park_timeout") or "").partition(":")
    if limit:
        channel.set("park_timeout", None)
        channel.set("park_after_bridge", None)
    channel.controlled = True
    channel.fire("CHANNEL_PARK")
    seconds = channel.switch.schedule.patience(float(limit)) if limit.isdigit() else None
    channel.thread.wait(lambda: not channel.controlled, seconds)
    if seconds is not None and channel.ready and channel.controlled:
        channel.hang_up(cause or "NORMAL_CLEARING")
    channel.controlled = False
    channel.fire("CHANNEL_UNPARK")


def _connect(hosts: str) -> Iterator[socket.socket]:
    port = 8084
    for entry in hosts.split("|"):
        host, colon, digits = entry.rpartition(":")
        port = int(digits) if colon and digits.isdigit() else port
        try:
            yield gevent.socket.create_connection((host if colon else entry, port), timeout=FIRST_COMMAND_SECONDS)
        except OSError as error:
            log.debug("controller %s: %s", entry, error)
