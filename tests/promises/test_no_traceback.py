"""No traceback, whatever is wrong with a database, a disk or a terminal (point 19)."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest

from fsctl import sample
from fsctl.cli import output
from fsctl.store import database
from tests.promises.commands import ENDING, WITH_DATABASE


def statement(*statements):
    def damage(path):
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA foreign_keys = 0")
        for each in statements:
            connection.execute(each)
        connection.close()

    return damage


def broken(first, last):
    """Bytes of the file that something else has written over."""
    def damage(path):
        content = path.read_bytes()
        path.write_bytes(content[:first] + bytes(range(1, 256)) * ((last - first) // 255) + content[last:])

    return damage


def folder(path):
    path.unlink()
    path.mkdir()


_CALL = ("INSERT INTO journal_call (uuid, node, caller, dialled, at, state) "
         "VALUES ('0a', 'n', '101', '102', '2026-11-24T09:00:00.000+00:00', 'ringing')")

DAMAGES = {
    "text": lambda path: path.write_text("hello, this is no database at all\n" * 50),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "only a header": lambda path: path.write_bytes(path.read_bytes()[:100]),
    "no header": broken(0, 4096),
    "broken pages": broken(8192, 60_000),
    "a folder": folder,
    "another program's": lambda path: (path.unlink(), statement("CREATE TABLE cookies (a)")(path)),
    "a newer fsctl's": statement("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2026-01-01')"),
    "no table": statement("DROP TABLE section"),
    "no version": statement("DELETE FROM office_version"),
    "an odd version": statement("UPDATE office_version SET version = 'x'"),
    "a section": statement("UPDATE section SET body = '{' WHERE name = '102'"),
    "a list for a section": statement("UPDATE section SET body = '[]' WHERE name = '102'"),
    "a number for a section": statement("UPDATE section SET body = 5 WHERE name = '102'"),
    "a key that nobody knows": statement("""UPDATE section SET body = '{"x": 1}' WHERE name = '102'"""),
    "no UTF-8 in a section": statement("UPDATE section SET body = CAST(x'7bff7d' AS TEXT) WHERE name = '102'"),
    "no UTF-8 in a name": statement("UPDATE section SET name = CAST(x'31ff' AS TEXT) WHERE name = '102'"),
    "bytes in a section": statement("UPDATE section SET body = x'00ff' WHERE name = '102'"),
    "two kinds in one": statement("INSERT INTO section VALUES ('codes', 'x', 0, '{}'), ('users', '', -1, '[]')"),
    "depth": statement("UPDATE section SET body = printf('%.*c', 100000, '[') WHERE name = '102'"),
    "an odd position": statement("UPDATE section SET position = 'x' WHERE name = '102'"),
    "a setting's time": statement("INSERT INTO setting VALUES ('dnd.102', 'on', 'x', 'yesterday')"),
    "a setting's time without offset": statement(
        "INSERT INTO setting VALUES ('night.berlin', 'on', 'x', '2026-01-01')"),
    "a setting's value": statement(*(f"INSERT INTO setting VALUES ('{path}', 'x y z', 'x', '2026-01-01T00:00+00:00')"
                                     for path in ("night.berlin", "dnd.101", "forward.101.always", "hunt.sales.101",
                                                  "filter.130", "assistant.130.131", "divert.130.131",
                                                  "intercept.104"))),
    "the history": statement("INSERT INTO history (at, who, path, before, after) VALUES ('x', 'x', 'x', '{', '')"),
    "a call's fact": statement(_CALL, "INSERT INTO journal_fact (uuid, part, step, body) VALUES ('0a', 'p', 0, '{')"),
    "a call's facts in another shape": statement(_CALL, *(
        f"INSERT INTO journal_fact (uuid, part, step, body) VALUES ('0a', 'p', {step}, '{body}')"
        for step, body in ((0, '{"passed": 5}'), (1, '{"passed": [[]], "reason": {"x": 1}, "legs": 5}'), ("NULL", "[]"),
                           (2, '{"passed": [{}], "legs": [{}], "outcome": "busy", "left_out": []}')))),
    "who waits in a slot": statement("INSERT INTO parked_call VALUES ('701', 'u', '', 'x', 'y', 'z', 'later', '')"),
    "a hunt group's turn": statement(
        "INSERT INTO hunt_turn VALUES ('sales', 'x', 'y', 'z')",
        "INSERT INTO hunt_member VALUES ('sales', '101', 'x', 'yesterday', 'today', 'leg', '')"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_no_command_shows_a_traceback_of_a_damaged_database(bench, damage):
    bench.fill()
    sound = bench.database.read_bytes()
    for path in WITH_DATABASE:
        bench.database.rmdir() if bench.database.is_dir() else bench.database.unlink()
        for beside in bench.folder.glob("office.sqlite-*"):
            beside.unlink()
        bench.database.write_bytes(sound)
        DAMAGES[damage](bench.database)
        try:
            code, _, complaint = bench.answer(*bench.words(path))
        except Exception as error:  # everything else is a traceback
            pytest.fail(f"fsctl {path}: {error!r}")
        assert code in (0, 1, 2, 3), path
        assert code == 0 or complaint, path


@pytest.mark.parametrize("damage", [each for each in DAMAGES if "section" in each or "name" in each or each in (
    "a key that nobody knows", "two kinds in one", "depth", "an odd position", "an odd version")])
def test_the_office_file_applied_again_mends_a_damaged_office(bench, damage):
    bench.fill()
    DAMAGES[damage](bench.database)
    code, _, complaint = bench.answer(*bench.words("explain"))
    assert code == 0 or "apply" in complaint
    assert bench.answer(*bench.words("office apply"))[0] == 0
    assert bench.answer(*bench.words("explain"))[::2] == (0, "")
    assert bench.answer(*bench.words("office apply")) == (0, "", "")


def test_who_keeps_a_database_locked_is_told_to_end(bench, monkeypatch):
    bench.fill()
    monkeypatch.setattr(database, "_PATIENCE_SECONDS", 0.01)
    other = sqlite3.connect(bench.database, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("UPDATE office_version SET version = version")
    try:
        for path in WITH_DATABASE:
            if path == "doctor":  # which tells it among other things
                continue
            code, _, complaint = bench.answer(*bench.words(path))
            assert (code, "is locked; another program keeps it" in complaint) == (3, True), (path, complaint)
    finally:
        other.close()


@pytest.mark.parametrize("path", ENDING)
def test_a_full_disk_cuts_nothing_short(bench, path):
    bench.fill()
    with open("/dev/full", "w") as full:
        code, _, complaint = bench.answer(*bench.words(path), stdout=output.lossy(full, "replace"))
    assert code in (0, 1, 3)
    assert code == 0 or complaint


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii"])
def test_terminals_without_umlauts_and_arrows_show_something_for_them(bench, encoding):
    (bench.folder / "office.toml").write_text(sample.text().replace("Bernd Brandt", "Jürgen Łukasz"), "utf-8")
    assert bench.answer(*bench.words("office apply"))[0] == 0
    for path in ENDING:
        for as_json in (True, False):
            with open(bench.folder / "shown", "w", encoding=encoding, errors="replace") as file:
                bench.answer(*bench.words(path), *(["--json"] if as_json else []), stdout=file)
            shown = (bench.folder / "shown").read_bytes()
            if as_json and shown:
                json.loads(shown)


@pytest.mark.parametrize("path", ENDING)
def test_bytes_that_are_no_text_are_refused_in_words(bench, path):
    """In the place of each argument; a file's name may be any."""
    bench.fill()
    words = bench.words(path)
    for index in range(len(path.split()), len(words) - 2):
        code, _, complaint = bench.answer(*words[:index], "\udcff", *words[index + 1:])
        assert code in (0, 1, 2, 3)
        assert code == 0 or complaint


