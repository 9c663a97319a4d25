"""``fsctl freeswitch directory``: what FreeSWITCH needs to know of the office, as XML files."""

import os
import secrets
import tomllib
from pathlib import Path

import click
import tomlkit
from platformdirs import user_data_dir

from fsctl.cli import options
from fsctl.cli.endpoints import Endpoint
from fsctl.errors import FsctlError, Unreachable
from fsctl.model.office import Office
from fsctl.switch.generated.dialplan import emergency_xml, failsafe_xml
from fsctl.switch.generated.directory import directory_xml
from fsctl.switch.link.event_socket import EventSocket, SwitchError

#: The files that are written, by their place below FSCTL_DIRECTORY.
DIRECTORY, EMERGENCY, FAILSAFE = "directory/office.xml", "dialplan/emergency.xml", "dialplan/failsafe.xml"


@click.group()
def freeswitch() -> None:
    """What FreeSWITCH needs to know."""


@freeswitch.command()
@click.option("--out", type=click.Path(path_type=Path), envvar="FSCTL_DIRECTORY", help="Where the XML goes.")
@click.option("--passwords", type=click.Path(path_type=Path), help="TOML file of SIP passwords, 101 = \"…\"; mode 600.")
@options.common
def directory(out: Path | None, passwords: Path | None, as_json: bool, database: str | None) -> None:
    """Write the directory and the fail-safe dialplan. Missing passwords are made up and added to their file."""
    office = options.office_of(options.opened(database))
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
    """Write the XML files below ``folder``, each at once, so that FreeSWITCH never reads half of one."""
    known = read_passwords(passwords or folder / "passwords.toml", office)
    texts = {DIRECTORY: directory_xml(office, known), EMERGENCY: emergency_xml(office), FAILSAFE: failsafe_xml(office)}
    return [_write(folder / name, text) for name, text in texts.items()]


def read_passwords(file: Path, office: Office) -> dict[str, str]:
    """The SIP passwords by extension; those missing are made up and written to ``file``, which is made 600."""
    try:
        document = tomlkit.parse(file.read_text("utf-8")) if file.exists() else tomlkit.document()
        tomllib.loads(tomlkit.dumps(document))
    except (OSError, UnicodeDecodeError, tomlkit.exceptions.ParseError) as error:
        raise FsctlError(f"{file}: cannot be read as TOML of passwords: {error}") from None
    missing = [user for user in office.users if user not in document]
    for user in missing:
        document[user] = secrets.token_urlsafe(18)
    if missing:
        _write(file, tomlkit.dumps(document))
    wrong = [user for user in office.users if not isinstance(document[user], str) or not document[user]]
    if wrong:
        raise FsctlError(f"{file}: the password of {', '.join(wrong)} must be a text in quotes")
    return {user: str(document[user]) for user in office.users}


def _write(path: Path, text: str) -> Path:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        beside.replace(path)
    except OSError as error:
        raise FsctlError(f"{path} cannot be written: {error.strerror}; name another folder with --out") from None
    return path


def reload_switch(database: str | None) -> None:
    """Write the XML anew and have the switch of the environment read it."""
    write_all(options.office_of(options.opened(database)), default_folder(), None)
    host, port = Endpoint().convert(os.environ.get("FSCTL_SWITCH", "127.0.0.1:8021"), None, None)
    try:
        link = EventSocket(host, port, os.environ.get("FSCTL_ESL_PASSWORD", "ClueCon"))
        link.open()
        link.api("reloadxml", timeout=10)
        link.close()
    except SwitchError as error:
        raise Unreachable(f"the office was applied, but the switch was not told: {error}") from None
