"""Which keys that somebody presses in a talk are a code: he may as well talk with a machine that asks for keys."""

from typing import Final

from fsctl.model import codes
from fsctl.model.office import Office
from fsctl.policies.stages import CODES

#: Keys that follow each other within so many seconds belong together.
TOGETHER_SECONDS: Final = 2.0

#: Nothing may follow for so many seconds on a code that takes no digits, or was closed by ``#``.
_COMPLETE_SECONDS: Final = 1.0


def code_after(keys: str, office: Office) -> float | None:
    """In how many seconds these keys are a code, if no more are pressed; None where they never are.

    ``keys`` are all that were pressed since the last pause: a code amid others is none.
    """
    found = codes.match(office.codes, keys)
    code = CODES.get(found.name) if found else None
    if found is None or code is None or not code.in_talk or (found.digits and not code.asks):
        return None
    if not set(found.digits) <= set("0123456789"):
        return None
    complete = not code.asks or keys != codes.closed(office.codes, keys)
    return _COMPLETE_SECONDS if complete else TOGETHER_SECONDS
