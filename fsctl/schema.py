"""The office file's tree (plain tables, lists and values) to and from ``Office``; all mistakes at once."""

import difflib
import json
import re
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin

from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from fsctl.model import destination
from fsctl.model import sections as model
from fsctl.model.destination import Destination
from fsctl.model.digits import read
from fsctl.model.office import Office
from fsctl.schema_assumed import Path as Path
from fsctl.schema_assumed import mended
from fsctl.words import marked, say

Tree = Mapping[str, Any]

#: What an office has beside its file.
NOT_OF_THE_FILE = ("settings", "folder", "holidays", "timetables", "index")

#: The version of the office file that is read here.
VERSION = 1

#: Keys that belong elsewhere in the file than one may think, and where.
_ELSEWHERE: dict[tuple[type, str], str] = {
    (model.ParkTerms, "extensions"): marked(
        "unknown key; slots belong to a group: write them in [groups.NAME.park]"),
}

#: What has to stand somewhere.
_TABLE = marked("must be a table, not {found}")
_LIST = marked("must be a list, not {found}")
_TEXT = marked("must be text, not {found}")
_WHOLE_NUMBER = marked("must be a whole number, not {found}")
_TRUE_OR_FALSE = marked("must be true or false, not {found}")

#: How often something else is assumed for what cannot be read, and for what that lacks, before nothing is read at all.
_PASSES = 12

#: Classes whose name in their section is also a field of theirs.
_KEYED = {
    model.Trunk: "key",
    model.Schedule: "key",
    model.Site: "key",
    model.Group: "key",
    model.Attendant: "key",
    model.User: "extension",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the file, or (``warning``) something that is probably not meant so."""

    path: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem whose place is still a path of keys and indexes. ``lacks`` is a key that is needed there."""

    path: Path
    message: str
    warning: bool = False
    lacks: str = ""


def structure(tree: Tree) -> Office:
    """The office of a tree that was checked before, maybe by another version: keys that are none now count for nothing.
    """
    return _FAST.structure(tree, Office)


def unstructure(office: Office) -> dict[str, Any]:
    """The tree of an office, without what is at its default."""
    tree: dict[str, Any] = _FAST.unstructure(office)
    return {"version": VERSION, **tree}


def problems(tree: Tree) -> tuple[Office | None, list[Problem]]:
    """The office, or all the reasons why the tree is none."""
    office, found, _ = examine(tree)
    return (None if found else office), [locate(tree, each) for each in found]


def examine(tree: Tree) -> tuple[Office, list[Finding], frozenset[Path]]:
    """An office of everything that can be read, findings for the rest, and where something else is assumed for that."""
    office, found = _attempt(tree)
    if isinstance(tree, Mapping) and tree.get("version", None) is None:
        found.insert(0, Finding((), say("needs `version`; write version = {known}", known=VERSION)))
    elif office is not None and office.version != VERSION:
        message = say("this is version {version}; only {known} can be read", version=office.version, known=VERSION)
        found.insert(0, Finding(("version",), message))
    left, rest, assumed = tree, found, set[Path]()
    for _ in range(_PASSES):
        if office is not None:
            break
        left, changed = mended(left, [(*each.path, each.lacks) if each.lacks else each.path for each in rest])
        assumed |= changed
        office, rest = _attempt(left)
    return office or Office(), found, frozenset(assumed)


def locate(tree: object, finding: Finding) -> Problem:
    """Write a finding's path as the file has it: a value that stands for a list of one has no index there."""
    text, here = "", tree
    for part in finding.path:
        if isinstance(part, int):
            if isinstance(here, list):
                text += f"[{part}]"
                here = here[part] if part < len(here) else None
            continue
        text += f".{written(part)}" if text else written(part)
        here = here.get(part) if isinstance(here, Mapping) else None
    return Problem(text, finding.message, finding.warning)


def written(key: object) -> str:
    """A key as a path shows it, quoted when it isn't plain."""
    return str(key) if re.fullmatch(r"[\w+*#-]+", str(key)) else json.dumps(str(key))


def shown(value: object) -> str:
    """A value as a message shows it."""
    match value:
        case str():
            return json.dumps(
                value if len(value) <= 60 else value[:57] + "...", ensure_ascii=not value.isprintable()
            )
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)[:60]
        case Mapping():
            return say("a table")
        case list() | tuple():
            return say("a list")
        case None:
            return say("nothing")
    return say("a {kind}", kind=type(value).__name__)


