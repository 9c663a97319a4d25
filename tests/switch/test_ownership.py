"""Who may still say something to a channel after this process was stopped or another took the call."""

import socket
import time

import gevent
import pytest

from fsctl.facts.arriving import OWNER
from fsctl.switch.session import moving
from fsctl.switch.session.call_session import CallSession, Superseded
from fsctl.switch.session.ownership import Away, Ownership, TooLate
from tests.wire.peer import UUID, Peer, api_reply, event, reply, within

TAKER = "1936dc8b-54be-4459-865c-da908a27eff3"


def completion(age_seconds=0.0, history="", mark=""):
    """Of an application, fired so long ago."""
    return {
        "Event-Name": "CHANNEL_EXECUTE_COMPLETE", "Event-Date-Timestamp": str(int((time.time() - age_seconds) * 1e6)),
        "variable_transfer_history": history, "variable_fsctl_moved": mark}


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    session = CallSession(ours, "peer")
    session.start()
    with ours, theirs, within(10, "the test hangs"):
        peer = Peer(theirs)
        connecting = gevent.spawn(session.connect)
        peer.answer_connect()
        connecting.get()
        session.facts = {**session.facts, "Event-Date-Timestamp": ""}  # the captured one is years old
        yield peer, session
        session.close()


@pytest.fixture
def owned(pair):
    """A channel that was taken over; gives the token too."""
    peer, session = pair
    ownership = Ownership(session, "102")
    ownership.take()
    written = [peer.command().line for _ in range(6)]
    peer.send(api_reply(b"+OK"), *[reply()] * 3, *[api_reply(b"+OK")] * 2)
    assert written[4:] == [f"api sched_del {UUID}", f"api sched_transfer +5 {UUID} failsafe_102 XML fsctl"]
    command, _, token = written[0].rpartition("=")
    assert command == f"api uuid_setvar_multi {UUID} socket_resume=;{OWNER}"
    return peer, session, ownership, token


def nothing_was_said(peer):
    """A last command shows that nothing came before it."""
    peer.sock.settimeout(0.1)
    with pytest.raises(TimeoutError):
        peer.sock.recv(1)


def test_after_a_fresh_event_nobody_is_asked(owned):
    peer, _, ownership, _ = owned
    ownership.heard(completion())
    ownership.check()
    nothing_was_said(peer)


@pytest.mark.parametrize("age", [2.0, 3600.0])
def test_after_a_late_event_the_switch_is_asked_first(owned, age):
    peer, _, ownership, token = owned
    ownership.heard(completion(age))
    checking = gevent.spawn(ownership.check)
    assert peer.command().line == f"api uuid_getvar {UUID} {OWNER}"
    peer.send(api_reply(token.encode() + b"\n"))
    assert [peer.command().line.split()[1] for _ in range(3)] == ["sched_del", "sched_transfer", "uuid_getvar"]
    peer.send(api_reply(b"+OK"), api_reply(b"+OK"), api_reply(b"102"))
    checking.get()


@pytest.mark.parametrize("owner", [b"another\n", b"_undef_\n"])
def test_another_connection_has_it(owned, owner):
    """Neither its call nor its lease is touched."""
    peer, session, ownership, _ = owned
    ownership.heard(completion(2))
    checking = gevent.spawn(ownership.check)
    peer.command()
    peer.send(api_reply(owner))
    with pytest.raises(Superseded):
        checking.get()
    nothing_was_said(peer)
    with pytest.raises(Superseded):
        session.api_nowait("status")


def test_a_channel_that_is_gone_belongs_to_nobody_else(owned):
    """Its hang-up, which is on its way, is still told."""
    peer, session, ownership, _ = owned
    ownership.heard(completion(2))
    checking = gevent.spawn(ownership.check)
    peer.command()
    peer.send(api_reply(b"-ERR No such channel!\n"))
    [peer.command() for _ in range(3)]
    peer.send(*[api_reply(b"-ERR No such channel!\n")] * 3)
    checking.get()
    assert not session.superseded


def test_the_failsafe_has_it(owned):
    peer, _, ownership, token = owned
    ownership.heard(completion(2))
    checking = gevent.spawn(ownership.check)
    peer.command()
    peer.send(api_reply(token.encode()))
    [peer.command() for _ in range(3)]
    peer.send(api_reply(b"+OK"), api_reply(b"+OK"), api_reply(b"failsafe_102\n"))
    with pytest.raises(TooLate):
        checking.get()


def test_the_failsafe_took_it_amid_an_application(owned):
    _, _, ownership, _ = owned
    with pytest.raises(TooLate):
        ownership.heard(completion(history=f"1:{UUID}:bl_xfer:failsafe_102/fsctl/XML"))


@pytest.mark.parametrize(("history", "mark", "by"), [
    ("", "park", "park"), (f"1:{UUID}:uuid_br:{TAKER}", "", TAKER)])
def test_another_call_took_it(owned, history, mark, by):
    """Its lease is stopped, and that is the last word."""
    peer, session, ownership, _ = owned
    hearing = gevent.spawn(ownership.heard, completion(history=history, mark=mark))
    peer.send(event("CHANNEL_UNPARK"))
    with pytest.raises(Away) as away:
        hearing.get()
    assert away.value.moved.by == by
    assert peer.command().line == f"api sched_del {UUID}"
    nothing_was_said(peer)


def test_a_mark_without_a_move_is_taken_off(owned, monkeypatch):
    monkeypatch.setattr(moving, "MOVE_SECONDS", 0.05)
    peer, _, ownership, _ = owned
    hearing = gevent.spawn(ownership.heard, completion(mark="park"))
    assert peer.command().line == f"api uuid_setvar {UUID} fsctl_moved"
    peer.send(api_reply(b"+OK"))
    hearing.get()
