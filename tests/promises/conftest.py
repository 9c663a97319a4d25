"""A database that holds an office, without going by the command line."""

import pytest

from fsctl import clock
from fsctl.store.database import open_database
from fsctl.store.migrations import migrate
from fsctl.store.office import write_tree


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
