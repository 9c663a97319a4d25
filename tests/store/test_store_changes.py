"""How often the office was changed, as one asks who does not want to read it each time."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest

from fsctl.errors import FsctlError
from fsctl.store.changes import Versions
from fsctl.store.claims import take
from fsctl.store.office import read_versions
from fsctl.store.settings import change_setting

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)


def test_a_change_is_seen_whoever_makes_it(store):
    versions = Versions(store)
    before = versions.look()
    assert versions.look() == before == read_versions(store)
    assert change_setting(store, "dnd.101", "on", "op", NOW)
    assert versions.look() == read_versions(store) == (before[0], before[1] + 1)
    versions.close()


def test_what_is_written_beside_the_office_changes_nothing(store):
    versions = Versions(store)
    before = versions.look()
    assert take(store, "key", "holder", "node", NOW)
    assert versions.look() == before
    versions.close()


def test_nothing_is_read_while_nobody_writes(store):
    if store.postgresql:
        pytest.skip("asks for the rows each time")
    versions = Versions(store)
    versions.look()
    with patch.object(versions, "_connection", wraps=versions._connection) as connection:
        for _ in range(10):
            versions.look()
        assert [each.args for each in connection.execute.call_args_list] == [("PRAGMA data_version",)] * 10
    versions.close()


def test_a_database_that_cannot_be_used_says_so_and_is_opened_anew(store):
    versions = Versions(store)
    before = versions.look()
    if not store.postgresql:
        versions._connection.close()
        with pytest.raises(FsctlError, match="cannot be used"):
            versions.look()
    assert versions.look() == before
    versions.close()
