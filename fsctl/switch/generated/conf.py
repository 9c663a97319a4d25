"""Where the dialplan lies: in a checkout beside the package, else where the wheel put freeswitch_conf."""

import sysconfig
from pathlib import Path

from fsctl.errors import FsctlError
from fsctl.words import say
from fsctl.words.system import system_error

_FILE = Path("freeswitch_conf") / "dialplan" / "fsctl.xml"


def dialplan_file() -> Path:
    """The dialplan of fsctl; FsctlError when the installation lacks it."""
    data = (Path(sysconfig.get_path("data", scheme)) / "share" / "fsctl" for scheme in _schemes())
    for folder in (Path(__file__).parents[3], *data):
        if (folder / _FILE).is_file():
            return folder / _FILE
    raise FsctlError(say("{file} is missing; install fsctl again", file=_FILE))


def text_of(path: str) -> str:
    """A file of the dialplan; FsctlError when it cannot be read."""
    try:
        return Path(path).read_text("utf-8")
    except OSError as error:
        raise FsctlError(say("{file}: {why}; install fsctl again", file=path, why=system_error(error))) from error


def _schemes() -> tuple[str, str]:
    return sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")
