"""Each test runs on SQLite and on a PostgreSQL server that is started for the session."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from fsctl.store.database import Store, open_database
from fsctl.store.migrations import migrate

#: What each process of a race begins with; it goes on when all of them are there.
RACER = """
import sys
from datetime import UTC, datetime
from fsctl.store import claims, settings
from fsctl.store.database import open_database
store, own_number = open_database(sys.argv[1]), int(sys.argv[2])
now = datetime(2026, 3, 1, tzinfo=UTC)
print("ready", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def bare(url: str) -> Iterator[Store]:
    """A store without tables."""
    store = open_database(url)
    yield store
    store.close()


@pytest.fixture
def store(bare: Store) -> Store:
    """A store with all tables, and no office."""
    migrate(bare)
    return bare


@pytest.fixture
def race(store: Store, url: str) -> Callable[[str, int], list[str]]:
    """Run some code in several processes at once; what each of them printed."""

    def run(code: str, processes: int) -> list[str]:
        started = [
            subprocess.Popen(
                [sys.executable, "-c", RACER + code, url, str(number)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for number in range(processes)
        ]  # fmt: skip
        try:
            for process in started:
                assert process.stdout and process.stdout.readline() == "ready\n"
            for process in started:
                assert process.stdin
                process.stdin.write("go\n")
                process.stdin.flush()
            ended = [process.communicate(timeout=120) for process in started]
        finally:
            for process in started:
                process.kill()
                process.wait()
        assert not any(errors for _, errors in ended), ended
        return [output for output, _ in ended]

    return run
