"""``fsctl doctor``: is everything there that a call needs, and if not, what to do."""

import socket
from collections.abc import Sequence
from contextlib import nullcontext

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
from fsctl.words import LANGUAGES, say, say_number, speaking, term
from fsctl.words.system import system_error

#: Of the marks, at least.
_WIDTH = 4


@click.command()
@click.option("--listen", type=Endpoint(), default="127.0.0.1:8084", envvar="FSCTL_LISTEN", show_default=True,
              help="Where the controller should listen.")
@switches
@password
@options.common
def doctor(listen: tuple[str, int], switches: tuple[tuple[str, int], ...], esl_password: str, as_json: bool,
           database: str | None) -> None:
    """Check database, controller, event socket, password and dialplan; say what to do."""
    with speaking(LANGUAGES[0]) if as_json else nullcontext():
        findings = _findings(listen, switches, esl_password, database)
    if as_json:
        options.print_json([
            {"check": each.check, "ok": each.ok, "warning": each.warning, "detail": each.detail} for each in findings])
    else:
        width = max(_WIDTH, *(len(each.mark) for each in findings))
        for each in findings:
            click.echo(f"{each.mark:{width}}  {each.check}: {each.detail}")
    if not all(each.ok for each in findings):
        raise Unreachable(say("something is missing; see above"))


def _findings(
    listen: tuple[str, int], switches: Sequence[tuple[str, int]], secret: str, database: str | None
) -> list[Finding]:
    office, written, found = _database(database)
    findings = [*found, _controller(*listen)]
    for host, port in switches:
        findings += switch(host, port, secret, office, written)
        if office is not None:
            findings += recordings(host, port, secret, office)
    return findings


def _database(url: str | None) -> tuple[Office | None, Files | None, list[Finding]]:
    try:
        store = options.to_read(url)
        office = options.office_of(store)
    except FsctlError as error:
        return None, None, [Finding(term("check", "database"), False, str(error))]
    found = [Finding(term("check", "database"), True, store.place)]
    known = bool(office.users)
    size = Finding(term("check", "office"), known, say_number("{number} users", "{number} users", len(office.users))
                   if known else say("empty; bring one in with: fsctl office apply office.toml"))
    return office, read_files(store), [*found, size, *_warnings(store), *_recorded(office)]


def _warnings(store: Store) -> list[Finding]:
    """Of the office as it was applied: some come with time."""
    problems = officefile.check(read_tree(store)[1], clock.now())
    return [Finding(term("check", "office"), True, str(each), True) for each in problems if each.warning]


def _recorded(office: Office) -> list[Finding]:
    """Where talks are recorded, if they are."""
    if not office.office.record:
        return []
    folder = office.recordings_folder
    return [Finding(term("check", "recorded talks"), bool(folder),
                    say("FreeSWITCH writes them in {folder}", folder=folder) if folder else
                    say("nobody knows where the office file lies; apply it again"))]


def _controller(host: str, port: int) -> Finding:
    check, address = term("check", "controller"), f"{host}:{port}"
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError as error:
        return Finding(check, False, say("{address}: {why}; start it with: fsctl serve --listen {address}",
                                         address=address, why=system_error(error)))
    return Finding(check, True, say("listens on {address}", address=address))
