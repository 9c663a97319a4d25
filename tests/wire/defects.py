"""The defects of greenswitch, one scenario each: it raises AssertionError where the defect is.

``python -m tests.wire.defects LINE…`` runs scenarios on greenswitch as it is and prints what each came to.
"""

if __name__ == "__main__":
    from gevent import monkey; monkey.patch_all()  # noqa: E702, I001

import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import gevent

from tests import payloads
from tests.wire.peer import (
    OTHER,
    UUID,
    Peer,
    api_reply,
    complete,
    event,
    eventually,
    listening,
    notice,
    reply,
    within,
)
from tests.wire.stacks import Plain, Stack

Scenario = Callable[[Stack], None]


@dataclass(frozen=True)
class Row:
    lines: str
    """Where in greenswitch/esl.py 0.0.19."""
    scenario: Scenario
    complaint: str
    """What the scenario says of greenswitch as it is."""


ROWS: dict[str, Row] = {}
FREEZES = "freezes"


def row(lines: str, complaint: str) -> Callable[[Scenario], Scenario]:
    def add(scenario: Scenario) -> Scenario:
        ROWS[scenario.__name__] = Row(lines, scenario, complaint)
        return scenario

    return add


@contextmanager
def connection(stack: Stack) -> Iterator[tuple[Peer, Any]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        session = stack.session(ours)
        try:
            yield Peer(theirs), session
        finally:
            theirs.close()
            if not isinstance(stack, Plain):
                session.close()


@contextmanager
def call(stack: Stack, connected: bytes | None = None) -> Iterator[tuple[Peer, Any]]:
    """A connected session whose start-up commands are answered."""
    with connection(stack) as (peer, session):
        begun = gevent.spawn(stack.begin, session)
        peer.answer_connect(connected)
        with within(2, "connect() doesn't return"):
            begun.get()
        if not isinstance(stack, Plain):
            for _ in range(3):
                command = peer.command()
                peer.send(api_reply(b"+OK\n") if command.line.startswith("api ") else reply())
        yield peer, session


def outcome(greenlet: gevent.Greenlet, otherwise: str, seconds: float = 0.5) -> Any:
    """What it returned, or the exception it ended with; AssertionError if it doesn't end."""
    with within(seconds, otherwise):
        greenlet.join()
    return greenlet.value if greenlet.successful() else greenlet.exception


@row("31", "forged")
def a_name_forges_headers(stack: Stack) -> None:
    name = b"Caller-Caller-ID-Name: Eve%0Avariable_user_name: 101%0D%0AUnique-ID: " + OTHER.encode()
    with connection(stack) as (peer, session):
        begun = gevent.spawn(stack.begin, session)
        peer.answer_connect(payloads.connect_reply().replace(b"variable_direction:", name + b"\nvariable_direction:"))
        facts = outcome(begun, "connect() doesn't return")
        assert "variable_user_name" not in facts, "forged variable_user_name"
        assert "B" not in facts, "forged by the captured name"
        assert facts["Unique-ID"] == UUID, "forged Unique-ID"


@row("36", "waits for ever")
def a_line_without_a_colon(stack: Stack) -> None:
    with call(stack) as (peer, session):
        asking = gevent.spawn(stack.ask, session, "status")
        peer.command()
        peer.send(b"this is no header\n\n")
        assert isinstance(outcome(asking, "waits for ever for a receiver that died"), Exception)


@row("38-42", "glued")
def a_body_within_an_event(stack: Stack) -> None:
    with call(stack) as (peer, session):
        heard = gevent.spawn(stack.next_event(session, "BACKGROUND_JOB"))
        gevent.sleep(0)
        peer.send(b"Content-Length: 900" + payloads.read("plain.esl").partition(b"Content-Length: 900")[2])
        event = outcome(heard, "no event")
        assert event["Content-Length"] == "364", "the body is glued to the last header"
        assert event["_body"].startswith("UP 0 years") and event["_body"].endswith("8192K\n"), "no body"


@row("83, 120", "waits for ever")
def a_latin_1_byte(stack: Stack) -> None:
    with call(stack) as (peer, session):
        asking = gevent.spawn(stack.ask, session, "show channels")
        peer.command()
        peer.send(api_reply(b"caf\xe9"))
        assert outcome(asking, "waits for ever: the receiver died") == "caf\ufffd"


@row("91-96", "waits for ever")
def the_end_of_the_stream(stack: Stack) -> None:
    with call(stack) as (peer, session):
        asking = gevent.spawn(stack.ask, session, "status")
        peer.command()
        peer.sock.close()
        assert isinstance(outcome(asking, "waits for ever on a closed connection"), Exception)


@row("110-118", FREEZES)
def the_end_within_a_body(stack: Stack) -> None:
    with call(stack) as (peer, session):
        asking = gevent.spawn(stack.ask, session, "status")
        peer.command()
        peer.send(api_reply(b"x" * 100)[:-90])
        peer.sock.close()
        assert isinstance(outcome(asking, "waits for ever"), Exception)


@row("124, 127", "not served")
def frames_of_no_known_kind(stack: Stack) -> None:
    with call(stack) as (peer, session):
        peer.send(b"Foo: bar\n\n")
        asking = gevent.spawn(stack.ask, session, "status")
        peer.command()
        peer.send(api_reply(b"+OK up"))
        assert outcome(asking, "not served after an odd frame") == "+OK up"


@row("136", "lost")
def the_body_of_a_notice(stack: Stack) -> None:
    with call(stack) as (peer, session):
        hung_up = gevent.spawn(stack.next_event(session, "CHANNEL_HANGUP"))
        gevent.sleep(0)
        peer.send(notice("linger", "Lingering.\n"), event("CHANNEL_HANGUP", Hangup_Cause="USER_BUSY"))
        assert outcome(hung_up, "the event after the notice is lost")["Hangup-Cause"] == "USER_BUSY"


@row("54", "holds")
def events_that_nobody_takes(stack: Stack) -> None:
    with call(stack) as (peer, session):
        if isinstance(stack, Plain):  # a handler that takes its time
            session.register_handle("DTMF", lambda event: gevent.sleep(60))
        asking = gevent.spawn(stack.ask, session, "status")
        peer.command()
        for _ in range(50):
            peer.send(event("DTMF", DTMF_Digit="1") * 20)
        peer.send(api_reply(b"+OK"))
        outcome(asking, "not served", 5)
        assert stack.held(session) < 100, f"holds {stack.held(session)} events"


@row("164-166", "heard 0")
def a_handler_without_a_name_that_fails(stack: Stack) -> None:
    heard: list[Any] = []

    def fail(_how: str, _event: Any) -> None:
        raise ValueError("a fault of the handler")

    with logged_in(stack) as (peer, link):
        stack.on_event(link, partial(fail, "how"))
        stack.on_event(link, heard.append)
        peer.send(event("HEARTBEAT") * 2)
        with suppress(AssertionError):
            eventually(lambda: len(heard) == 2, "", 0.5)
        assert len(heard) == 2, f"heard {len(heard)} of 2 events"


@row("191", "waits for ever")
def a_listener_for_completions(stack: Stack) -> None:
    with call(stack) as (peer, session):
        stack.next_event(session, "CHANNEL_EXECUTE_COMPLETE")
        running = gevent.spawn(stack.run, session, "playback", "tone_stream://x")
        command = peer.command()
        peer.send(reply(), complete(command))
        outcome(running, "waits for ever once somebody else listens to completions")


@row("206-214", "exit")
def a_line_feed_in_a_command(stack: Stack) -> None:
    with call(stack) as (peer, session):
        asking = gevent.spawn(stack.ask, session, "uuid_setvar x y\n\nexit")
        gevent.spawn(stack.ask, session, "status")
        lines = [peer.command().line]
        with suppress(AssertionError):
            lines.append(peer.command(0.2).line)
        assert "exit" not in lines, "an argument became the command exit"
        assert isinstance(outcome(asking, "waits for ever"), ValueError)


@row("211", "arrived")
def a_command_that_does_not_fit(stack: Stack) -> None:
    size = 4 * 1024 * 1024
    with call(stack) as (peer, session):
        gevent.spawn(stack.ask, session, "x" * size)
        arrived = 0
        with suppress(gevent.Timeout):
            while arrived < size:
                with gevent.Timeout(0.3):
                    arrived += len(peer.sock.recv(1 << 20))
        assert arrived > size, f"{arrived} of {size} bytes arrived"


@row("216-230", "stop() doesn't return")
def stopping_beside_a_silent_peer(stack: Stack) -> None:
    with call(stack) as (peer, session):
        stopping = gevent.spawn(stack.stop, session)
        outcome(stopping, "stop() doesn't return")
        with suppress(ConnectionError):
            assert peer.sock.recv(100) == b"", "exit was sent: FreeSWITCH rings the fail-safe"


@contextmanager
def logged_in(stack: Stack) -> Iterator[tuple[Peer, Any]]:
    served = gevent.event.AsyncResult()
    over = gevent.event.Event()

    def serve(peer: Peer) -> None:
        peer.send(b"Content-Type: auth/request\n\n")
        assert peer.command().line == "auth secret"
        peer.send(reply("+OK accepted"))
        if not isinstance(stack, Plain):
            assert peer.command().line == "event plain BACKGROUND_JOB"
            peer.send(reply())
        served.set(peer)
        over.wait()

    with listening(serve) as port:
        link = stack.link("127.0.0.1", port)
        stack.open(link)
        try:
            yield served.get(timeout=2), link
        finally:
            over.set()
            if not isinstance(stack, Plain):
                link.close()


@row("243", "IPv6")
def a_switch_at_an_ipv6_address(stack: Stack) -> None:
    def serve(peer: Peer) -> None:
        peer.send(b"Content-Type: auth/request\n\n")
        with suppress(AssertionError):
            while True:
                peer.command()
                peer.send(reply("+OK accepted"))

    with listening(serve, "::1") as port:
        link = stack.link("::1", port)
        try:
            stack.open(link)
        except OSError:
            raise AssertionError("can't use IPv6") from None
        stack.close(link)


@row("243", "ConnectionRefusedError")
def a_switch_that_is_down(stack: Stack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    try:
        stack.open(stack.link("127.0.0.1", port))
    except stack.link_error as error:
        assert "Is it running" in str(error), "no remedy"
    except OSError as error:
        raise AssertionError(f"a bare {type(error).__name__}") from None


@row("254", "waits for ever")
def a_switch_that_does_not_greet(stack: Stack) -> None:
    with listening(lambda peer: gevent.sleep(60)) as port:
        opening = gevent.spawn(stack.open, stack.link("127.0.0.1", port))
        assert isinstance(outcome(opening, "waits for ever for the greeting", 1), stack.link_error)


@row("298-313", "failed")
def a_completion_after_the_linger_notice(stack: Stack) -> None:
    with call(stack) as (peer, session):
        running = gevent.spawn(stack.run, session, "playback", "x")
        command = peer.command()
        peer.send(reply(), notice("linger"))
        with suppress(AssertionError):
            eventually(running.ready, "", 0.1)
        peer.send(complete(command, "FILE PLAYED"))
        event = outcome(running, "waits for ever")
        assert not isinstance(event, Exception), f"failed by the notice: {event!r}"
        assert event["Application-Response"] == "FILE PLAYED"


@row("315", "gone")
def another_leg_hangs_up(stack: Stack) -> None:
    with call(stack) as (peer, session):
        peer.send(event("CHANNEL_HANGUP", Unique_ID=OTHER, Hangup_Cause="USER_BUSY"))
        asking = gevent.spawn(stack.ask, session, "status")
        peer.command()
        peer.send(api_reply(b"+OK"))
        outcome(asking, "not served")
        with suppress(AssertionError):
            eventually(lambda: stack.gone(session), "", 0.1)
        assert not stack.gone(session), "taken for gone"


@row("315", "waits for ever")
def the_caller_hangs_up(stack: Stack) -> None:
    with call(stack) as (peer, session):
        running = gevent.spawn(stack.run, session, "playback", "x")
        peer.command()
        peer.send(reply(), event("CHANNEL_HANGUP", Hangup_Cause="ORIGINATOR_CANCEL"))
        error = outcome(running, "waits for ever for one who is gone")
        assert getattr(error, "cause", "") == "ORIGINATOR_CANCEL"


@row("327-334", "nested")
def a_nested_application_completes(stack: Stack) -> None:
    with call(stack) as (peer, session):
        running = gevent.spawn(stack.run, session, "playback", "x")
        command = peer.command()
        nested = event(
            "CHANNEL_EXECUTE_COMPLETE",
            Application="playback",
            Application_UUID=OTHER,
            Application_Response="nested",
            variable_current_application="playback",
        )
        peer.send(reply(), nested, complete(command, "FILE PLAYED"))
        assert outcome(running, "waits for ever")["Application-Response"] == "FILE PLAYED", "took the nested one"


@row("407", "stale")
def a_wait_that_timed_out(stack: Stack) -> None:
    with call(stack) as (peer, session):

        def impatient() -> None:
            with gevent.Timeout(0.05, False):
                stack.run(session, "playback", "x")

        running = gevent.spawn(impatient)
        peer.command()
        peer.send(reply())
        outcome(running, "waits for ever")
        assert not stack.waits(session), "a stale wait is left"


@row("336-358", "event-lock")
def an_application_with_its_order_and_name(stack: Stack) -> None:
    with call(stack) as (peer, session):
        gevent.spawn(stack.run, session, "set", "a=b: c")
        command = peer.command()
        assert command.headers.get("event-lock") == "true", "no event-lock: it nests in the one before"
        assert len(command.headers.get("event-uuid", "")) == 36, "no event-uuid"
        assert command.body == "a=b: c", "no body"


@row("373-384", "myevents")
def events_are_subscribed(stack: Stack) -> None:
    with connection(stack) as (peer, session):
        gevent.spawn(stack.begin, session)
        peer.answer_connect()
        lines = []
        with suppress(AssertionError):
            while True:
                lines.append(peer.command(0.2).line)
        assert "myevents plain" in lines, "no myevents"


@row("449-469", "None")
def arguments_that_are_missing(stack: Stack) -> None:
    with call(stack) as (peer, session):
        saying = gevent.spawn(stack.say, session)
        said = ""
        with suppress(AssertionError):
            said = peer.command(0.2).headers["execute-app-arg"]
        assert "None" not in said, f"says {said}"
        assert isinstance(outcome(saying, "waits for ever"), ValueError)


def idle(session: Any) -> None:
    """What the application does with a call: waits until the peer is done."""
    with suppress(Exception):
        session.uuid and session.wait_hangup()


@row("578", "SystemExit")
def a_port_that_is_taken(stack: Stack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        try:
            with stack.server(idle, port):
                raise AssertionError("listens on a taken port")
        except OSError as error:
            assert f"127.0.0.1:{port}" in str(error), "no address"
        except SystemExit:
            raise AssertionError("SystemExit out of a library") from None


@row("585-593", "seconds for 5 connections")
def accepting_at_once(stack: Stack) -> None:
    with stack.server(idle) as (_, port):
        began = time.monotonic()
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", port)) as sock:
                Peer(sock).answer_connect()
        seconds = time.monotonic() - began
    assert seconds < 0.3, f"{seconds:.1f} seconds for 5 connections"


@row("610-622", "held for ever")
def a_probe_of_the_port(stack: Stack) -> None:
    with stack.server(idle) as (_, port), socket.create_connection(("127.0.0.1", port)) as sock:
        assert Peer(sock).command().line == "connect"
        assert Peer(sock).closed(3), "a silent peer is held for ever"


@row("628", "admitted")
def more_calls_than_allowed(stack: Stack) -> None:
    with stack.server(idle, max_calls=1) as (_, port):
        socks = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
        admitted = 0
        for sock in socks:
            sock.settimeout(0.15)
            with suppress(TimeoutError, ConnectionError):
                admitted += sock.recv(100).startswith(b"connect")
        for sock in socks:
            sock.close()
        assert admitted == 1, f"{admitted} admitted where 1 is allowed"


@row("638", "left")
def stopping_with_a_live_call(stack: Stack) -> None:
    live: list[Any] = []

    def handle(session: Any) -> None:
        live.append(session)
        gevent.sleep(0.2)
        live.remove(session)

    with stack.server(handle) as (server, port), socket.create_connection(("127.0.0.1", port)) as sock:
        Peer(sock).answer_connect()
        eventually(lambda: live, "not handled")
        stack.drain(server)
        assert not live, f"{len(live)} call left without its controller"


def main(names: list[str]) -> None:
    for name in names:
        try:
            with within(8, "takes too long"):
                ROWS[name].scenario(Plain())
            print(f"{name}: right", flush=True)
        except AssertionError as error:
            print(f"{name}: {error}", flush=True)


if __name__ == "__main__":
    from tests.wire import defects  # the rows registered under the module's own name

    defects.main(sys.argv[1:])
