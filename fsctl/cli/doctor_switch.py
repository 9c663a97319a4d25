"""``fsctl doctor``: a FreeSWITCH, its modules, and the dialplan that is in use there."""

from functools import partial

from fsctl.cli.doctor_files import agreement, asked
from fsctl.cli.endpoints import SHIPPED_PASSWORD
from fsctl.cli.finding import Finding
from fsctl.model.office import Office
from fsctl.store.freeswitch_files import Files
from fsctl.switch.link.event_socket import EventSocket, SwitchError

#: Without these of FreeSWITCH the dialplan keeps no room (freeswitch_conf/dialplan/fsctl/room.xml).
_LIMITS = ("FSCTL_EMERGENCY_ROOM", "FSCTL_CALLS_PER_SECOND")
_COUNTING = ("mod_expr", "mod_hash")

#: Longest that FreeSWITCH takes to list all its users.
_MANY_SECONDS = 20

_LOAD = "name it in modules.conf.xml, and load it"

#: Without them nobody joins the talk of others, and no group call begins.
_CONFERENCES = ("mod_conference", "mod_hash")
_PROFILE = '<profile name="fsctl">'


def switch(
    host: str, port: int, secret: str, office: Office | None, files: Files | None,
) -> list[Finding]:
    """All about it; nothing but that, where it cannot be reached."""
    place = f"event socket {host}:{port}"
    link = EventSocket(host, port, secret)
    try:
        link.open()
        version = link.api("version", timeout=5).strip().partition("\n")[0]
        in_use = asked(partial(link.api, timeout=_MANY_SECONDS), office)
        profiles = link.api("sofia status", timeout=5)
        counted = all(link.api(f"global_getvar {name}", timeout=5).strip().isdigit() for name in _LIMITS)
        profile = _PROFILE in link.api("xml_locate configuration configuration name conference.conf", timeout=5)
        lacking = [name for name in dict.fromkeys((*_COUNTING, *_CONFERENCES))
                   if link.api(f"module_exists {name}", timeout=5).strip() != "true"]
    except SwitchError as error:
        return [Finding(place, False, str(error))]
    finally:
        link.close()
    modules, rooms = ([name for name in lacking if name in needed] for needed in (_COUNTING, _CONFERENCES))
    safe = secret != SHIPPED_PASSWORD or host in ("127.0.0.1", "::1", "localhost")
    return [
        Finding(place, True, version),
        Finding(f"password of {host}:{port}", safe, "set" if safe else
                "the shipped password on an open address: set another, and FSCTL_ESL_PASSWORD"),
        Finding(f"room for emergency calls at {host}:{port}", counted and not modules, _room(counted, modules)),
        Finding(f"conferences at {host}:{port}", profile and not rooms, _conferences(rooms, profile)),
        *agreement(f"{host}:{port}", in_use, office, files),
        *_profiles(f"SIP of {host}:{port}", profiles),
    ]


def _room(counted: bool, missing: list[str]) -> str:
    if not counted:
        return f"none is kept: set {' and '.join(_LIMITS)}, which fsctl_vars.xml does, and start FreeSWITCH again"
    if missing:
        return f"none is kept without {' and '.join(missing)}: {_LOAD}"
    return "is kept"


def _conferences(missing: list[str], profile: bool) -> str:
    if missing:
        return f"none without {' and '.join(missing)}: {_LOAD}"
    if not profile:
        return ("none without their profile: add fsctl to conference.conf.xml, as docs/install.md says, then"
                " fs_cli -x reloadxml")
    return f"{' and '.join(_CONFERENCES)} are loaded"


def _profiles(check: str, status: str) -> list[Finding]:
    """FreeSWITCH runs on where none of them could start, and nobody can call."""
    if "\n0 profiles" not in status:
        return []
    return [Finding(check, False, "no profile could start; FreeSWITCH's log says which address is taken, or, by"
                    " WSS.PEM, that FSCTL_TLS_CERTIFICATES has missing or bad files: put it right, or leave FSCTL_TLS"
                    " away, and start FreeSWITCH again")]
