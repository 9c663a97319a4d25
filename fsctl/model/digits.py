"""Numbers as people write them and phones, trunks and address books send them, reduced to their digits.

FreeSWITCH's dialplan reads them by the same rules (fsctl.switch.generated.numbers), since emergency numbers and the
fail-safe must not wait for a controller.
"""

import re
from typing import Final

from fsctl.model import lamp_names

#: Code points that stand between digits and say nothing, each from and to: blanks, brackets, dashes, dots
#: and slashes (RFC 3966 §5.1.1, and those of ITU-T E.123 in other scripts), and whatever Unicode shows as nothing
#: (Default_Ignorable_Code_Point).
SEPARATORS: Final = (
    (0x09, 0x09), (0x20, 0x20), (0x28, 0x29), (0x2D, 0x2F), (0x5B, 0x5B), (0x5D, 0x5D), (0x7E, 0x7E), (0xA0, 0xA0),
    (0xAD, 0xAD), (0xB7, 0xB7), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x1680, 0x1680), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x2000, 0x2015), (0x2028, 0x202F), (0x2044, 0x2044), (0x2053, 0x2053), (0x205F, 0x206F),
    (0x20E3, 0x20E3), (0x2212, 0x2212), (0x2215, 0x2215), (0x223C, 0x223C), (0x3000, 0x3000), (0x30FC, 0x30FC),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFE58, 0xFE58), (0xFE63, 0xFE63), (0xFEFF, 0xFEFF), (0xFF08, 0xFF09),
    (0xFF0D, 0xFF0F), (0xFF3B, 0xFF3B), (0xFF3D, 0xFF3D), (0xFF5E, 0xFF5E), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB),
    (0xE0000, 0xE0FFF),
)

#: What a telephone can dial.
DIALLED: Final = "0-9*#+"

#: More than any telephone dials, separators and parameters included, in characters.
_LONGEST = 400
_MOST_DIGITS = 32

#: ``+49 (0)30 …``: who dials the country leaves that zero out. The pieces: S stands for SEPARATORS, with what may stand
#: between brackets; what is dialled for a line to the outside may stand before the sign of a country.
OPTIONAL_ZERO: Final = r"^([S0-9]*?(?:\+|0S*0|0S*1S*1)S*[1-9][S0-9]*?)[\(\[]S*0S*[\)\]]([S0-9*#]*)\Z"

_CLASS = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in SEPARATORS)
_SEPARATORS = re.compile(f"[{_CLASS}]+")
_ZERO = re.compile(OPTIONAL_ZERO.replace("[S0-9", f"[{_CLASS}0-9").replace("S*", f"[{_CLASS}]*"))
_DIGITS = re.compile(f"[{DIALLED}]{{1,{_MOST_DIGITS}}}")


def plain(text: str) -> str:
    """The digits (and ``* # +``) of a number, however it was written; "" for what is none.

    Separators, invisible characters and what follows a number in an address (``;phone-context=…``) do not count.
    """
    if _DIGITS.fullmatch(text):
        return text
    number = text[:_LONGEST].partition(";")[0]
    digits = _SEPARATORS.sub("", _ZERO.sub(r"\1\2", number))
    return digits if _DIGITS.fullmatch(digits) else ""


def dialable(text: str) -> str:
    """What a telephone can dial: plain digits, or the name of a lamp's key; "" for anything else."""
    return text if lamp_names.split(text) else plain(text)


def read(text: str) -> str:
    """A number in the office file as its digits; any other text as it is."""
    return plain(text) or text
