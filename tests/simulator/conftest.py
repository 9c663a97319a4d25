"""A simulated switch with the sample office, and a controller that a test plays by hand."""

import json
import re
import socket
import tomllib

import gevent
import pytest

from fsctl import sample
from fsctl.schema import structure
from fsctl.simulator.switch import Simulator

HEAD = "sendmsg\ncall-command: execute\nexecute-app-name: {}\nevent-uuid: {}\nevent-lock: true"


class Connection:
    """One of the switch's connections, as a program sees it."""

    def __init__(self, sock):
        self.sock = sock
        self.events = []
        self._data = b""

    def close(self):
        self.sock.close()

    def send(self, *commands):
        self.sock.sendall("".join(f"{command}\n\n" for command in commands).encode())

    def ask(self, command, seconds=2):
        """The command's answer; events that come before it are kept."""
        self.send(command)
        return self.reply(seconds)

    def reply(self, seconds=2):
        with gevent.Timeout(seconds, AssertionError("no reply")):
            while True:
                head, body = self.packet()
                if "Content-Type: text/event-json" not in head:
                    return head + "\n\n" + body

    def packet(self):
        """The next packet; what is an event is noted. EOFError when there is none."""
        while b"\n\n" not in self._data:
            self._more()
        head, _, self._data = self._data.partition(b"\n\n")
        length = int((re.search(rb"Content-Length: (\d+)", head) or [0, 0])[1])
        while len(self._data) < length:
            self._more()
        body, self._data = self._data[:length], self._data[length:]
        if b"text/event-json" in head:
            self.events.append(json.loads(body))
        return head.decode(), body.decode()

    def read_until(self, name, seconds=2, **having):
        """The first event of this name, new or kept, with these headers (``Application="set"``)."""
        with gevent.Timeout(seconds, AssertionError(f"no {name}")):
            while True:
                for event in self.events:
                    if event["Event-Name"] == name and all(event.get(key.replace("_", "-")) == value for key, value in having.items()):
                        return event
                self.packet()

    def read_to_end(self, seconds=2):
        """All packets until the switch closes."""
        packets = []
        with gevent.Timeout(seconds, AssertionError("still open")):
            while True:
                try:
                    packets.append(self.packet())
                except (EOFError, OSError):
                    return packets

    def execute(self, application, argument="", uuid="00000000-0000-4000-8000-000000000000"):
        head = HEAD.format(application, uuid)
        if application == "bridge":
            head = head.replace("\nevent-lock: true", "")
        return f"{head}\nexecute-app-arg: {argument}" if argument else head

    def _more(self):
        data = self.sock.recv(65536)
        if not data:
            raise EOFError
        self._data += data


class Controller:
    """Listens where the switch brings its calls."""

    def __init__(self):
        self._server = socket.create_server(("127.0.0.1", 0))
        self._calls = []
        self.port = self._server.getsockname()[1]

    def accept(self, seconds=3):
        """The next call's connection."""
        self._server.settimeout(seconds)
        sock, _ = self._server.accept()
        sock.settimeout(None)
        self._calls.append(Connection(sock))
        return self._calls[-1]

    def take(self, *commands):
        """The same, connected, taken out of the fail-safe, and with events."""
        call = self.accept()
        call.facts = call.ask("connect")
        call.uuid = re.search(r"^Unique-ID: (\S+)", call.facts, re.M)[1]
        for command in (f"api uuid_setvar {call.uuid} socket_resume", f"api sched_del {call.uuid}", "myevents json", *commands):
            call.ask(command)
        return call

    def close(self):
        for connection in (self._server, *self._calls):
            connection.close()


@pytest.fixture
def controller():
    controller = Controller()
    yield controller
    controller.close()


@pytest.fixture
def switch(controller):
    """Four phones at a switch whose clock runs twenty times as fast."""
    switch = Simulator(structure(tomllib.loads(sample.text())), f"127.0.0.1:{controller.port}", speed=20)
    for extension in ("101", "102", "103", "120"):
        switch.phone(extension)
    yield switch
    switch.close()


@pytest.fixture
def link(switch):
    """A program at the event socket, logged in."""
    sock = socket.create_connection(("127.0.0.1", switch.port))
    link = Connection(sock)
    assert "auth/request" in link.reply()
    assert "+OK accepted" in link.ask("auth ClueCon")
    yield link
    link.close()
