"""Text that came from outside, made harmless: names, numbers, dialled digits, and the marks on channels.

FreeSWITCH expands ``${…}`` in every application argument, so a name or number that a caller chose is a remote command
unless it is reduced to an allow-list first.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from fsctl.model.destination import Destination

#: Longest name or number shown, in characters.
NAME_LIMIT = 64
NUMBER_LIMIT = 32

#: What a name may hold, as the inside of a class of PCRE: letters, marks and digits of every script, some ASCII, and
#: what stands within words: hyphens, apostrophes and dots of several scripts, and the joiners without which Persian and
#: Indic words are others. The dialplan's pattern is made from it (fsctl.switch.generated.names).
NAME_CHARACTERS: Final = (
    r"\p{L}\p{M}\p{N} .+()–∶_’·\x{58A}\x{5BE}\x{5F3}\x{5F4}\x{F0B}\x{1361}\x{200C}\x{200D}\x{2010}\x{30A0}\x{30FB}-")

_CATEGORIES: Final = tuple(re.findall(r"\\p\{(\w)\}", NAME_CHARACTERS))
_KEPT: Final = frozenset(re.sub(
    r"\\x\{(\w+)\}", lambda found: chr(int(found[1], 16)), re.sub(r"\\p\{\w\}", "", NAME_CHARACTERS)))

#: Shown by another character: a name would be cut at a colon, and FreeSWITCH puts ``&`` bare into the XML of lamps
#: (sofia_presence.c:3006).
_SHOWN_AS = {":": "∶", "&": "+"}
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_NOT_DIALLED = re.compile(r"[^0-9*#+]")
_MARK = re.compile(r"(user|number)\+(\+?[0-9]{2,32})")

#: A SIP URI (RFC 3261 §19.1) of characters that part nothing in a dial string and begin no command there; ``:_`` could
#: part branches. The dialplan reads contacts by it, too: PCRE understands it as Python does, and no group in it
#: repeats, for each turn of one takes a piece of the little stack that FreeSWITCH's threads have.
_HARMLESS = r"[A-Za-z0-9._~!*+&=;:@%()/-]"
SIP_ADDRESS = rf"(?![^,]*:_)sip:{_HARMLESS}{{1,900}}(?:\[[0-9A-Fa-f:.]{{2,45}}\]{_HARMLESS}{{0,900}})?"
_SIP_ADDRESS = re.compile(SIP_ADDRESS)


@lru_cache(maxsize=2048)  # the same people call, and are called, again and again
def clean_name(text: str) -> str:
    """A name that every phone and lamp can show: NAME_CHARACTERS and nothing else.

    A colon becomes U+2236, ``&`` a ``+``, and an apostrophe within a word U+2019; everything else becomes a space.
    """
    kept = "".join(map(_shown, _APOSTROPHE.sub("’", text[: NAME_LIMIT * 4])))
    return " ".join(kept.split())[:NAME_LIMIT].strip()


def _shown(character: str) -> str:
    if character in _SHOWN_AS:
        return _SHOWN_AS[character]
    return character if character in _KEPT or unicodedata.category(character)[0] in _CATEGORIES else " "


def legible(text: str) -> str:
    """Any text so that it can be shown: what cannot be printed becomes ``?``."""
    return "".join(each if each.isprintable() else "?" for each in text[:NAME_LIMIT])


def clean_number(text: str) -> str:
    """A number reduced to ``0-9 * # +``."""
    return _NOT_DIALLED.sub("", text)[:NUMBER_LIMIT]


def sip_address(text: str) -> str:
    """Where a phone wants to be called, as it is: a SIP address and nothing that could be more; else ""."""
    return text if _SIP_ADDRESS.fullmatch(text) else ""


def unmark(text: str) -> Destination | None:
    """The person or number of a mark; None for whatever else a variable may hold."""
    found = _MARK.fullmatch(text)
    return Destination(*found.groups()) if found else None
