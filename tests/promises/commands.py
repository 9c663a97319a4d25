"""All commands that there are, each with words that fit the sample office: a new one is among them by itself."""

import io
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TextIO

import click

from fsctl import clock, sample
from fsctl.cli import cli, run
from fsctl.store.database import open_database
from fsctl.store.migrations import migrate
from fsctl.store.office import write_tree

#: What stands for an argument of this name; of commands in a group, or of one command, something else may.
WORDS = {
    "caller": "102", "dialled": "103", "executive": "130", "extension": "101", "file": "{office}", "files": "{tests}",
    "group": "crew", "name": "open", "names": "101", "owner": "104", "site": "berlin", "to": "103", "uuid": "0",
    "who": "102",
}
OTHERWISE = {
    "assistant": {"extension": "131"}, "executive": {"extension": "130"}, "hunt": {"group": "sales"},
    "schedule import": {"file": "{calendar}"},
}

OPTIONS = {"schedule show": ("--site", "berlin")}

#: Those that change the database; the others only read, or do something elsewhere.
_CHANGES = ("add", "apply", "auto", "divert", "in", "join", "leave", "migrate", "off", "on", "out", "reset", "set",
            "toggle")

#: They go on until somebody ends them.
GOES_ON = ("demo", "serve")

#: They ask questions, and take what is answered.
ASKS = ("office new",)

#: They look at nothing in a database.
WITHOUT_DATABASE = ("demo", "office check", "office new", "schedule import")

_TESTS = '[[call]]\nfrom = "102"\nto = "103"\nexpect = "user:103"\n'
_CALENDAR = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261224\r\n"
             "SUMMARY:Christmas\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")


def commands() -> dict[str, click.Command]:
    """By the words that call them."""
    return dict(_leaves(cli, ""))


def _leaves(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        yield from _leaves(inner, f"{path} {name}".lstrip())


COMMANDS = commands()
ENDING = [path for path in COMMANDS if path not in (*GOES_ON, *ASKS)]
WITH_DATABASE = [path for path in ENDING if path not in WITHOUT_DATABASE]
CHANGING = [path for path in WITH_DATABASE if path.split()[-1] in _CHANGES]
READING = [path for path in WITH_DATABASE if path not in CHANGING]


class Bench:
    """A folder with an office file, and a database that holds it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "office.sqlite"
        for name, text in (("office.toml", sample.text()), ("tests.toml", _TESTS), ("calendar.ics", _CALENDAR)):
            (folder / name).write_text(text, "utf-8", newline="")

    def fill(self) -> None:
        """Apply the sample office."""
        store = open_database(str(self.database))
        migrate(store)
        write_tree(store, tomllib.loads(sample.text()), [], "test", clock.now(), str(self.folder))
        store.close()

    def words(self, path: str) -> list[str]:
        """A command with as much as it needs, and the database."""
        command, group = COMMANDS[path], path.split()[0]
        words = path.split()
        for each in command.params:
            if isinstance(each, click.Argument) and (each.required or (group, each.name) == ("night", "site")):
                assert each.name in WORDS, f"what stands for {each.name} of fsctl {path}?"
                word = (OTHERWISE.get(path, {}) | OTHERWISE.get(group, {})).get(each.name, WORDS[each.name])
                words.append(word.format(office=self.folder / "office.toml", tests=self.folder / "tests.toml",
                                         calendar=self.folder / "calendar.ics"))
        words += OPTIONS.get(path, ())
        if any("--database" in each.opts for each in command.params):
            words += ["--database", str(self.database)]
        return words

    def answer(self, *words: str, stdout: TextIO | None = None) -> tuple[int, str, str]:
        """The exit code, what is printed (unless ``stdout`` takes it) and what is complained of."""
        printed, complained = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace") for _ in range(2))
        with redirect_stdout(stdout or printed), redirect_stderr(complained):
            code = run(words)
        return code, *(each.buffer.getvalue().decode() for each in (printed, complained) if not each.flush())
