"""What is assumed where an office file has something that cannot be read, so that everything else can be checked."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

from fsctl.model.destination import Destination
from fsctl.model.office import Office

Path = tuple[str | int, ...]

#: Of each kind something that is right, and about which no rule says anything elsewhere.
_ASSUMED: Mapping[Any, Any] = {str: "", bool: False, int: 1, Destination: "hangup:busy"}

_NOTHING = object()


def mended(tree: Any, wrong: Iterable[Path]) -> tuple[Any, set[Path]]:
    """A copy of the tree that has something else at these paths, or nothing where nothing is needed; and where.

    A path to what a table lacks counts as well.
    """
    copy, changed = tree if isinstance(tree, Mapping) else {}, set[Path]()
    for path in wrong:
        copy = _with(copy, path, _instead(path))
        changed.add(path)
    return copy, changed


def _with(tree: Any, path: Path, value: Any) -> Any:
    """The same with another value there; whatever stands where a table or a list should is one with that alone."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(head, int):
        if not isinstance(tree, list):  # one value that stands for a list of one
            return _with(tree, rest, value)
        return [_with(each, rest, value) if index == head else each for index, each in enumerate(tree)]
    table = dict(tree) if isinstance(tree, Mapping) else {}
    key = next((each for each in table if str(each) == head), head)
    if not rest and value is _NOTHING:
        table.pop(key, None)
    else:
        table[key] = _with(table.get(key, {}), rest, value)
    return table


def _instead(path: Path) -> Any:
    """What is to stand at a path; nothing where something need not stand there."""
    kind: Any = Office
    needed = True
    for part in path:
        kind, needed = _below(kind, part)
    return _value(kind) if needed else _NOTHING


def _below(kind: Any, part: str | int) -> tuple[Any, bool]:
    """Of what kind a part of something is, and whether it is needed."""
    if is_dataclass(kind) and isinstance(kind, type):
        return _fields(kind).get(str(part), (None, False))
    inner = get_args(kind)
    if get_origin(kind) in (Union, UnionType) and len(inner) == 2 and NoneType in inner:
        return _below(next(each for each in inner if each is not NoneType), part)
    if get_origin(kind) is Mapping:
        return inner[1], True
    return (inner[0], True) if get_origin(kind) is tuple else (None, False)


@cache
def _fields(kind: type[Any]) -> Mapping[str, tuple[Any, bool]]:
    hints = get_type_hints(kind)
    return {each.name.removesuffix("_"): (hints[each.name], each.default is MISSING and each.default_factory is MISSING)
            for each in fields(kind)}


def _value(kind: Any) -> Any:
    if isinstance(kind, NewType):
        return _value(kind.__supertype__)
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        return []
    return _ASSUMED.get(kind, {}) if kind is not None else _NOTHING
