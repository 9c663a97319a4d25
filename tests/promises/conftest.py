"""A database that holds an office without going by the command line, and a bench without anything of the machine."""

import pytest

from fsctl import clock
from fsctl.store.database import open_database
from fsctl.store.migrations import migrate
from fsctl.store.office import write_tree
from tests.ports import free_port
from tests.promises.commands import Bench


@pytest.fixture
def database(tmp_path):
    """Makes a database that holds this office; its path."""
    path = str(tmp_path / "office.sqlite")

    def holding(tree):
        store = open_database(path)
        migrate(store)
        write_tree(store, tree, [], "test", clock.now())
        store.close()
        return path

    return holding


@pytest.fixture
def bench(tmp_path, monkeypatch):
    for name in ("FSCTL_SWITCH", "FSCTL_LISTEN"):
        monkeypatch.setenv(name, f"127.0.0.1:{free_port()}")
    monkeypatch.setenv("FSCTL_DIRECTORY", str(tmp_path / "freeswitch"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home" / "share"))
    return Bench(tmp_path)
