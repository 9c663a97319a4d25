"""``fsctl freeswitch directory``: what FreeSWITCH needs to know of the office, as XML files."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from platformdirs import user_data_dir

from fsctl.cli import options, whole_files
from fsctl.cli.progress import progress
from fsctl.cli.sip_passwords import Passwords, completed
from fsctl.errors import Unreachable
from fsctl.store.freeswitch_files import Files, read_files, remember
from fsctl.switch.generated.files import DIRECTORY, FAILSAFE, OFFICE, USERS, texts
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.words import marked, say, say_number

_REMEDY = marked("name another folder with --out")

#: In the fail-safe: his telephones, what leads to him, and the way back to him.
_TEXTS_OF_A_PERSON = 3


@click.group()
def freeswitch() -> None:
    """What FreeSWITCH needs to know."""


@freeswitch.command()
@click.option("--out", type=click.Path(path_type=Path), envvar="FSCTL_DIRECTORY",
              help="Where the XML goes; default: where it went last.")
@click.option("--passwords", type=click.Path(path_type=Path), envvar="FSCTL_PASSWORDS",
              help="TOML file of SIP passwords, 101 = \"…\"; mode 600; default: the one used last.")
@options.common
def directory(out: Path | None, passwords: Path | None, as_json: bool, database: str | None) -> None:
    """Write the directory, the fail-safe dialplan and the folder of the sound files.

    Missing passwords are made up and added to their file; no password that there is is ever replaced. Both places are
    remembered, also for office apply --reload.
    """
    done = write_all(database, out, passwords)
    if as_json:
        known = done.passwords
        options.print_json({
            "written": [str(path) for path in done.paths], "passwords": str(known.file),
            "taken_over": list(known.taken_over), "made_up": list(known.made_up)})
    else:
        for path in done.paths:
            click.echo(path)
        done.tell_passwords()


@dataclass(frozen=True, slots=True)
class Written:
    """What was written for FreeSWITCH, and where the passwords are that it goes by."""

    paths: list[Path]
    passwords: Passwords

    def tell_passwords(self) -> None:
        """Whose passwords are new in their file."""
        file = self.passwords.file
        if users := self.passwords.taken_over:
            click.echo(say_number("{file}: the password of {user} was taken over",
                                  "{file}: {number} passwords were taken over", len(users), file=file, user=users[0]),
                       err=True)
        if users := self.passwords.made_up:
            click.echo(say_number("{file}: the password of {user} was made up",
                                  "{file}: {number} passwords were made up", len(users), file=file, user=users[0]),
                       err=True)


def write_all(database: str | None, out: Path | None = None, passwords: Path | None = None) -> Written:
    """Write the XML files, so that FreeSWITCH never reads half of one, or old ones beside new ones.

    They go to ``out`` and their passwords to the file ``passwords``, or where the environment says, or where they are.
    """
    store = options.with_office(options.to_read(database))
    office, last = options.office_of(store), read_files(store)
    files = _places(last, out or _environment("FSCTL_DIRECTORY"), passwords or _environment("FSCTL_PASSWORDS"))
    folder, people = files.directory, len(office.users)
    before = [*_people_in(folder), *((last.passwords, *_people_in(last.directory)) if last else ())]
    with progress() as told, whole_files.alone(files.passwords.parent, say(_REMEDY)):
        known = completed(files.passwords, office, before, used=last is not None and last.passwords == files.passwords)
        counts = {USERS: people, OFFICE: people, FAILSAFE: people * _TEXTS_OF_A_PERSON}
        paths = whole_files.write(
            {folder / name: told.counted(say("writing {file}", file=name), each, counts.get(name, 0))
             for name, each in texts(office, known.known).items()}, say(_REMEDY))
        if files != last:
            _remember(database, files)
    return Written(paths, known)


def _remember(database: str | None, files: Files) -> None:
    """Who may only read the database has written the files all the same."""
    try:
        remember(options.opened(database), files)
    except Unreachable as error:
        told = say("where these files lie is not remembered: {why}", why=error)
        click.echo(f"fsctl: {told}", err=True)


def _places(last: Files | None, out: Path | None, passwords: Path | None) -> Files:
    """Where everything is written: what was said comes first, then what was said last.

    Another directory that has passwords of its own keeps them.
    """
    folder = (out or (last.directory if last else Path(user_data_dir("fsctl")) / "freeswitch")).absolute()
    beside = folder / "passwords.toml"
    kept = last.passwords if last and (last.directory == folder or not beside.exists()) else beside
    return Files(folder, (passwords or kept).absolute())


def _people_in(folder: Path) -> tuple[Path, ...]:
    """Where a directory has the people, and where older ones had them."""
    return folder / USERS, folder / DIRECTORY


def _environment(name: str) -> Path | None:
    return Path(os.environ[name]) if os.environ.get(name) else None


def reload_switches(database: str | None, switches: Sequence[tuple[str, int]], secret: str) -> Written:
    """Write the XML anew, where it lies, and have the switches read it; Unreachable names those that were not told."""
    done = write_all(database)
    done.tell_passwords()
    untold: list[str] = []
    for host, port in switches:
        link = EventSocket(host, port, secret)
        try:
            link.open()
            link.api("reloadxml", timeout=10)
        except SwitchError as error:
            untold.append(str(error))
        finally:
            link.close()
    if untold:
        raise Unreachable(say("the office was applied, but not every switch was told: {why}", why="; ".join(untold)))
    return done