class _Wrong(ValueError):
    """A value that cannot be read."""


def _must(be: str, value: object) -> _Wrong:
    return _Wrong(say(be, found=shown(value)))


def _attempt(tree: Tree) -> tuple[Office | None, list[Finding]]:
    try:
        return _CAREFUL.structure(tree, Office), []
    except (BaseValidationError, _Wrong) as error:
        return None, list(_findings(error, (), tree))


def _findings(error: BaseException, path: Path, value: object) -> Iterator[Finding]:
    """Take cattrs's nested groups apart into one finding each."""
    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            part = _part(inner)
            if isinstance(inner, ForbiddenExtraKeysError):
                known = _keys_of(inner.cl)
                for key in sorted(inner.extra_fields, key=str):
                    elsewhere = _ELSEWHERE.get((inner.cl, str(key)))
                    yield Finding((*path, key), say(elsewhere) if elsewhere else _suggestion(str(key), known))
            elif isinstance(inner, KeyError):
                yield Finding(path, say("needs `{key}`", key=part), lacks=str(part))
            else:
                yield from _findings(inner, path if part is None else (*path, part), value)
    else:
        yield Finding(path, str(error))


def _part(error: BaseException) -> str | int | None:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return note.name.removesuffix("_")
        if isinstance(note, IterableValidationNote):
            return note.index if isinstance(note.index, int) else str(note.index)
    return None


def _keys_of(cls: Any) -> list[str]:
    left_out = NOT_OF_THE_FILE if cls is Office else (_KEYED.get(cls),)
    return [name.removesuffix("_") for name in cls.__dataclass_fields__ if name not in left_out]


def _suggestion(key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    if close:
        return say("unknown key; did you mean {key}?", key=close[0])
    return say("unknown key; known are {known}", known=", ".join(known))


def _table_hook(cls: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    renamed = {name: override(rename=name[:-1]) for name in cls.__dataclass_fields__ if name.endswith("_")}
    if cls is model.InterceptRule:
        renamed["calls"] = override(struct_hook=_one_or_many(converter, model.Number))
    if cls is model.ExecutiveRule:
        many = _one_or_many(converter, model.Number)
        renamed.update(from_=override(rename="from", struct_hook=many), called=override(struct_hook=many))
    if cls is model.Intercept:
        many = _one_or_many(converter, model.InterceptRule)
        renamed.update(inbound=override(struct_hook=many), outbound=override(struct_hook=many))
    if cls is Office:
        renamed.update({name: override(omit=True) for name in NOT_OF_THE_FILE})
    if cls is model.Site:
        renamed["night_by"] = override(struct_hook=_night_by)
    make = make_dict_structure_fn(
        cls, converter, _cattrs_forbid_extra_keys=converter.detailed_validation, **renamed)  # type: ignore[arg-type]

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, Mapping):
            raise _must(_TABLE, value)
        return make(value, cls)

    return hook


def _one_or_many(converter: Converter, cls: Any) -> Callable[[Any, Any], Any]:
    def hook(value: Any, _: Any) -> Any:
        return converter.structure(value if isinstance(value, list) else [value], tuple[cls, ...])

    return hook


def _night_by(value: Any, _: Any) -> str | tuple[str, ...]:
    if value == "site":
        return "site"
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _must(marked('must be "site" or a list of extensions, not {found}'), value)
    return tuple(value)


def _mapping_hook(cls: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    inner = get_args(cls)[1]
    name = _KEYED.get(inner)

    def one(key: object, value: Any) -> Any:
        if not isinstance(key, str):
            raise _Wrong(say("a name must be text"))
        if name is None:
            return converter.structure(value, inner)
        if not isinstance(value, Mapping):
            raise _must(_TABLE, value)
        if name in value:
            raise _Wrong(say("has its {key} from the section's name; remove `{key}`", key=name))
        return converter.structure({**value, name: key}, inner)

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, Mapping):
            raise _must(_TABLE, value)
        return _collect(converter, value.items(), one, dict, cls)

    return hook


def _tuple_hook(cls: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    inner = get_args(cls)[0]

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise _must(_LIST, value)
        made = _collect(converter, enumerate(value), lambda _, each: converter.structure(each, inner), dict, cls)
        return tuple(made.values())

    return hook


def _collect(converter: Converter, pairs: Any, one: Callable[[Any, Any], Any], make: type, cls: Any) -> Any:
    if not converter.detailed_validation:
        return {key: one(key, value) for key, value in pairs}
    made, errors = make(), []
    for key, value in pairs:
        try:
            made[key] = one(key, value)
        except (BaseValidationError, _Wrong) as error:
            error.add_note(IterableValidationNote("", key, cls))
            errors.append(error)
    if errors:
        raise IterableValidationError("", errors, cls)
    return made


def _literal_hook(cls: Any, _: Converter) -> Callable[[Any, Any], Any]:
    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, str) or value not in get_args(cls):
            raise _Wrong(say("must be one of {known}, not {found}", known=", ".join(get_args(cls)), found=shown(value)))
        return value

    return hook


def _plain(cls: type, be: str) -> Callable[[Any, Any], Any]:
    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, cls) or (isinstance(value, bool) and cls is not bool):
            raise _must(be, value)
        return value

    return hook


