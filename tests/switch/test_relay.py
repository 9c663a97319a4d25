"""Several processes hear one link."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import gevent
import pytest

from fsctl.model.live import LiveCall
from fsctl.switch.link.calls_now import Heard, HeardHere, wait_ended
from fsctl.switch.link.live import Ended, LiveTable
from fsctl.switch.link.relay import HeardByRelay, Relay, relay_socket
from fsctl.switch.link.relay_lines import Lines
from tests import payloads
from tests.wire.peer import eventually

WORKER = """
from gevent import monkey; monkey.patch_all()
import sys
from pathlib import Path
from fsctl.switch.link.relay import HeardByRelay
heard = HeardByRelay(Path(sys.argv[1]))
heard.start()
while True:
    live = heard.current()
    print(live.known, ",".join(sorted(f"{call.user} {call.state}" for call in live.calls)), flush=True)
    heard.wait_change(60)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:  # a socket's path must be short
        yield Path(name)


@pytest.fixture
def here() -> HeardHere:
    table = LiveTable("one")
    table.know(True)
    return HeardHere([table])


@pytest.fixture
def relay(folder: Path, here: HeardHere) -> Iterator[Relay]:
    relay = Relay(relay_socket(folder), here, stall_seconds=0.3)
    relay.start()
    yield relay
    relay.stop()


def play(here: HeardHere, name: str, first: int = 0, last: int | None = None) -> None:
    for event in payloads.live(name)[first:last]:
        here.tables[0].apply(event)
        here.changed()


def same(one: Heard, other: Heard) -> bool:
    return one.current().known == other.current().known and sorted(
        one.current().calls, key=lambda call: call.uuid) == sorted(other.current().calls, key=lambda call: call.uuid)


def hears(folder: Path) -> HeardByRelay:
    heard = HeardByRelay(folder)
    heard.start()
    return heard


def test_everything_first_and_then_what_changes(folder: Path, here: HeardHere, relay: Relay) -> None:
    play(here, "internal", 0, 9)
    heard = hears(folder)
    assert not heard.current().known
    eventually(lambda: same(heard, here) and heard.current().known, "not told")
    for at in range(9, len(payloads.live("internal"))):
        play(here, "internal", at, at + 1)
        eventually(lambda: same(heard, here), f"not told of event {at}")
    play(here, "redirect")
    eventually(lambda: heard._ended == here.tables[0].ended, "the ended are not told")
    leg = next(end.uuid for end in here.tables[0].ended.values() if end.redirected)
    assert wait_ended(heard, leg, 1).redirected == "**99" and heard.ended(leg).user == "102"
    here.tables[0].know(False)
    here.changed()
    eventually(lambda: same(heard, here), "not told that nothing is known")
    heard.stop()


@pytest.mark.parametrize("seed", range(10))
def test_lines_that_tell_what_changed_make_a_reader_know_everything(folder: Path, seed: int) -> None:
    chance, tables = random.Random(seed), [LiveTable("one"), LiveTable("two")]
    here, reader, at = HeardHere(tables), HeardByRelay(folder), datetime.now(UTC)
    lines = Lines(here)
    here.followed.always(lines.touch)
    names = [f"{number}" for number in range(12)]
    for _ in range(300):
        table = chance.choice(tables)
        uuid, other = (f"{table.node} {chance.choice(names)}" for _ in range(2))
        match chance.randrange(12):
            case 0:
                table.know(not table.known)
            case 1 if table.known:
                table.clear()
            case 2 | 3 | 4 | 5 if table.known:
                at += timedelta(seconds=chance.choice([0, 1, 100]))
                table.lose([uuid], at)
            case _ if table.known:
                table._set(LiveCall(
                    uuid, chance.choice(["101", None]), chance.choice([other, None]), "inbound",
                    chance.choice(["held", "talking", "ringing"]), at, node=table.node))
        if chance.random() < 0.3:
            line = json.loads(lines.next(here.current()))
            reader._take(line)
            assert reader.current().known == here.current().known
            assert {call.uuid: call for call in reader.current().calls} == {
                call.uuid: call for call in here.current().calls}
            assert all(reader.ended(uuid) is not None and reader.ended(uuid) == end
                       for table in tables for uuid, end in table.ended.items())
            again = json.loads(lines.next(here.current()))
            assert not (again["set"] or again["gone"] or again["ended"])
    for table in tables:  # what has ended long ago is forgotten
        table._end(Ended(table.node, None, "", 0, "", at + timedelta(hours=1)))
    reader._take(json.loads(lines.next(here.current())))
    assert reader._ended.keys() == {"one", "two"}


