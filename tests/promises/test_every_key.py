"""Every key of the office file has a reader that a call or a command can notice, and a row that shows it."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from fsctl import officefile
from fsctl.model.office import Office
from fsctl.policies.stages import CODES
from fsctl.schema import _KEYED, NOT_OF_THE_FILE
from tests.promises import noticing as see
from tests.promises.every_key import ROWS, Row
from tests.unit.test_officefile import NOW, changed


def keys(cls: Any) -> Iterator[str]:
    """All keys of a table of the office file; ``*`` stands for a name, or a place in a list."""
    for name, hint in get_type_hints(cls).items():
        if name == _KEYED.get(cls) or (cls is Office and name in NOT_OF_THE_FILE):
            continue
        key, inner = name.removesuffix("_"), table(hint)
        if inner is None:
            yield f"{key}.*" if cls is Office and get_origin(hint) is Mapping else key
            continue
        below = f"{key}.*" if get_origin(hint) in (Mapping, tuple) else key
        yield from (f"{below}.{each}" for each in keys(inner))


def table(hint: Any) -> Any:
    """The class of a table, or of each in a list or in a section of such; None for a plain value."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return next((found for each in arguments if each is not NoneType and (found := table(each))), None)
    if origin is Mapping:
        return table(arguments[1])
    if origin is tuple:
        return table(arguments[0])
    return hint if is_dataclass(hint) and hint is not see.Destination else None


KEYS = tuple(keys(Office))


def key_of(path: str) -> str:
    """The key at the end of a row's path."""
    parts = path.split("/")
    return next((key for key in KEYS if len(named := key.split(".")) == len(parts) and all(
        each in ("*", part) for each, part in zip(named, parts, strict=True))), f"no key: {path}")


def trees(row: Row) -> list[dict[str, Any]]:
    """The sample with the key as it is there, or not at all, and set."""
    path, value, _, beside = row if len(row) == 4 else (*row, {})
    return [changed(copy.deepcopy({**beside, **more})) for more in ({}, {path: value})]


def test_the_walk_sees_the_whole_schema():
    assert len(set(KEYS)) == len(KEYS) > 150
    assert {"version", "codes.park", "announcements.*", "schedules.*.except", "sites.*.night.to", "trunks.*.dial",
            "groups.*.park.alternate", "users.*.executive.rules.*.from", "attendants.*.menu"} <= set(KEYS)


def test_every_key_has_one_row():
    rows = [key_of(path) for path, *_ in ROWS]
    assert sorted(rows) == sorted(KEYS)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_it_is_noticed(row):
    before, after = trees(row)
    if row[2] is see.found:
        assert row[2](before) != row[2](after)
        return
    assert not [str(each) for each in officefile.check(after, NOW) if not each.warning]  # an office that can be applied
    seen = [row[2](see.office_of(tree)) for tree in (before, after)]
    assert seen[0] == row[2](see.office_of(before))  # and nothing else makes it differ
    assert seen[0] != seen[1]


def test_every_code_is_served():
    served = {f"codes.{name}" for name in CODES}
    assert [key for key in KEYS if key.startswith("codes.") and key not in served] == []
