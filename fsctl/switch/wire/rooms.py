"""Conferences in which three talk."""

from typing import Final

#: What the channels are told that go there: keys are no commands, and who is alone is hung up on.
THERE: Final = "conference_controls=none;hangup_after_conference=true"


def of_three(room: str) -> str:
    """The application by which a channel enters: the room ends with the last but one, and keys go on to the others."""
    return f"conference:{room}@default+flags{{mintwo|dist-dtmf}}"
