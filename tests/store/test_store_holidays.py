"""The office that calls see knows the public holidays of its sites."""

import logging
from datetime import UTC, date, datetime

import pytest

from fsctl.store import snapshot
from fsctl.store.database import Store
from fsctl.store.office import write_tree
from fsctl.store.snapshot import Snapshots

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_holidays_by_region(store: Store) -> None:
    write_tree(store, {"version": 1}, [], "me", NOW)
    office = Snapshots(store).current()
    assert office.holidays("DE-BE", date(2026, 4, 3)) == {"de": "Karfreitag", "en": "Good Friday"}
    assert office.holidays("", date(2026, 4, 3)) is None


def test_a_region_that_is_not_known_has_no_holidays_and_says_so_once(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    snapshot._tell_once.cache_clear()
    write_tree(store, {"version": 1}, [], "me", NOW)
    office = Snapshots(store).current()
    with caplog.at_level(logging.ERROR):
        assert [office.holidays("GB-XX", date(2026, 12, day)) for day in (25, 26)] == [None, None]
    assert [record.message for record in caplog.records] == [
        "the holidays of 'GB-XX' are not known: the subdivisions of GB are ENG, NIR, SCT, WLS"
    ]
