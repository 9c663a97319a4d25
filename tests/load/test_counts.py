"""What a call costs in things that can be counted: statements, transactions, bytes of JSON, headers that are read.

Times differ from machine to machine, and counts do not. Who makes a call do more on purpose changes a number here.
"""

import socket
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime

import gevent
import pytest

from fsctl.officefile import parse
from fsctl.store.database import open_database
from fsctl.store.journal_table import list_calls
from fsctl.store.migrations import migrate
from fsctl.store.office import write_tree
from fsctl.store.tables import JournalFact
from fsctl.switch.controller import Controller
from fsctl.switch.link.live import LiveTable
from fsctl.switch.wire import FrameReader, headers, parse_event
from fsctl.switch.wire.headers import Headers
from fsctl.switch.wire.names import Names
from load.calls import Call, Script
from load.kinds import KINDS, office

CALLS = 20


@dataclass(frozen=True)
class Most:
    """What one call may take at most."""

    statements: float
    json_bytes: float
    headers: float


MOST = {
    "person": Most(statements=5, json_bytes=1200, headers=45),
    "answered": Most(statements=5, json_bytes=1200, headers=54),
    "hunt": Most(statements=9, json_bytes=1700, headers=45),
    "hunt-always-open": Most(statements=9, json_bytes=1700, headers=45),
    "code": Most(statements=8, json_bytes=700, headers=54),
}


@pytest.fixture
def serving(tmp_path):
    store = open_database(str(tmp_path / "db"))
    migrate(store)
    write_tree(store, parse(office(date.today())), [], "me", datetime.now(UTC))
    controller = Controller(store, ("127.0.0.1", 0), node="one")
    controller.start()
    yield controller, store
    controller.stop()
    store.close()


def make(address, script, tell_links=None):
    """One call to its end, FreeSWITCH's side of it."""
    call = Call(script, tell_links)
    with socket.create_connection(address) as sock, suppress(ConnectionResetError):  # it does not read to the end
        while data := sock.recv(65536):
            answered = call.answered
            sock.sendall(call.take(data))
            if call.answered and not answered:
                sock.sendall(call.hang_up())
            if call.over and call.closes:
                break
    assert call.decided
    return call.uuid


@pytest.mark.slow
@pytest.mark.parametrize("kind", MOST)
def test_what_a_call_may_cost(serving, monkeypatch, kind):
    controller, store = serving
    script, counts = Script(KINDS[kind]()), Counter()
    execute, execute_each = store.database.execute_sql, store.sql_each
    read, read_whole = Headers._read, Headers._whole

    def counting(sql, values=None):
        counts["statements"] += not sql.startswith(("BEGIN", "COMMIT", "PRAGMA"))
        return execute(sql, values)

    def counting_each(sql, rows):
        rows = list(rows)
        counts["statements"] += len(rows)
        return execute_each(sql, rows)

    def counting_reads(headers, name):
        counts["headers"] += 1
        return read(headers, name)

    def counting_whole(headers):
        counts["whole"] += 1
        return read_whole(headers)

    address = controller._server.address
    make(address, script)  # what is worked out once
    monkeypatch.setattr(store.database, "execute_sql", counting)
    monkeypatch.setattr(store, "sql_each", counting_each)
    monkeypatch.setattr(Headers, "_read", counting_reads)
    monkeypatch.setattr(Headers, "_whole", counting_whole)
    made = [make(address, script) for _ in range(CALLS)]
    with gevent.Timeout(10):
        while {call["uuid"] for call in list_calls(store, CALLS) if call["state"] == "ended"} < set(made):
            gevent.sleep(0.01)
    monkeypatch.undo()
    with store.reading():
        bodies = store.run(JournalFact.select(JournalFact.body).where(JournalFact.uuid.in_(made)).tuples())
        written = sum(len(body.encode()) for (body,) in bodies)
    spent = Most(counts["statements"] / CALLS, written / CALLS, counts["headers"] / CALLS)
    assert spent.statements <= MOST[kind].statements, spent
    assert spent.json_bytes <= MOST[kind].json_bytes, spent
    assert spent.headers <= MOST[kind].headers, spent
    assert not counts["whole"], "the headers of an event are all read"


@pytest.mark.slow
def test_what_a_call_may_cost_the_link(serving, monkeypatch):
    """Of a talk: the headers that are read of its events, the passes over one of them, and the searches in them."""
    controller, _ = serving
    script, told, counts = Script(KINDS["answered"]()), [], Counter()
    read, found, searched = Headers._read, Names.found, Names.searched

    def counting(what, function):
        def counted(*arguments):
            counts[what] += 1
            return function(*arguments)
        return counted

    def hear():
        told.clear()
        make(controller._server.address, script, told.append)
        frames = FrameReader().feed(b"".join(told))
        counts.clear()
        table = LiveTable("one")
        for frame in frames:
            table.apply(parse_event(frame, much=True))
        assert len(table.ended) == 2 and not table.calls
        return len(frames)

    monkeypatch.setattr(headers, "_NAMES", Names())  # what other tests have asked for in this process is none of it
    monkeypatch.setattr(Headers, "_read", counting("headers", read))
    monkeypatch.setattr(Names, "found", counting("passes", found))
    monkeypatch.setattr(Names, "searched", counting("searches", searched))
    hear()
    hear()  # by then it is known what is asked for
    assert hear() == 12 and counts["searches"] == 0, counts
    assert counts["passes"] <= 7 and counts["headers"] <= 97, counts
