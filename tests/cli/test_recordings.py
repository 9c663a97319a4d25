"""``fsctl recordings list``, and where ``fsctl office`` says that recordings lie."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from fsctl import sample
from fsctl.cli import cli
from fsctl.cli.office import _folder as folder_of
from fsctl.model.recordings import name_of
from fsctl.store.database import open_database
from fsctl.store.journal_queue import Journal
from fsctl.store.office import read_folder, read_versions
from tests.cli.test_explain import database, run
from tests.cli.test_office import office
from tests.unit.test_recordings_files import AUDIO, WHOLE, killed

__all__ = ["database", "office"]

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CALL, ANOTHER = "b3655eb5-b172-46b4-92db-8cc7bb6fef23", "00000000-b172-46b4-92db-8cc7bb6fef23"
NAMES = [name_of(CALL, NOW), name_of(ANOTHER, NOW.replace(hour=11))]


@pytest.fixture
def applied(office, tmp_path):
    """The sample office, where its file lies, and what is in its database."""
    office("office", "apply", "FILE", text=sample.text())
    return office


def store(tmp_path):
    return open_database(str(tmp_path / "office.sqlite"))


def recorded(folder: Path, *contents: bytes) -> None:
    folder.mkdir()
    for name, content in zip(NAMES, contents, strict=False):
        (folder / name).write_bytes(content)


def journal(tmp_path, *calls: tuple[str, str, str, str]) -> None:
    written = Journal(store(tmp_path), "one")
    written.start()
    for uuid, caller, dialled, result in calls:
        written.begin(uuid, caller=caller, dialled=dialled, at=NOW)
        written.end(uuid, result, "", NOW)
    written.stop()


def test_a_table(applied, tmp_path):
    recorded(tmp_path / "recordings", WHOLE, killed(AUDIO * 2))
    journal(tmp_path, (CALL, "+4915112345678", "101", "user:101"), ("x", "101", "*44", f"recording:{NAMES[0]}"))
    code, output = applied("recordings", "list")
    lines = [line.split() for line in output.splitlines()]
    folder = tmp_path / "recordings"
    assert code == 0 and lines[0] == ["AT", "BY", "CALLER", "DIALLED", "SECONDS", "FILE"]
    assert lines[1:] == [
        ["2026-11-23T12:00:00+01:00", "-", "-", "-", "2.0", str(folder / NAMES[1])],
        ["2026-11-23T11:00:00+01:00", "101", "+4915112345678", "101", "1.0", str(folder / NAMES[0])]]


def test_for_programs(applied, tmp_path):
    """Of one the journal has nothing any more."""
    recorded(tmp_path / "recordings", WHOLE, b"")
    journal(tmp_path, (CALL, "+4915112345678", "101", "user:101"), ("x", "101", "*44", f"recording:{NAMES[0]}"),
            ("y", "102", "*44", "recording:off"), ("z", "102", NAMES[1], "user:101"))
    assert json.loads(applied("recordings", "list", "--json")[1]) == [
        {"file": str(tmp_path / "recordings" / NAMES[1]), "call": ANOTHER, "at": "2026-11-23T12:00:00.000+01:00",
         "seconds": 0.0, "by": None, "caller": None, "dialled": None},
        {"file": str(tmp_path / "recordings" / NAMES[0]), "call": CALL, "at": "2026-11-23T11:00:00.000+01:00",
         "seconds": 1.0, "by": "101", "caller": "+4915112345678", "dialled": "101"},
    ]


@pytest.mark.parametrize("made", [True, False])
def test_none_yet(applied, tmp_path, made):
    if made:
        (tmp_path / "recordings").mkdir()
    assert applied("recordings", "list") == (0, "")
    assert applied("recordings", "list", "--json") == (0, "[]\n")


def test_a_folder_that_cannot_be_read(applied, tmp_path):
    (tmp_path / "recordings").write_text("no folder")
    assert applied("recordings", "list") == (
        1, f"{tmp_path}/recordings cannot be read: Not a directory; run this as a user who may")


@pytest.mark.parametrize("option", [(), ("--json",)])
def test_files_that_cannot_be_read(applied, tmp_path, monkeypatch, option):
    """They are listed all the same, and how many they are is said beside the list."""
    folder = tmp_path / "recordings"
    recorded(folder, WHOLE, WHOLE)
    opened = Path.open

    def refusing(self, *how, **more):
        if self.parent == folder:
            raise PermissionError(13, "Permission denied")
        return opened(self, *how, **more)

    monkeypatch.setattr(Path, "open", refusing)
    found = CliRunner().invoke(cli, ["recordings", "list", *option, "--database", str(tmp_path / "office.sqlite")])
    assert found.exit_code == 0
    assert found.stderr == "2 of them cannot be read by this user, so nobody knows how long they are\n"
    assert all(name in found.stdout for name in NAMES) and found.stdout.count("null" if option else " - ") >= 2


def test_nobody_knows_the_folder(database):
    """Of an office that an older version applied."""
    assert run("recordings", "list", database=database) == (
        1, "nobody knows where the office file lies; apply it again")


def test_without_an_office(tmp_path):
    code, said = run("recordings", "list", database=str(tmp_path / "empty.sqlite"))
    assert code == 1 and said


# ---- where the file lies -------------------------------------------------------------------------------


def test_apply_keeps_where_the_file_lies(applied, tmp_path):
    assert read_folder(store(tmp_path)) == str(tmp_path)
    applied("office", "apply", "FILE", text=sample.text().replace('name = "Clara Conrad"', 'name = "Clara Cohn"'))
    assert read_folder(store(tmp_path)) == str(tmp_path)


@pytest.mark.parametrize(("option", "folder", "newer"), [((), "moved", 1), (("--dry-run",), "", 0)])
def test_a_file_that_was_moved(applied, tmp_path, monkeypatch, option, folder, newer):
    """It changes nothing that is to be told; the controllers hear of it."""
    before = read_versions(store(tmp_path))[0]
    moved = tmp_path / "moved"
    moved.mkdir()
    (moved / "office.toml").write_text(sample.text(), "utf-8")
    monkeypatch.chdir(moved)
    assert applied("office", "apply", "office.toml", *option) == (0, "")
    assert read_folder(store(tmp_path)) == str(tmp_path / folder)
    assert read_versions(store(tmp_path))[0] == before + newer
    assert applied("office", "apply", "office.toml", *option) == (0, "")
    assert read_versions(store(tmp_path))[0] == before + newer


def test_a_dry_run_of_a_first_file_keeps_nothing(office, tmp_path):
    assert office("office", "apply", "FILE", "--dry-run", text=sample.text())[0] == 0
    assert not (tmp_path / "office.sqlite").exists()


HOSTILE = "it's"


def written(folder: Path, record: str = "true", recordings: str = "recordings") -> Path:
    """The sample office with these values in a file there."""
    text = sample.text()
    for before, after in (("record = false", f"record = {record}"),
                          ('recordings = "recordings"', f'recordings = "{recordings}"'),
                          ('prompts = "prompts"', 'prompts = "/srv/prompts"')):
        assert text.count(before) == 1
        text = text.replace(before, after)
    folder.mkdir(exist_ok=True)
    file = folder / "office.toml"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(("above", "record", "recordings", "wrong"), [
    (HOSTILE, "true", "recordings", True), (HOSTILE, "true", "a/b", True), ("a;b", "true", "recordings", True),
    ("${x}", "true", "recordings", True), ("a,b", "true", "recordings", True),
    (HOSTILE, "false", "recordings", False), (HOSTILE, "true", "/srv/taped", False),
    ("Büro 1", "true", "recordings", False), ("a.b-c_d+e", "true", "recordings", False),
    ("well", "true", "/srv/it's", True),
])
@pytest.mark.parametrize("command", ["check", "apply"])
def test_a_folder_whose_name_freeswitch_cannot_have(office, tmp_path, above, record, recordings, wrong, command):
    file = written(tmp_path / above, record, recordings)
    code, said = office("office", command, str(file))
    assert code == wrong, said
    assert not wrong or "1 to be mended" in said
    kept = read_folder(store(tmp_path)) if command == "apply" and not wrong else ""
    assert kept == ("" if command == "check" or wrong else str(file.parent))


def test_what_is_said_of_such_a_folder(office, tmp_path):
    file = written(tmp_path / HOSTILE)
    code, said = office("office", "check", str(file), "--json")
    assert code == 1 and json.loads(said[:said.rindex("}") + 1]) == {"problems": [{
        "path": "office.recordings", "warning": False,
        "message": f"would lie in {file.parent}, and FreeSWITCH cannot have \"'\" in a name: give a whole path"}]}


def piped(text: str) -> str:
    """Where the text is read from a pipe, as from /dev/stdin."""
    there, into = os.pipe()
    with os.fdopen(into, "w") as file:
        file.write(text)
    return f"/dev/fd/{there}"


@pytest.mark.parametrize(("record", "recordings", "wrong"), [
    ("true", "recordings", True), ("false", "recordings", False), ("true", "/srv/taped", False)])
def test_what_is_read_from_a_pipe_lies_nowhere(office, tmp_path, record, recordings, wrong):
    code, said = office("office", "apply", piped(written(tmp_path / "x", record, recordings).read_text("utf-8")))
    assert code == wrong, said
    problem = "office.recordings: is relative to the file, which lies nowhere: give a whole path"
    assert (problem in said) is wrong
    assert wrong or read_folder(store(tmp_path)) == ""


@pytest.mark.parametrize(("file", "folder"), [
    ("/dev/stdin", ""), ("/dev/fd/3", ""), ("/proc/self/fd/3", ""), ("/srv/dev/office.toml", "/srv/dev"),
    ("/develop/office.toml", "/develop"), ("/procured/a/office.toml", "/procured/a"), ("/office.toml", "/"),
])
def test_where_a_file_lies(file, folder):
    assert folder_of(Path(file)) == folder


@pytest.mark.parametrize("text", [
    "office = 3\n", "[office]\nrecord = 1\n", "[office]\nrecordings = 5\nrecord = true\n"])
def test_a_section_that_is_none(tmp_path, text):
    """What is wrong with it is said as of any other; nothing breaks here."""
    folder = tmp_path / HOSTILE
    folder.mkdir()
    (folder / "office.toml").write_text(f"version = 1\n{text}", "utf-8")
    code, said = run("office", "check", str(folder / "office.toml"), database=str(tmp_path / "x.sqlite"))
    assert code == 1 and "to be mended" in said
