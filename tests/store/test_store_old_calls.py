"""Old calls: who is removed, in which order, and that nothing else is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from fsctl.store.database import Store, open_database, stamp
from fsctl.store.history import list_changes, note
from fsctl.store.journal_parts import Fact
from fsctl.store.journal_table import Entry, close_calls, list_calls, save
from fsctl.store.old_calls import remove
from fsctl.store.tables import JournalFact
from load.journal_rows import fill, uuid_of

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
MONTH = timedelta(days=30)


def written(store: Store, uuid: str, began: timedelta, ended: timedelta | None, state: str = "ended") -> None:
    """A call that began and ended so long ago, with two facts."""
    columns = {"node": "one", "caller": "1", "dialled": "2", "at": stamp(NOW - began), "state": state}
    end = {} if ended is None else {"ended_at": stamp(NOW - ended)}
    facts = (Fact("a", 0, {"policy": "x"}), Fact("a", 1, {"policy": "y"}))
    save(store, [Entry(uuid, columns | end, True, facts)])


def kept(store: Store) -> set[str]:
    """Calls, each of which has its facts, and no others have any."""
    calls = {call["uuid"] for call in list_calls(store) if len(call["steps"]) == 2}
    with store.reading():
        facts = [uuid for (uuid,) in store.run(JournalFact.select(JournalFact.uuid).tuples())]
    assert sorted(facts) == sorted([*calls, *calls])
    return calls


@pytest.mark.parametrize(("began", "ended", "state", "stays"), [
    (2 * MONTH, 2 * MONTH - timedelta(minutes=1), "ended", False),
    (2 * MONTH, MONTH + timedelta(milliseconds=1), "ended", False),
    (2 * MONTH, MONTH, "ended", True),  # to the millisecond
    (2 * MONTH, MONTH - timedelta(milliseconds=1), "ended", True),
    (MONTH + timedelta(days=1), timedelta(0), "ended", True),  # a long talk
    (timedelta(0), timedelta(0), "ended", True),
    (1200 * MONTH, None, "ringing", True),
    (1200 * MONTH, None, "talking", True),
    (1200 * MONTH, None, "parked", True),
    (1200 * MONTH, 1199 * MONTH, "talking", True),  # somebody has told of it after its end
])
def test_what_ended_before_an_instant_is_removed(
    store: Store, began: timedelta, ended: timedelta | None, state: str, stays: bool
) -> None:
    written(store, "a", began, ended, state)
    written(store, "other", timedelta(0), timedelta(0))
    assert remove(store, NOW - MONTH, 10) == (not stays)
    assert kept(store) == ({"a", "other"} if stays else {"other"})
    assert remove(store, NOW - MONTH, 10) == 0


@pytest.mark.parametrize(("at_most", "removed"), [
    (1, [1, 1, 1, 1, 1, 0]), (2, [2, 2, 1, 0]), (4, [4, 1, 0]), (5, [5, 0]), (500, [5, 0]),
])
def test_at_most_so_many_in_a_step_and_what_ended_first_goes_first(
    store: Store, at_most: int, removed: list[int]
) -> None:
    for number in (3, 0, 4, 2, 1):  # who ended later began earlier
        written(store, str(number), (8 + number) * MONTH, (7 - number) * MONTH)
    gone = 0
    for expected in removed:
        assert remove(store, NOW - MONTH, at_most) == expected
        gone += expected
        assert kept(store) == {str(number) for number in range(gone, 5)}


def test_a_call_that_was_left_open_goes_once_it_was_closed_and_is_old(store: Store) -> None:
    written(store, "a", 12 * MONTH, None, "talking")
    assert (remove(store, NOW, 10), kept(store)) == (0, {"a"})
    close_calls(store, {"a": ""}, NOW)
    assert (remove(store, NOW, 10), kept(store)) == (0, {"a"})
    assert (remove(store, NOW + MONTH, 10), kept(store)) == (1, set())


def test_who_changed_what_stays(store: Store) -> None:
    written(store, "a", 3 * MONTH, 2 * MONTH)
    with store.transaction():
        note(store, [("users.101", None, 1)], "somebody", NOW - 12 * MONTH)
    assert remove(store, NOW, 10) == 1
    assert len(list_changes(store)) == 1


def test_what_another_controller_is_removing_is_left_to_it(store: Store, url: str) -> None:
    """Without waiting for it; on SQLite one controller at a time has the database."""
    if not store.postgresql:
        pytest.skip("one writer at a time")
    for number in range(5):
        written(store, str(number), 8 * MONTH, (7 - number) * MONTH)
    other = open_database(url)
    try:
        with store.transaction():
            assert remove(store, NOW - MONTH, 2) == 2
            with other.transaction():
                other.sql("SET LOCAL lock_timeout = '1s'")
                assert remove(other, NOW - MONTH, 2) == 2
    finally:
        other.close()
    assert kept(store) == {"4"}


def test_several_controllers_remove_each_call_once(store: Store, race: Callable[[str, int], list[str]]) -> None:
    fill(store, 500, NOW - 4 * MONTH, NOW)
    code = """
from datetime import timedelta
from fsctl.store.old_calls import remove
steps = [remove(store, datetime(2026, 11, 25, 4, tzinfo=UTC) - timedelta(days=60), 7) for _ in range(80)]
print(sum(steps))
"""
    assert sum(int(removed) for removed in race(code, 3)) == 250
    assert [call["uuid"] for call in list_calls(store, 1000)] == [uuid_of(number) for number in range(499, 249, -1)]
