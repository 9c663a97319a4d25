"""The ``socket`` application: a call's own connection to a controller, and what becomes of the call without one."""

import logging
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import gevent

from fsctl.simulator.channel.executor import FRAME_SECONDS
from fsctl.simulator.core.events import MYEVENTS, Event, as_json, as_plain, lines
from fsctl.simulator.eventsocket.commandreader import Headers
from fsctl.simulator.eventsocket.listener import Listener

if TYPE_CHECKING:
    from fsctl.simulator.channel.channel import Channel

log = logging.getLogger(__name__)

#: Seconds that a controller has for its first command (mod_event_socket.c:2712).
FIRST_COMMAND_SECONDS = 25


def control(channel: "Channel", data: str) -> None:
    """``socket host:port|host:port async full``: park under a controller, until it leaves.

    Who accepts no connection is passed over; if nobody does, the next action runs. So it does when a controller
    leaves, except where ``socket_resume`` says otherwise: see ``_Connection.on_close``.
    """
    hosts, *words = data.split()
    sock = next(_connect(hosts), None)
    if sock is None:
        log.info("no controller at %s", hosts)
        return
    channel.set("socket_host", sock.getpeername()[0])
    connection = _Connection(channel, sock, full="full" in words)
    channel.connections.append(connection)
    connection.start()
    if channel.hung_up:  # while it was connecting
        connection.channel_down()
    channel.executor.wait(lambda: connection.connected or connection.closed, serve=False)
    park(channel)
    channel.executor.serve()
    if not channel.called_away and channel.true("socket_resume"):
        channel.reset = False


def park(channel: "Channel") -> None:
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
    channel.executor.wait(lambda: not channel.controlled, seconds)
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


class _Connection(Listener):
    """A controller's. It stays after a transfer, is obeyed still, and ends a newer park when it ends."""

    def __init__(self, channel: "Channel", sock: socket.socket, *, full: bool) -> None:
        sock.settimeout(None)
        super().__init__(channel.switch, sock)
        self.full, self.connected = full, False
        self._channel = channel
        self._mine = False
        self._linger: float | None = None

    def begin(self) -> None:
        """Nothing but ``connect`` is answered first."""
        with gevent.Timeout(FIRST_COMMAND_SECONDS, TimeoutError("no command")):
            line, headers, body = self.next_command()
            while line != "connect":
                line, headers, body = self.next_command()
        self.do_connect("", headers, body)

    def do_connect(self, text: str, headers: Headers, body: str) -> None:
        channel = self._channel
        data = self.switch.stamps.event("CHANNEL_DATA", channel.profile.headers(
            "Channel", channel.direction, channel.uuid, channel.name) | channel.headers())
        control = "full" if self.full else "single-channel"
        tail = {"Content-Type": "command/reply", "Reply-Text": "+OK\n", "Socket-Mode": "async", "Control": control}
        self.send(lines(data | tail) + b"\n")
        self.connected = True
        channel.wake()

    def do_myevents(self, text: str, headers: Headers, body: str) -> None:
        self._mine = True
        self._encode = as_json if "json" in text.lower() else as_plain
        self.reply("+OK Events Enabled")

    def do_linger(self, text: str, headers: Headers, body: str) -> None:
        self._linger = float(text) if text.isdigit() else float("inf")
        self.reply(f"+OK will linger {text} seconds" if text else "+OK will linger")

    def do_nolinger(self, text: str, headers: Headers, body: str) -> None:
        self._linger = None
        self.reply("+OK will not linger")

    def do_getvar(self, text: str, headers: Headers, body: str) -> None:
        self.send(f"Content-Type: command/reply\nReply-Text: {self._channel.get(text) or ''}\n\n".encode())

    def channel_for(self, uuid: str) -> "Channel | None":
        return self.switch.channels.get(uuid) if uuid and self.full else self._channel

    def wants(self, event: Event) -> bool:
        own = event.get("Unique-ID") == self._channel.uuid
        if self._mine and own and event["Event-Name"] in MYEVENTS:
            return True
        return super().wants(event)

    def channel_down(self) -> None:
        """The channel hung up: its hang-up is the last event, unless the controller asked to linger."""
        if self._linger is None:
            self.switch.unlisten(self.offer)
            self.send(None)

    def channel_ended(self) -> None:
        """All has been said of the channel; stay for what is late."""
        if self._linger is None:
            return
        seconds = "" if self._linger == float("inf") else f"{self._linger:.0f}"
        self.send(f"Content-Type: text/disconnect-notice\nControlled-Session-UUID: {self._channel.uuid}\n"
                  f"Content-Disposition: linger\nChannel-Name: {self._channel.name}\n"
                  f"Linger-Time: {seconds or -1}\nContent-Length: 0\n\n".encode())
        if seconds:
            gevent.spawn_later(self._linger, self.close)

    def on_close(self) -> None:
        """A call that is to be resumed is torn out of whatever it does; else it leaves its park, and only that.

        Whether it goes on depends on ``socket_resume`` when its thread gets there: unset by a queued command in
        between, the call is stranded (mod_event_socket.c:2817 and :542).
        """
        channel = self._channel
        if self in channel.connections:
            channel.connections.remove(self)
        if channel.hung_up:
            gevent.spawn_later(FRAME_SECONDS, channel.destroy_if_free)
            return
        if not channel.called_away and channel.true("socket_resume"):
            channel.reset = True
        channel.controlled = False
        channel.wake()
