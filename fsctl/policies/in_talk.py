"""Which keys that somebody presses in a talk are a code: he may as well talk with a machine that asks for keys."""

from typing import Final

from fsctl.model import codes
from fsctl.model.office import Office
from fsctl.policies.stages import CODES

#: A code stands alone: for so many seconds before it and after it nothing else is pressed.
APART_SECONDS: Final = 2.0


def is_code(keys: str, office: Office) -> bool:
    """Whether these keys, all that were pressed between two pauses, are a code that means something in a talk."""
    found = codes.match(office.codes, keys)
    code = CODES.get(found.name) if found else None
    if found is None or code is None:
        return False
    if code.in_talk == "alone":
        return not found.digits
    return code.in_talk == "digits" and set(found.digits) <= set("0123456789")
