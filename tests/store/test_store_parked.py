"""Parked calls in the database: one call a slot, one slot a call, whoever tries what at the same time."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from fsctl.store import parked
from fsctl.store.database import Store
from fsctl.store.parked import Entry

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(seconds=20)


def put(store, uuid, slot, now=NOW, node="one", **changes):
    values = {"group": "sales", "caller": "+4915", "parker": "101", "recall_seconds": 45} | changes
    return parked.put(store, Entry(slot, uuid, **values), node, now)


def places(store):
    """Which call waits where."""
    return {row["slot"]: row["uuid"] for row in parked.list_parked(store)}


def test_what_is_written_of_a_call(store: Store):
    assert put(store, "a", "702") and put(store, "b", "104", group="", caller="", parker="", recall_seconds=600)
    assert parked.list_parked(store) == [
        {"slot": "104", "group": None, "caller": None, "parker": None, "since": "2026-03-01T12:00:00.000+00:00",
         "recall_at": "2026-03-01T12:10:00.000+00:00", "uuid": "b"},
        {"slot": "702", "group": "sales", "caller": "+4915", "parker": "101", "since": "2026-03-01T12:00:00.000+00:00",
         "recall_at": "2026-03-01T12:00:45.000+00:00", "uuid": "a"},
    ]


def test_nothing_is_parked(store: Store):
    assert parked.list_parked(store) == [] and parked.waiting(store, "one") == {}
    assert parked.free(store, []) == [] == parked.free(store, ["a"])


def test_a_slot_has_one_call(store: Store):
    assert put(store, "a", "701")
    before = parked.list_parked(store)
    assert not put(store, "b", "701", LATER, "two", parker="102")
    assert parked.list_parked(store) == before and parked.waiting(store, "one") == {"a": "701"}
    assert put(store, "b", "702")


def test_who_is_refused_keeps_what_he_had(store: Store):
    put(store, "a", "701")
    put(store, "b", "702")
    before = parked.list_parked(store)
    assert not put(store, "b", "701", LATER)
    assert parked.list_parked(store) == before


def test_a_call_has_one_slot(store: Store):
    put(store, "a", "701")
    put(store, "b", "703")
    assert put(store, "a", "702", LATER, "two")
    assert places(store) == {"702": "a", "703": "b"}
    assert parked.list_parked(store)[0]["since"] == "2026-03-01T12:00:20.000+00:00"
    assert parked.waiting(store, "two") == {"a": "702"}
    assert put(store, "c", "701"), "the slot that it left is free"


def test_a_call_that_has_the_slot_keeps_it_and_its_time_begins_anew(store: Store):
    put(store, "a", "701")
    put(store, "b", "702")
    assert put(store, "a", "701", LATER, "two", group="service", caller="+4916", parker="102", recall_seconds=60)
    first, second = parked.list_parked(store)
    assert first == {
        "slot": "701", "group": "service", "caller": "+4916", "parker": "102",
        "since": "2026-03-01T12:00:00.000+00:00", "recall_at": "2026-03-01T12:01:20.000+00:00", "uuid": "a"}
    assert second["recall_at"] == "2026-03-01T12:00:45.000+00:00"
    assert (parked.waiting(store, "one"), parked.waiting(store, "two")) == ({"b": "702"}, {"a": "701"})


def test_calls_that_wait_no_more(store: Store):
    for uuid, slot in (("a", "703"), ("b", "701"), ("c", "702")):
        put(store, uuid, slot)
    assert parked.free(store, {"a", "b", "x"}) == ["701", "703"]
    assert parked.free(store, {"a", "b"}) == []
    assert places(store) == {"702": "c"}


def test_more_at_once_than_a_statement_can_have(store: Store):
    with store.transaction():
        for number in range(1200):
            put(store, f"u{number}", str(1000 + number))
    gone = (f"u{number}" for number in range(2400) if number != 777)
    assert parked.free(store, gone) == [str(1000 + number) for number in range(1200) if number != 777]
    assert places(store) == {"1777": "u777"}


def test_only_those_parked_before(store: Store):
    put(store, "a", "701")
    put(store, "b", "702", LATER)
    assert parked.free(store, ["a", "b"], NOW) == []
    assert parked.free(store, ["b"], LATER) == []
    assert parked.free(store, ["a", "b"], LATER) == ["701"]
    assert parked.free(store, ["a", "b"], LATER + timedelta(milliseconds=1)) == ["702"]


def test_a_controller_answers_for_its_own(store: Store):
    put(store, "a", "701")
    put(store, "b", "702", node="two")
    put(store, "c", "703")
    assert parked.waiting(store, "one") == {"a": "701", "c": "703"}
    assert parked.waiting(store, "three") == {}


def test_what_a_command_line_has_parked_is_everybodys(store: Store):
    put(store, "a", "701")
    put(store, "b", "702", node="")
    assert parked.waiting(store, "one") == {"a": "701", "b": "702"}
    assert parked.waiting(store, "two") == {"b": "702"}


# ---- races --------------------------------------------------------------------------------------------

#: All begin each round at once, by a file in which each writes how far it is.
TOGETHER = """
import mmap, os, struct, time
from fsctl.store import parked
from fsctl.store.parked import Entry
with open(os.environ["ROUNDS"], "r+b") as file:
    rounds = mmap.mmap(file.fileno(), 0)
