"""The link to a scripted FreeSWITCH: looking while events come, silence, restarts, and what gets lost."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gevent
import pytest

from fsctl.switch.link.live import EVENTS, LiveTable
from fsctl.switch.link.steady_link import Link
from tests import payloads
from tests.wire.peer import Peer, api_reply, eventually, reply

EVENTS_OF = payloads.live("internal")
CORE, OTHER_CORE = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2))
A, B = EVENTS_OF[0]["Unique-ID"], EVENTS_OF[3]["Unique-ID"]


def framed(event: dict[str, str]) -> bytes:
    body = json.dumps(event).encode()
    return b"Content-Length: %d\nContent-Type: text/event-json\n\n" % len(body) + body


def heartbeat() -> bytes:
    return framed({"Event-Name": "HEARTBEAT"})


class Switch:
    """Answers what the link asks: ``listed`` is its list of channels, ``channels`` the truth."""

    def __init__(self) -> None:
        self.core, self.listed, self.channels = CORE, list[str](), dict[str, dict[str, str]]()
        self.links = 0
        self.asked: list[str] = []
        self.subscribed = ""
        self.before_list: Callable[[], None] = lambda: None
        self.peer: Peer | None = None
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._greenlet = gevent.spawn(self._run)

    def send(self, *events: dict[str, str]) -> None:
        assert self.peer is not None
        self.peer.send(*map(framed, events))

    def drop(self) -> None:
        assert self.peer is not None
        self.peer.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._greenlet.kill()
        self._server.close()

    def _run(self) -> None:
        while True:
            sock, _ = self._server.accept()
            gevent.spawn(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        with sock:
            self.links += 1
            peer = Peer(sock)
            peer.send(b"Content-Type: auth/request\n\n")
            try:
                while True:
                    self._answer(peer, peer.command(60).line)
            except (OSError, AssertionError):
                pass

    def _answer(self, peer: Peer, line: str) -> None:
        self.asked.append(line)
        words = line.split()
        match words:
            case ["api", "show", "channels", "as", "json"]:
                self.before_list()
                rows = [{"uuid": uuid} for uuid in self.listed]
                answer: Any = {"row_count": len(rows)} | ({"rows": rows} if rows else {})
                peer.send(api_reply(json.dumps(answer).encode()))
            case ["api", "uuid_dump", uuid, "json"]:
                found = self.channels.get(uuid)
                peer.send(api_reply(json.dumps(found).encode() if found else b"-ERR No such channel!\n"))
            case ["api", "uuid_exists", uuid]:
                peer.send(api_reply(b"true" if uuid in self.channels else b"false"))
            case ["api", "global_getvar", "core_uuid"]:
                peer.send(api_reply(self.core.encode()))
            case ["event", *_]:
                if "HEARTBEAT" in line:
                    self.peer, self.subscribed = peer, line
                peer.send(reply("+OK event listener enabled json"))
            case _:
                peer.send(reply("+OK accepted"))


@pytest.fixture
def switch() -> Iterator[Switch]:
    switch = Switch()
    yield switch
    switch.close()


@contextmanager
def linked(switch: Switch, **options: Any) -> Iterator[LiveTable]:
    table = LiveTable("one")
    link = Link("127.0.0.1", switch.port, "x", table, pause_seconds=(0.01, 0.02), **options)
    link.start()
    try:
        eventually(lambda: table.known, "no link")
        yield table
    finally:
        link.stop()


def dump(event: dict[str, str], sequence: int, **changes: str) -> dict[str, str]:
    return {**event, "Event-Name": "CHANNEL_DATA", "Event-Sequence": str(sequence), **changes}


def test_it_asks_for_named_events_and_never_for_all(switch: Switch) -> None:
    plain, own = [name for name in EVENTS if "::" not in name], [name for name in EVENTS if "::" in name]
    with linked(switch):
        assert switch.subscribed == f"event plain {' '.join(plain)} CUSTOM {' '.join(own)}"


def test_what_happens_while_it_looks_is_not_lost(switch: Switch) -> None:
    """Events before and after the dump come before its answer: only what is newer counts, and nothing is missed."""
    switch.listed, switch.channels = [A], {A: dump(EVENTS_OF[8], 10_000, **{"variable_signal_bond": ""})}
    old = {**EVENTS_OF[1], "Event-Sequence": "9000"}  # A rings: that was before
    new = [{**event, "Event-Sequence": str(11_000 + at)} for at, event in enumerate(EVENTS_OF[3:9])]
    switch.before_list = lambda: switch.send(old, *new)
    with linked(switch) as table:
        eventually(lambda: len(table.calls) == 2 and table.calls[B].peer == A, "lost")
        assert {call.uuid: (call.state, call.peer) for call in table.view().calls} == {
            A: ("talking", B), B: ("talking", A)}


def test_what_ended_while_it_looked_stays_ended(switch: Switch) -> None:
    switch.listed, switch.channels = [A], {A: dump(EVENTS_OF[0], 1)}
    switch.before_list = lambda: switch.send(EVENTS_OF[-1])
    with linked(switch) as table:
        eventually(lambda: A in table.ended, "the end was lost")
        assert not table.calls


def test_a_channel_that_the_list_does_not_have_yet_comes_from_its_events(switch: Switch) -> None:
    with linked(switch) as table:
        switch.channels = {A: dump(EVENTS_OF[2], 10_000)}
        switch.send(EVENTS_OF[7])  # a state without variables
        eventually(lambda: A in table.calls, "not asked for")
        assert table.calls[A].user == "101"
        assert f"api uuid_dump {A} json" in switch.asked


def test_lost_events_are_found_by_comparing(switch: Switch) -> None:
    switch.listed, switch.channels = [A], {A: dump(EVENTS_OF[0], 1)}
    compared = []
    with linked(switch, compare_seconds=0.02, on_compared=compared.append) as table:
        assert A in table.calls
        switch.listed, switch.channels = [B], {B: dump(EVENTS_OF[3], 2)}
        eventually(lambda: set(table.calls) == {B}, "not compared")
        eventually(lambda: len(compared) > 2, "not told")


def test_a_channel_that_only_the_list_has_lost_stays(switch: Switch) -> None:
    switch.listed, switch.channels = [A], {A: dump(EVENTS_OF[0], 1)}
    compared = []
    with linked(switch, compare_seconds=0.02, on_compared=compared.append) as table:
        switch.listed = []
        eventually(lambda: len(compared) > 2, "not compared")
        assert A in table.calls


def test_without_a_heartbeat_it_connects_anew(switch: Switch) -> None:
    with linked(switch, silence_seconds=0.15) as table:
        switch.send(EVENTS_OF[0])  # no sign of life of a link that may be half open
        eventually(lambda: switch.links > 1, "the link stays")
        eventually(lambda: table.known, "no new link")


def test_with_a_heartbeat_it_stays(switch: Switch) -> None:
    with linked(switch, silence_seconds=0.2):
        for _ in range(6):
            assert switch.peer is not None
            switch.peer.send(heartbeat())
            gevent.sleep(0.1)  # time passing is what is tested
        assert switch.links == 1


@pytest.mark.parametrize(("core", "lost"), [(CORE, []), (OTHER_CORE, [(A,)])])
def test_a_broken_link_and_a_restarted_switch(switch: Switch, core: str, lost: list[tuple[str, ...]]) -> None:
    switch.listed, switch.channels = [A], {A: dump(EVENTS_OF[0], 1)}
    gone: list[tuple[str, ...]] = []
    changes = []
    with linked(switch, on_restart=gone.append, on_change=lambda: changes.append(switch.links)) as table:
        switch.core = core
        if lost:
            switch.listed, switch.channels = [], {}
        switch.drop()
        eventually(lambda: switch.links == 2 and table.known, "no new link")
        assert gone == lost
        assert (A in table.calls) is not bool(lost)
        assert changes == [1, 1, 2]  # there, not known for a while, there again


def test_who_listens_may_fail(switch: Switch) -> None:
    heard = []

    def listen(event: dict[str, str]) -> None:
        heard.append(event["Event-Name"])
        raise KeyError("a fault")

    with linked(switch, on_event=listen) as table:
        switch.send(*EVENTS_OF)
        eventually(lambda: len(heard) == len(EVENTS_OF), "events are lost")
        assert not table.calls and switch.links == 1


def test_answers_that_make_no_sense_end_the_link_only(switch: Switch) -> None:
    switch.listed, switch.channels = [A], {A: {"Unique-ID": ["x", ["y"]]}}  # type: ignore[dict-item]
    table = LiveTable("one")
    link = Link("127.0.0.1", switch.port, "x", table, pause_seconds=(0.01, 0.02))
    link.start()
    eventually(lambda: switch.links > 2, "it gave up")
    assert not table.known
    switch.channels = {A: dump(EVENTS_OF[0], 1)}
    eventually(lambda: table.known, "no link")
    link.stop()
