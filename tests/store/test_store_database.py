"""Opening a database: what people read when it cannot be used, and what greenlets and processes may do."""

import os
import sqlite3
from pathlib import Path

import gevent
import pytest

from fsctl.errors import FsctlError, Unreachable
from fsctl.store import database
from fsctl.store.database import Store, open_database
from fsctl.store.migrations import migrate
from fsctl.store.office import read_tree, read_versions


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("{tmp}/none/x.sqlite", "{tmp}/none/x.sqlite cannot be used: unable to open.*folder exists"),
        ("sqlite:///{tmp}/text", "{tmp}/text cannot be used: file is not a database.*restore a copy"),
        ("{tmp}", "{tmp} cannot be used: it is a folder.*name a file"),
        (
            "postgresql://me:secret@127.0.0.1:1/x",
            "postgresql://me@127.0.0.1:1/x cannot be used.*refused.*server runs",
        ),
    ],
)
def test_what_cannot_be_opened_is_said_in_words(place: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello, this is no database at all\n" * 50)
    with pytest.raises(Unreachable, match=words.format(tmp=tmp_path)) as failed:
        open_database(place.format(tmp=tmp_path))
    assert "secret" not in str(failed.value)


def test_a_damaged_file_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    store = open_database(str(path))
    migrate(store)
    store.close()
    path.write_bytes(path.read_bytes()[:4096] + os.urandom(len(path.read_bytes()) - 4096))
    with pytest.raises(Unreachable, match="damaged"):
        read_tree(open_database(str(path)))


def test_an_unknown_kind_of_url_is_refused() -> None:
    for url in ("mysql://x/y", ":memory:", "sqlite:///"):
        with pytest.raises(FsctlError, match="is no database"):
            open_database(url)


def test_the_default_is_the_environment_then_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FSCTL_DATABASE", raising=False)
    monkeypatch.setattr(database, "user_data_dir", lambda name: str(tmp_path / "share" / name))
    assert open_database().place == f"{tmp_path}/share/fsctl/fsctl.sqlite"
    monkeypatch.setenv("FSCTL_DATABASE", f"sqlite:///{tmp_path}/env.sqlite")
    assert open_database().place == f"{tmp_path}/env.sqlite"


def test_sqlite_is_set_up_to_survive_power_loss(tmp_path: Path) -> None:
    store = open_database(str(tmp_path / "x.sqlite"))
    with store.reading():
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = [store.sql(f"PRAGMA {name}").fetchone()[0] for name in names]
    assert values == ["wal", 2, 1, 50]


def test_a_file_that_stays_locked_names_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_PATIENCE_SECONDS", 0.1)
    store = open_database(str(tmp_path / "x.sqlite"))
    other = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unreachable, match="locked.*end that program"):
        migrate(store)
    other.execute("ROLLBACK")
    other.close()
    assert migrate(store)


def test_greenlets_wait_for_a_lock_without_stopping_the_others(tmp_path: Path) -> None:
    store = open_database(str(tmp_path / "x.sqlite"))
    migrate(store)
    other = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    gevent.spawn_later(0.3, other.execute, "ROLLBACK")
    with store.transaction():
        store.sql("UPDATE office_version SET version = 5")
    assert read_versions(store)[0] == 5
    other.close()


def test_transactions_nest_and_give_their_connection_back(store: Store) -> None:
    with store.transaction():
        store.sql("UPDATE office_version SET version = 5")
        with pytest.raises(KeyError), store.transaction():
            store.sql("UPDATE office_version SET version = 6")
            raise KeyError
        assert read_versions(store)[0] == 5
        assert not store.database.is_closed()
    assert store.database.is_closed() is store.postgresql  # SQLite has the one connection
    assert read_versions(store)[0] == 5


def test_a_closed_store_opens_again(store: Store) -> None:
    store.close()
    assert read_versions(store)[0] == 0


def test_a_greenlet_killed_in_a_transaction_ends_and_leaves_nothing(store: Store) -> None:
    def hang() -> None:
        with store.transaction():
            store.sql("UPDATE office_version SET version = 5")
            gevent.sleep(10)

    greenlet = gevent.spawn(hang)
    gevent.sleep(0.05)
    greenlet.kill()
    assert isinstance(greenlet.value, gevent.GreenletExit)
    assert read_versions(store)[0] == 0
