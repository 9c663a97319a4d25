"""What the journal knows of recorded talks."""

from datetime import UTC, datetime

import pytest

from fsctl.store import recorded_calls
from fsctl.store.database import Store
from fsctl.store.journal_queue import Journal
from fsctl.store.recorded_calls import recorded_by, who_called

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def write(store: Store, *calls: tuple[str, str, str, str | None]) -> None:
    journal = Journal(store, "one")
    journal.start()
    for uuid, caller, dialled, result in calls:
        journal.begin(uuid, caller=caller, dialled=dialled, at=NOW)
        if result is not None:
            journal.update(uuid, result=result)
    journal.stop()


def test_nothing_is_known_of_an_empty_journal(store: Store) -> None:
    assert (recorded_by(store), who_called(store, ["a"]), who_called(store, [])) == ({}, {}, {})


def test_whose_a_recording_is(store: Store) -> None:
    write(store, ("a", "101", "*44", "recording:x.wav"), ("b", "102", "*44", "recording:y.wav"),
          ("c", "103", "*44", "announcement:not-possible"), ("d", "104", "recording:z.wav", None),
          ("e", "105", "x", "user:recording:w.wav"), ("f", "106", "x", "recordingXv.wav"))
    assert recorded_by(store) == {"x.wav": "101", "y.wav": "102"}


@pytest.mark.parametrize("at_once", [1, 2, 3, 500])
def test_whose_calls_those_were(store: Store, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(recorded_calls, "_CALLS_AT_ONCE", at_once)
    write(store, *((name, f"+49{name}", f"10{name}", None) for name in "123"), ("9", "x", "y", None))
    assert who_called(store, {"1", "2", "3", "4"}) == {name: (f"+49{name}", f"10{name}") for name in "123"}


def test_many_calls(store: Store) -> None:
    """More than one statement may name."""
    write(store, ("7", "+49", "101", None))
    assert who_called(store, [*map(str, range(40_000))]) == {"7": ("+49", "101")}