def _optional_hook(cls: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    (inner,) = (each for each in get_args(cls) if each is not types.NoneType)
    return lambda value, _: converter.structure(value, inner)


def _number(value: Any, _: Any) -> str:
    if not isinstance(value, str):
        raise _must(_TEXT, value)
    return read(value)


def _destination(value: Any, _: Any) -> Destination:
    if not isinstance(value, str):
        raise _must(marked("must be a destination like user:101, not {found}"), value)
    try:
        return destination.parse(value)
    except ValueError as error:
        raise _Wrong(str(error)) from None


def _origin(cls: Any) -> Any:
    return get_origin(cls)


def _is_optional(cls: Any) -> bool:
    return (
        get_origin(cls) in (Union, types.UnionType) and len(get_args(cls)) == 2 and types.NoneType in get_args(cls)
    )


def _table_unhook(cls: Any, converter: Converter) -> Callable[[Any], Any]:
    names = {name: override(rename=name[:-1]) for name in cls.__dataclass_fields__ if name.endswith("_")}
    if cls in _KEYED:
        names[_KEYED[cls]] = override(omit=True)
    if cls is Office:
        names.update({name: override(omit=True) for name in NOT_OF_THE_FILE})
    return make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True, **names)  # type: ignore[arg-type]


def _converter(detailed: bool) -> Converter:
    converter = Converter(detailed_validation=detailed, unstruct_collection_overrides={tuple: list})
    for cls, be in ((str, _TEXT), (int, _WHOLE_NUMBER), (bool, _TRUE_OR_FALSE)):
        converter.register_structure_hook(cls, _plain(cls, be))
    converter.register_structure_hook_func(lambda cls: cls is Destination, _destination)
    converter.register_structure_hook_func(lambda cls: cls is model.Number, _number)
    for test, hook in (
        (lambda cls: is_dataclass(cls) and cls is not Destination, _table_hook),
        (lambda cls: _origin(cls) is Mapping, _mapping_hook),
        (lambda cls: _origin(cls) is tuple, _tuple_hook),
        (lambda cls: _origin(cls) is Literal, _literal_hook),
        (_is_optional, _optional_hook),
    ):
        converter.register_structure_hook_factory(test, lambda cls, hook=hook: hook(cls, converter))
    converter.register_unstructure_hook_factory(is_dataclass, lambda cls: _table_unhook(cls, converter))
    converter.register_unstructure_hook(Destination, str)
    return converter


_FAST = _converter(detailed=False)
_CAREFUL = _converter(detailed=True)
