"""Places of calls in words: ``user:101`` of an office file is ``Teilnehmer 101`` in German, and stands so in English.

What is shown to a person comes through here; JSON and the office file keep the form with the colon.
"""

from typing import Final

from fsctl.words import term

#: By kind, as ``str(Destination)`` and the targets of verbs begin.
_PLACES: Final = {
    "user": "user:{name}",
    "hunt": "hunt:{name}",
    "mailbox": "mailbox:{name}",
    "attendant": "attendant:{name}",
    "number": "number:{name}",
    "conference": "conference:{name}",
    "announcement": "announcement:{name}",
    "hangup": "hangup:{name}",
    "site": "site:{name}",
    "slot": "slot:{name}",
    "code": "code:{name}",
    "emergency": "emergency:{name}",
    "unknown": "unknown:{name}",
    "recall": "recall:{name}",
    "push": "push:{name}",
    "pickup": "pickup:{name}",
    "park": "park:{name}",
    "retrieve": "retrieve:{name}",
    "take_over": "take_over:{name}",
    "three_way": "three_way:{name}",
    "join": "join:{name}",
    "barge_in": "barge_in:{name}",
    "recording": "recording:{name}",
    "own": "own:{name}",
    "night": "night:{name}",
    "group": "group:{name}",
    "call": "call:{name}",
}

#: The messages, for the catalogues.
PLACES: Final = tuple(_PLACES.values())

#: Places whose name is a word of fsctl's own: what such words are, for ``term``.
_NAMED: Final = {"announcement": "announcement", "hangup": "ending", "code": "code", "recording": "switched"}

#: What stands for whoever has no place.
CALLER: Final = "caller"


def place(target: object) -> str:
    """One place, or several with commas between them, as journals and ``str(Destination)`` have them."""
    return ", ".join(map(_one, str(target).split(", ")))


def _one(target: str) -> str:
    kind, colon, name = target.partition(":")
    if not colon or kind not in _PLACES:
        return term("place", target) if target == CALLER else target
    return term("place", _PLACES[kind], name=term(_NAMED[kind], name) if kind in _NAMED else name)
