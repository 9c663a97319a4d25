"""The journal: in order, in batches, never in the way."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import gevent
import pytest

from fsctl.errors import FsctlError, Unreachable
from fsctl.store import journal_queue as writing
from fsctl.store.database import Store, stamp
from fsctl.store.journal_parts import Fact, begun
from fsctl.store.journal_queue import Journal
from fsctl.store.journal_table import Entry, close_calls, list_calls, open_calls, save, show

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
STEP = {"policy": "hunt", "action": "ring", "target": "user:101", "reason": "ü"}


def test_a_call_from_beginning_to_end(store: Store) -> None:
    journal = Journal(store, "one")
    journal.start()
    journal.begin("u1", caller="+49301", dialled="101", at=NOW)
    gevent.sleep(0.2)
    assert show(store, "u1")["state"] == "ringing"
    journal.update("u1", Fact("a", 0, STEP), state="talking", result="user:101")
    journal.update("u1", Fact("a", 0, {"outcome": "busy"}))
    journal.end("u1", None, "NORMAL_CLEARING", NOW + timedelta(seconds=5))
    journal.stop()
    assert list_calls(store, 10) == [
        {
            "uuid": "u1", "caller": "+49301", "dialled": "101", "at": "2026-03-01T12:00:00.000+00:00",
            "state": "ended", "result": "user:101", "ended_at": "2026-03-01T12:00:05.000+00:00",
            "cause": "NORMAL_CLEARING", "node": "one", "steps": [STEP | {"outcome": "busy", "detail": ""}],
            "parts": [],
        }
    ]  # fmt: skip


def test_many_calls_are_written_in_order_and_in_few_transactions(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[int] = []

    def counting(store: Store, entries: Any) -> None:
        batches.append(len(entries))
        save(store, entries)

    monkeypatch.setattr(writing, "save", counting)
    journal = Journal(store, "one")
    journal.start()
    for number in range(150):
        journal.begin(f"u{number:03}", caller="1", dialled="2", at=NOW + timedelta(seconds=number))
        journal.update(f"u{number:03}", result="first")
        journal.update(f"u{number:03}", result="second")
    journal.stop()
    assert batches == [100, 100, 100, 100, 50]
    calls = list_calls(store, 1000)
    assert [call["uuid"] for call in calls] == [f"u{number:03}" for number in reversed(range(150))]
    assert {call["result"] for call in calls} == {"second"}


def test_a_failing_database_holds_nobody_up_and_loses_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = iter(range(3))

    def failing(store: Store, entries: Any) -> None:
        if next(failures, None) is not None:
            raise Unreachable("gone")
        save(store, entries)

    monkeypatch.setattr(writing, "save", failing)
    monkeypatch.setattr(writing, "_BACKOFF_SECONDS", (0.01,))
    journal = Journal(store, "one")
    journal.start()
    began = time.monotonic()
    journal.begin("u1", caller="1", dialled="2", at=NOW)
    journal.end("u1", "user:1", "x", NOW)
    assert time.monotonic() - began < 0.05
    journal.stop()
    assert show(store, "u1")["result"] == "user:1"
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


def test_a_full_queue_drops_and_stop_gives_up_in_time(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    journal = Journal(store, "one", queued=2)
    for number in range(5):
        journal.begin(f"u{number}", caller="1", dialled="2", at=NOW)
    assert journal.dropped == 3
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "save", _unreachable)
        journal.start()
        began = time.monotonic()
        journal.stop(timeout=0.2)
    assert 0.1 < time.monotonic() - began < 2
    assert "2 journal entries were not written" in caplog.text
    assert list_calls(store) == []


def test_an_entry_that_is_refused_does_not_stop_the_others(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def picky(store: Store, entries: Any) -> None:
        if any(entry.uuid == "bad" for entry in entries):
            raise ValueError("refused")
        save(store, entries)

    monkeypatch.setattr(writing, "save", picky)
    journal = Journal(store, "one")
    for uuid in ("u1", "bad", "u2"):
        journal.begin(uuid, caller="Eve\0", dialled="2", at=NOW)
    journal.start()
    journal.stop()
    assert sorted(call["uuid"] for call in list_calls(store)) == ["u1", "u2"]
    assert show(store, "u1")["caller"] == "Eve"
    assert journal.dropped == 1


def test_a_transferred_call_is_open_again_and_keeps_its_beginning(store: Store) -> None:
    journal = Journal(store, "one")
    journal.start()
    journal.begin("u1", caller="1", dialled="101", at=NOW)
    journal.update("u1", Fact("a", 0, begun(NOW) | STEP))
    journal.end("u1", "user:101", "x", NOW)
    journal.begin("u1", caller="1", dialled="102", at=NOW + timedelta(seconds=9))
    journal.update("u1", Fact("b", 0, begun(NOW + timedelta(seconds=9)) | STEP | {"policy": "b"}))
    journal.stop()
    call = show(store, "u1")
    assert (call["dialled"], call["state"], call["result"], call["ended_at"]) == ("101", "ringing", None, None)
    assert [step["policy"] for step in call["steps"]] == ["hunt", "b"]


@pytest.mark.parametrize("together", [True, False])
def test_what_is_told_of_a_call_in_one_batch_comes_to_the_same_as_in_several(store: Store, together: bool) -> None:
    begin = Entry("u1", {"node": "one", "caller": "1", "dialled": "101", "at": stamp(NOW), "state": "ringing"}, True)
    again = Entry("u1", {"node": "two", "caller": "2", "dialled": "102", "at": stamp(NOW), "state": "ringing"}, True)
    end = Entry("u1", {"state": "ended", "result": "user:1", "cause": "x", "ended_at": stamp(NOW)})
    unknown = Entry("u2", {"state": "talking"})
    for told, found in (([begin, end], ("one", "1", "ended", "user:1", "x")),
                        ([again, Entry("u1", {"result": "b"})], ("two", "1", "ringing", "b", None)),
                        ([end, begin, unknown], ("one", "1", "ringing", None, None))):
        for entries in [told] if together else [[each] for each in told]:
            save(store, entries)
        (call,) = list_calls(store)
        assert tuple(call[key] for key in ("node", "caller", "state", "result", "cause")) == found


def test_facts_of_two_processes_that_lie_among_each_other_read_back_in_order(store: Store) -> None:
    """The later part was written first, and a step's outcome after the steps of the other part."""
    call = {"node": "one", "caller": "1", "dialled": "101", "at": stamp(NOW), "state": "ringing"}
    later = begun(NOW + timedelta(seconds=9))
    save(store, [Entry("u1", call, True, (
        Fact("b", None, later | {"user": "102"}), Fact("a", None, begun(NOW) | {"user": "101", "hunting": [1]}),
        Fact("b", 0, {"policy": "c", "passed": [{"policy": "x"}]}), Fact("a", 0, {"policy": "a"}),
        Fact("a", 1, {"policy": "b", "passed": [{"policy": "y"}]}), Fact("a", 0, {"outcome": "busy"}),
        Fact("a", None, {"saw_others": True, "hunting": [2]}), Fact("b", 0, {"outcome": "gone"}),
    )), Entry("u2", call, True)])
    (found,) = [call for call in list_calls(store) if call["uuid"] == "u1"]
    assert [(step["policy"], step["outcome"]) for step in found["steps"]] == [("a", "busy"), ("b", ""), ("c", "gone")]
    assert found["parts"] == [
        {"first": 0, "user": "101", "hunting": [1, 2], "saw_others": True, "passed": [{"policy": "y", "before": 1}]},
        {"first": 2, "user": "102", "saw_others": False, "passed": [{"policy": "x", "before": 2}]}]
    assert show(store, "u1") == found


