"""The dialplan's reading of numbers: the same as the controller's (fsctl.model.digits), before it and without it.

It is read while the context itself is searched: what is set within execute_extension, no condition there would see
(switch_core_session.c, a clone of the profile).
"""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import Final

from fsctl.model.digits import DIALLED, OPTIONAL_ZERO, SEPARATORS
from fsctl.switch.generated.pieces import action, condition, extension

_SEPARATORS: Final = "".join(f"\\x{{{first:X}}}" + (f"-\\x{{{last:X}}}" if last > first else "")
                             for first, last in SEPARATORS)

#: A condition captures nine pieces at most, and no more than this takes more separators away than anybody writes.
_PIECES: Final = 9
_PASSES: Final = 4


def add_dialled(root: ET.Element) -> None:
    """What was dialled, or named by a trunk."""
    _read(root, "number dialled", ("destination_number",))


def add_caller(root: ET.Element) -> None:
    """The number that a trunk shows of a caller; one without a name, or with a number for it, is called by it.

    Neither is expanded here (``${caller_id_name}``): it is foreign text, and would be expanded again.
    """
    number = rf"(*UTF)^[{_SEPARATORS}{DIALLED}]+\z"
    unnamed = condition(_going_on(root, "nameless caller"), "caller_id_name", number)
    action(unnamed, "set", "fsctl_nameless=true", at_once=True)
    _read(root, "number of the caller", ("caller_id_number", "ani"))
    shown = _going_on(root, "nameless caller, shown by his number")
    condition(shown, "${fsctl_nameless}", "^true$")
    number = rf"^([{DIALLED}]+)\z"
    action(condition(shown, "caller_id_number", number), "set_profile_var", "caller_id_name=$1", at_once=True)


def _read(root: ET.Element, name: str, fields: Sequence[str]) -> None:
    """The first of ``fields`` as digits, into all of them."""
    def step(what: str, expression: str, becomes: str) -> None:
        found = condition(_going_on(root, f"{name}, without {what}"), fields[0], expression)
        for field in fields:
            action(found, "set_profile_var", f"{field}={becomes}", at_once=True)

    step("parameters", rf"(*UTF)^([{_SEPARATORS}{DIALLED}]+);", "$1")
    zero = OPTIONAL_ZERO.replace("[S", f"[{_SEPARATORS}").replace("S*", f"[{_SEPARATORS}]*").replace(r"\Z", r"\z")
    step("an optional zero", f"(*UTF){zero}", "$1$2")
    pieces = f"[{_SEPARATORS}]*([{DIALLED}]+)" + f"(?:[{_SEPARATORS}]+([{DIALLED}]+))?" * (_PIECES - 2)
    rest = rf"[{_SEPARATORS}]*([{_SEPARATORS}{DIALLED}]*)\z"
    for number in range(1, _PASSES + 1):
        step(f"separators: {number}", rf"(*UTF)^(?=[{DIALLED}]*[{_SEPARATORS}]){pieces}{rest}",
             "".join(f"${group}" for group in range(1, _PIECES + 1)))


def _going_on(root: ET.Element, name: str) -> ET.Element:
    """An extension after which others are still looked for."""
    one = extension(root, name)
    one.set("continue", "true")
    return one
