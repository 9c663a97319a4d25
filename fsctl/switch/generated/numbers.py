"""The dialplan's reading of numbers: the same as the controller's, before it and without it.

These are the pieces that freeswitch_conf/dialplan/fsctl has as files, made from fsctl.model.digits: called with their
names, this module writes them (``python -m fsctl.switch.generated.numbers freeswitch_conf/dialplan/fsctl``).
"""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Final

from fsctl.model.digits import DIALLED, OPTIONAL_ZERO, SEPARATORS
from fsctl.switch.generated.pieces import action, condition, extension

_SEPARATORS: Final = "".join(f"\\x{{{first:X}}}" + (f"-\\x{{{last:X}}}" if last > first else "")
                             for first, last in SEPARATORS)

#: A condition captures nine pieces at most, and no more than this takes more separators away than anybody writes.
_PIECES: Final = 9
_PASSES: Final = 4

#: What is read, by the name of the file: the fields, and what it is. It is read while the context itself is searched:
#: what is set within execute_extension, no condition there would see (switch_core_session.c, a clone of the profile).
READ: Final = {
    "dialled-number.xml": (("destination_number",), "number dialled"),
    "caller-number.xml": (("caller_id_number", "ani"), "number of the caller"),
}


def piece(file: str) -> str:
    """One of READ, as a file for FreeSWITCH."""
    fields, name = READ[file]
    root = ET.Element("include")

    def step(what: str, expression: str, becomes: str) -> None:
        one = extension(root, f"{name}, without {what}")
        one.set("continue", "true")
        found = condition(one, fields[0], expression)
        for field in fields:
            action(found, "set_profile_var", f"{field}={becomes}")
        for each in found:
            each.set("inline", "true")

    step("parameters", rf"(*UTF)^([{_SEPARATORS}{DIALLED}]+);", "$1")
    zero = OPTIONAL_ZERO.replace("[S", f"[{_SEPARATORS}").replace("S*", f"[{_SEPARATORS}]*").replace(r"\Z", r"\z")
    step("an optional zero", f"(*UTF){zero}", "$1$2")
    pieces = f"[{_SEPARATORS}]*([{DIALLED}]+)" + f"(?:[{_SEPARATORS}]+([{DIALLED}]+))?" * (_PIECES - 2)
    rest = rf"[{_SEPARATORS}]*([{_SEPARATORS}{DIALLED}]*)\z"
    for number in range(1, _PASSES + 1):
        step(f"separators: {number}", rf"(*UTF)^(?=[{DIALLED}]*[{_SEPARATORS}]){pieces}{rest}",
             "".join(f"${group}" for group in range(1, _PIECES + 1)))
    ET.indent(root)
    return f"{_COMMENT}\n{ET.tostring(root, encoding='unicode')}\n"


_COMMENT: Final = "<!-- Written by fsctl.switch.generated.numbers, which says why; changes here would be lost. -->"


def write(folder: Path) -> None:
    """All of them, into a folder that there is."""
    for file in READ:
        (folder / file).write_text(piece(file), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
