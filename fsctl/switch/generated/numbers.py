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
        found = condition(_going_on(root, f"{name}, without {what}"), fields[0], expression)
        for field in fields:
            action(found, "set_profile_var", f"{field}={becomes}", at_once=True)

    if "caller_id_number" in fields:  # then the name is the number as it was written
        unnamed = condition(_going_on(root, "nameless caller"), "${caller_id_name}/${caller_id_number}", r"^(.*)/\1\z")
        action(unnamed, "set", "fsctl_nameless=true", at_once=True)
    step("parameters", rf"(*UTF)^([{_SEPARATORS}{DIALLED}]+);", "$1")
    zero = OPTIONAL_ZERO.replace("[S", f"[{_SEPARATORS}").replace("S*", f"[{_SEPARATORS}]*").replace(r"\Z", r"\z")
    step("an optional zero", f"(*UTF){zero}", "$1$2")
    pieces = f"[{_SEPARATORS}]*([{DIALLED}]+)" + f"(?:[{_SEPARATORS}]+([{DIALLED}]+))?" * (_PIECES - 2)
    rest = rf"[{_SEPARATORS}]*([{_SEPARATORS}{DIALLED}]*)\z"
    for number in range(1, _PASSES + 1):
        step(f"separators: {number}", rf"(*UTF)^(?=[{DIALLED}]*[{_SEPARATORS}]){pieces}{rest}",
             "".join(f"${group}" for group in range(1, _PIECES + 1)))
    if "caller_id_number" in fields:
        unnamed = condition(_going_on(root, "nameless caller, shown by his number"), "${fsctl_nameless}", "^true$")
        action(unnamed, "set_profile_var", "caller_id_name=${caller_id_number}", at_once=True)
    ET.indent(root)
    return f"{_COMMENT}\n{ET.tostring(root, encoding='unicode')}\n"


_COMMENT: Final = "<!-- Written by fsctl.switch.generated.numbers, which says why; changes here would be lost. -->"


def _going_on(root: ET.Element, name: str) -> ET.Element:
    """An extension after which others are still looked for."""
    one = extension(root, name)
    one.set("continue", "true")
    return one


def write(folder: Path) -> None:
    """All of them, into a folder that there is."""
    for file in READ:
        (folder / file).write_text(piece(file), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
