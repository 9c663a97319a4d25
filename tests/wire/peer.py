"""The other end of a connection, played by a test: reads commands, answers, sends events."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

import gevent

from tests import payloads

UUID = payloads.CALL
OTHER = "00000000-0000-4000-8000-000000000001"

Stream = socket.socket


@dataclass(frozen=True)
class Command:
    line: str
    headers: dict[str, str]
    body: str


class Peer:
    def __init__(self, sock: Stream) -> None:
        self.sock = sock
        if sock.family != socket.AF_UNIX:  # bytes that wait for others to go with them are on nobody's mind
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._data = b""

    def send(self, *packets: bytes) -> None:
        self.sock.sendall(b"".join(packets))

    def command(self, seconds: float = 2) -> Command:
        """The next command; AssertionError if none comes."""
        with within(seconds, "no command came"):
            while b"\n\n" not in self._data:
                self._more()
            block, _, self._data = self._data.partition(b"\n\n")
            line, *rest = block.decode().split("\n")
            headers = {name.lower(): value for name, value in (header.split(": ", 1) for header in rest)}
            length = int(headers.get("content-length", 0))
            while len(self._data) < length:
                self._more()
            body, self._data = self._data[:length], self._data[length:]
        return Command(line, headers, body.decode())

    def answer_connect(self, reply: bytes | None = None) -> None:
        assert self.command().line == "connect"
        self.send(payloads.connect_reply() if reply is None else reply)

    def closed(self, seconds: float = 1) -> bool:
        """Whether the other end closes in time; reads away what it still sends."""
        try:
            with gevent.Timeout(seconds):
                while self.sock.recv(65536):
                    pass
        except gevent.Timeout:
            return False
        except OSError:
            return True
        return True

    def _more(self) -> None:
        data = self.sock.recv(65536)
        assert data, "closed instead of a command"
        self._data += data


def reply(text: str = "+OK") -> bytes:
    return f"Content-Type: command/reply\nReply-Text: {text}\n\n".encode()


def api_reply(body: bytes) -> bytes:
    return b"Content-Type: api/response\nContent-Length: %d\n\n" % len(body) + body


def event(name: str, *, body: str = "", **headers: str) -> bytes:
    """In the plain format, which greenswitch can read too; ``Unique_ID="…"`` for ``Unique-ID``."""
    fields = {"Event-Name": name, "Unique-ID": UUID}
    fields.update(
        {key if key.startswith("variable_") else key.replace("_", "-"): value for key, value in headers.items()}
    )
    text = "".join(f"{key}: {quote(value)}\n" for key, value in fields.items())
    if body:
        text += f"Content-Length: {len(body.encode())}\n"
    data = f"{text}\n{body}".encode()
    return b"Content-Length: %d\nContent-Type: text/event-plain\n\n" % len(data) + data


def complete(command: Command, response: str = "", **headers: str) -> bytes:
    app = command.headers["execute-app-name"]
    uuid = command.headers.get("event-uuid", OTHER)
    return event(
        "CHANNEL_EXECUTE_COMPLETE",
        Application=app,
        Application_UUID=uuid,
        Application_Response=response,
        variable_current_application=app,
        **headers,
    )


def notice(disposition: str, body: str = "") -> bytes:
    return (
        f"Content-Type: text/disconnect-notice\nControlled-Session-UUID: {UUID}\n"
        f"Content-Disposition: {disposition}\nContent-Length: {len(body)}\n\n{body}"
    ).encode()


@contextmanager
def within(seconds: float, otherwise: str) -> Iterator[None]:
    """AssertionError if the block takes longer."""
    with gevent.Timeout(seconds, AssertionError(otherwise)):
        yield


def eventually(condition: Callable[[], object], otherwise: str, seconds: float = 10) -> None:
    """Wait for the condition, giving others their turn; AssertionError if it doesn't come true."""
    with within(seconds, otherwise):
        while not condition():
            gevent.sleep(0.001)


@contextmanager
def listening(serve: Callable[[Peer], None], host: str = "127.0.0.1") -> Iterator[int]:
    """A server that hands its first connection to ``serve``; gives its port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as server:

        def accept() -> None:
            sock, _ = server.accept()
            with sock:
                serve(Peer(sock))

        greenlet = gevent.spawn(accept)
        try:
            yield server.getsockname()[1]
        finally:
            greenlet.kill()
