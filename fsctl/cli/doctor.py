"""``fsctl doctor``: is everything there that a call needs, and if not, what to do."""

import socket

import click

from fsctl import clock, officefile
from fsctl.cli import options
from fsctl.cli.doctor_recordings import recordings
from fsctl.cli.doctor_switch import switch
from fsctl.cli.endpoints import Endpoint, password, switches
from fsctl.cli.finding import Finding
from fsctl.errors import FsctlError, Unreachable
from fsctl.model.office import Office
from fsctl.store.database import Store
from fsctl.store.freeswitch_files import Files, read_files
from fsctl.store.office import read_tree


@click.command()
@click.option("--listen", type=Endpoint(), default="127.0.0.1:8084", envvar="FSCTL_LISTEN", show_default=True,
              help="Where the controller should listen.")
@switches
@password
@options.common
def doctor(listen: tuple[str, int], switches: tuple[tuple[str, int], ...], esl_password: str, as_json: bool,
           database: str | None) -> None:
    """Check database, controller, event socket, password and dialplan; say what to do."""
    office, written, found = _database(database)
    findings = [*found, _controller(*listen)]
    for host, port in switches:
        findings += switch(host, port, esl_password, office, written)
        if office is not None:
            findings += recordings(host, port, esl_password, office)
    if as_json:
        options.print_json([
            {"check": each.check, "ok": each.ok, "warning": each.warning, "detail": each.detail} for each in findings])
    else:
        for each in findings:
            click.echo(f"{each.mark:4}  {each.check}: {each.detail}")
    if not all(each.ok for each in findings):
        raise Unreachable("something is missing; see above")


def _database(url: str | None) -> tuple[Office | None, Files | None, list[Finding]]:
    try:
        store = options.to_read(url)
        office = options.office_of(store)
    except FsctlError as error:
        return None, None, [Finding("database", False, str(error))]
    found = [Finding("database", True, store.place)]
    known = bool(office.users)
    size = Finding("office", known, f"{len(office.users)} users" if known else
                   "empty; bring one in with: fsctl office apply office.toml")
    return office, read_files(store), [*found, size, *_warnings(store), *_recorded(office)]


def _warnings(store: Store) -> list[Finding]:
    """Of the office as it was applied: some come with time."""
    problems = officefile.check(read_tree(store)[1], clock.now())
    return [Finding("office", True, str(each), True) for each in problems if each.warning]


def _recorded(office: Office) -> list[Finding]:
    """Where talks are recorded, if they are."""
    if not office.office.record:
        return []
    folder = office.recordings_folder
    return [Finding("recorded talks", bool(folder), f"FreeSWITCH writes them in {folder}" if folder else
                    "nobody knows where the office file lies; apply it again")]


def _controller(host: str, port: int) -> Finding:
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError as error:
        remedy = f"start it with: fsctl serve --listen {host}:{port}"
        return Finding("controller", False, f"{host}:{port}: {error}; {remedy}")
    return Finding("controller", True, f"listens on {host}:{port}")
