"""What somebody changed, as a reason: the words of ``fsctl history``, and its data."""

import re
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from fsctl.model import told
from fsctl.model.reasons import Reason, declare, plain, reason

REASONS = declare({
    "changes.changed": "{path} was {before} and is {after}",
    "changes.nothing": "nothing",
    # What people switch, as fsctl.model.settings keeps it.
    "changes.on": '"on"',
    "changes.on_until": '"on until {until}"',
    "changes.off": '"off"',
    "changes.off_until": '"off until {until}"',
    "changes.left": '"left"',
    "changes.left_until": '"left until {until}"',
    "changes.left_from": '"left from {until}"',
    "changes.out": '"out"',
})

#: The beginnings of paths of what people switch; others are those of the office file.
_SWITCHED: Final = ("dnd", "night", "hunt", "filter", "assistant", "intercept", "forward", "divert")

_VALUE: Final = re.compile(r"(on|off|left|out)(?: (until|from) (\S+))?")


def changed(path: str, before: object, after: object, zone: tzinfo, literal: Callable[[object], str]) -> Reason:
    """What was at ``path``, and what is now; ``literal`` writes a value as the office file has it."""
    return reason("changes.changed", path=path, before=value_of(path, before, zone, literal),
                  after=value_of(path, after, zone, literal))


def value_of(path: str, value: object, zone: tzinfo, literal: Callable[[object], str]) -> Reason:
    """One of the two; instants are told by the clocks of ``zone``."""
    if value is None:
        return reason("changes.nothing")
    found = _VALUE.fullmatch(value) if isinstance(value, str) and is_switched(path) else None
    if found is None:
        return plain(literal(value))
    try:
        until = told.instant(datetime.fromisoformat(found[3]), zone) if found[3] else None
    except (ValueError, OverflowError):
        return plain(literal(value))
    return _switched(found[1], found[2], until) or plain(literal(value))


def is_switched(path: str) -> bool:
    """Whether people switch what is there; else it is of the office file."""
    return path.partition(".")[0] in _SWITCHED


def _switched(state: str, word: str | None, until: Reason | None) -> Reason | None:
    match state, word, until:
        case "on", None, None:
            return reason("changes.on")
        case "on", "until", Reason():
            return reason("changes.on_until", until=until)
        case "off", None, None:
            return reason("changes.off")
        case "off", "until", Reason():
            return reason("changes.off_until", until=until)
        case "left", None, None:
            return reason("changes.left")
        case "left", "until", Reason():
            return reason("changes.left_until", until=until)
        case "left", "from", Reason():
            return reason("changes.left_from", until=until)
        case "out", None, None:
            return reason("changes.out")
    return None
