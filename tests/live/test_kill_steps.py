"""fsctl is killed so and so many milliseconds after it has answered to a call, at every step of taking it over."""

import socket
import threading
import time

import pytest

from tests.live.controller import Controller
from tests.ports import free_port

CALLER = "+4915112345678"
STEPS_MS = range(0, 32, 2)


class Between:
    """Passes each connection of the switch on to the controller, and tells when the controller said its first word."""

    def __init__(self, port, controller_port):
        self._controller = controller_port
        self._server = socket.create_server(("127.0.0.1", port))
        self.spoke = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._server.close()

    def _accept(self):
        while True:
            try:
                switch, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._between, args=(switch,), daemon=True).start()

    def _between(self, switch):
        with switch:
            try:
                fsctl = socket.create_connection(("127.0.0.1", self._controller))
            except OSError:
                return
            with fsctl:
                back = threading.Thread(target=self._pass, args=(switch, fsctl), daemon=True)
                back.start()
                self._pass(fsctl, switch, self.spoke)
                back.join()

    def _pass(self, reading, writing, spoke=None):
        try:
            while data := reading.recv(65536):
                if spoke:
                    spoke.set()
                writing.sendall(data)
        except OSError:
            pass
        for each in (reading, writing):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


@pytest.fixture
def killing(lab, tmp_path):
    """The controller behind a socket that tells when it has begun."""
    port = free_port()
    controller = Controller(lab, tmp_path, apart=True)
    controller.environment["FSCTL_LISTEN"] = f"127.0.0.1:{port}"
    between = Between(lab.socket_port, port)
    lab.phones("101", "102", "103")
    yield controller, between
    between.close()
    controller.end()


@pytest.mark.apart
@pytest.mark.parametrize("origin", ["inside", "outside"])
def test_killed_at_every_step(lab, killing, origin):
    """The phone rings within 3.3 s, whoever takes the call is heard, and after a restart the next call is served."""
    controller, between = killing
    caller = lab.phone("101") if origin == "inside" else lab.outside(CALLER)
    phone = lab.phone("102")
    waited = {}
    for step in STEPS_MS:
        controller.start()
        between.spoke.clear()
        began = time.monotonic()
        call = caller.call("102")
        assert between.spoke.wait(5)
        time.sleep(step / 1000)
        controller.kill()
        line = phone.ringing(5)
        waited[step] = round((time.monotonic() - began) * 1000)
        line.answer()
        call.wait_answered()
        assert call.hears(line) and line.hears(call), step
        line.hang_up()
        call.wait_ended()
        phone.quiet(0.2)
    print(f"\n{origin}: rings after ms, by the ms from connect to the kill: {waited}", end="")
    assert max(waited.values()) < 3300
    controller.start()
    call = caller.call("102")
    phone.ringing().answer()
    call.wait_answered()
    call.hang_up()
    controller.wait_for_call(state="ended", result="user:102")
