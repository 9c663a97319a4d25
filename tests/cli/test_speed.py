"""Looking something up is quick: people and cron jobs start fsctl often."""

import os
import resource
import statistics
import subprocess
import sys
import tomllib

import pytest

from fsctl import clock, sample
from fsctl.store.database import open_database
from fsctl.store.migrations import migrate
from fsctl.store.office import write_tree

pytestmark = pytest.mark.slow

#: ``fsctl explain`` may take this many times what loading click and peewee does, which it cannot do without.
LIMIT = 5

EXPLAIN = ("-m", "fsctl", "explain", "+4915112345678", "+49305550100", "--at", "2026-12-24T10:00")

#: None of these is needed to explain a call between colleagues.
HEAVY = ("gevent", "greenswitch", "holidays", "playhouse.migrations", "fsctl.switch", "fsctl.simulator", "tomlkit")


@pytest.fixture
def environment(tmp_path):
    """With a database that holds the sample office."""
    path = str(tmp_path / "office.sqlite")
    store = open_database(path)
    migrate(store)
    write_tree(store, tomllib.loads(sample.text()), [], "test", clock.now())
    store.close()
    return {**os.environ, "FSCTL_DATABASE": path}


def processor_seconds(environment, *arguments):
    """Of one process, which other work on this machine changes less than the time that passes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_explain_takes_no_more_than_five_times_what_its_libraries_take(environment):
    runs = [(processor_seconds(environment, *EXPLAIN), processor_seconds(environment, "-c", "import click, peewee"))
            for _ in range(8)][1:]
    explain, libraries = (statistics.median(column) for column in zip(*runs, strict=True))
    print(f"\nexplain: {explain:.3f} s, click and peewee: {libraries:.3f} s, {explain / libraries:.1f} times")
    assert explain <= LIMIT * libraries


def test_explain_loads_nothing_heavy(environment):
    program = ("import sys; sys.argv = ['fsctl', 'explain', '102', '103', '--json']\n"
               "from fsctl.__main__ import main\n"
               "try: main()\n"
               "except SystemExit: pass\n"
               f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)")
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True)
    assert '"user:103"' in done.stdout
    assert done.stderr == "[]\n"


@pytest.mark.parametrize(("command", "patched"), [("explain", False), ("serve", True)])
def test_only_what_serves_is_patched(environment, command, patched):
    program = (f"import sys; sys.argv = ['fsctl', {command!r}, '--help']\n"
               "import fsctl.__main__, socket\n"
               "print(socket.socket.__module__.startswith('gevent'))")
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True)
    assert done.stdout == f"{patched}\n"
