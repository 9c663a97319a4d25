"""Where a call can go, written ``kind:name`` as in the office file (``user:101``)."""

import re
from dataclasses import dataclass
from typing import Final

from fsctl.model.digits import read
from fsctl.words import say

#: Kinds that an office file may name.
FILE_KINDS = ("user", "hunt", "mailbox", "attendant", "number", "conference", "announcement", "hangup")

#: Kinds that only dialling can lead to: a site's number, a park slot, a star code, an emergency number, and nothing;
#: and two that the dialplan alone leads to: ``recall``, from a slot, and ``push``, handed over to an executive.
DIALLED_KINDS = ("site", "slot", "code", "emergency", "unknown", "recall", "push")

#: What the dialplan calls a call that it sends there by itself: ``recall+701``. Nobody can dial that.
_SENT: Final = re.compile(r"(recall|push)\+([0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Destination:
    """One place for a call. ``name`` is an extension, a section's name, an outside number or a reason."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


def parse(text: str) -> Destination:
    """``"user:101"`` → ``Destination("user", "101")``; ValueError says what a destination looks like."""
    kind, colon, name = text.partition(":")
    if not colon or not name or kind not in FILE_KINDS:
        raise ValueError(say("{found} is not a destination; write kind:name, where kind is one of {kinds}",
                             found=repr(text), kinds=", ".join(FILE_KINDS)))
    return Destination(kind, read(name) if kind == "number" else name)


def sent_by_dialplan(text: str) -> Destination | None:
    """Where a call is that the dialplan sends by itself, by its word for it; None for what somebody dialled."""
    found = _SENT.fullmatch(text)
    return Destination(found[1], found[2]) if found else None
