"""A call's own connection to a controller, which the ``socket`` application makes."""

import socket
from collections.abc import Collection

import gevent

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.channel.ending import destroy_if_free
from fsctl.simulator.channel.thread import FRAME_SECONDS
from fsctl.simulator.core.events import MYEVENTS, Event, as_json, as_plain, lines
from fsctl.simulator.eventsocket.commandreader import Headers
from fsctl.simulator.eventsocket.listener import Listener

#: Seconds that a controller has for its first command (mod_event_socket.c:2712).
FIRST_COMMAND_SECONDS = 25


class Connection(Listener):
    """A controller's. It stays after a transfer, is obeyed still, and ends a newer park when it ends."""

    def __init__(self, channel: Channel, sock: socket.socket, *, full: bool) -> None:
        sock.settimeout(None)
        super().__init__(channel.switch, sock)
        self.full, self.connected = full, False
        self._channel = channel
        self._mine: frozenset[str] = frozenset()
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
        self._mine = MYEVENTS
        self._encode = as_json if "json" in text.lower() else as_plain
        self.reply("+OK Events Enabled")

    def unname(self, names: Collection[str]) -> None:
        self._mine -= set(names)
        super().unname(names)

    def do_linger(self, text: str, headers: Headers, body: str) -> None:
        self._linger = float(text) if text.isdigit() else float("inf")
        self.reply(f"+OK will linger {text} seconds" if text else "+OK will linger")

    def do_nolinger(self, text: str, headers: Headers, body: str) -> None:
        self._linger = None
        self.reply("+OK will not linger")

    def do_getvar(self, text: str, headers: Headers, body: str) -> None:
        self.send(f"Content-Type: command/reply\nReply-Text: {self._channel.get(text) or ''}\n\n".encode())

    def channel_for(self, uuid: str) -> Channel | None:
        return self.switch.channels.get(uuid) if uuid and self.full else self._channel

    def wants(self, event: Event) -> bool:
        own = event.get("Unique-ID") == self._channel.uuid
        if own and event["Event-Name"] in self._mine:
            return True
        return super().wants(event)

    def channel_down(self) -> None:
        """The channel hung up: its hang-up is the last event, unless the controller asked to linger."""
        if self._linger is None:
            self.switch.unlisten(self.offer)
            goodbye = "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"
            self.send(f"Content-Type: text/disconnect-notice\nControlled-Session-UUID: {self._channel.uuid}\n"
                      f"Content-Disposition: disconnect\nContent-Length: {len(goodbye)}\n\n{goodbye}".encode())
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
            gevent.spawn_later(FRAME_SECONDS, destroy_if_free, channel)
            return
        if not channel.called_away and channel.true("socket_resume"):
            channel.reset = True
        channel.controlled = False
        channel.wake()
