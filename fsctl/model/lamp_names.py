"""Names of lamps that are not about a phone. Phones are set up with them, and dial them when the key is pressed."""

import re
from typing import Final

from fsctl.words import marked

#: What a lamp can be about.
KINDS: Final = ("slot", "night", "hunt", "assistant", "conference")

#: ``slot+701`` (also ``slot+104``: a call parked on 104), ``night+berlin``, ``hunt+sales``, ``assistant+130``,
#: ``conference+crew``.
_KEY: Final = "[A-Za-z0-9_-]{1,40}"
_NAME: Final = re.compile(rf"({'|'.join(KINDS)})\+({_KEY})")

#: What may stand behind the plus, in words.
ALLOWED: Final = marked("letters from a to z, digits, - and _, 40 at most")


def split(name: str) -> tuple[str, str] | None:
    """Kind and key of a lamp's name; None for whatever else it may be."""
    found = _NAME.fullmatch(name)
    return (found[1], found[2]) if found else None


def is_key(name: str) -> bool:
    """Whether a name can stand behind the plus."""
    return re.fullmatch(_KEY, name) is not None
