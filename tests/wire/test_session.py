"""A call's session: waits, order, and how it ends."""

import gc
import logging
import socket
from collections.abc import Iterator

import gevent
import pytest
from gevent.event import Event as Signal

from fsctl.switch import wire
from fsctl.switch.session.call_session import CallerGone, CallSession, CommandRefused, Disconnected
from fsctl.switch.wire import FrameReader, WireError, connection
from tests import payloads
from tests.wire.peer import UUID, Command, Peer, api_reply, complete, event, eventually, notice, reply, within


@pytest.fixture
def pair() -> Iterator[tuple[Peer, CallSession]]:
    ours, theirs = socket.socketpair()
    session = CallSession(ours, "peer", connect_timeout=2)
    session.start()
    with ours, theirs, within(10, "the test hangs"):
        yield Peer(theirs), session
        session.close()


@pytest.fixture
def call(pair: tuple[Peer, CallSession]) -> tuple[Peer, CallSession]:
    peer, session = pair
    connecting = gevent.spawn(session.connect)
    peer.answer_connect()
    connecting.get()
    return peer, session


Pair = tuple[Peer, CallSession]


def test_connect_returns_the_channel(call: Pair) -> None:
    _, session = call
    assert session.uuid == UUID == session.facts["Unique-ID"] and session.connected
    assert session.facts["Caller-Caller-ID-Name"] == "A B: c$"


def test_take_over_is_one_write(call: Pair) -> None:
    peer, session = call
    session.take_over(5, fsctl_owner="x")
    first = peer.sock.recv(65536)
    cleared = f"api uuid_setvar_multi {UUID} socket_resume=;fsctl_owner=x\n\n"
    assert first == cleared.encode() + wire.myevents() + wire.linger(5) + wire.fewer_events()


def test_what_leaves_soon_goes_with_what_is_written_next(call: Pair) -> None:
    peer, session = call
    with session.batch(soon=True):
        session.api_nowait("first")
    session.api_nowait("second")
    assert peer.sock.recv(65536) == b"api first\n\napi second\n\n"


def test_what_leaves_soon_waits_for_nobody_else(call: Pair) -> None:
    peer, session = call
    with session.batch(soon=True):
        reply_to_first = session.api_nowait("first")
    assert peer.command().line == "api first"  # whoever waits, lets others run
    peer.send(api_reply(b"+OK"))
    assert reply_to_first.get(1) == "+OK"


def test_of_a_superseded_connection_nothing_leaves_that_waited(call: Pair) -> None:
    peer, session = call
    with session.batch(soon=True):
        waiting = session.api_nowait("first")
    session.supersede()
    with pytest.raises(Disconnected):
        waiting.get(1)
    peer.sock.settimeout(0.1)
    with pytest.raises(TimeoutError):
        peer.sock.recv(1)


def test_the_end_is_told_to_who_waits_for_something_else(call: Pair) -> None:
    peer, session = call
    woken = Signal()

    def wait() -> None:
        with session.telling_end(woken.set):
            woken.wait(10)

    waiting = gevent.spawn(wait)
    gevent.sleep(0)
    peer.send(event("CHANNEL_HANGUP", **{"Hangup-Cause": "ORIGINATOR_CANCEL"}))
    with pytest.raises(CallerGone, match="ORIGINATOR_CANCEL"):
        waiting.get(timeout=5)
    with pytest.raises(CallerGone), session.telling_end(woken.clear):
        raise AssertionError("it is over already")
    assert woken.is_set()


def test_it_is_told_when_the_fail_safe_could_not_be_left(call: Pair, caplog: pytest.LogCaptureFixture) -> None:
    peer, session = call
    session.take_over()
    peer.command(), peer.command(), peer.command()
    peer.send(api_reply(b"-ERR No such command\n"), reply(), reply())
    asking = gevent.spawn(session.api, "status")
    assert peer.command().line == "api status"
    peer.send(api_reply(b"+OK"))
    asking.get()
    assert [record.levelname for record in caplog.records] == ["WARNING"] and not session.channel_gone


