"""What changed between two office files, in few words: who is new and who is gone, and what is otherwise different."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from fsctl.officefile.difference import SECTIONS, Change, difference, literal
from fsctl.schema import Tree
from fsctl.words import marked, say, say_number

#: So many of what is in each section.
_MANY: Final[Mapping[str, Callable[[int], str]]] = {
    "users": lambda number: say_number("{number} person", "{number} people", number),
    "groups": lambda number: say_number("{number} group", "{number} groups", number),
    "sites": lambda number: say_number("{number} site", "{number} sites", number),
    "trunks": lambda number: say_number("{number} trunk", "{number} trunks", number),
    "schedules": lambda number: say_number("{number} schedule", "{number} schedules", number),
    "attendants": lambda number: say_number("{number} attendant", "{number} attendants", number),
    "announcements": lambda number: say_number("{number} announcement", "{number} announcements", number),
}

#: What became of entries that are named one after another: all of them, or the first ones and how many ``more``.
_ADDED: Final = marked("{entries} added: {names}"), marked("{entries} added: {names} and {more} more")
_REMOVED: Final = marked("{entries} removed: {names}"), marked("{entries} removed: {names} and {more} more")
_CHANGED: Final = marked("{entries} changed: {names}"), marked("{entries} changed: {names} and {more} more")

#: What the directory and the dialplan are made from; of the other sections nothing but _ALSO.
_GENERATED: Final = ("numbering", "trunks", "sites", "users", "groups")
_ALSO: Final = ("office.transfer_recall", "office.own_context", "codes.withhold")

#: So many values are shown one by one, so many names after another, and so much of a value.
_VALUES, _NAMES, _LENGTH = 20, 10, 100

_PART: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[^."]+')


def in_few_words(changes: Sequence[Change], tree: Tree) -> Iterator[str]:
    """Lines about the changes that have led to ``tree``: the first time what there is, later what differs."""
    if any(change.path == "version" and change.before is None for change in changes):
        there_is = [many(len(tree[kind])) for kind, many in _MANY.items() if tree.get(kind)]
        yield ", ".join(there_is) or say("an office without people")
        return
    entries: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        kind, *names = _parts(change.path)
        entries[kind, names[0] if names and kind in _MANY else ""].append(change)
    new = {each: name for each, under in entries.items() if (name := _new(*each, under, tree)) is not None}
    gone = {each: name for each, under in entries.items() if (name := _gone(*each, under, tree)) is not None}
    rest = {each: under for each, under in entries.items() if each not in new and each not in gone}
    few = sum(map(len, rest.values())) <= _VALUES
    for kind in sorted({kind for kind, _ in entries}, key=SECTIONS.index):
        yield from _listed(kind, _ADDED, [name for each, name in new.items() if each[0] == kind])
        yield from _listed(kind, _REMOVED, [name for each, name in gone.items() if each[0] == kind])
        own = {name: under for (other, name), under in rest.items() if other == kind}
        if few:
            yield from (one(change, _LENGTH) for under in own.values() for change in under)
        elif "" in own:
            yield say_number("{section}: {number} value changed", "{section}: {number} values changed", len(own[""]),
                             section=kind)
        else:
            yield from _listed(kind, _CHANGED, list(own))


def one(change: Change, most: int = 0) -> str:
    """One change, with values as the file has them, of which ``most`` limits the length."""
    return f"{change.path}: {_value(change.before, most)} → {_value(change.after, most)}"


def concern_the_switch(changes: Iterable[Change]) -> bool:
    """Whether the directory and the dialplan have to be written anew."""
    return any(change.path.partition(".")[0] in _GENERATED or change.path in _ALSO for change in changes)


def _new(kind: str, name: str, changes: Sequence[Change], tree: Tree) -> str | None:
    """What somebody is called who was not there before; None for all others."""
    entry = tree.get(kind, {}).get(name) if name else None
    if entry is None or any(change.before is not None for change in changes):
        return None
    whole = difference({}, {kind: {name: entry}})
    return _called(name, entry.get("name")) if len(whole) == len(changes) else None


def _gone(kind: str, name: str, changes: Sequence[Change], tree: Tree) -> str | None:
    if not name or name in tree.get(kind, {}):
        return None
    return _called(name, next((change.before for change in changes if _parts(change.path)[2:] == ["name"]), None))


def _called(name: str, shown: object) -> str:
    return f"{name} {shown}" if isinstance(shown, str) else name


def _listed(kind: str, became: tuple[str, str], names: Sequence[str]) -> Iterator[str]:
    if names:
        more = len(names) - _NAMES
        yield say(became[more > 0], entries=_MANY[kind](len(names)), names=", ".join(names[:_NAMES]), more=more)


def _value(value: Any, most: int) -> str:
    text = literal(value)
    return text if not most or len(text) <= most else f"{text[:most]}…"


def _parts(path: str) -> list[str]:
    """The names in a path; those in quotes are whatever the file has."""
    return [str(json.loads(part)) if part.startswith('"') else part for part in _PART.findall(path)]
