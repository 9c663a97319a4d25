"""What all commands share: ``--json``, ``--database``, and how things are shown."""

import getpass
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import click

from fsctl.cli import output
from fsctl.errors import FsctlError, Unreachable
from fsctl.model.office import Office
from fsctl.model.sections import User
from fsctl.store.database import NoOffice, Store, open_database
from fsctl.store.office import read_versions
from fsctl.store.steps import refuse_foreign, state
from fsctl.words import say, term
from fsctl.words.moments import told
from fsctl.words.settings import in_words

Command = Callable[..., Any]

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
database = click.option("--database", metavar="URL", envvar="FSCTL_DATABASE",
                        help="SQLite file or postgresql://…; default: a file in the user's data folder.")


def common(command: Command) -> Command:
    """``--json`` and ``--database`` for a command."""
    return as_json(database(command))


def created(url: str | None) -> Store:
    """The database, for those who bring an office in or wait for one: an empty one gets its tables now."""
    from fsctl.store.migrations import migrate

    store = open_database(url)
    refuse_foreign(store)
    migrate(store)
    return store


def opened(url: str | None) -> Store:
    """The database of an office, for those who change something there; NoOffice where there is none."""
    with_office(to_read(url)).close()
    return open_database(url, create=False)


def to_read(url: str | None) -> Store:
    """The database for commands that never write, whoever may write it; NoOffice where it has neither one nor calls."""
    store = open_database(url, to_read=True)
    found = state(store)
    if found == "empty":
        raise NoOffice(store.place)
    if found == "older":
        _bring_up_to_date(url, store)
    return store if _has_calls(store) else with_office(store)


def _bring_up_to_date(url: str | None, store: Store) -> None:
    from fsctl.store.migrations import migrate

    try:
        migrate(open_database(url, create=False))
    except Unreachable as error:
        raise Unreachable(say("the tables of the database {database} are those of an older fsctl: run 'fsctl db "
                              "migrate' as a user who may write there ({why})", database=store.place, why=error)
                          ) from error


def _has_calls(store: Store) -> bool:
    with store.reading():
        return bool(store.sql("SELECT 1 FROM journal_call LIMIT 1").fetchall())


def has_office(store: Store) -> bool:
    """Whether one was ever applied."""
    return read_versions(store)[0] != 0


def with_office(store: Store) -> Store:
    """The same; NoOffice where nothing was applied yet."""
    if not has_office(store):
        raise NoOffice(store.place)
    return store


def office_of(store: Store) -> Office:
    """The office as it was last applied."""
    from fsctl.store.snapshot import Snapshots

    return Snapshots(store).current()


def office_to_read(url: str | None) -> Office:
    """The office for commands that never write; NoOffice where there is none."""
    return office_of(with_office(to_read(url)))


def user_of(office: Office, extension: str) -> User:
    """The user with this extension; FsctlError names those there are."""
    if extension not in office.users:
        known = ", ".join(office.users) or say("none")
        raise FsctlError(say("there is no user {extension}; known are {known}", extension=extension, known=known))
    return office.users[extension]


def tell_change(path: str, value: str | None, changed: bool, as_json: bool) -> None:
    """Say what a setting is now; quiet where it was so already."""
    if as_json:
        print_json({"path": path, "value": value, "changed": changed})
    elif changed:
        click.echo(say("{path}: as the office file says", path=path) if value is None else f"{path}: {in_words(value)}")


def user_name() -> str:
    """Who gives the command, for the change history."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def print_json(value: object) -> None:
    """JSON, with umlauts as they are where they can be shown."""
    click.echo(json.dumps(value, ensure_ascii=not output.writes_unicode(), indent=2))


def print_json_line(value: object) -> None:
    """JSON of one thing after another, each on a line."""
    click.echo(json.dumps(value, ensure_ascii=not output.writes_unicode()))


def print_lines(lines: Iterable[str]) -> None:
    """Many at once: each alone would be sent on its way before the next."""
    waiting = iter(lines)
    while some := list(islice(waiting, 1000)):
        click.echo("\n".join(some))


def print_table(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> None:
    """Plain columns, wide enough for their contents, with instants as their reader writes them. Nothing at all for no
    rows.
    """
    lines = [[told(_plain(row.get(column))) for column in columns] for row in rows]
    if not lines:
        return
    headings = [term("column", column).upper() for column in columns]
    widths = [max(len(line[index]) for line in [headings, *lines]) for index in range(len(columns))]
    print_lines("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
                for line in [headings, *lines])


def _plain(value: object) -> str:
    text = "-" if value is None or value == "" else str(value)
    return "".join(character if character.isprintable() else "?" for character in text)


def executive_of(office: Office, extension: str) -> User:
    """The executive with this extension; FsctlError names those there are."""
    user = office.users.get(extension)
    if user is None or user.executive is None:
        known = ", ".join(each.extension for each in office.users.values() if each.executive) or say("none")
        raise FsctlError(
            say("there is no executive {extension}; there are {known}", extension=repr(extension), known=known))
    return user