def test_a_channel_that_was_gone_by_then_is_no_reason_to_worry(call: Pair, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever ends the connection then, it is the caller's end."""
    peer, session = call
    session.take_over()
    peer.command(), peer.command(), peer.command()
    peer.send(api_reply(b"-ERR No such channel!\n"))
    peer.sock.close()
    assert session.wait_hangup(1) == "" and session.channel_gone
    assert not caplog.records


def test_who_hung_up_before_the_answer_was_read_is_not_connected(
    pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    peer, session = pair
    connecting = gevent.spawn(session.connect)
    peer.answer_connect(payloads.connect_reply() + notice("disconnect"))
    connecting.get()
    assert not session.connected
    with pytest.raises(CallerGone):
        session.take_over()
    assert not caplog.records


def test_another_channel_that_is_gone_is_not_the_caller(call: Pair) -> None:
    peer, session = call
    asking = gevent.spawn(session.api, "uuid_getvar 1936dc8b-54be-4459-865c-da908a27eff3 fsctl_leg")
    peer.command()
    peer.send(api_reply(b"-ERR No such channel!\n"))
    asking.get()
    assert not session.channel_gone


def test_replies_come_in_order(call: Pair) -> None:
    peer, session = call
    one, two = session.api_nowait("one"), session.api_nowait("two")
    peer.command(), peer.command()
    peer.send(api_reply(b"1\n"), reply("-ERR not allowed"))
    assert (one.get(1), two.get(1)) == ("1", "-ERR not allowed")


def test_an_api_that_is_late_leaves_the_next_one_right(call: Pair) -> None:
    peer, session = call
    with pytest.raises(gevent.Timeout):
        session.api("slow", timeout=0.01)
    asking = gevent.spawn(session.api, "fast")
    peer.command(), peer.command()
    peer.send(api_reply(b"slow"), api_reply(b"fast"))
    assert asking.get() == "fast"


def test_a_batch_leaves_in_one_write(call: Pair) -> None:
    peer, session = call
    with session.batch():
        session.execute("set", "a=1")
        with session.batch():
            session.execute("set", "b=2")
        session.api_nowait("status")
    assert peer.sock.recv(65536).count(b"\n\n") == 3


def test_waiting_in_a_batch_sends_what_is_waited_for(call: Pair) -> None:
    peer, session = call

    def run() -> str:
        with session.batch():
            session.execute("set", "a=1")
            return session.api("status")

    asking = gevent.spawn(run)
    peer.command(), peer.command()
    peer.send(reply(), api_reply(b"+OK up"))
    assert asking.get() == "+OK up"


def test_a_batch_that_raises_sends_nothing(call: Pair) -> None:
    peer, session = call
    with pytest.raises(ValueError), session.batch():
        first = session.execute("set", "a=1")
        answer = session.api_nowait("status")
        session.execute("set", "a\nb")
    for wait in (first.wait, answer.get):
        with pytest.raises(Disconnected, match="never sent"):
            wait(0)
    session.api_nowait("next")
    assert peer.command().line == "api next" and not session._waits


def test_another_greenlet_is_not_in_the_batch(call: Pair) -> None:
    peer, session = call
    with session.batch():
        session.api_nowait("mine")
        gevent.spawn(session.api_nowait, "theirs").get()
        assert peer.command().line == "api theirs"
    assert peer.command().line == "api mine"


def test_a_completion_before_the_wait(call: Pair) -> None:
    peer, session = call
    execution = session.execute("playback", "x")
    peer.send(reply(), complete(peer.command(), "FILE PLAYED"))
    eventually(execution.done, "no completion")
    assert execution.wait(0)["Application-Response"] == "FILE PLAYED" and not session._waits


def test_a_timeout_leaves_nothing(call: Pair) -> None:
    peer, session = call
    execution = session.execute("playback", "x")
    command = peer.command()
    with pytest.raises(gevent.Timeout):
        execution.wait(0.01)
    assert not session._waits
    peer.send(reply(), complete(command))
    gevent.spawn(session.race, session.execute("set", "a=b"), {"X"})
    peer.command()
    gevent.sleep(0)
    assert len(session._waits) == 2


def test_the_callers_own_timeout_leaves_nothing(call: Pair) -> None:
    _, session = call
    with gevent.Timeout(0.01, False):
        session.execute("playback", "x").wait(60)
    assert not session._waits


def test_a_command_that_freeswitch_did_not_queue(call: Pair) -> None:
    peer, session = call
    execution = session.execute("playback", "x")
    racing = gevent.spawn(session.race, execution, {"CHANNEL_BRIDGE"})
    peer.command()
    gevent.sleep(0)
    peer.send(reply("-ERR memory error"))
    with pytest.raises(CommandRefused, match="memory error"):
        execution.wait(1)
    with pytest.raises(CommandRefused):
        racing.get()
    assert session.connected


def test_race_sees_the_bridge_then_the_completion(call: Pair) -> None:
    peer, session = call
    bridge = session.execute("bridge", "user/101", lock=False)
    command = peer.command()
    assert "event-lock" not in command.headers
    racing = gevent.spawn(session.race, bridge, {"CHANNEL_BRIDGE"})
    gevent.sleep(0)
    peer.send(reply(), event("CHANNEL_BRIDGE", Bridge_A_Unique_ID=UUID), complete(command))
    assert racing.get()[0] == "CHANNEL_BRIDGE"
    assert session.race(bridge, {"CHANNEL_BRIDGE"}, 1)[0] == "complete"


def test_race_takes_what_came_before_it_in_order(call: Pair) -> None:
    peer, session = call
    peer.send(event("CHANNEL_BRIDGE", Other="of an earlier bridge"))
    eventually(lambda: session._waits._kept, "no event")
    bridge = session.execute("bridge", "user/101", lock=False)
    peer.send(reply(), event("CHANNEL_BRIDGE", Other="ours"), complete(peer.command()))
    eventually(bridge.done, "no completion")
    assert session.race(bridge, {"CHANNEL_BRIDGE"})[1]["Other"] == "ours"
    assert session.race(bridge, {"CHANNEL_BRIDGE"})[0] == "complete"
    assert session.wait_event({"CHANNEL_BRIDGE"})["Other"] == "of an earlier bridge"


def test_keys_between_two_executions(call: Pair) -> None:
    """Those during either are its own."""
    peer, session = call
    first, second = session.execute("playback", "x"), session.execute("play_and_get_digits", "y")
    one, other = peer.command(), peer.command()

    def begins(command: Command) -> bytes:
        return event("CHANNEL_EXECUTE", Application_UUID=command.headers["event-uuid"])

    keys = [event("DTMF", DTMF_Digit=digit) for digit in "12345"]
    peer.send(reply(), reply(), begins(one), keys[0], complete(one), keys[1], keys[2], begins(other), keys[3],
              complete(other), keys[4])
    eventually(second.done, "no completion")
    assert session.keys_between(first, second) == "23"
    assert session.keys_between(second, first) == ""
    eventually(lambda: session.keys_between(second, None) == "5", "the last key is not known")


def test_race_can_go_on_after_a_timeout(call: Pair) -> None:
    peer, session = call
    execution = session.execute("playback", "x")
    with pytest.raises(gevent.Timeout):
        session.race(execution, {"DTMF"}, 0.01)
    peer.send(reply(), event("DTMF", DTMF_Digit="1"), complete(peer.command()))
    assert session.race(execution, {"DTMF"}, 1)[1]["DTMF-Digit"] == "1"
    assert execution.wait(1)


HANGUP = event("CHANNEL_HANGUP", Hangup_Cause="ORIGINATOR_CANCEL")


@pytest.mark.parametrize("end", ["hangup", "eof", "notice", "wire", "close", "reply to nothing", "json"])
def test_every_end_fails_everything(call: Pair, end: str) -> None:
    peer, session = call
    execution = session.execute("bridge", "user/101")
    waits = [
        gevent.spawn(execution.wait),
        gevent.spawn(session.race, execution, {"CHANNEL_BRIDGE"}),
        gevent.spawn(session.wait_event, {"DTMF"}),
        gevent.spawn(session.api, "status", None),
        gevent.spawn(session.api_nowait("x").get),
    ]
    hanging = gevent.spawn(session.wait_hangup)
    gevent.sleep(0)
    match end:
        case "hangup":
            peer.send(HANGUP)
        case "eof":
            peer.sock.close()
        case "notice":
            peer.send(notice("disconnect", "Disconnected, goodbye.\n"))
        case "wire":
            peer.send(b"\x16\x03\x01")
        case "close":
            session.close()
        case "reply to nothing":
            peer.send(reply() * 4)
        case "json":
            peer.send(b"Content-Type: text/event-json\nContent-Length: 1\n\n{")
    kind = CallerGone if end in ("hangup", "notice") else Disconnected
    for wait in waits if end != "reply to nothing" else waits[:3]:
        with pytest.raises(kind):
            wait.get()
    for late in (lambda: session.execute("set", "a=b"), lambda: session.api("x"), lambda: session.send(b"x\n\n")):
        with pytest.raises(kind):
            late()
    with pytest.raises(kind):
        session.raise_if_disconnected()
    if end == "hangup":
        assert hanging.get() == "ORIGINATOR_CANCEL" == session.wait_hangup()
        session.hangup()
    elif end == "notice":
        assert hanging.get() == "" == session.wait_hangup()
    else:
        with pytest.raises(Disconnected):
            hanging.get()
    assert not session._waits and not session.connected
    assert end == "hangup" or session._connection.closed


def test_the_linger_notice_is_not_the_end_and_the_hangup_closes(call: Pair) -> None:
    peer, session = call
    execution = session.execute("playback", "x")
    peer.send(reply(), notice("linger"), complete(peer.command(), "FILE PLAYED"))
    assert execution.wait(1)["Application-Response"] == "FILE PLAYED"
    peer.send(HANGUP)
    assert session.wait_hangup(1) == "ORIGINATOR_CANCEL" and peer.closed()


def test_after_the_hangup_nothing_more_is_heard_unless_that_was_asked_for(call: Pair) -> None:
    peer, session = call
    peer.send(HANGUP)
    assert peer.closed() and session.hangup_event is not None


def test_who_hears_on_hears_the_last_events_until_freeswitch_closes(call: Pair) -> None:
    peer, session = call
    session.hear_on()
    peer.send(HANGUP, event("CHANNEL_HANGUP_COMPLETE", Hangup_Cause="ORIGINATOR_CANCEL"), notice("linger"))
    peer.send(notice("disconnect"))
    assert peer.closed() and session.hangup_event is not None
    assert session.hangup_event["Event-Name"] == "CHANNEL_HANGUP_COMPLETE"


def test_an_end_while_lingering_is_a_hangup(call: Pair) -> None:
    peer, session = call
    peer.send(notice("linger"))
    peer.sock.close()
    assert session.wait_hangup(1) == ""


def test_the_captured_call_replayed(call: Pair) -> None:
    peer, session = call
    for _ in range(6):
        session.api_nowait("x")  # as many as the capture has replies for, and more
    stream = payloads.read("call.esl").partition(b"\n\n")[2]
    sent = sum(1 for frame in FrameReader().feed(stream) if frame.content_type in ("command/reply", "api/response"))
    for _ in range(sent - 6):
        session.api_nowait("x")
    peer.send(stream)
    assert session.wait_hangup(1) == "USER_BUSY" and peer.closed()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        payloads.connect_reply().replace(b"Unique-ID: b3", b"Unique-ID: x3"),
        b"Content-Type: command/reply\nReply-Text: -ERR\n\n",
        payloads.connect_reply()[:-1],
    ],
)
def test_connect_to_something_else(pair: Pair, answer: bytes) -> None:
    peer, session = pair
    connecting = gevent.spawn(session.connect)
    peer.answer_connect(answer)
    with pytest.raises(Disconnected):
        connecting.get()
    assert session._connection.closed
    with pytest.raises(WireError):
        _ = session.uuid


