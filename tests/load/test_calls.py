"""Calls at ``fsctl serve``, of each kind: all are decided, and the journal has all as ended.

In a process of its own: here gevent has taken ``epoll`` away.
"""

import json
import sqlite3
import subprocess
import sys

import pytest

from load import measure
from load.kinds import KINDS

#: What each kind of call is in the journal.
RESULTS = {"person": "gone", "hunt": "gone", "hunt-always-open": "gone", "answered": "user", "code": "code"}


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_each_call_is_decided_and_journalled_as_ended(tmp_path, workers):
    told = tmp_path / "told.json"
    subprocess.run(
        [sys.executable, "-m", "load", "--only", "fsctl", "--rounds", "1", "--calls", "20", "--workers", str(workers),
         "--json", told], check=True, capture_output=True)
    figures = json.loads(told.read_text())["figures"]
    assert {row["kind"] for row in figures} == RESULTS.keys() == KINDS.keys() - {"nothing"}
    for row in figures:
        (found,) = row["rounds"]
        assert found["results"] == {RESULTS[row["kind"]]: 20, "open": 0}
        assert (found["calls"], found["failed"]) == (20, 0)
        assert 0 < found["p50"] <= found["p99"] <= found["max"]
        assert 0 < found["cpu"] < 1
        assert len(found["cpu_by_process"]) == (1 if workers == 1 else workers + 2)


def test_what_is_not_in_the_journal_or_has_not_ended_is_open(tmp_path, monkeypatch):
    monkeypatch.setattr(measure, "_JOURNAL_SECONDS", 0)
    database = tmp_path / "db"
    connection = sqlite3.connect(database)
    connection.execute("create table journal_call (uuid, state, result)")
    connection.executemany("insert into journal_call values (?, ?, ?)",
                           [("a", "ended", "user:101"), ("b", "ended", "gone"), ("c", "ringing", None)])
    connection.commit()
    connection.close()
    assert measure.await_journal(database, ["a", "b", "c", "d"]) == {"user": 1, "gone": 1, "open": 2}
    assert measure.await_journal(database, ["a"]) == {"user": 1, "open": 0}
