"""``fsctl freeswitch directory``: what FreeSWITCH needs to know of the office, as XML files."""

import os
import secrets
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import click
from platformdirs import user_data_dir

from fsctl.cli import options
from fsctl.cli.progress import progress
from fsctl.cli.signals import cleared_away
from fsctl.errors import FsctlError, Unreachable
from fsctl.model.office import Office
from fsctl.schema import written
from fsctl.switch.generated.dialplan import emergency_xml, failsafe_texts
from fsctl.switch.generated.directory import directory_texts
from fsctl.switch.link.event_socket import EventSocket, SwitchError

#: The files that are written, by their place below FSCTL_DIRECTORY.
DIRECTORY, EMERGENCY, FAILSAFE = "directory/office.xml", "dialplan/emergency.xml", "dialplan/failsafe.xml"

#: In the fail-safe: his telephones, what leads to him, and the way back to him.
_TEXTS_OF_A_PERSON = 3


@click.group()
def freeswitch() -> None:
    """What FreeSWITCH needs to know."""


@freeswitch.command()
@click.option("--out", type=click.Path(path_type=Path), envvar="FSCTL_DIRECTORY", help="Where the XML goes.")
@click.option("--passwords", type=click.Path(path_type=Path), help="TOML file of SIP passwords, 101 = \"…\"; mode 600.")
@options.common
def directory(out: Path | None, passwords: Path | None, as_json: bool, database: str | None) -> None:
    """Write the directory and the fail-safe dialplan. Missing passwords are made up and added to their file."""
    office = options.office_to_read(database)
    written = write_all(office, out or default_folder(), passwords)
    if as_json:
        options.print_json({"written": [str(path) for path in written]})
    else:
        for path in written:
            click.echo(path)


def default_folder() -> Path:
    """Where the XML goes unless FSCTL_DIRECTORY or --out says otherwise."""
    return Path(os.environ.get("FSCTL_DIRECTORY") or Path(user_data_dir("fsctl")) / "freeswitch")


def write_all(office: Office, folder: Path, passwords: Path | None) -> list[Path]:
    """Write the XML files below ``folder``, so that FreeSWITCH never reads half of one, or old ones beside new ones."""
    known, people = read_passwords(passwords or folder / "passwords.toml", office), len(office.users)
    texts = {DIRECTORY: (directory_texts(office, known), people), EMERGENCY: ([emergency_xml(office)], 0),
             FAILSAFE: (failsafe_texts(office), people * _TEXTS_OF_A_PERSON)}
    with progress() as told:
        return _write({folder / name: told.counted(f"writing {name}", *each) for name, each in texts.items()})


def read_passwords(file: Path, office: Office) -> dict[str, str]:
    """The SIP passwords by extension; those missing are made up and written to ``file``, which is made 600."""
    try:
        text = file.read_text("utf-8-sig") if file.exists() else ""
        found = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise FsctlError(f"{file}: cannot be read as TOML of passwords: "
                         f"{getattr(error, 'strerror', None) or error}") from None
    missing = {user: secrets.token_urlsafe(18) for user in office.users if user not in found}
    if missing:
        more = "".join(f'{written(user)} = "{password}"\n' for user, password in missing.items())
        lines = text if not text or text.endswith("\n") else f"{text}\n"
        # What comes after the name of a table would be that table's.
        tables = any(isinstance(value, dict | list) for value in found.values())
        _write({file: [more, lines] if tables else [lines, more]})
    passwords = {user: found[user] if user in found else missing[user] for user in office.users}
    wrong = [user for user, password in passwords.items() if not isinstance(password, str) or not password]
    if wrong:
        raise FsctlError(f"{file}: the password of {', '.join(wrong)} must be a text in quotes")
    return passwords


@cleared_away()  # passwords stand there
def _write(texts: Mapping[Path, Iterable[str]]) -> list[Path]:
    """All of the files or none, each at once."""
    beside = {path: path.with_name(f".{path.name}.{os.getpid()}") for path in texts}
    path = Path()
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(beside[path], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(file, "w", encoding="utf-8") as opened:
                opened.writelines(text)
        for path, new in beside.items():
            new.replace(path)
    except OSError as error:
        raise FsctlError(f"{path} cannot be written: {error.strerror}; name another folder with --out") from None
    finally:  # also where somebody has interrupted it
        for new in beside.values():
            with suppress(OSError):
                new.unlink(missing_ok=True)
    return list(texts)


def reload_switches(database: str | None, switches: Sequence[tuple[str, int]], secret: str) -> None:
    """Write the XML anew and have the switches read it; Unreachable names those that were not told."""
    write_all(options.office_to_read(database), default_folder(), None)
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
        raise Unreachable(f"the office was applied, but not every switch was told: {'; '.join(untold)}")