def begin(number):
    struct.pack_into("i", rounds, 4 * own_number, number + 1)
    until = time.monotonic() + 20
    while min(struct.unpack("3i", rounds)) <= number:
        assert time.monotonic() < until, "another process has failed"
        time.sleep(0.0001)
"""

#: All want the same slot, each for a call of its own; in every other round they have a slot already, as after a recall.
ONE_SLOT = TOGETHER + """
won = []
for number in range(1000):
    uuid = f"{own_number}-{number}"
    if number % 2:
        assert parked.put(store, Entry(f"own{uuid}", uuid, "", "", "", 45), "n", now)
    begin(number)
    won.append(parked.put(store, Entry(f"s{number}", uuid, "sales", "", "", 45), "n", now))
print("".join("01"[each] for each in won))
"""


@pytest.fixture
def rounds(tmp_path, monkeypatch):
    """What the processes of a race share."""
    file = tmp_path / "rounds"
    file.write_bytes(bytes(12))
    monkeypatch.setenv("ROUNDS", str(file))


@pytest.mark.timeout(300)
def test_a_thousand_races_for_a_slot_have_one_winner_each(store: Store, race, rounds):
    outputs = [output.strip() for output in race(ONE_SLOT, 3)]
    assert [sum(map(int, column)) for column in zip(*outputs, strict=True)] == [1] * 1000
    won = {f"s{number}": f"{process}-{number}" for process, output in enumerate(outputs)
           for number, each in enumerate(output) if each == "1"}
    lost = {f"own{process}-{number}": f"{process}-{number}" for process, output in enumerate(outputs)
            for number, each in enumerate(output) if each == "0" and number % 2}
    assert places(store) == won | lost
    assert min(output.count("1") for output in outputs) > 20, "they did not really race"


#: All park the same call, each in a slot of its own.
ONE_CALL = TOGETHER + """
for number in range(300):
    begin(number)
    mine = f"{own_number}-{number}"
    assert parked.put(store, Entry(mine, f"u{number}", "", "", "", 45), "n", now), mine
print("done")
"""


@pytest.mark.timeout(300)
def test_a_call_that_several_park_at_once_is_in_one_slot(store: Store, race, rounds):
    assert [output.strip() for output in race(ONE_CALL, 3)] == ["done"] * 3
    assert Counter(places(store).values()) == {f"u{number}": 1 for number in range(300)}


#: Each parks its calls wherever it can, and lets them go, amid the others that do the same.
HERE_AND_THERE = """
import random
from fsctl.store import parked
from fsctl.store.parked import Entry
chance, told = random.Random(own_number), {}
for turn in range(400):
    uuid = f"{own_number}-{turn % 2}"
    if chance.random() < 0.3:
        freed = parked.free(store, [uuid])
        assert freed == [told.pop(uuid)] if uuid in told else freed == [], (freed, told)
        continue
    slot = chance.choice(["701", "702", "703", "704"])
    if parked.put(store, Entry(slot, uuid, "", "", "", 45), "n", now):
        told[uuid] = slot
    assert {uuid: slot for uuid, slot in parked.waiting(store, "n").items() if uuid in told} == told
print(*(f"{slot}={uuid}" for uuid, slot in told.items()))
"""


@pytest.mark.timeout(300)
def test_a_slot_is_where_its_call_was_told_whatever_others_do(store: Store, race):
    told = [pair.split("=") for output in race(HERE_AND_THERE, 3) for pair in output.split()]
    assert places(store) == dict(told) and len(told) == len(dict(told))