def test_many_calls_are_read_by_two_queries(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    call = {"node": "one", "caller": "1", "dialled": "101", "at": stamp(NOW), "state": "ringing"}
    save(store, [Entry(f"u{number}", call, True, (Fact("a", 0, STEP),)) for number in range(60)])
    queries: list[object] = []
    run = store.run
    monkeypatch.setattr(store, "run", lambda query: (queries.append(query), run(query))[1])
    assert [len(call["steps"]) for call in list_calls(store, 50)] == [1] * 50
    assert len(queries) == 2


def test_calls_that_were_left_open_are_closed_by_name(store: Store) -> None:
    for node, uuid in (("one", "a"), ("one", "b"), ("one", "c"), ("one", "d"), ("two", "e")):
        journal = Journal(store, node)
        journal.start()
        journal.begin(uuid, caller="1", dialled="2", at=NOW)
        if uuid == "b":
            journal.end(uuid, "user:2", "x", NOW)
        if uuid == "c":
            journal.update(uuid, state="talking", result="user:3")
        journal.stop()
    assert open_calls(store, "one") == {"a": "ringing", "c": "talking", "d": "ringing"}
    assert sorted(close_calls(store, {"a": "", "b": "late", "c": "NORMAL_CLEARING", "x": ""}, NOW)) == ["a", "c"]
    found = {call["uuid"]: call for call in list_calls(store)}
    assert {uuid: (call["state"], call["result"], call["cause"]) for uuid, call in found.items()} == {
        "a": ("ended", "unknown: controller restarted", ""),
        "b": ("ended", "user:2", "x"),
        "c": ("ended", "user:3", "NORMAL_CLEARING"),
        "d": ("ringing", None, None),
        "e": ("ringing", None, None),
    }
    assert found["c"]["ended_at"] == stamp(NOW)


@pytest.mark.parametrize(("steps", "cause", "result"), [
    ([("user:101, user:102", "")], "NORMAL_CLEARING", "user:101"),
    ([("user:101, user:102", "")], "", "user:101"),
    ([("user:101", "busy"), ("mailbox:101", "")], "NORMAL_CLEARING", "mailbox:101"),
    ([("user:101", "")], "ORIGINATOR_CANCEL", "gone"),
    ([("user:101", "busy")], "NORMAL_CLEARING", "unknown: controller restarted"),
    ([("user:101, user:102", "", "gather")], "NORMAL_CLEARING", "unknown: controller restarted"),  # into a conference
])
def test_what_is_known_of_a_call_whose_controller_died(
    store: Store, steps: list[tuple[str, ...]], cause: str, result: str
) -> None:
    facts = [Fact("part", at, dict(zip(("target", "outcome", "action"), step, strict=False)))
             for at, step in enumerate(steps)]
    save(store, [Entry("a", {"node": "one", "caller": "1", "dialled": "2", "at": stamp(NOW), "state": "ringing"},
                       new=True, facts=tuple(facts))])
    close_calls(store, {"a": cause}, NOW)
    assert show(store, "a")["result"] == result


@pytest.mark.parametrize(("before", "after", "result"), [
    (None, None, "user:101"), ("", None, "user:101"), ("gone", None, "gone"), (None, "gone", "gone"),
])
def test_what_a_call_has_otherwise_come_to(store: Store, before: str | None, after: str | None, result: str) -> None:
    journal = Journal(store, "one")
    journal.start()
    journal.begin("a", caller="1", dialled="2", at=NOW)
    journal.update("a", result=before)
    journal.stop()
    journal.start()
    journal.end("a", None, "x", NOW, otherwise="user:101")
    journal.end("a", after, "x", NOW)
    journal.stop()
    assert show(store, "a")["result"] == result


def test_calls_are_found_by_the_beginning_of_their_uuid(store: Store) -> None:
    journal = Journal(store, "one")
    journal.start()
    for uuid in ("ab1", "ab2", "ab", "a_c"):
        journal.begin(uuid, caller="1", dialled="2", at=NOW)
    journal.stop()
    assert [show(store, prefix)["uuid"] for prefix in ("ab1", "ab", "a_")] == ["ab1", "ab", "a_c"]
    for prefix, reason in (("a", "several"), ("x", "no call"), ("%", "no call"), ("AB1", "no call")):
        with pytest.raises(FsctlError, match=reason):
            show(store, prefix)


def test_a_whole_uuid_is_found_among_many_that_begin_so(store: Store) -> None:
    call = {"node": "one", "caller": "1", "dialled": "2", "at": stamp(NOW), "state": "ringing"}
    later = call | {"at": stamp(NOW + timedelta(seconds=1))}
    save(store, [Entry("ab", call, True), *(Entry(f"ab{number}", later, True) for number in range(9))])
    assert show(store, "ab")["uuid"] == "ab"
    with pytest.raises(FsctlError, match="several calls begin with 'a': ab, ab0, ab1, ab2, ab3; write more"):
        show(store, "a")


def _unreachable(*_: object) -> None:
    raise Unreachable("gone")
