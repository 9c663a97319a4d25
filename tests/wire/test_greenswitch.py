"""greenswitch's interface on fsctl's session: what is sent, what is returned, and how it ends."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import gevent
import pytest
from greenswitch.esl import ESLEvent, NotConnectedError, OutboundSessionHasGoneAway

from fsctl.switch.greenswitch import OutboundESLServer, OutboundSession, handlers
from fsctl.switch.session.call_session import CallSession
from tests.wire.peer import OTHER, UUID, Command, Peer, api_reply, complete, event, eventually, notice, reply, within

Pair = tuple[Peer, OutboundSession]


@pytest.fixture
def call() -> Iterator[Pair]:
    """As the server hands it to an application."""
    ours, theirs = socket.socketpair()
    session = CallSession(ours, "peer", connect_timeout=1)
    session.start()
    with ours, theirs, within(20, "the test hangs"):
        peer = Peer(theirs)
        connecting = gevent.spawn(session.connect)
        peer.answer_connect()
        connecting.get()
        yield peer, OutboundSession(session)
        session.close()


def asked(peer: Peer, do: Callable[[], Any]) -> tuple[Command, gevent.Greenlet]:
    """The command that a call of a method sends, answered."""
    doing = gevent.spawn(do)
    command = peer.command()
    peer.send(api_reply(b"+OK\n") if command.line.startswith("api ") else reply("+OK"))
    return command, doing


def test_what_is_known_of_the_channel(call: Pair) -> None:
    _, session = call
    assert session.connect() is session.session_data
    assert session.uuid == UUID == session.session_data["Unique-ID"] and session.connected
    assert session.call_uuid == session.session_data["variable_call_uuid"]
    assert session.caller_id_number == session.session_data["Caller-Caller-ID-Number"]
    session.raise_if_disconnected()
    session.myevents()


@pytest.mark.parametrize(("do", "app", "argument"), [
    (lambda session: session.answer(), "answer", ""),
    (lambda session: session.park(), "park", ""),
    (lambda session: session.hangup("USER_BUSY"), "hangup", "USER_BUSY"),
    (lambda session: session.playback("a b.wav", block=False), "playback", "a b.wav"),
    (lambda session: session.say(lang="en", text=12, block=False), "say", "en:en NUMBER pronounced FEMININE 12"),
    (lambda session: session.bridge("user/101", block=False), "bridge", "user/101"),
    (lambda session: session.call_command("set", "a=b: c"), "set", "a=b: c"),
    (lambda session: session.play_and_get_digits(
        "1", "2", "3", "5000", "#", "p.wav", "i.wav", "test", r"\d", "1000", "''", block=False),
     "play_and_get_digits", r"1 2 3 5000 # p.wav i.wav test \d 1000 ''"),
    (lambda session: session.play_and_get_digits(1, 2, 3, 5000, prompt_file="p.wav", block=False),
     "play_and_get_digits", r"1 2 3 5000 none p.wav silence_stream://1 digits \d+ 5000"),
])
def test_applications(call: Pair, do: Callable[[OutboundSession], Any], app: str, argument: str) -> None:
    peer, session = call
    command, doing = asked(peer, lambda: do(session))
    assert (command.line, command.headers["execute-app-name"], command.body) == ("sendmsg", app, argument)
    assert "event-lock" not in command.headers  # one nests within another, as its authors know it
    with within(2, "waits"):
        returned = doing.get()
    assert returned in (None, "+OK") or returned.data == "+OK"


def test_completions(call: Pair) -> None:
    peer, session = call
    command, playing = asked(peer, lambda: session.playback("x"))
    nested = event("CHANNEL_EXECUTE_COMPLETE", Application="playback", Application_UUID=OTHER,
                   variable_current_application="playback")
    peer.send(nested, complete(command, "FILE PLAYED"))
    played = playing.get()
    assert isinstance(played, ESLEvent) and played.headers["Application-Response"] == "FILE PLAYED"
    numbers = ("1", "1", "1", "1", "#", "x", "y", "key")
    for pressed in ({"variable_key": "7"}, {}):
        command, asking = asked(peer, lambda: session.play_and_get_digits(*numbers))
        peer.send(complete(command, **pressed))
        assert asking.get() == pressed.get("variable_key")


def test_a_completion_that_does_not_come_in_time(call: Pair) -> None:
    peer, session = call
    _, playing = asked(peer, lambda: session.call_command("playback", "x", block=True, response_timeout=0.2))
    with pytest.raises(gevent.Timeout):
        playing.get()
    assert not session._call._waits


def test_commands(call: Pair) -> None:
    peer, session = call
    asking = gevent.spawn(session.send, "api status")
    assert peer.command().line == "api status"
    peer.send(api_reply(b"UP\nready\n"))
    assert asking.get().data == "UP\nready\n"
    command, setting = asked(peer, lambda: session.send("sendmsg\ncall-command: hangup\n"))
    assert command.headers == {"call-command": "hangup"} and setting.get().headers["Reply-Text"] == "+OK"
    assert asked(peer, session.uuid_break)[0].line == f"api uuid_break {UUID}"
    assert asked(peer, session.linger)[0].line == "linger 600"
    assert asked(peer, lambda: session.linger(5))[0].line == "linger 5"


@pytest.mark.parametrize("do", [
    lambda session: session.send("api status\n\nexit"),
    lambda session: session.send("api status\r"),
    lambda session: session.playback("x\n\nexit"),
    lambda session: session.call_command("playback\nx"),
    lambda session: session.say(),
    lambda session: session.play_and_get_digits(1, 1),
    lambda session: session.unregister_handle("DTMF", print),
])
def test_what_is_refused(call: Pair, do: Callable[[OutboundSession], Any]) -> None:
    peer, session = call
    with pytest.raises(ValueError):
        do(session)
    assert not session._call._waits


def test_handlers(call: Pair) -> None:
    peer, session = call
    heard: list[tuple[str, str]] = []

    def hear(name: str) -> Callable[[Any], None]:
        return lambda event: heard.append((name, event.headers["Event-Name"]))

    def fail(_event: Any) -> None:
        raise ValueError("a fault of the handler")

    digits = hear("digits")
    for name, handler in (("DTMF", fail), ("DTMF", digits), ("DTMF", digits), ("*", hear("rest")), ("a::b", hear("own"))):
        session.register_handle(name, handler)
    peer.send(event("DTMF"), event("TALK"), event("CUSTOM", Event_Subclass="a::b"), event("CUSTOM", Event_Subclass="c"))
    eventually(lambda: len(heard) == 4, "not all heard")
    assert heard == [("digits", "DTMF"), ("rest", "TALK"), ("own", "CUSTOM"), ("rest", "CUSTOM")]
    session.unregister_handle("DTMF", digits)
    session.unregister_handle("DTMF", fail)
    assert "DTMF" not in session.event_handlers


def test_a_handler_may_wait_for_the_switch(call: Pair) -> None:
    """In greenswitch, whose one greenlet calls handlers and notices completions, that waits for ever."""
    peer, session = call
    said = gevent.event.AsyncResult()
    session.register_handle("DTMF", lambda event: said.set(session.playback("x")))
    peer.send(event("DTMF"))
    peer.send(reply(), complete(peer.command(), "FILE PLAYED"))
    assert said.get().headers["Application-Response"] == "FILE PLAYED"


def test_handlers_that_take_their_time(call: Pair, caplog: Any) -> None:
    peer, session = call
    free = gevent.event.Event()
    session.register_handle("DTMF", lambda event: free.wait())
    peer.send(event("DTMF") * (handlers.WAITING_EVENTS + 50))
    _, asking = asked(peer, lambda: session.send("api status"))
    assert asking.get().data == "+OK\n" and len(session._handlers._queue) <= handlers.WAITING_EVENTS
    assert caplog.text.count("events behind") == 1
    free.set()


def test_the_last_events_are_heard_after_the_hangup(call: Pair) -> None:
    peer, session = call
    heard: list[str] = []
    for name in ("CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "DISCONNECT"):
        session.register_handle(name, lambda event, name=name: heard.append(name))  # type: ignore[misc]
    asked(peer, session.linger)
    peer.send(event("CHANNEL_HANGUP", Hangup_Cause="USER_BUSY"), notice("linger"), event("CHANNEL_HANGUP_COMPLETE"))
    eventually(lambda: len(heard) == 3, "not all heard")
    assert set(heard) == {"CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "DISCONNECT"}
    session.stop()
    assert peer.closed()


def test_an_expected_event(call: Pair) -> None:
    peer, session = call
    first, second, third = (gevent.event.AsyncResult() for _ in range(3))
    session.register_expected_event("TALK", "name", "a", first)
    session.register_expected_event("TALK", "name", "b", second)
    peer.send(event("TALK", variable_name="c"), event("TALK", variable_name="a"), event("CHANNEL_HANGUP"))
    assert first.get().headers["variable_name"] == "a"
    with pytest.raises(OutboundSessionHasGoneAway):
        second.get()
    session.register_expected_event("TALK", "name", "a", third)
    with pytest.raises(OutboundSessionHasGoneAway):
        third.get()


def test_the_caller_hangs_up(call: Pair) -> None:
    peer, session = call
    waits = [asked(peer, lambda: session.playback("x"))[1], gevent.spawn(session.send, "api status")]
    peer.command()
    peer.send(event("CHANNEL_HANGUP", Hangup_Cause="ORIGINATOR_CANCEL"))
    for wait in waits:
        with pytest.raises(OutboundSessionHasGoneAway, match="ORIGINATOR_CANCEL"):
            wait.get()
    for late in (session.answer, session.uuid_break, session.raise_if_disconnected, session.myevents, session.linger,
                 lambda: session.playback("x"), lambda: session.send("api status")):
        with pytest.raises(OutboundSessionHasGoneAway):
            late()
    assert not session.connected


def test_the_connection_breaks(call: Pair) -> None:
    peer, session = call
    _, playing = asked(peer, lambda: session.playback("x"))
    peer.sock.close()
    with pytest.raises(OutboundSessionHasGoneAway):
        playing.get()
    for late in (session.answer, session.uuid_break, lambda: session.send("api status")):
        with pytest.raises(NotConnectedError):
            late()
    with pytest.raises(OutboundSessionHasGoneAway):
        session.raise_if_disconnected()


def test_while_connected(call: Pair) -> None:
    peer, session = call
    done: list[int] = []

    @session.while_connected()
    def work(number: int) -> int:
        done.append(number)
        return number

    assert work(1) == 1
    with pytest.raises(OutboundSessionHasGoneAway), session.while_connected():
        peer.send(event("CHANNEL_HANGUP"))
        eventually(lambda: not session.connected, "still connected")
    with pytest.raises(OutboundSessionHasGoneAway):
        work(2)
    assert done == [1]


def test_a_hangup_is_waited_for_before_the_connection_is_closed(call: Pair) -> None:
    """Else FreeSWITCH may be told of the end first, and the call goes on in the dialplan."""
    peer, session = call
    asked(peer, session.hangup)[1].get()
    stopping = gevent.spawn(session.stop)
    gevent.sleep(0.5)
    assert not stopping.ready() and session.connected
    peer.send(event("CHANNEL_HANGUP"))
    with within(1, "doesn't stop"):
        stopping.get()
    session.stop()
    assert peer.closed()


def test_stopping_from_a_handler(call: Pair) -> None:
    peer, session = call
    session.register_handle("DTMF", lambda event: session.stop())
    peer.send(event("DTMF"))
    assert peer.closed()
    with pytest.raises(NotConnectedError):
        session.answer()


class Idle:
    def __init__(self, session: OutboundSession) -> None:
        self.session = session

    def run(self) -> None:
        self.session.playback("x")


def test_the_first_port_that_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, within(10, "the test hangs"):
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=str(port)):
            OutboundESLServer("127.0.0.1", port, Idle).listen()
        server = OutboundESLServer("127.0.0.1", (port, 0), Idle)
        listening = gevent.spawn(server.listen)
        eventually(lambda: server.bound_port, "doesn't listen")
        assert server.bound_port != port
        server.stop()
        listening.get()


def test_stopping_waits_for_the_calls() -> None:
    server = OutboundESLServer("127.0.0.1", 0, Idle)
    listening = gevent.spawn(server.listen)
    eventually(lambda: server.bound_port, "doesn't listen")
    with within(10, "the test hangs"), socket.create_connection(("127.0.0.1", server.bound_port or 0)) as sock:
        peer = Peer(sock)
        peer.answer_connect()
        assert peer.command().line == "myevents plain"
        peer.send(reply())
        assert peer.command().body == "x" and server.connection_count == 1
        server.stop()
        gevent.sleep(0.2)
        assert not listening.ready()
        peer.send(reply(), event("CHANNEL_HANGUP"))
        listening.get()
    assert server.connection_count == 0


def test_only_from_the_switches() -> None:
    server = OutboundESLServer("127.0.0.1", 0, Idle, allow=["192.0.2.1/32"])
    listening = gevent.spawn(server.listen)
    eventually(lambda: server.bound_port, "doesn't listen")
    with within(10, "the test hangs"), socket.create_connection(("127.0.0.1", server.bound_port or 0)) as sock:
        assert Peer(sock).closed()
        server.stop()
        listening.get()


@pytest.mark.parametrize("options", [{}, {"application": Idle, "bind_port": []}])
def test_a_server_without_an_application_or_a_port(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        OutboundESLServer(**options)
