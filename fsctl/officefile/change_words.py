"""What changed between two office files, in few words: who is new and who is gone, and what is otherwise different."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from fsctl.officefile.difference import SECTIONS, Change, difference, literal
from fsctl.schema import Tree

#: What is in each section: one of it, and several.
_NOUNS: Final = {
    "users": ("person", "people"), "groups": ("group", "groups"), "sites": ("site", "sites"),
    "trunks": ("trunk", "trunks"), "schedules": ("schedule", "schedules"), "attendants": ("attendant", "attendants"),
    "announcements": ("announcement", "announcements"),
}

#: What the directory and the dialplan are made from; of the other sections nothing but _ALSO.
_GENERATED: Final = ("numbering", "trunks", "sites", "users", "groups")
_ALSO: Final = ("office.transfer_recall", "office.own_context", "codes.withhold")

#: So many values are shown one by one, so many names after another, and so much of a value.
_VALUES, _NAMES, _LENGTH = 20, 10, 100

_PART: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[^."]+')


def in_few_words(changes: Sequence[Change], tree: Tree) -> Iterator[str]:
    """Lines about the changes that have led to ``tree``: the first time what there is, later what differs."""
    if any(change.path == "version" and change.before is None for change in changes):
        yield ", ".join(_many(kind, len(tree[kind])) for kind in _NOUNS if tree.get(kind)) or "an office without people"
        return
    entries: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        kind, *names = _parts(change.path)
        entries[kind, names[0] if names and kind in _NOUNS else ""].append(change)
    new = {each: name for each, under in entries.items() if (name := _new(*each, under, tree)) is not None}
    gone = {each: name for each, under in entries.items() if (name := _gone(*each, under, tree)) is not None}
    rest = {each: under for each, under in entries.items() if each not in new and each not in gone}
    few = sum(map(len, rest.values())) <= _VALUES
    for kind in sorted({kind for kind, _ in entries}, key=SECTIONS.index):
        yield from _listed(kind, "added", [name for each, name in new.items() if each[0] == kind])
        yield from _listed(kind, "removed", [name for each, name in gone.items() if each[0] == kind])
        own = {name: under for (other, name), under in rest.items() if other == kind}
        if few:
            yield from (one(change, _LENGTH) for under in own.values() for change in under)
        elif "" in own:
            number = len(own[""])
            yield f"{kind}: {number} {'value' if number == 1 else 'values'} changed"
        else:
            yield from _listed(kind, "changed", list(own))


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


def _listed(kind: str, what: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
        yield f"{_many(kind, len(names))} {what}: {', '.join(names[:_NAMES])}{more}"


def _many(kind: str, number: int) -> str:
    return f"{number} {_NOUNS[kind][number != 1]}"


def _value(value: Any, most: int) -> str:
    text = literal(value)
    return text if not most or len(text) <= most else f"{text[:most]}…"


def _parts(path: str) -> list[str]:
    """The names in a path; those in quotes are whatever the file has."""
    return [str(json.loads(part)) if part.startswith('"') else part for part in _PART.findall(path)]
