"""Databases that nobody may write, and those that are empty or another program's (points 22 and 23)."""

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from fsctl.store.database import open_database
from fsctl.store.migrations import migrate
from fsctl.store.steps import known
from tests.cli.test_serve import greeted
from tests.ports import free_port
from tests.promises.commands import CHANGING, COMMANDS, READING, WITH_DATABASE, Bench

#: Somebody who owns nothing.
NOBODY = 65534

#: What says that FreeSWITCH or a controller is not there.
_NEEDS_A_SWITCH = ("doctor", "status", "hunt list", "hunt show", "executive list", "executive show", "assistant list",
                   "group list", "group call", "group mute", "group drop", "executive mute", "executive drop")


#: These find nothing to change in the sample office.
_ALREADY_SO = ("assistant in", "db migrate", "dnd off", "hunt join", "night auto", "office apply")


@pytest.fixture(scope="module", autouse=True)
def _all_loaded():
    """Nobody may read where the program lies, perhaps."""
    assert COMMANDS
    for each in ("tomlkit", "holidays", "icalendar", "recurring_ical_events"):
        pytest.importorskip(each)


@contextmanager
def as_nobody():
    if os.geteuid() != 0:  # modes count for everybody else
        yield
        return
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.fixture
def office(bench, monkeypatch):
    """A folder that everybody can enter, with an office; the tests' own may be closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="fsctl-promises-"))
    folder.chmod(0o755)
    office = Bench(folder)
    office.fill()
    out = Path(tempfile.mkdtemp(prefix="fsctl-promises-"))
    for path in READING:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("FSCTL_DIRECTORY", str(out / "warm"))
            office.answer(*office.words(path))  # loads what it needs
    gc.collect()  # SQLite opens a file but once in a process
    shutil.rmtree(out)
    out.mkdir()
    out.chmod(0o777)
    monkeypatch.setenv("FSCTL_DIRECTORY", str(out))
    monkeypatch.setenv("FSCTL_PASSWORDS", str(out / "sip.toml"))
    yield office
    folder.chmod(0o755)
    shutil.rmtree(folder)
    shutil.rmtree(out)


def read_only(folder, *, file=0o444, above=0o555):
    for each in folder.iterdir():
        each.chmod(file)
    folder.chmod(above)


def there(folder):
    """What lies there, once nobody has it open: beside an open database lie files of SQLite."""
    gc.collect()
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file()}


@pytest.mark.parametrize(("file", "above"), [(0o444, 0o555), (0o444, 0o777), (0o644, 0o555)])
def test_what_only_reads_works_where_nobody_may_write(office, file, above):
    read_only(office.folder, file=file, above=above)
    before = there(office.folder)
    with as_nobody():
        for path in READING:
            code, _, complaint = office.answer(*office.words(path))
            assert code == (3 if path in _NEEDS_A_SWITCH else 0) or path == "calls show", (path, complaint)
            told = complaint.startswith("fsctl: where these files lie is not remembered")
            assert "database" not in complaint or (told and path == "freeswitch directory"), (path, complaint)
        code, printed, complaint = office.answer(*office.words("office apply"), "--dry-run")
        assert (code, printed, "database" in complaint) == (0, "", False), complaint
    assert there(office.folder) == before


@pytest.mark.parametrize(("file", "above"), [(0o444, 0o555), (0o444, 0o777), (0o644, 0o555)])
def test_what_changes_something_says_that_nobody_may_write(office, file, above):
    read_only(office.folder, file=file, above=above)
    before = there(office.folder)
    with as_nobody():
        for path in CHANGING:
            code, printed, complaint = office.answer(*office.words(path))
            if code == 0:
                assert path in _ALREADY_SO, path
                continue
            assert code == 3, (path, complaint)
            assert "make the file and its folder writable for this user" in complaint or path == "park add", path
    assert there(office.folder).get("office.sqlite") == before["office.sqlite"]


def test_what_only_reads_sees_what_is_written_meanwhile(office):
    """While somebody else has it open, the newest is beside the file."""
    store = open_database(str(office.database))
    with store.transaction():
        store.sql("INSERT INTO setting VALUES ('dnd.101', 'on', 'x', '2026-01-01T00:00:00+00:00')")
    read_only(office.folder)
    with as_nobody():
        assert "101" in office.answer(*office.words("dnd list"))[1]
    office.folder.chmod(0o755)
    store.close()


def test_a_file_that_this_user_may_not_read_is_said_in_words(office):
    office.database.chmod(0o000)
    with as_nobody():
        for path in WITH_DATABASE:
            if path != "doctor":
                code, _, complaint = office.answer(*office.words(path))
                assert (code, f"{office.database} cannot be used" in complaint) == (3, True), (path, complaint)


def _foreign(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE cookies (a)")
    connection.close()


def _without_office(path):
    store = open_database(str(path))
    migrate(store)
    store.close()


EMPTY = {
    "nothing": lambda path: None,
    "an empty file": lambda path: path.touch(),
    "another program's": _foreign,
    "tables without an office": _without_office,
}


@pytest.mark.parametrize("kind", EMPTY)
def test_without_an_office_it_says_so_and_writes_nothing(bench, kind):
    EMPTY[kind](bench.database)
    before = there(bench.folder)
    for path in WITH_DATABASE:
        if path in ("office apply", "db migrate"):
            continue
        code, _, complaint = bench.answer(*bench.words(path))
        if path in ("doctor", "db status"):  # they tell it among other things, and what is to be done
            assert code in (0, 1, 3)
        else:
            assert code == 1, (path, complaint)
            assert f"there is no office in the database {bench.database}" in complaint, (path, complaint)
            assert "fsctl office apply" in complaint and "--database" in complaint
    assert there(bench.folder) == before
    code, printed, _ = bench.answer(*bench.words("doctor"))
    assert code == 3 and f"no office in the database {bench.database}" in printed
    assert bench.answer(*bench.words("office apply"), "--dry-run")[0] == 0
    assert there(bench.folder) == before


def test_the_data_folder_is_not_made_by_who_only_looks(bench, monkeypatch):
    from fsctl.store import database

    monkeypatch.delenv("FSCTL_DATABASE", raising=False)
    monkeypatch.setattr(database, "user_data_dir", lambda name: str(bench.folder / "share" / name))
    for path in READING:
        bench.answer(*bench.words(path)[:-2])
    assert not (bench.folder / "share").exists()


def test_tables_of_an_older_fsctl_are_brought_up_to_date_or_it_is_said_who_may(office):
    last = max(known())
    connection = sqlite3.connect(office.database)
    connection.execute("DELETE FROM schema_migration WHERE name = ?", (last,))
    connection.commit()
    connection.close()
    read_only(office.folder)
    with as_nobody():
        code, _, complaint = office.answer(*office.words("history"))
    assert (code, "run 'fsctl db migrate'" in complaint) == (3, True), complaint
    read_only(office.folder, file=0o644, above=0o755)


@pytest.mark.slow
def test_a_controller_without_an_office_says_so_and_takes_calls_once_there_is_one(bench):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "fsctl", "serve", "--listen", f"127.0.0.1:{port}", "--switch", "127.0.0.1:1",
         "--database", str(bench.database)], stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr.readline() == "ready\n"
        assert f"there is no office in the database {bench.database}" in process.stderr.readline()
        greeted(port)
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 0
