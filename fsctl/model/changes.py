"""What somebody changed, as a reason: the words of ``fsctl history``, and its data."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from fsctl.model.reasons import Reason, declare, plain, reason
from fsctl.words.settings import in_words

REASONS = declare({
    "changes.changed": "{path} was {before} and is {after}",
    "changes.nothing": "nothing",
    # What people switch, as fsctl.model.settings keeps it.
    "changes.switched": "{value}",
}, {"value": in_words})

#: The beginnings of paths of what people switch; others are those of the office file.
_SWITCHED: Final = ("dnd", "night", "hunt", "filter", "assistant", "intercept", "forward", "divert")


def changed(path: str, before: object, after: object, zone: tzinfo, literal: Callable[[object], str]) -> Reason:
    """What was at ``path``, and what is now; ``literal`` writes a value as the office file has it."""
    return reason("changes.changed", path=path, before=value_of(path, before, zone, literal),
                  after=value_of(path, after, zone, literal))


def value_of(path: str, value: object, zone: tzinfo, literal: Callable[[object], str]) -> Reason:
    """One of the two; an instant at which something switched ends is told by the clocks of ``zone``."""
    if value is None:
        return reason("changes.nothing")
    if isinstance(value, str) and path.partition(".")[0] in _SWITCHED:
        return reason("changes.switched", value=" ".join(_by_clocks(word, zone) for word in value.split(" ")))
    return plain(literal(value))


def _by_clocks(word: str, zone: tzinfo) -> str:
    try:
        moment = datetime.fromisoformat(word)
        return moment.astimezone(zone).isoformat(timespec="seconds") if moment.tzinfo else word
    except (ValueError, OverflowError):  # no instant, as most words
        return word
