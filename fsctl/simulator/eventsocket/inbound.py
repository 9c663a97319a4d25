"""The event socket that programs connect to: a password, then commands and events."""

import socket

from gevent.server import StreamServer

from fsctl.simulator.channel.channel import Switch
from fsctl.simulator.eventsocket.commandreader import Headers
from fsctl.simulator.eventsocket.listener import Listener


class EventSocketServer:
    """Listens on loopback only."""

    def __init__(self, switch: Switch, port: int, password: str) -> None:
        self._switch, self._password = switch, password
        self._links: list[_Link] = []
        self._server = StreamServer(("127.0.0.1", port), self._accepted)

    def start(self) -> None:
        """Begin to listen; OSError when the port is taken."""
        self._server.start()

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    def close(self) -> None:
        """Close all links and listen no more."""
        self._server.close()
        for link in list(self._links):
            link.close()

    def _accepted(self, sock: socket.socket, address: object) -> None:
        link = _Link(self._switch, sock, self._password)
        self._links = [each for each in self._links if not each.closed] + [link]
        link.run()


class _Link(Listener):
    def __init__(self, switch: Switch, sock: socket.socket, password: str) -> None:
        super().__init__(switch, sock)
        self._password = password

    def run(self) -> None:
        self.start()
        for greenlet in self._greenlets:
            greenlet.join()

    def begin(self) -> None:
        self.send(b"Content-Type: auth/request\n\n")
        line, _, _ = self.next_command()
        if line != f"auth {self._password}":
            self.reply("-ERR invalid")
            self.finish("wrong password")
        self.reply("+OK accepted")

    def do_linger(self, text: str, headers: Headers, body: str) -> None:
        self.reply("-ERR not controlling a session")
