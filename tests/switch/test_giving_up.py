"""Callers who give up in the moment in which fsctl takes their call, in every order in which that can be told."""

import socket

import gevent
import pytest

from fsctl.facts.arriving import OWNER
from fsctl.model.live import Live
from fsctl.store.database import open_database
from fsctl.store.journal_queue import Journal
from fsctl.store.journal_table import list_calls
from fsctl.store.migrations import migrate
from fsctl.switch.calls.handler import CallHandler
from fsctl.switch.calls.office_state import StoreState
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.live import LiveTable
from fsctl.switch.session.call_session import CallSession
from tests.unit.builders import AT, an_office
from tests.wire.peer import UUID, Peer, api_reply, event, eventually, notice, reply, within

CANCELLED = {"Event-Name": "CHANNEL_HANGUP_COMPLETE", "Unique-ID": UUID, "Hangup-Cause": "ORIGINATOR_CANCEL"}
FAILSAFE = CANCELLED | {"variable_fsctl_failsafe": "true"}
NO_CHANNEL = api_reply(b"-ERR No such channel!\n")
TAKEN = 6  # commands by which a call is taken


class Call:
    """One that FreeSWITCH brings, and the journal of who takes it. ``linked``: FreeSWITCH is heard, too."""

    def __init__(self, store, linked):
        self._store, self.table = store, LiveTable("one")
        self._heard = HeardHere((self.table,))
        self.table.know(linked)
        self.journal = Journal(store, "one")
        self.journal.start()
        state = StoreState(store, "one", lambda: AT, self._heard)
        self.handler = CallHandler(an_office, Live, self.journal, state, lambda: AT)
        ours, theirs = socket.socketpair()
        self.peer, self.session = Peer(theirs), CallSession(ours, "peer")
        self.session.start()
        connecting = gevent.spawn(self.session.connect)
        self.peer.answer_connect()
        connecting.get()
        self.session.facts = {**self.session.facts, "Event-Date-Timestamp": ""}  # the captured one is years old
        self.handling = gevent.spawn(self.handler, self.session)
        taking = [self.peer.command().line for _ in range(TAKEN)]
        (self.owner,) = [line.rpartition(f"{OWNER}=")[2] for line in taking if f"{OWNER}=" in line]

    def hears(self, event):
        self.table.apply(event)
        self._heard.changed()

    def told(self):
        """Its result and cause in the journal."""
        return next(((row["result"], row["cause"]) for row in list_calls(self._store) if row["state"] == "ended"), None)

    def becomes(self, *told):
        eventually(lambda: self.told() == told, f"not {told}")

    def close(self):
        self.session.close()
        self.peer.sock.close()
        self.handling.join()
        self.journal.stop()


@pytest.fixture
def call(tmp_path, request):
    store = open_database(str(tmp_path / "db"))
    migrate(store)
    with within(30, "the test hangs"):
        call = Call(store, getattr(request, "param", True))
        yield call
        call.close()
    store.close()


def taken(last=b"+OK"):
    return api_reply(b"+OK"), reply(), reply(), api_reply(last), api_reply(last), api_reply(last)


@pytest.mark.parametrize("call", [True, False], ids=["linked", "alone"], indirect=True)
@pytest.mark.parametrize("packets", [
    [notice("disconnect")], [*taken(), notice("disconnect")], [NO_CHANNEL], [*taken(b"-ERR No such channel!\n")],
    [*taken(), notice("linger")], [NO_CHANNEL, reply(), reply(), *[NO_CHANNEL] * 3, notice("disconnect")],
])
def test_freeswitch_itself_says_that_the_channel_is_no_more(call, packets, caplog):
    call.peer.send(*packets)
    call.peer.sock.close()
    call.becomes("gone", "")
    assert not caplog.records


def test_then_the_link_knows_why(call):
    call.hears(CANCELLED)
    call.peer.send(notice("disconnect"))
    call.becomes("gone", "ORIGINATOR_CANCEL")


def test_the_hang_up_comes_as_an_event(call):
    call.peer.send(*taken(), event("CHANNEL_HANGUP", Hangup_Cause="ORIGINATOR_CANCEL"))
    call.becomes("gone", "ORIGINATOR_CANCEL")


@pytest.mark.parametrize("before", [True, False])
def test_all_that_tells_of_it_is_the_link(call, before, caplog):
    """Before the connection breaks, or so late that it had looked as if the fail-safe had the call."""
    if before:
        call.hears(CANCELLED)
    call.peer.sock.close()
    if not before:
        call.becomes("failsafe", "")
        call.hears(CANCELLED)
    call.becomes("gone", "ORIGINATOR_CANCEL")
    call.handling.join()
    assert not caplog.records


@pytest.mark.parametrize("ours", [True, False])
@pytest.mark.parametrize("before", [True, False])
def test_a_connection_that_broke_says_nothing_of_how_a_newer_one_ended(call, before, ours):
    """The fail-safe connected the call, and it came back by a transfer, perhaps to another process."""
    if not before:
        call.peer.sock.close()
        call.becomes("failsafe", "")
    call.journal.begin(UUID, caller="101", dialled="103", at=AT)
    call.journal.end(UUID, "user:103", "NORMAL_CLEARING", AT)
    call.becomes("user:103", "NORMAL_CLEARING")
    call.hears(CANCELLED | {f"variable_{OWNER}": call.owner if ours else "another"})
    if before:
        call.peer.sock.close()
    call.handling.join()
    call.journal.stop()
    assert call.told() == (("gone", "ORIGINATOR_CANCEL") if ours else ("user:103", "NORMAL_CLEARING"))


@pytest.mark.parametrize("call", [True, False], ids=["linked", "alone"], indirect=True)
def test_the_connection_breaks_and_the_call_goes_on(call, caplog):
    call.peer.sock.close()
    call.handling.join()
    call.becomes("failsafe", "")
    assert "was left to the fail-safe" in caplog.text


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize("packets", [[], [notice("disconnect")]])
def test_whom_the_failsafe_has_had_is_told_so(call, early, packets):
    """He may give up there at once; what the dialplan's calls come to is told of him."""
    if early:
        call.hears(FAILSAFE)
    call.peer.send(*packets)
    call.peer.sock.close()
    if not early and not packets:
        call.becomes("failsafe", "")
    if not early:
        call.hears(FAILSAFE)
    call.handling.join()
    eventually(lambda: call.told() and call.told()[0] == "failsafe", "not left to the fail-safe")