def test_who_has_been_in_a_conference(folder: Path, here: HeardHere, relay: Relay) -> None:
    events = payloads.live("room")
    there = [at + 1 for at, event in enumerate(events) if event.get("Action") in ("add-member", "del-member")]
    play(here, "room", 0, there[2])
    heard = hears(folder)
    all_three = {"101", "102", "103"}
    eventually(lambda: set(heard.been().get("join", ())) == all_three == here.been().get("join"), "not told")
    assert not heard.been().get("other", ()) and not here.been().get("other", ())
    play(here, "room", there[2])
    eventually(lambda: not heard.been().get("join", ()), "not told that it is over")
    heard.stop()


def test_without_a_writer_nobody_has_been_anywhere(folder: Path, here: HeardHere) -> None:
    relay = Relay(relay_socket(folder), here)
    relay.start()
    here.tables[0].been["join"] = {"101"}
    heard = hears(folder)
    eventually(lambda: set(heard.been().get("join", ())) == {"101"}, "not told")
    relay.stop()
    eventually(lambda: not heard.been().get("join", ()), "the old is kept")
    heard.stop()


def test_of_all_switches(here: HeardHere) -> None:
    other = LiveTable("two")
    both = HeardHere([*here.tables, other])
    here.tables[0].been, other.been = {"group-380": {"101"}}, {"group-380": {"102"}, "group-381": {"103"}}
    assert both.been().get("group-380", ()) == {"101", "102"} and both.been().get("group-381", ()) == {"103"}


def test_the_end_of_a_leg_is_waited_for(here: HeardHere) -> None:
    leg = payloads.live("redirect")[3]["Unique-ID"]
    waiting = gevent.spawn(wait_ended, here, leg, 5)
    gevent.sleep(1)
    assert not waiting.ready()
    play(here, "redirect")
    assert waiting.get(timeout=2).redirected == "**99"


def test_it_is_not_waited_for_when_nobody_could_tell(here: HeardHere) -> None:
    assert wait_ended(here, "unknown", 0.01) is None
    here.tables[0].know(False)
    with gevent.Timeout(1):
        assert wait_ended(here, "unknown", 60) is None


@pytest.mark.slow
def test_two_workers_of_which_one_is_killed_and_replaced(folder: Path, here: HeardHere, relay: Relay) -> None:
    def start() -> "subprocess.Popen[str]":
        return subprocess.Popen([sys.executable, "-c", WORKER, str(folder)], stdout=subprocess.PIPE, text=True)

    def read_until(worker: "subprocess.Popen[str]", expected: str) -> None:
        assert worker.stdout is not None
        with gevent.Timeout(10, AssertionError(f"never {expected}")):
            while worker.stdout.readline().strip() != expected:
                pass

    workers = [start(), start()]
    try:
        play(here, "internal", 0, 9)
        for worker in workers:
            read_until(worker, "True 101 talking,102 talking")
        os.kill(workers[0].pid, signal.SIGKILL)
        play(here, "internal", 9, 10)
        read_until(workers[1], "True 101 talking,102 held")
        workers.append(start())
        read_until(workers[2], "True 101 talking,102 held")
        play(here, "internal", 10)
        read_until(workers[1], "True")
        read_until(workers[2], "True")
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()


def test_who_does_not_read_is_dropped_and_holds_nobody_up(folder: Path, here: HeardHere, relay: Relay) -> None:
    deaf = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect(str(folder / "relay"))
    heard = hears(folder)
    create = payloads.live("internal")[0]
    for number in range(3000):
        here.tables[0].apply({**create, "Unique-ID": f"{number:08}-0000-4000-8000-000000000000"})
    here.changed()
    eventually(lambda: same(heard, here), "held up", 5)
    with gevent.Timeout(5, AssertionError("the deaf one is kept")):
        while deaf.recv(1 << 16):
            gevent.sleep(0.4)  # slower than the relay's patience
    heard.stop()
    deaf.close()


def test_without_a_writer_nothing_is_known(folder: Path, here: HeardHere) -> None:
    listener = relay_socket(folder)
    relay = Relay(listener, here)
    relay.start()
    heard = hears(folder)
    eventually(lambda: heard.current().known, "not told")
    relay.stop()
    eventually(lambda: not heard.current().known, "the old is kept")
    heard.stop()


def test_a_worker_says_once_that_it_hears(
    folder: Path, here: HeardHere, relay: Relay, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    here.tables[0].know(False)
    heard = hears(folder)
    for known in (True, False, True):
        here.tables[0].know(known)
        here.changed()
        eventually(lambda known=known: heard.current().known is known, "not told")
    play(here, "internal")
    eventually(lambda: same(heard, here), "not told")
    assert caplog.messages == ["this worker hears the switches"] * 2
    heard.stop()
