"""The server that calls come to: hostile peers, capacity, draining."""

import logging
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_network

import gevent
import pytest

from fsctl.switch.session.call_session import CallSession
from fsctl.switch.session.server import CallServer
from tests import payloads
from tests.wire.peer import Peer, eventually, within

LOOPBACK = [ip_network("127.0.0.0/8"), ip_network("::1/128")]


@contextmanager
def serving(handle: Callable[[CallSession], None], **options: object) -> Iterator[CallServer]:
    server = CallServer(
        ("127.0.0.1", 0), handle, **{"allow": LOOPBACK, "connect_timeout": 10, **options}  # type: ignore[arg-type]
    )
    server.start()
    try:
        with within(20, "the test hangs"):
            yield server
    finally:
        server.stop_accepting()
        eventually(lambda: server.active == 0, "sessions are left")


@contextmanager
def dialling(server: CallServer) -> Iterator[Peer]:
    with socket.create_connection(server.address[:2]) as sock:
        yield Peer(sock)


def hang(sock: socket.socket) -> None:
    """Vanish with a reset, as a killed process does."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def served(server: CallServer, calls: list[str]) -> None:
    """The next call is served."""
    before = len(calls)
    with dialling(server) as peer:
        peer.answer_connect()
        eventually(lambda: len(calls) > before, "the next call isn't served")


def wait_for_end(session: CallSession) -> None:
    session.wait_hangup()


def test_a_call_is_handled_once_it_is_connected() -> None:
    calls: list[str] = []
    with serving(lambda session: calls.append(session.uuid)) as server:
        with dialling(server) as peer:
            peer.answer_connect()
            assert peer.closed()
        assert calls == [payloads.CALL]
        eventually(lambda: server.active == 0, "still counted")


HELLO = payloads.connect_reply()
BAD_PEERS = {
    "silence": b"",
    "another command first": b"auth ClueCon\n\n",
    "http": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "no newline in 10 MB": b"x" * 10_000_000,
    "headers without end": b"Name: value\n" * 900_000,
    "invalid utf-8": b"\xff\xfe\xfd\n\n",
    "negative length": b"Content-Type: command/reply\nContent-Length: -1\n\n",
    "huge length": b"Content-Type: command/reply\nContent-Length: 2147483648\n\n",
    "long body that stays away": b"Content-Type: command/reply\nContent-Length: 1000000\n\nx",
    "line feeds only": b"\n" * 1000,
    "an event first, that is none": b"Content-Type: text/event-json\nContent-Length: 2\n\n[]",
    "no uuid": HELLO.replace(b"Unique-ID: ", b"Unique-ID: /"),
    "two answers": HELLO.replace(b"Unique-ID: b", b"Unique-ID: x") * 2,
}


#: Those that are closed because their time is over, the others at once.
SILENT_PEERS = {"silence", "long body that stays away", "line feeds only"}


@pytest.mark.parametrize("name", BAD_PEERS)
def test_a_bad_peer_is_closed_logged_once_and_the_next_call_served(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[str] = []
    seconds = 1 if name in SILENT_PEERS else 60
    with serving(lambda session: calls.append(session.uuid), connect_timeout=seconds) as server:
        with dialling(server) as peer:
            with suppress(OSError):
                peer.send(BAD_PEERS[name])
            assert peer.closed(10)
        eventually(lambda: server.active == 0, "still counted")
        assert not calls
        (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
        message = record.getMessage()
        assert record.levelno == logging.WARNING and not record.exc_info
        assert "\n" not in message and len(message) < 200
        served(server, calls)


def test_a_peer_that_sends_a_byte_at_a_time_has_no_more_time() -> None:
    with serving(wait_for_end, connect_timeout=0.3) as server, dialling(server) as peer:
        began = time.monotonic()
        with pytest.raises(OSError):
            for byte in HELLO * 10:
                peer.send(bytes([byte]))
                gevent.sleep(0.01)
        assert time.monotonic() - began < 10 < len(HELLO * 10) * 0.01


def test_the_end_at_every_byte_of_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[str] = []
    with serving(lambda session: calls.append(session.uuid)) as server:
        for size in range(0, len(HELLO), 7):
            with dialling(server) as peer:
                peer.send(HELLO[:size])
        eventually(lambda: server.active == 0, "still counted")
        assert not calls
        served(server, calls)
    assert all(not record.exc_info for record in caplog.records)


def test_a_hundred_peers_that_vanish_in_mid_command() -> None:
    calls: list[str] = []
    with serving(lambda session: (calls.append(session.uuid), session.execute("playback", "x").wait())) as server:
        peers = [socket.create_connection(server.address) for _ in range(100)]
        for sock in peers:
            sock.sendall(HELLO)
        eventually(lambda: len(calls) == 100, "not all are handled", 10)
        assert server.active == 100
        for number, sock in enumerate(peers):
            hang(sock) if number % 2 else sock.close()
        eventually(lambda: server.active == 0, "sessions are left", 5)
        served(server, calls)


def test_a_peer_outside_the_list_is_closed_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[str] = []
    with serving(lambda session: calls.append(session.uuid), allow=[ip_network("192.0.2.0/24")]) as server:
        for _ in range(3):
            with dialling(server) as peer:
                assert peer.sock.recv(10) == b""
        assert not calls and len(caplog.records) == 1 and "127.0.0.1" in caplog.text


def test_an_ipv4_peer_at_a_socket_for_both() -> None:
    server = CallServer(("::", 0), lambda session: None, allow=[ip_network("127.0.0.0/8")])
    server.start()
    try:
        with socket.create_connection(("127.0.0.1", server.address[1])) as sock:
            Peer(sock).answer_connect()
    finally:
        server.stop_accepting()


def test_one_call_too_many_is_closed_at_once(caplog: pytest.LogCaptureFixture) -> None:
    with serving(wait_for_end, max_calls=2) as server, dialling(server) as one, dialling(server) as two:
        one.command()
        two.command()  # counted from accept on: these two haven't answered yet
        for _ in range(3):
            with dialling(server) as three:
                assert three.sock.recv(10) == b""
        assert server.active == 2
        assert caplog.text.count("left to the fail-safe") == 1


@pytest.mark.parametrize("fault", [KeyError("a fault"), gevent.Timeout(1)])
def test_a_handler_that_fails(fault: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    def handle(session: CallSession) -> None:
        raise fault

    with serving(handle) as server:
        with dialling(server) as peer:
            peer.answer_connect()
            assert peer.closed()
        (record,) = caplog.records
        assert record.exc_info and payloads.CALL in record.getMessage()
        eventually(lambda: server.active == 0, "still counted")


def test_a_caller_who_hangs_up_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    with serving(wait_for_end) as server:
        with dialling(server) as peer:
            peer.answer_connect()
        eventually(lambda: server.active == 0, "still counted")
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_calls_outlive_the_end_of_accepting() -> None:
    with serving(wait_for_end) as server, dialling(server) as one, dialling(server) as two:
        one.answer_connect()
        two.answer_connect()
        address = server.address
        server.stop_accepting()
        with pytest.raises(OSError):
            socket.create_connection(address)
        gevent.sleep(0.05)
        assert server.active == 2
        one.sock.close()
        two.sock.close()
        eventually(lambda: server.active == 0, "still counted")


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"can't listen on 127.0.0.1:{port}: Address already in use"):
            CallServer(("127.0.0.1", port), wait_for_end, allow=LOOPBACK).start()


def test_a_socket_that_is_shared() -> None:
    calls: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = CallServer(listener, lambda session: calls.append(session.uuid), allow=LOOPBACK)
        server.start()
        served(server, calls)
        server.stop_accepting()
