"""``fsctl doctor``: a FreeSWITCH, its modules, and the dialplan that is in use there."""

from functools import partial

from fsctl.cli.doctor_files import agreement, asked
from fsctl.cli.endpoints import SHIPPED_PASSWORD
from fsctl.cli.finding import Finding
from fsctl.model.office import Office
from fsctl.store.freeswitch_files import Files
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.words import say, term
from fsctl.words.lists import listed

#: Without these of FreeSWITCH the dialplan keeps no room (freeswitch_conf/dialplan/fsctl/room.xml).
_LIMITS = ("FSCTL_EMERGENCY_ROOM", "FSCTL_CALLS_PER_SECOND")
_COUNTING = ("mod_expr", "mod_hash")

#: Longest that FreeSWITCH takes to list all its users.
_MANY_SECONDS = 20

#: Without them nobody joins the talk of others, and no group call begins.
_CONFERENCES = ("mod_conference", "mod_hash")
_PROFILE = '<profile name="fsctl">'


def switch(
    host: str, port: int, secret: str, office: Office | None, files: Files | None,
) -> list[Finding]:
    """All about it; nothing but that, where it cannot be reached."""
    place = f"{host}:{port}"
    check = say("event socket {place}", place=place)
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
        return [Finding(check, False, str(error))]
    finally:
        link.close()
    modules, rooms = ([name for name in lacking if name in needed] for needed in (_COUNTING, _CONFERENCES))
    safe = secret != SHIPPED_PASSWORD or host in ("127.0.0.1", "::1", "localhost")
    return [
        Finding(check, True, version),
        Finding(say("password of {place}", place=place), safe, term("password", "set") if safe else
                say("the shipped password on an open address: set another, and FSCTL_ESL_PASSWORD")),
        Finding(say("room for emergency calls at {place}", place=place), counted and not modules,
                _room(counted, modules)),
        Finding(say("conferences at {place}", place=place), profile and not rooms, _conferences(rooms, profile)),
        *agreement(place, in_use, office, files),
        *_profiles(say("SIP of {place}", place=place), profiles),
    ]


def _room(counted: bool, missing: list[str]) -> str:
    if not counted:
        return say("none is kept: set {limits}, which fsctl_vars.xml does, and start FreeSWITCH again",
                   limits=listed(_LIMITS))
    if missing:
        return say("none is kept without {modules}: name it in modules.conf.xml, and load it", modules=listed(missing))
    return say("is kept")


def _conferences(missing: list[str], profile: bool) -> str:
    if missing:
        return say("none without {modules}: name it in modules.conf.xml, and load it", modules=listed(missing))
    if not profile:
        return say("none without their profile: add fsctl to conference.conf.xml, as docs/install.md says, then"
                   " fs_cli -x reloadxml")
    return say("{modules} are loaded", modules=listed(_CONFERENCES))


def _profiles(check: str, status: str) -> list[Finding]:
    """FreeSWITCH runs on where none of them could start, and nobody can call."""
    if "\n0 profiles" not in status:
        return []
    return [Finding(check, False, say(
        "no profile could start; FreeSWITCH's log says which address is taken, or, by WSS.PEM, that"
        " FSCTL_TLS_CERTIFICATES has missing or bad files: put it right, or leave FSCTL_TLS away, and start FreeSWITCH"
        " again"))]
