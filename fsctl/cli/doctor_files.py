"""``fsctl doctor``: whether the dialplan in use, the generated files and the office agree, and what to type if not."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fsctl.cli.finding import Finding
from fsctl.errors import FsctlError
from fsctl.model.office import Office
from fsctl.store.freeswitch_files import Files
from fsctl.switch.generated import files, shipped

#: The contexts by which calls come, and what those of another dialplan have not.
_CONTEXTS, _OURS = ("default", "public"), "failsafe"

#: The files by which calls find their way. Of the one about recordings, what FreeSWITCH plays says more.
_ROUTING = (files.DIRECTORY, files.EMERGENCY, files.FAILSAFE)

_RELOAD = "fs_cli -x reloadxml"
_WRITE = "fsctl freeswitch directory"
_END_BYTES = 400


@dataclass(frozen=True, slots=True)
class InUse:
    """What FreeSWITCH says of what it has read: the stamps of files by their variables, and which contexts are ours."""

    stamps: dict[str, str]
    folder: str
    contexts: dict[str, bool]


def asked(api: Callable[[str], str]) -> InUse:
    """By ``api``, which asks a FreeSWITCH."""
    def variable(name: str) -> str:
        return api(f"global_getvar {name}").strip()

    names = [shipped.VARIABLE, *map(files.variable, _ROUTING)]
    return InUse(
        {name: value for name in names if (value := variable(name)) and not value.startswith("-ERR")},
        variable("FSCTL_DIRECTORY"),
        {name: _OURS in api(f"xml_locate dialplan context name {name}") for name in _CONTEXTS})


def agreement(place: str, in_use: InUse, office: Office | None, written: Files | None) -> list[Finding]:
    """Of a FreeSWITCH at ``place``; ``written`` is where the files were written last."""
    check = f"dialplan of {place}"
    if others := [name for name, ours in in_use.contexts.items() if not ours]:
        return [Finding(check, False, _foreign(others, bool(in_use.stamps)))]
    if in_use.stamps.get(shipped.VARIABLE) != shipped.stamp():
        return [Finding(check, False, "older than this fsctl: take the new dialplan/fsctl.xml with its folder fsctl,"
                        f" then {_WRITE}, and {_RELOAD}")]
    found = [Finding(check, True, "calls come to fsctl or to the fail-safe")]
    return found + (_office(f"office at {place}", in_use, office, written) if office is not None else [])


def _office(check: str, in_use: InUse, office: Office, written: Files | None) -> list[Finding]:
    try:
        wanted = files.stamps(office)
    except FsctlError as error:
        return [Finding(check, False, str(error))]
    behind = [name for name in _ROUTING if in_use.stamps.get(files.variable(name)) != wanted[name]]
    if not behind:
        return [Finding(check, True, "FreeSWITCH has read the files of the office as it is")]
    what = f"{', '.join(behind)}: FreeSWITCH has read what is older than the office"
    if written and in_use.folder and Path(in_use.folder) != written.directory:
        return [Finding(check, False, f"{what}; it reads {in_use.folder}, and the files were written to"
                        f" {written.directory} last: {_WRITE} --out {in_use.folder}, then {_RELOAD}")]
    if written and all(_stamp_of(written.directory / name) == wanted[name] for name in behind):
        return [Finding(check, False, f"{what}, which is written already: {_RELOAD}")]
    return [Finding(check, False, f"{what}: {_WRITE}, then {_RELOAD}; or fsctl office apply FILE --reload")]


def _foreign(contexts: list[str], read: bool) -> str:
    which = " and ".join(contexts)
    if read:
        return (f"another context {which} comes before fsctl's: include dialplan/fsctl.xml before it, as"
                f" docs/install.md says, then {_RELOAD}")
    return (f"no fail-safe in {which}: run {_WRITE}, include dialplan/fsctl.xml, which needs the folder fsctl beside"
            f" it, then {_RELOAD}")


def _stamp_of(file: Path) -> str:
    """That of a file on this machine, "" where it cannot be read."""
    try:
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - _END_BYTES))
            return files.stamp_in(opened.read().decode("utf-8", "replace"))
    except OSError:
        return ""
