"""No statement about calls or changes reads a whole table: each costs as much in a journal of a million calls."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fsctl.store import journal_table as journal
from fsctl.store.database import Store, stamp
from fsctl.store.history import list_changes
from fsctl.store.journal_parts import Fact
from fsctl.store.old_calls import remove
from load.journal_rows import fill, uuid_of

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
CALL = {"node": "one", "caller": "1", "dialled": "2", "at": stamp(NOW), "state": "ringing"}

#: By what is done, how many statements that takes which look for rows.
WORK: dict[str, tuple[int, Callable[[Store], object]]] = {
    "a call begins": (0, lambda store: journal.save(store, [journal.Entry("a", CALL, True, (Fact("a", 0, {}),))])),
    "a call ends": (2, lambda store: journal.save(store, [
        journal.Entry(uuid_of(1), {"state": "ended"}, otherwise="x")])),
    "open_calls": (1, lambda store: journal.open_calls(store, "one")),
    "supposed": (1, lambda store: journal.supposed(store, [uuid_of(1), uuid_of(2)])),
    "close_calls": (2, lambda store: journal.close_calls(store, {uuid_of(1): ""}, NOW)),
    "list_calls": (2, lambda store: journal.list_calls(store, 50)),
    "show": (2, lambda store: journal.show(store, uuid_of(1)[:8])),
    "remove": (3, lambda store: remove(store, NOW, 50)),
    "list_changes": (1, list_changes),
}


@pytest.mark.parametrize("name", WORK)
def test_an_index_finds_the_rows(store: Store, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    fill(store, 3, NOW - timedelta(days=3), NOW)
    count, work = WORK[name]
    statements: list[tuple[str, Any]] = []
    execute, execute_each = store.database.execute_sql, store.sql_each
    monkeypatch.setattr(store.database, "execute_sql", lambda sql, values=None: (
        statements.append((sql, values)), execute(sql, values))[1])
    monkeypatch.setattr(store, "sql_each", lambda sql, rows: (
        told := list(rows), statements.extend((sql, values) for values in told), execute_each(sql, told))[2])
    work(store)
    monkeypatch.undo()
    looking = [each for each in statements if each[0].startswith(("SELECT", "UPDATE", "DELETE"))]
    assert len(looking) == count
    for sql, values in looking:
        plan = _plan(store, sql, values)
        assert "WHERE" not in sql or _searches(plan) and not _scans(plan), (sql, plan)
        assert "LIMIT" not in sql or not _sorts(plan), (sql, plan)
        assert "WHERE" in sql or "LIMIT" in sql, sql


def test_on_postgresql_uuids_sort_by_their_characters(store: Store) -> None:
    """Else the beginning of one would be found by no index, or not at all, where the database has a language."""
    if not store.postgresql:
        pytest.skip("SQLite knows no languages")
    with store.reading():
        asked = "SELECT collation_name FROM information_schema.columns WHERE table_name = %s AND column_name = 'uuid'"
        assert store.sql(asked, ["journal_call"]).fetchall() == [("C",)]


def _plan(store: Store, sql: str, values: list[object]) -> list[str]:
    with store.transaction():
        if store.postgresql:
            # Good enough for tables as small as here.
            for way in ("seqscan", "bitmapscan", "sort") if "LIMIT" in sql else ("seqscan", "bitmapscan"):
                store.sql(f"SET LOCAL enable_{way} = off")
            return [row[0].strip() for row in store.sql(f"EXPLAIN {sql}", values)]
        return [row[3] for row in store.sql(f"EXPLAIN QUERY PLAN {sql}", values)]


def _searches(plan: list[str]) -> bool:
    return any(line.startswith(("SEARCH", "Index Cond")) for line in plan)


def _scans(plan: list[str]) -> bool:
    return any(line.startswith("SCAN") or "Seq Scan" in line for line in plan)


def _sorts(plan: list[str]) -> bool:
    """All rows, so that a limit spares nothing; in the order of an index those that begin alike may be."""
    return any("Seq Scan" in line or line.startswith(("USE TEMP B-TREE FOR ORDER BY", "Sort  (", "->  Sort  ("))
               for line in plan)
