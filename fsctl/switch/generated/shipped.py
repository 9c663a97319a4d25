"""The pieces of the dialplan that are the same for every office, and made from what the controller goes by.

They lie as files in freeswitch_conf/dialplan/fsctl. ``python -m fsctl.switch.generated.shipped`` and that folder writes
them, and then the stamp of the whole dialplan into fsctl.xml beside it.
"""

import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from fsctl.switch.generated import names, numbers
from fsctl.switch.generated.conf import dialplan_file, text_of

#: Each by the name of its file.
PIECES: Final[Mapping[str, Callable[[ET.Element], None]]] = {
    "dialled-number.xml": numbers.add_dialled,
    "caller-number.xml": numbers.add_caller,
    "caller-name.xml": names.add_to,
}
#: The variable of FreeSWITCH that has the stamp of the dialplan that it has read.
VARIABLE: Final = "fsctl_made_dialplan"
_STAMP: Final = re.compile(rf"{VARIABLE}=[0-9a-f]*")

_COMMENT: Final = "<!-- Written by fsctl.switch.generated, which says why; changes here would be lost. -->"


def text(file: str) -> str:
    """One of PIECES, as FreeSWITCH reads it."""
    root = ET.Element("include")
    PIECES[file](root)
    ET.indent(root)
    return f"{_COMMENT}\n{ET.tostring(root, encoding='unicode')}\n"


def write(folder: Path) -> None:
    """All of them, into a folder that there is, and the stamp beside it."""
    for file in PIECES:
        (folder / file).write_text(text(file), encoding="utf-8")
    plan = folder.parent / "fsctl.xml"
    stamped = _STAMP.sub(f"{VARIABLE}={made(folder)}", plan.read_text("utf-8"))
    plan.write_text(stamped, encoding="utf-8")


def made(folder: Path) -> str:
    """The stamp of the dialplan whose pieces lie in ``folder``."""
    plan = _STAMP.sub("", (folder.parent / "fsctl.xml").read_text("utf-8"))
    parts = [plan, *(file.read_text("utf-8") for file in sorted(folder.glob("*.xml")))]
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


def stamp() -> str:
    """That of the dialplan which came with this program."""
    found = _STAMP.search(text_of(str(dialplan_file())))
    return found[0].partition("=")[2] if found else ""


if __name__ == "__main__":
    write(Path(sys.argv[1]))
