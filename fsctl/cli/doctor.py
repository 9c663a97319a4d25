"""``fsctl doctor``: is everything there that a call needs, and if not, what to do."""

import socket
from dataclasses import dataclass

import click

from fsctl import clock, officefile
from fsctl.cli import options
from fsctl.cli.endpoints import SHIPPED_PASSWORD, Endpoint, password, switches
from fsctl.errors import FsctlError, Unreachable
from fsctl.model.office import Office
from fsctl.store.database import Store
from fsctl.store.office import read_tree
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.link.prompts import missing
from fsctl.switch.wire import sounds

#: Without these of FreeSWITCH the dialplan keeps no room (freeswitch_conf/dialplan/fsctl/room.xml).
_LIMITS = ("FSCTL_EMERGENCY_ROOM", "FSCTL_CALLS_PER_SECOND")
_COUNTING = ("mod_expr", "mod_hash")

_LOAD = "name it in modules.conf.xml, and load it"

#: Without them nobody joins the talk of others, and no group call begins.
_CONFERENCES = ("mod_conference", "mod_hash")


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it is well, and what to do where it is not.

    With ``warning`` it is well, but probably not meant so.
    """

    check: str
    ok: bool
    detail: str
    warning: bool = False

    @property
    def mark(self) -> str:
        return "FAIL" if not self.ok else "warn" if self.warning else "ok"


@click.command()
@click.option("--listen", type=Endpoint(), default="127.0.0.1:8084", envvar="FSCTL_LISTEN", show_default=True,
              help="Where the controller should listen.")
@switches
@password
@options.common
def doctor(listen: tuple[str, int], switches: tuple[tuple[str, int], ...], esl_password: str, as_json: bool,
           database: str | None) -> None:
    """Check database, controller, event socket, password and dialplan; say what to do."""
    office, found = _database(database)
    findings = [*found, _controller(*listen)]
    for host, port in switches:
        findings += _switch(host, port, esl_password)
        if office is not None:
            findings += _recordings(host, port, esl_password, office)
    if as_json:
        options.print_json([
            {"check": each.check, "ok": each.ok, "warning": each.warning, "detail": each.detail} for each in findings])
    else:
        for each in findings:
            click.echo(f"{each.mark:4}  {each.check}: {each.detail}")
    if not all(each.ok for each in findings):
        raise Unreachable("something is missing; see above")


def _database(url: str | None) -> tuple[Office | None, list[Finding]]:
    try:
        store = options.to_read(url)
        office = options.office_of(store)
    except FsctlError as error:
        return None, [Finding("database", False, str(error))]
    found = [Finding("database", True, store.place)]
    known = bool(office.users)
    return office, [*found, Finding("office", known, f"{len(office.users)} users" if known else
                            "empty; bring one in with: fsctl office apply office.toml"), *_warnings(store),
                    *_recorded(office)]


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


def _switch(host: str, port: int, secret: str) -> list[Finding]:
    place = f"event socket {host}:{port}"
    link = EventSocket(host, port, secret)
    try:
        link.open()
        version = link.api("version", timeout=5).strip().partition("\n")[0]
        contexts = [link.api(f"xml_locate dialplan context name {name}", timeout=5) for name in ("default", "fsctl")]
        profiles = link.api("sofia status", timeout=5)
        counted = all(link.api(f"global_getvar {name}", timeout=5).strip().isdigit() for name in _LIMITS)
        lacking = [name for name in dict.fromkeys((*_COUNTING, *_CONFERENCES))
                   if link.api(f"module_exists {name}", timeout=5).strip() != "true"]
    except SwitchError as error:
        return [Finding(place, False, str(error))]
    finally:
        link.close()
    modules, rooms = ([name for name in lacking if name in needed] for needed in (_COUNTING, _CONFERENCES))
    guarded = all("failsafe" in each for each in contexts)
    current = "people_" in contexts[1] and "fsctl_recall_people" in contexts[1]
    safe = secret != SHIPPED_PASSWORD or host in ("127.0.0.1", "::1", "localhost")
    return [
        Finding(place, True, version),
        Finding(f"password of {host}:{port}", safe, "set" if safe else
                "the shipped password on an open address: set another, and FSCTL_ESL_PASSWORD"),
        Finding(f"room for emergency calls at {host}:{port}", counted and not modules, _room(counted, modules)),
        Finding(f"conferences at {host}:{port}", not rooms, f"none without {' and '.join(rooms)}: {_LOAD}"
                if rooms else f"{' and '.join(_CONFERENCES)} are loaded"),
        Finding(f"dialplan of {host}:{port}", guarded and current, _dialplan(guarded, current)),
        *_profiles(f"SIP of {host}:{port}", profiles),
    ]


def _recordings(host: str, port: int, secret: str, office: Office) -> list[Finding]:
    """All that are missing: callers hear tones instead. Nothing where FreeSWITCH is not reached, which is told."""
    link = EventSocket(host, port, secret)
    try:
        link.open()
        folder, lacking = missing(link, [*(own := sounds.own(office)), *sounds.shipped(office)])
    except SwitchError:
        return []
    finally:
        link.close()
    remedies = (
        ("the office's own", [each for each in lacking if each in own],
         f"put them below {folder}, or name others in the office file"),
        ("the program's", [each for each in lacking if each not in own],
         f"speak them with: scripts/make-prompts {folder}"))
    check = f"recordings of {host}:{port}"
    found = [Finding(check, True, f"{whose} that are missing, so that a tone is heard: "
                     f"{', '.join(each.removeprefix(sounds.FOLDER + '/') for each in names)}; {remedy}", True)
             for whose, names, remedy in remedies if names]
    return found or [Finding(check, True, f"all are in {folder}")]


def _room(counted: bool, missing: list[str]) -> str:
    if not counted:
        return f"none is kept: set {' and '.join(_LIMITS)} in vars.xml, and start FreeSWITCH again"
    if missing:
        return f"none is kept without {' and '.join(missing)}: {_LOAD}"
    return "is kept"


def _profiles(check: str, status: str) -> list[Finding]:
    """FreeSWITCH runs on where none of them could start, and nobody can call."""
    if "\n0 profiles" not in status:
        return []
    return [Finding(check, False, "no profile could start; FreeSWITCH's log says which address is taken, or, by"
                    " WSS.PEM, that FSCTL_TLS_CERTIFICATES has missing or bad files: put it right, or leave FSCTL_TLS"
                    " away, and start FreeSWITCH again")]


def _dialplan(guarded: bool, current: bool) -> str:
    if not guarded:
        return ("no fail-safe: run fsctl freeswitch directory, include dialplan/fsctl.xml, which needs the folder fsctl"
                " beside it, then reloadxml")
    if not current:
        return ("older than this fsctl: run fsctl freeswitch directory, take the new dialplan/fsctl.xml with its"
                " folder, then reloadxml; until then a parked call rings nobody where fsctl is not there")
    return "calls come to fsctl or to the fail-safe"
