"""``fsctl park`` without a switch; tests/live/test_park.py has it with one."""

import json
from datetime import UTC, datetime

import pytest

from fsctl.store import parked
from fsctl.store.database import open_database
from fsctl.store.parked import Entry
from tests.cli.test_explain import database, run
from tests.ports import free_port

__all__ = ["database"]

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_switch(monkeypatch):
    monkeypatch.setenv("FSCTL_SWITCH", f"127.0.0.1:{free_port()}")


def test_nobody_waits(database):
    assert run("park", "list", "--json", database=database) == (0, "[]\n")
    assert run("park", "list", database=database) == (0, "")


def test_who_waits_where(database):
    store = open_database(database)
    parked.put(store, Entry("701", "b", "sales", "+4915112345678", "101", 45), "n", NOW)
    parked.put(store, Entry("104", "a", "", "103", "", 600), "n", NOW)
    code, output = run("park", "list", "--json", database=database)
    assert code == 0
    assert json.loads(output) == [
        {"slot": "104", "group": None, "caller": "103", "parker": None, "since": "2026-03-01T13:00:00.000+01:00",
         "recall_at": "2026-03-01T13:10:00.000+01:00", "uuid": "a"},
        {"slot": "701", "group": "sales", "caller": "+4915112345678", "parker": "101",
         "since": "2026-03-01T13:00:00.000+01:00", "recall_at": "2026-03-01T13:00:45.000+01:00", "uuid": "b"},
    ]
    code, output = run("park", "list", database=database)
    rows = [line.split()[:3] for line in output.splitlines()]
    assert rows[1:] == [["104", "103", "-"], ["701", "+4915112345678", "101"]]


@pytest.mark.parametrize(("arguments", "code", "said"), [
    (["101"], 3, "FreeSWITCH can't be reached"),
    (["199"], 1, "there is no user 199"),
    (["101", "300"], 1, "300 is no slot"),
    (["101", "799"], 1, "799 is no slot"),
    (["120", "701"], 1, "701 is a slot of another site than 120's"),
])
def test_what_cannot_be_parked(database, arguments, code, said):
    found, output = run("park", "add", *arguments, database=database)
    assert (found, said in output) == (code, True), output
    assert parked.list_parked(open_database(database)) == []
