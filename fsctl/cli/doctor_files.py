"""``fsctl doctor``: whether the dialplan in use, the generated files and the office agree, and what to type if not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fsctl.cli.finding import Finding
from fsctl.errors import FsctlError
from fsctl.model import contexts
from fsctl.model.office import Office
from fsctl.store.freeswitch_files import Files
from fsctl.switch.generated import files, shipped
from fsctl.switch.wire.text import set_to
from fsctl.words import say
from fsctl.words.lists import listed

#: The contexts by which calls come, and what every context of fsctl's has.
_CONTEXTS, _OURS = (contexts.DEFAULT, contexts.PUBLIC), "failsafe_$1 XML fsctl"

#: What leads to the office from elsewhere, and the context into which gateways call where nobody has changed that.
_WAY_IN, _GATEWAYS = f" XML {contexts.PUBLIC}", "public"

#: Of the profile at which telephones register.
_SETTINGS = "fsctl_made_settings"

#: The files by which calls find their way. Of the one about recordings, what FreeSWITCH plays says more.
_ROUTING = (files.USERS, files.EMERGENCY, files.FAILSAFE)

_RELOAD = "fs_cli -x reloadxml"
_WRITE = "fsctl freeswitch directory"
_END_BYTES = 400
#: So many of those who are wrong are named.
_NAMED = 10


@dataclass(frozen=True, slots=True)
class InUse:
    """What FreeSWITCH says of what it has read: the stamps of files by their variables, and whose each context is.

    ``ours`` has fsctl's contexts, with whether they are there. ``own`` is the text of the context that the office file
    names, "" where there is none, and ``gateways`` that of gateways'. ``others`` are users of another directory's, by
    extension, in the office's domain.
    """

    stamps: dict[str, str]
    folder: str
    ours: dict[str, bool]
    own: str = ""
    gateways: str = ""
    others: tuple[str, ...] = ()


def asked(api: Callable[[str], str], office: Office | None) -> InUse:
    """By ``api``, which asks a FreeSWITCH."""
    def context(name: str) -> str:
        found = api(f"xml_locate dialplan context name {name}")
        return found if "<context" in found else ""

    def variable(name: str) -> str:
        return set_to(api(f"global_getvar {name}"))

    names = [shipped.VARIABLE, _SETTINGS, *map(files.variable, (*_ROUTING, files.OFFICE))]
    own = office.office.own_context if office else ""
    return InUse(
        {name: value for name in names if (value := variable(name))},
        variable("FSCTL_DIRECTORY"),
        {name: _OURS in context(name) for name in _CONTEXTS}, context(own) if own else "",
        context(_GATEWAYS) if own else "",
        _others(api("list_users"), variable("domain")) if own else ())


def _others(table: str, domain: str) -> tuple[str, ...]:
    """Of lines like ``101|default|127.0.0.1|sales|…`` (mod_commands.c, list_users_function), each user once.

    One without a context is but named in a group (``type="pointer"``).
    """
    rows = [line.split("|")[:3] for line in table.splitlines() if line.count("|") > 2]
    here = [(user, where) for user, where, whose in rows if whose == domain]
    return tuple(dict.fromkeys(user for user, where in here if where not in ("", contexts.DEFAULT)))


def agreement(place: str, in_use: InUse, office: Office | None, written: Files | None) -> list[Finding]:
    """Of a FreeSWITCH at ``place``; ``written`` is where the files were written last."""
    check = say("dialplan of {place}", place=place)
    if missing := [name for name, there in in_use.ours.items() if not there]:
        return [Finding(check, False, _lacks(missing))]
    if in_use.stamps.get(shipped.VARIABLE) != shipped.stamp():
        return [Finding(check, False, say(
            "older than this fsctl: take the new dialplan/fsctl.xml with its folder fsctl, then {write}, and {reload}",
            write=_WRITE, reload=_RELOAD))]
    found = [Finding(check, True, say("calls come to fsctl or to the fail-safe"))]
    if office is None:
        return found
    beside = _beside(say("own dialplan of {place}", place=place), in_use, office)
    return [*found, *beside, *_office(say("office at {place}", place=place), in_use, office, written)]


def _lacks(missing: Sequence[str]) -> str:
    if len(missing) > 1:
        return say("no {first} and no {second}: run {write}, include dialplan/fsctl.xml, or dialplan/00_fsctl.xml"
                   " beside an own dialplan, as docs/install.md says, then {reload}",
                   first=missing[0], second=missing[1], write=_WRITE, reload=_RELOAD)
    return say("no {context}: run {write}, include dialplan/fsctl.xml, or dialplan/00_fsctl.xml beside an own dialplan,"
               " as docs/install.md says, then {reload}", context=missing[0], write=_WRITE, reload=_RELOAD)


def _beside(check: str, in_use: InUse, office: Office) -> list[Finding]:
    """Whether the two dialplans lead to one another."""
    context = office.office.own_context
    if not context:
        return []
    if twice := [user for user in in_use.others if user in office.users]:
        return [Finding(check, False, say(
            "its own users {users} and people of the office have the same extensions, and FreeSWITCH knows the first of"
            " them alone: take one away, or change one", users=", ".join(twice[:_NAMED])))]
    if not in_use.own:
        return [Finding(check, False, say(
            "FreeSWITCH has no context {context}: correct own_context in the office file", context=context))]
    if _OURS in in_use.own:
        return [Finding(check, False, say(
            "{context} is a context of fsctl's: take own_context out of the office file", context=context))]
    lacking = [name for name, text in ((context, in_use.own), (_GATEWAYS, in_use.gateways))
               if text and _OURS not in text and _WAY_IN not in text]
    if lacking:
        way_in = f"{in_use.folder}/{files.OFFICE}"
        return [Finding(check, False, say(
            "what is dialled in {contexts} never comes to the office: include {file} there, as docs/install.md says,"
            " then {reload}", contexts=listed(lacking), file=way_in, reload=_RELOAD))]
    if _SETTINGS not in in_use.stamps:
        return [Finding(check, False, say(
            "no profile has the settings that telephones of the office need: include sip_profiles/phones/settings.xml"
            " as the last of its own, as docs/install.md says, and start FreeSWITCH again"))]
    return [Finding(check, True, say("{context} and the office call one another", context=context))]


def _office(check: str, in_use: InUse, office: Office, written: Files | None) -> list[Finding]:
    beside = [files.OFFICE] if files.variable(files.OFFICE) in in_use.stamps else []
    try:
        wanted = files.stamps(office, (*_ROUTING, *beside))
    except FsctlError as error:
        return [Finding(check, False, str(error))]
    behind = [name for name in wanted if in_use.stamps.get(files.variable(name)) != wanted[name]]
    if not behind:
        return [Finding(check, True, say("FreeSWITCH has read the files of the office as it is"))]
    unread = [name for name in behind if files.variable(name) not in in_use.stamps]
    if unread and written and all((written.directory / name).exists() for name in unread):
        return [Finding(check, False, say(
            "{files}: FreeSWITCH has not read it at all: include it, as docs/install.md says, let FreeSWITCH's user"
            " read {folder}, then {reload}", files=", ".join(unread), folder=written.directory, reload=_RELOAD))]
    return [Finding(check, False, _older(behind, wanted, in_use.folder, written))]


def _older(behind: Sequence[str], wanted: Mapping[str, str], read: str, written: Files | None) -> str:
    """Of files that FreeSWITCH has read as they were before; ``read`` is the folder where it reads them."""
    names = ", ".join(behind)
    if written and read and Path(read) != written.directory:
        return say(
            "{files}: FreeSWITCH has read what is older than the office; it reads {read}, and the files were written to"
            " {folder} last: {write} --out {read}, then {reload}",
            files=names, read=read, folder=written.directory, write=_WRITE, reload=_RELOAD)
    if written and all(_stamp_of(written.directory / name) == wanted[name] for name in behind):
        return say("{files}: FreeSWITCH has read what is older than the office, which is written already: {reload}",
                   files=names, reload=_RELOAD)
    return say("{files}: FreeSWITCH has read what is older than the office: {write}, then {reload}; or fsctl office"
               " apply FILE --reload", files=names, write=_WRITE, reload=_RELOAD)


def _stamp_of(file: Path) -> str:
    """That of a file on this machine, "" where it cannot be read."""
    try:
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - _END_BYTES))
            return files.stamp_in(opened.read().decode("utf-8", "replace"))
    except OSError:
        return ""
