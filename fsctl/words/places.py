"""Places of calls in words: ``user:101`` of an office file is ``Teilnehmer 101`` in German, and stands so in English.

What is shown to a person comes through here; JSON and the office file keep the form with the colon.
"""

from typing import Final

from fsctl.words import marked, term

#: By kind, as ``str(Destination)`` and the targets of verbs begin.
_PLACES: Final = {
    "user": marked("user:{name}"),
    "hunt": marked("hunt:{name}"),
    "mailbox": marked("mailbox:{name}"),
    "attendant": marked("attendant:{name}"),
    "number": marked("number:{name}"),
    "conference": marked("conference:{name}"),
    "announcement": marked("announcement:{name}"),
    "hangup": marked("hangup:{name}"),
    "site": marked("site:{name}"),
    "slot": marked("slot:{name}"),
    "code": marked("code:{name}"),
    "emergency": marked("emergency:{name}"),
    "unknown": marked("unknown:{name}"),
    "recall": marked("recall:{name}"),
    "push": marked("push:{name}"),
    "pickup": marked("pickup:{name}"),
    "park": marked("park:{name}"),
    "retrieve": marked("retrieve:{name}"),
    "take_over": marked("take_over:{name}"),
    "three_way": marked("three_way:{name}"),
    "recording": marked("recording:{name}"),
    "own": marked("own:{name}"),
    "night": marked("night:{name}"),
    "group": marked("group:{name}"),
    "call": marked("call:{name}"),
}

#: The messages, for the catalogues.
PLACES: Final = tuple(_PLACES.values())

#: Places whose name is a word of fsctl's own: what such words are, for ``term``.
_NAMED: Final = {"announcement": "announcement", "hangup": "ending", "code": "code", "recording": "switched"}

#: What stands for whoever has no place.
CALLER: Final = marked("caller")


def place(target: str) -> str:
    """One place, or several with commas between them, as journals and ``str(Destination)`` have them."""
    return ", ".join(map(_one, target.split(", ")))


def _one(target: str) -> str:
    kind, colon, name = target.partition(":")
    if not colon or kind not in _PLACES:
        return term("place", target) if target == CALLER else target
    return term("place", _PLACES[kind], name=term(_NAMED[kind], name) if kind in _NAMED else name)
