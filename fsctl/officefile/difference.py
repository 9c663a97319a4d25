"""What differs between two office files, and writing one as TOML."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.items import Item, Table

from fsctl.schema import Tree, written
from fsctl.words import say

#: The sections in the order in which people read them.
SECTIONS = (
    "version", "office", "numbering", "trunks", "codes", "schedules", "sites", "users", "groups", "attendants",
    "announcements",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs. None stands for a value that isn't there."""

    path: str
    before: Any
    after: Any


def difference(before: Tree, after: Tree) -> list[Change]:
    """All values that differ, in the file's order; a list counts as one value."""
    return list(_changes("", before, after))


def export(tree: Tree) -> str:
    """The tree as TOML that loads to the same tree."""
    document = tomlkit.document()
    for name in _ordered(tree):
        value = tree[name]
        document.add(name, _table(value, depth=0) if isinstance(value, Mapping) else tomlkit.item(value))
    return tomlkit.dumps(document)


def literal(value: Any) -> str:
    """A value as the file has it, in one line; ``nothing`` for None."""
    match value:
        case None:
            return say("nothing")
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case Mapping():
            inner = ", ".join(f"{_key(name)} = {literal(each)}" for name, each in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(map(literal, value))}]"
    return str(value)


def _key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else literal(name)


def _ordered(*trees: Tree) -> list[str]:
    names = dict.fromkeys(name for tree in trees for name in tree)
    return sorted(names, key=lambda name: SECTIONS.index(name) if name in SECTIONS else len(SECTIONS))


def _changes(path: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after and repr(before) == repr(after):  # of a large office the most; 1 and true are equal, but not so
        return
    tables = [each for each in (before, after) if isinstance(each, Mapping)]
    if not tables or any(not isinstance(each, Mapping) and each is not None for each in (before, after)):
        if type(before) is not type(after) or before != after:
            yield Change(path, before, after)
        return
    names = _ordered(*tables) if not path else list(dict.fromkeys(name for table in tables for name in table))
    if not names and path and before != after:
        yield Change(path, before, after)
    for name in names:
        inner = f"{path}.{written(name)}" if path else written(name)
        yield from _changes(
            inner,
            before.get(name) if isinstance(before, Mapping) else None,
            after.get(name) if isinstance(after, Mapping) else None,
        )


def _table(value: Tree, depth: int) -> Table:
    """A table of its own for sections and what is in them; deeper ones stand in one line."""
    table = tomlkit.table(is_super_table=depth == 0 and _only_tables(value))
    inner = {name: each for name, each in value.items() if depth < 1 and isinstance(each, Mapping)}
    for name, each in value.items():
        if name not in inner:
            table.add(name, _inline(each))
    for name, each in inner.items():
        table.add(name, _table(each, depth + 1))
    return table


def _only_tables(value: Tree) -> bool:
    return bool(value) and all(isinstance(each, Mapping) for each in value.values())


def _inline(value: Any) -> Item:
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for name, each in value.items():
            table.add(name, _inline(each))
        return table
    if isinstance(value, list):
        array = tomlkit.array()
        for each in value:
            array.append(_inline(each))
        return array.multiline(any(isinstance(each, Mapping) for each in value))
    item: Item = tomlkit.item(value)
    return item
