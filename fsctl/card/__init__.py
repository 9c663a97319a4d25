"""The card that one puts beside the phone: the codes of an office, or of a person there, on one page.

``content`` says what stands on it, ``layout`` how large and in which columns; ``html`` and ``pdf`` draw the same.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What is dialled, what is dialled ``after`` it, what it does, and whether it counts in a ``talk``.

    ``lamp``: it is no code, but what a key with a lamp is set up with.
    """

    digits: str
    after: str
    text: str
    talk: str = ""
    lamp: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """All of it in words, in ``language``. ``facts`` are pairs of what and which."""

    language: str
    title: str
    about: str
    emergency: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    legend: str
    made: str