def test_the_end_at_every_byte() -> None:
    reply_and_event = payloads.connect_reply() + event("CHANNEL_ANSWER")
    length = len(payloads.connect_reply())
    for size in range(len(reply_and_event)):
        ours, theirs = socket.socketpair()
        session = CallSession(ours, "peer")
        session.start()
        theirs.sendall(reply_and_event[:size])
        theirs.shutdown(socket.SHUT_WR)
        with within(1, f"hangs at {size}"), theirs:
            if size < length:
                with pytest.raises(Disconnected):
                    session.connect()
            else:
                with pytest.raises((Disconnected, CallerGone)):
                    session.connect()
                    session.wait_hangup()
        assert session._connection.closed


def test_a_broken_peer_in_mid_call_is_logged_once(call: Pair, caplog: pytest.LogCaptureFixture) -> None:
    peer, session = call
    peer.send(b"Content-Length: -1\n\n" * 3)
    with pytest.raises(Disconnected, match="Content-Length"):
        session.wait_hangup(1)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING and UUID in record.getMessage() and not record.exc_info


def test_a_flood_closes(call: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    peer, session = call
    session._connection._flood_limit = 1_000_000
    with pytest.raises(OSError):
        while True:
            peer.send(event("DTMF") * 100)
    with pytest.raises(Disconnected, match="in a second"):
        session.wait_hangup(1)


def test_a_frame_that_does_not_end(call: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    peer, session = call
    monkeypatch.setattr(connection, "STALL_SECONDS", 0.05)
    peer.send(b"Content-Type: text/event-json\nContent-Length: 10\n\n{")
    with pytest.raises(Disconnected):
        session.wait_hangup(1)


def test_a_peer_that_takes_nothing(call: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    _, session = call
    monkeypatch.setattr(connection, "STALL_SECONDS", 0.05)
    with pytest.raises(Disconnected, match="takes nothing"):
        session.api("x" * 8_000_000)


def test_a_command_interrupted_half_way_ends_the_connection(call: Pair) -> None:
    _, session = call
    with gevent.Timeout(0.02, False):
        session.api("x" * 8_000_000)
    with pytest.raises(Disconnected, match="interrupted"):
        session.api("status")


def test_kept_events_are_bounded(call: Pair) -> None:
    peer, session = call
    for _ in range(40):
        peer.send(event("CHANNEL_PROGRESS", variable_x="x" * 60_000))
    asking = gevent.spawn(session.api, "status")
    peer.command()
    peer.send(api_reply(b"+OK"))
    asking.get()
    assert sum(len(frame.body) for _, _, frame in session._waits._kept) == session._waits._kept_bytes <= 512 * 1024


def test_closing_from_within_the_receiver(call: Pair) -> None:
    peer, session = call
    session.api_nowait("status").then(lambda text: session.close())
    peer.command()
    peer.send(api_reply(b"+OK"))
    assert peer.closed()
    session.close()


def test_one_greenlet_a_session_and_none_left() -> None:
    def greenlets() -> set[gevent.Greenlet]:
        gc.collect()
        return {thing for thing in gc.get_objects() if isinstance(thing, gevent.Greenlet) and not thing.ready()}

    before = greenlets()  # others' may end meanwhile
    pairs = [socket.socketpair() for _ in range(10)]
    sessions = [CallSession(ours, "peer") for ours, _ in pairs]
    for session in sessions:
        session.start()
    assert len(greenlets() - before) == 10
    for _, theirs in pairs:
        theirs.close()
    eventually(lambda: not greenlets() - before, "greenlets are left")
