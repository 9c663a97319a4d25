"""Conferences in which three talk."""

from collections.abc import Iterable
from typing import Final

#: What the channels are told that go there: keys are no commands, and who is alone is hung up on.
THERE: Final = "conference_controls=none;hangup_after_conference=true"


def entering(room: str, everybody: Iterable[str], *transferred: str) -> list[str]:
    """The commands that bring channels there: ``transferred`` are those of uuid_transfer, with ``-both`` for two."""
    told = [f"uuid_setvar_multi {each} {THERE}" for each in everybody]
    return [*told, *(f"uuid_transfer {each} {of_three(room)} inline" for each in transferred)]


def of_three(room: str) -> str:
    """The application by which a channel enters: the room ends with the last but one, and keys go on to the others."""
    return f"conference:{room}@fsctl+flags{{mintwo|dist-dtmf}}"
