"""The tab key completes what the office has, quickly and without a word where there is none."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import get_completion_class

from fsctl.cli import cli
from fsctl.store.database import open_database
from fsctl.store.watchers import switches_of
from tests.cli.test_explain import database as database

ROOT = Path(__file__).parents[2]
PEOPLE = ["101", "102", "103", "104", "130", "131", "132", "120"]
SLOTS, HUNT, CREW = ["701", "702", "703"], ["sales", "300"], ["crew", "380"]
EXTENSIONS = [*PEOPLE, "300", *SLOTS, "380"]
SITES, USUAL = ["berlin", "london"], ["127.0.0.1:8021"]

TABLE = [
    ("night on", SITES), ("night status", SITES), ("schedule list --site", SITES),
    ("schedule show", ["open", "stocktaking"]), ("explain", PEOPLE), ("explain 101", EXTENSIONS),
    ("explain 101 102 --transferred-by", PEOPLE), ("status", PEOPLE), ("status --switch", USUAL),
    ("serve --switch", USUAL),
    ("forward list", PEOPLE), ("forward set", PEOPLE), ("forward set 101", EXTENSIONS), ("forward off", PEOPLE),
    ("forward set 101 102 --when", ["always", "busy", "no-answer", "offline"]), ("dnd on", PEOPLE), ("dnd off", PEOPLE),
    ("hunt show", HUNT), ("hunt reset", HUNT), ("hunt leave", [*PEOPLE, *HUNT]), ("hunt join 101", [*PEOPLE, *HUNT]),
    ("park add", PEOPLE), ("park add 101", [*SLOTS, *PEOPLE]), ("policies", PEOPLE), ("codes", PEOPLE),
    ("codes --card", PEOPLE),
    ("intercept on", [*PEOPLE, "sales", "crew", "interns"]), ("intercept auto", [*PEOPLE, "sales", "crew", "interns"]),
    ("intercept on 101 --to", EXTENSIONS), ("group call", CREW), ("group call crew", PEOPLE),
    ("group call crew 101", PEOPLE), ("group mute", CREW), ("group mute crew", ["all", *PEOPLE]),
    ("group drop crew", ["all", *PEOPLE]), ("executive show", ["130"]), ("executive on", ["130"]),
    ("executive on 130", ["all", "internal", "external", "rules"]), ("executive rules 130 --from", PEOPLE),
    ("executive mute", ["130"]), ("executive drop 130", ["caller", *PEOPLE]), ("assistant in", ["131", "132"]),
    ("assistant out 131", ["130"]), ("assistant list", ["131", "132"]), ("assistant divert 131 130", EXTENSIONS),
]


def completed(line, incomplete="", shell="bash"):
    """What a shell would be told: names, and what they are called."""
    complete = get_completion_class(shell)(cli, {}, "fsctl", "_FSCTL_COMPLETE")
    return [(item.value, item.help) for item in complete.get_completions(line.split(), incomplete)]


def names(line, incomplete=""):
    return [value for value, _ in completed(line, incomplete)]


@pytest.fixture
def office(database, monkeypatch):
    monkeypatch.setenv("FSCTL_DATABASE", database)
    monkeypatch.delenv("FSCTL_SWITCH", raising=False)
    return database


@pytest.mark.parametrize(("line", "expected"), TABLE, ids=lambda value: value if isinstance(value, str) else "")
def test_what_the_office_has_is_completed(office, line, expected):
    found = names(line)
    assert sorted(found) == sorted(expected)
    first = expected[0][0]
    assert names(line, first) == [each for each in found if each.startswith(first)]
    assert names(line, "~") == []


def arguments_of(command, line=""):
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            yield from arguments_of(command.get_command(click.Context(command), name), f"{line} {name}".strip())
    else:
        yield from ((line, each) for each in command.params if isinstance(each, click.Argument))


def test_every_argument_of_every_command_is_completed():
    """But for the uuid of a call."""
    bare = {f"{line} {each.name}" for line, each in arguments_of(cli) if each._custom_shell_complete is None
            and not isinstance(each.type, click.Path | click.Choice)}
    assert bare == {"calls show uuid"}


def test_people_are_shown_by_name_where_a_shell_can(office):
    assert completed("status", "13", "zsh") == [
        ("130", "Dr. Erika Ernst"), ("131", "Fatma Fuchs"), ("132", "Georg Graf")]
    assert dict(completed("night on", "", "fish")) == {"berlin": "Berlin", "london": "London"}


def test_the_database_on_the_line_counts(office, tmp_path):
    assert names(f"status --database {tmp_path / 'nothing.sqlite'}") == []
    assert names(f"status --database {office}", "101") == ["101"]


@pytest.mark.parametrize("content", [None, b"", b"no database at all", b"SQLite format 3\0"])
@pytest.mark.parametrize("line", ["night on", "status", "explain 101", "hunt show", "group call", "park add"])
def test_without_a_database_there_is_silence_and_nothing_is_made(tmp_path, monkeypatch, capfd, content, line):
    file = tmp_path / "folder" / "office.sqlite"
    if content is not None:
        file.parent.mkdir()
        file.write_bytes(content)
    monkeypatch.setenv("FSCTL_DATABASE", str(file))
    assert names(line) == []
    assert capfd.readouterr() == ("", "")
    assert file.exists() is (content is not None) and file.parent.exists() is (content is not None)
    if content:
        assert file.read_bytes() == content


def test_without_any_setting_no_folder_of_data_is_made(tmp_path, monkeypatch):
    monkeypatch.delenv("FSCTL_DATABASE", raising=False)
    monkeypatch.setattr("fsctl.store.database.user_data_dir", lambda _: str(tmp_path / "data"))
    assert names("status") == [] and not (tmp_path / "data").exists()


@pytest.mark.parametrize("between", [" ", ",", ", "])
def test_switches_are_those_that_are_known(office, monkeypatch, between):
    store = open_database(office)
    with store.transaction():
        store.sql("INSERT INTO lamp_watcher VALUES ('a', 'b', '101', '10.0.0.7:8021', '2026')")
    assert switches_of(store) == ["10.0.0.7:8021"]
    monkeypatch.setenv("FSCTL_SWITCH", f"10.0.0.5:8021{between}10.0.0.6:8021")
    assert names("status --switch") == [*USUAL, "10.0.0.5:8021", "10.0.0.6:8021", "10.0.0.7:8021"]


def test_names_of_people_cannot_break_a_line(office):
    store = open_database(office)
    with store.transaction():
        store.sql("""UPDATE section SET body = '{"name": "A\\nB\\u0007"}' WHERE name = '101'""")
        store.sql("UPDATE section SET body = 'damaged' WHERE name = '102'")
    assert completed("status", "10", "fish") == [("101", "A B"), ("103", "Clara Conrad"), ("104", "David Dorn (left)")]


def test_of_many_people_some_are_enough(office):
    store = open_database(office)
    with store.transaction():
        store.sql("WITH RECURSIVE n(i) AS (SELECT 10000 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                  " INSERT INTO section SELECT 'users', i, i, '{}' FROM n")
    assert len(names("status", "1")) == 200
    assert names("status", "19999") == ["19999"]


def test_commands_are_completed_without_loading_any(office):
    before = {name for name in sys.modules if name.startswith("fsctl.cli.")}
    assert {"night", "office", "explain"} <= set(names("")) and names("", "ni") == ["night"]
    assert names("", "--v") == ["--version"]
    assert {name for name in sys.modules if name.startswith("fsctl.cli.")} == before
    assert {"list", "show", "leave", "join", "reset"} == set(names("hunt"))


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(tmp_path, shell):
    found = subprocess.run([sys.executable, "-m", "fsctl"], cwd=ROOT, capture_output=True, text=True, timeout=60,
                           env=os.environ | {"_FSCTL_COMPLETE": f"{shell}_source"})
    assert (found.returncode, found.stderr) == (0, "") and "_fsctl_completion" in found.stdout
    documented = (ROOT / "docs" / "operating.md").read_text("utf-8")
    assert f"_FSCTL_COMPLETE={shell}_source fsctl" in documented


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(("words", "found"), [
    (("night", "on", "b"), "berlin"), (("status", "13"), "130 131 132"), (("stat",), "status"),
    (("hunt", "show", "x"), "")])
def test_bash_completes(office, tmp_path, words, found):
    command = tmp_path / "fsctl"
    command.write_text(f'#!/bin/sh\ncd {ROOT} && exec {sys.executable} -m fsctl "$@"\n')
    command.chmod(0o755)
    script = (f'eval "$(_FSCTL_COMPLETE=bash_source fsctl)"; COMP_WORDS=(fsctl {" ".join(words)});'
              f' COMP_CWORD={len(words)}; _fsctl_completion fsctl; echo "${{COMPREPLY[@]}}"')
    told = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, timeout=60,
                          env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert (told.stdout.strip(), told.stderr) == (found, "")


@pytest.mark.slow
def test_a_database_that_does_not_answer_is_given_up_silently():
    """Who gets as far as to an answer ends a line."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/office"
        asked = subprocess.run(
            [sys.executable, "-m", "fsctl"], cwd=ROOT, capture_output=True, text=True, timeout=60,
            env=os.environ | {"_FSCTL_COMPLETE": "bash_complete", "COMP_WORDS": "fsctl status ", "COMP_CWORD": "2",
                              "FSCTL_DATABASE": url})
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "", "")
