"""What people switch, as ``fsctl.model.settings`` keeps it, in words; programs are told what is kept."""

from typing import Final

from fsctl.words import term
from fsctl.words.moments import told
from fsctl.words.places import place

#: What can be switched that is no place, with its end where it has one.
SETTINGS: Final = (
    "on", "off", "left", "out", "on until {until}", "off until {until}", "left until {until}", "left from {until}")


def in_words(value: str) -> str:
    """The value of a setting; what is none of fsctl's words is told as it is."""
    if value in SETTINGS:
        return term("switched", value)
    state, _, until = value.rpartition(" ")
    form = f"{state} {{until}}"
    return term("switched", form, until=told(until)) if form in SETTINGS else place(told(value))