FSCTL = [sys.executable, "-m", "fsctl"]


def shell(command, **environment):
    """The exit code of a command in a shell, what it printed and what it complained of."""
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], env={**os.environ, **environment},
                          capture_output=True, encoding="utf-8", errors="replace", timeout=60)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("command", "code", "complaint"), [
    ("{fsctl} codes > /dev/full", 1, "fsctl: not everything could be printed: No space left on device\n"),
    ("{fsctl} --help > /dev/full", 1, "fsctl: not everything could be printed: No space left on device\n"),
    ("{fsctl} --version > /dev/full", 1, "fsctl: not everything could be printed: No space left on device\n"),
    ("{fsctl} night on berlin > /dev/full; {fsctl} night on berlin", 0,
     "fsctl: not everything could be printed: No space left on device\n"),
    ("{fsctl} history | head -1", 0, ""),
    ("{fsctl} history | true", 0, ""),
    ("{fsctl} office check nothing 2> /dev/full", 1, ""),
    ("{fsctl} codes >&-", 0, ""),
    ("{fsctl} codes <&-", 0, ""),
    ("{fsctl} office check nothing 2>&-", 1, ""),
    ("{fsctl} office check nothing <&- >&- 2>&-", 1, ""),
    ("{fsctl} status --watch --switch 127.0.0.1:1 2>/dev/null | head -1", 0, ""),
])
def test_output_that_cannot_be_written(bench, command, code, complaint):
    bench.fill()
    command = command.format(fsctl=" ".join(FSCTL))
    if "--watch" in command:  # ends with the next change
        command = f"{{ sleep 3; {' '.join(FSCTL)} dnd on 101 >/dev/null; }} & {command}; wait"
    found = shell(command, FSCTL_DATABASE=str(bench.database))
    assert (found[0], found[2]) == (code, complaint)


@pytest.mark.slow
@pytest.mark.parametrize("environment", [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "latin-1"},
    {"LC_ALL": "C", "TERM": "dumb", "COLUMNS": "1"},
])
def test_a_terminal_of_any_kind(bench, environment):
    (bench.folder / "office.toml").write_text(sample.text().replace("Bernd Brandt", "Jürgen Łukasz"), "utf-8")
    fsctl = f"{' '.join(FSCTL)}"
    commands = (f"{fsctl} office apply {bench.folder / 'office.toml'}", f"{fsctl} explain 101 102",
                f"{fsctl} office check Büro --help", f"{fsctl} office check Büro; test $? = 1")
    found = shell(" && ".join(commands), FSCTL_DATABASE=str(bench.database), **environment)
    assert found[0] == 0, found[2]
    assert "Traceback" not in found[2]
