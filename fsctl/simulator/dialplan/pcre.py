"""FreeSWITCH's regular expressions, as far as a dialplan uses them, in Python's."""

import re
import unicodedata
from functools import lru_cache

#: Where letters, marks and digits are; planes beyond hold ideographs yet to come and private use.
_CODES = (*range(0x32400), *range(0xE0100, 0xE01F0))

_CODE_POINT = re.compile(r"\\x\{([0-9A-Fa-f]{1,8})\}")
_CATEGORY = re.compile(r"\\p\{(\w\w?)\}")


@lru_cache(maxsize=256)
def compiled(expression: str) -> re.Pattern[str]:
    """The pattern for ``re``: without ``(*UTF)``, ``\\z`` as ``\\Z``, and ``\\x{…}`` and ``\\p{L}`` spelled out."""
    text = expression.removeprefix("(*UTF)").replace(r"\z", r"\Z")
    text = _CODE_POINT.sub(lambda found: f"\\U{int(found[1], 16):08x}", text)
    return re.compile(_CATEGORY.sub(lambda found: _ranges(found[1]), text), re.ASCII)


@lru_cache(maxsize=8)
def _ranges(category: str) -> str:
    """The characters of a general category as the inside of a class."""
    spans: list[list[int]] = []
    for code in _CODES:
        if unicodedata.category(chr(code)).startswith(category):
            if spans and spans[-1][1] == code - 1:
                spans[-1][1] = code
            else:
                spans.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans)
