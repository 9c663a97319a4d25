"""What is switched at run time: by whom, seen by calls at once, and left alone by an apply."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import gevent
import pytest
from gevent.event import Event

from fsctl.errors import FsctlError
from fsctl.model.settings import Setting
from fsctl.store import settings, snapshot
from fsctl.store.database import Store
from fsctl.store.history import list_changes
from fsctl.store.office import read_tree, read_versions, write_tree
from fsctl.store.settings import change_setting, list_settings, read_settings
from fsctl.store.snapshot import Snapshots

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
AT = "2026-03-01T12:00:00.000+00:00"
AT_LATER = "2026-03-01T13:00:00.000+00:00"


def plain(found: Mapping[str, Setting]) -> dict[str, str]:
    return {path: setting.value for path, setting in found.items()}


def values(store: Store) -> dict[str, str]:
    return plain(read_settings(store))


def test_a_setting_is_set_changed_and_unset_with_a_note_of_who_did(store: Store) -> None:
    path = "forward.101.always"
    assert change_setting(store, path, "user:102", "101 by forward_always", NOW)
    assert change_setting(store, path, "number:+4930", "anna", LATER)
    assert list_settings(store) == [{"path": path, "value": "number:+4930", "who": "anna", "at": AT_LATER}]
    assert change_setting(store, path, None, "101 by forward_always_off", LATER)
    assert values(store) == {}
    assert list_changes(store) == [
        {"at": AT_LATER, "who": "101 by forward_always_off", "path": path, "before": "number:+4930", "after": None},
        {"at": AT_LATER, "who": "anna", "path": path, "before": "user:102", "after": "number:+4930"},
        {"at": AT, "who": "101 by forward_always", "path": path, "before": None, "after": "user:102"},
    ]
    assert read_versions(store) == (0, 3)


def test_what_stays_as_it_is_is_no_change(store: Store) -> None:
    assert not change_setting(store, "dnd.101", None, "anna", NOW)
    change_setting(store, "dnd.101", "on", "anna", NOW)
    assert not change_setting(store, "dnd.101", "on", "bernd", LATER)
    assert list_settings(store) == [{"path": "dnd.101", "value": "on", "who": "anna", "at": AT}]
    assert len(list_changes(store)) == 1
    assert read_versions(store) == (0, 1)


def test_settings_are_listed_by_what_their_path_begins_with(store: Store) -> None:
    for path in ("dnd.102", "forward.101.busy", "dnd.101", "dnd_101"):
        change_setting(store, path, "on", "anna", NOW)
    assert [row["path"] for row in list_settings(store, "dnd.")] == ["dnd.101", "dnd.102"]
    assert values(store) == dict.fromkeys(("dnd.101", "dnd.102", "dnd_101", "forward.101.busy"), "on")


def test_a_change_without_its_note_is_none(store: Store) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "note", _refuse)
        with pytest.raises(RuntimeError, match="history"):
            change_setting(store, "dnd.101", "on", "anna", NOW)
    assert (values(store), read_versions(store)) == ({}, (0, 0))


def test_a_database_without_the_version_of_settings_refuses_a_change(store: Store) -> None:
    with store.transaction():
        store.sql("DELETE FROM office_version WHERE id = 2")
    with pytest.raises(FsctlError, match="lost its version row"):
        change_setting(store, "dnd.101", "on", "anna", NOW)
    assert values(store) == {}


def test_an_apply_leaves_settings_alone(store: Store) -> None:
    change_setting(store, "dnd.101", "on", "anna", NOW)
    write_tree(store, {"version": 1}, [], "apply", LATER)
    write_tree(store, {}, [], "apply", LATER)
    assert list_settings(store) == [{"path": "dnd.101", "value": "on", "who": "anna", "at": AT}]
    assert read_versions(store) == (2, 1)


def test_calls_see_a_setting_within_a_tenth_of_a_second_and_the_office_is_not_read_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []

    def counted(name: str, read: Callable[[Store], object]) -> Callable[[Store], object]:
        return lambda store: (reads.append(name), read(store))[1]

    monkeypatch.setattr(snapshot, "read_tree", counted("tree", read_tree))
    monkeypatch.setattr(snapshot, "read_settings", counted("settings", read_settings))
    clock = SimpleNamespace(now=100.0)
    snapshots = Snapshots(store, lambda: float(clock.now))
    assert not snapshots.current().settings.dnd("101")
    change_setting(store, "dnd.101", "on", "anna", NOW)
    assert not snapshots.current().settings.dnd("101")
    clock.now += 0.11
    assert snapshots.current().settings.dnd("101")
    clock.now += 0.11
    change_setting(store, "dnd.101", "on", "bernd", NOW)  # it was
    snapshots.current()
    assert reads == ["tree", "settings", "settings"]
    write_tree(store, {}, [], "apply", LATER)
    clock.now += 0.11
    assert snapshots.current().settings.dnd("101")
    assert reads[3:] == ["tree", "settings"]


def test_what_was_read_last_is_known_without_a_look(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshots = Snapshots(store)
    assert not snapshots.last().settings.dnd("101")
    change_setting(store, "dnd.101", "on", "anna", NOW)
    with monkeypatch.context() as patched:
        patched.setattr(store.database, "execute_sql", None)
        assert not snapshots.last().settings.dnd("101")
    assert snapshots.renewed() is snapshots.last() and snapshots.last().settings.dnd("101")


def test_a_slow_reader_holds_nobody_up_and_brings_nothing_old_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(now=100.0)
    snapshots = Snapshots(store, lambda: float(clock.now))
    first = snapshots.current()
    change_setting(store, "dnd.101", "on", "anna", NOW)
    clock.now += 0.11
    read, answered = Event(), Event()

    def slow(store: Store) -> dict[str, Setting]:
        found = read_settings(store)
        read.set()
        answered.wait()
        return found

    monkeypatch.setattr(snapshot, "read_settings", slow)
    reader = gevent.spawn(snapshots.current)
    assert read.wait(5)
    monkeypatch.undo()
    change_setting(store, "dnd.102", "on", "anna", NOW)
    clock.now += 0.11
    assert snapshots.current() is first
    answered.set()
    assert plain(reader.get(timeout=5).settings.values) == {"dnd.101": "on"}
    assert plain(snapshots.current().settings.values) == {"dnd.101": "on", "dnd.102": "on"}


def test_an_older_copy_of_the_database_counts_when_it_is_put_back(store: Store) -> None:
    write_tree(store, {}, [], "apply", NOW)
    write_tree(store, {"version": 1}, [], "apply", NOW)
    clock = SimpleNamespace(now=100.0)
    snapshots = Snapshots(store, lambda: float(clock.now))
    assert snapshots.current().version == 1
    with store.transaction():
        store.sql("UPDATE office_version SET version = 1 WHERE id = 1")
        store.sql("UPDATE section SET body = '7'")
    clock.now += 0.11
    assert snapshots.current().version == 7


CHANGES = """
done = 0
for count in range(30):
    done += settings.change_setting(store, "dnd.101", f"{own_number}-{count}" if count % 3 else None, "me", now)
    done += settings.change_setting(store, f"dnd.20{own_number}", "on" if count % 2 else None, "me", now)
print(done)
"""


def test_processes_that_change_the_same_setting_take_turns(
    store: Store, race: Callable[[str, int], list[str]]
) -> None:
    changed = sum(int(output) for output in race(CHANGES, 3))
    rows = list_changes(store, 1000)[::-1]
    assert len(rows) == changed == read_versions(store)[1] > 3 * (20 + 29)
    left = {}
    for path in {row["path"] for row in rows}:
        chain = [row for row in rows if row["path"] == path]
        assert [row["before"] for row in chain] == [None, *(row["after"] for row in chain[:-1])]
        left[path] = chain[-1]["after"]
    assert values(store) == {path: value for path, value in left.items() if value is not None}


def _refuse(*_: object) -> None:
    raise RuntimeError("history")
