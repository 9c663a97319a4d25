"""The pieces of the dialplan that are the same for every office, and made from what the controller goes by.

They lie as files in freeswitch_conf/dialplan/fsctl. ``python -m fsctl.switch.generated.shipped`` and that folder writes
them.
"""

import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from fsctl.switch.generated import names, numbers

#: Each by the name of its file.
PIECES: Final[Mapping[str, Callable[[ET.Element], None]]] = {
    "dialled-number.xml": numbers.add_dialled,
    "caller-number.xml": numbers.add_caller,
    "caller-name.xml": names.add_to,
}
_COMMENT: Final = "<!-- Written by fsctl.switch.generated, which says why; changes here would be lost. -->"


def text(file: str) -> str:
    """One of PIECES, as FreeSWITCH reads it."""
    root = ET.Element("include")
    PIECES[file](root)
    ET.indent(root)
    return f"{_COMMENT}\n{ET.tostring(root, encoding='unicode')}\n"


def write(folder: Path) -> None:
    """All of them, into a folder that there is."""
    for file in PIECES:
        (folder / file).write_text(text(file), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
