"""Foreign text made harmless, and the shapes that text must have."""

import os
import re
from random import Random

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# C0, DEL, C1, the Unicode line separators, and lone surrogates, which could not be encoded again.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_random = Random()
os.register_at_fork(after_in_child=_random.seed)


def clean(text: str) -> str:
    """The text with a space for each control character, so that it stays on its line."""
    return text if text.isprintable() else _CONTROL.sub(" ", text)


def decode(data: bytes) -> str:
    """UTF-8, with U+FFFD for what isn't: a phone may have sent Latin-1."""
    return data.decode("utf-8", "replace")


def is_uuid(text: str) -> bool:
    """Whether it is a UUID as FreeSWITCH writes them."""
    return UUID.fullmatch(text) is not None


def new_uuid() -> str:
    """One that no other thing has; it is no secret, and made in a tenth of the time that uuid4 takes."""
    digits = f"{_random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def set_to(answer: str) -> str:
    """The value that ``global_getvar`` has answered; "" for a variable that is not set (``-ERR no reply``)."""
    return "" if answer.startswith("-ERR") else answer.strip()


def word(text: str) -> str:
    """A word of the office's own that goes into a command or dial string; ValueError if it could be more than that."""
    if not re.fullmatch(r"[A-Za-z0-9+*#-]+", text):
        raise ValueError(f"{text!r} cannot stand in a dial string")
    return text
