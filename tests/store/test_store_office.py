"""The office in the database: round trip, all or nothing, history, snapshots."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest

from fsctl.errors import FsctlError, Unreachable
from fsctl.model.codes import Codes
from fsctl.model.office import Office
from fsctl.model.sections import Defaults, Numbering, Site
from fsctl.schema import structure
from fsctl.store import snapshot
from fsctl.store.database import Store
from fsctl.store.history import list_changes
from fsctl.store.office import read_folder, read_tree, read_versions, write_tree
from fsctl.store.snapshot import Snapshots

NOW = datetime(2026, 3, 1, 13, 0, tzinfo=timezone(timedelta(hours=1)))
TREE: dict[str, Any] = {
    "version": 1,
    "office": {"record": True},
    "trunks": {"z-first": {"dial": "sofia/{number}"}, "a-second": {"dial": "x"}},
    "users": {"102": {"name": 'Jürgen "J" Ünal', "numbers": ["+4930"], "fwd": {"busy": "user:101"}}, "0101": {}},
    "announcements": {"closed": {"de": "zu.wav"}},
    "groups": {},
}


def change(path: str, before: object = None, after: object = None) -> SimpleNamespace:
    return SimpleNamespace(path=path, before=before, after=after)


def test_the_tree_comes_back_in_its_order(store: Store) -> None:
    assert read_tree(store) == (0, {})
    assert write_tree(store, TREE, [], "me", NOW) == 1
    version, tree = read_tree(store)
    assert (version, tree) == (1, TREE)
    assert list(tree) == list(TREE)
    assert list(tree["trunks"]) == ["z-first", "a-second"]


def test_an_office_that_an_older_version_kept_is_read(store: Store) -> None:
    """It lacks newer keys, and has people at emergency numbers, which nobody checked then."""
    site = {"name": "Berlin", "timezone": "Europe/Berlin", "language": "de", "emergency": ["110", "112"]}
    rule = {"name": "all", "from": "any", "action": "divert"}
    older = {
        "version": 1, "office": {"record": True}, "numbering": {"external_prefix": "0"}, "codes": {"park": "#31"},
        "schedules": {"open": {"except": ["2026-12-24"]}}, "sites": {"berlin": site},
        "users": {"110": {"name": "E", "site": "berlin", "outside": ["mobile"],
                          "executive": {"assistants": [], "rules": [rule]}}},
    }
    write_tree(store, older, [], "me", NOW)
    office = structure(read_tree(store)[1])
    assert (office.office, office.numbering) == (Defaults(record=True), Numbering(external_prefix="0"))
    assert office.codes == Codes(park="#31")
    assert office.sites["berlin"] == Site(key="berlin", **{**site, "emergency": ("110", "112")})
    assert (office.users["110"].outside, office.users["110"].executive.rules[0].called) == (("mobile",), ())


def test_what_is_no_longer_there_goes(store: Store) -> None:
    write_tree(store, TREE, [], "me", NOW)
    assert write_tree(store, {"version": 1}, [], "me", NOW) == 2
    assert read_tree(store) == (2, {"version": 1})


def test_a_large_office_fits(store: Store) -> None:
    tree = {"users": {str(extension): {"name": "x" * 100} for extension in range(1000, 4000)}}
    write_tree(store, tree, [], "me", NOW)
    assert read_tree(store)[1] == tree


def test_history_tells_who_and_what_newest_first(store: Store) -> None:
    changes = [change("users.101", None, {"name": "A"}), change("office.record", True, False)]
    write_tree(store, TREE, changes, "anna", NOW)
    write_tree(store, TREE, [change("users.101", {"name": "A"}, None)], "bernd", NOW)
    rows = list_changes(store)
    at = "2026-03-01T12:00:00.000+00:00"
    assert rows == [
        {"at": at, "who": "bernd", "path": "users.101", "before": {"name": "A"}, "after": None},
        {"at": at, "who": "anna", "path": "office.record", "before": True, "after": False},
        {"at": at, "who": "anna", "path": "users.101", "before": None, "after": {"name": "A"}},
    ]
    assert list_changes(store, 1) == rows[:1]


def test_a_failing_write_leaves_everything_as_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(store, TREE, [change("a")], "me", NOW)
    write_each = store.sql_each

    def fail_late(statement: str, rows: Iterable[Sequence[object]]) -> None:
        if "history" in statement:
            raise RuntimeError("history")
        write_each(statement, rows)

    monkeypatch.setattr(store, "sql_each", fail_late)
    with pytest.raises(RuntimeError, match="history"):
        write_tree(store, {"version": 1}, [change("b")], "me", NOW)
    monkeypatch.undo()
    assert read_tree(store) == (1, TREE)
    assert [row["path"] for row in list_changes(store)] == ["a"]


def test_where_the_file_lies(store: Store) -> None:
    """It is no part of the tree, and what another apply does not say nobody knows."""
    assert read_folder(store) == ""
    for folder in ("/srv/Büro 1", "/srv/it's", "", "/srv/x"):
        write_tree(store, TREE, [], "me", NOW, folder)
        assert (read_folder(store), read_tree(store)[1]) == (folder, TREE)
    write_tree(store, TREE, [], "me", NOW)
    assert read_folder(store) == ""


def test_a_snapshot_knows_where_recordings_lie(store: Store) -> None:
    tree = {"version": 1, "office": {"recordings": "taped"}}
    for folder, recordings in (("", ""), ("/srv/office", "/srv/office/taped"), ("/srv/moved", "/srv/moved/taped")):
        write_tree(store, tree, [], "me", NOW, folder)
        office = Snapshots(store).current()
        assert (office.folder, office.recordings_folder) == (folder, recordings)


def test_a_folder_of_a_write_that_fails_is_not_kept(store: Store) -> None:
    write_tree(store, TREE, [], "me", NOW, "/srv/office")
    with pytest.raises(FsctlError, match="empty name"):
        write_tree(store, {"users": {"": {}}}, [], "me", NOW, "/srv/other")
    assert read_folder(store) == "/srv/office"


def test_a_naive_time_and_an_empty_name_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="offset"):
        write_tree(store, TREE, [change("a")], "me", datetime(2026, 1, 1))
    with pytest.raises(FsctlError, match="empty name"):
        write_tree(store, {"users": {"": {}}}, [], "me", NOW)
    assert read_versions(store)[0] == 0


@pytest.fixture
def clock() -> SimpleNamespace:
    return SimpleNamespace(now=100.0)


@pytest.fixture
def snapshots(store: Store, clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Snapshots:
    monkeypatch.setattr(snapshot, "_structure", lambda tree: Office(version=tree.get("version", 0)))
    return Snapshots(store, lambda: float(clock.now))


def test_a_snapshot_follows_changes_within_a_tenth_of_a_second(
    store: Store, snapshots: Snapshots, clock: SimpleNamespace
) -> None:
    first = snapshots.current()
    write_tree(store, {"version": 7}, [], "me", datetime.now(UTC))
    assert snapshots.current() is first
    clock.now += 0.11
    second = snapshots.current()
    assert second.version == 7
    clock.now += 0.11
    assert snapshots.current() is second


def test_the_last_good_snapshot_stays_while_the_database_fails(
    store: Store,
    snapshots: Snapshots,
    clock: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first = snapshots.current()
    fail = pytest.MonkeyPatch()
    fail.setattr(store, "sql", _unreachable)
    for _ in range(3):
        clock.now += 3
        assert snapshots.current() is first
    assert len(caplog.records) == 1
    fail.undo()
    write_tree(store, {"version": 7}, [], "me", datetime.now(UTC))
    clock.now += 3
    assert snapshots.current().version == 7


def test_without_any_snapshot_the_failure_shows(store: Store, snapshots: Snapshots) -> None:
    with pytest.MonkeyPatch.context() as fail:
        fail.setattr(store, "sql", _unreachable)
        with pytest.raises(Unreachable):
            snapshots.current()


def _unreachable(*_: object) -> None:
    raise Unreachable("gone")
