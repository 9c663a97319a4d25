"""A file of tests as it is written: what each wants, and all that is wrong with it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fsctl.errors import FsctlError
from fsctl.explain import check_words
from fsctl.model.actions import in_one_form
from fsctl.model.office import Office
from fsctl.officetest import switched
from fsctl.officetest.switched import Switched
from fsctl.words import say

_KEYS: Final = ("from", "to", "at", "transferred_by", "outcomes", *switched.KEYS, "expect")


@dataclass(frozen=True, slots=True)
class Expected:
    """One test. ``place`` is where it stands: ``call[3]``, counted from 0 as in the paths of the office file."""

    place: str
    caller: str
    dialled: str
    at: str | None
    transferred_by: str | None
    outcomes: tuple[str, ...]
    switched: Switched
    expect: str | tuple[str, ...]


def read(tree: Mapping[str, Any], office: Office) -> tuple[list[Expected], list[str]]:
    """The tests of a file, and everything that is wrong with it, each with its place."""
    wrong = [(key, say("unknown key; the tests are [[call]] tables")) for key in tree if key != "call"]
    calls = tree.get("call", [])
    if not isinstance(calls, list) or not calls:
        return [], _told([*wrong, ("call", say("there is no test; write [[call]] with from, to and expect"))])
    tests = []
    for index, table in enumerate(calls):
        place = f"call[{index}]"
        found = list(_mistakes(table, office)) if isinstance(table, Mapping) else [("", say("must be a table"))]
        wrong += [(f"{place}{below}", message) for below, message in found]
        if not found:
            tests.append(_expected(place, table))
    return tests, _told(wrong)


def _told(mistakes: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{place}: {message}" for place, message in mistakes]


def _expected(place: str, table: Mapping[str, Any]) -> Expected:
    at, expect = table.get("at"), table["expect"]
    return Expected(
        place, str(table["from"]), str(table["to"]), at.isoformat() if isinstance(at, datetime) else at,
        table.get("transferred_by"), tuple(table.get("outcomes", ())),
        switched.switched(table),
        in_one_form(expect) if isinstance(expect, str) else tuple(map(_in_one_form, expect)))


def _in_one_form(expected: str) -> str:
    action, _, target = expected.partition(":")
    return f"{action}:{in_one_form(target)}"


def _mistakes(table: Mapping[str, Any], office: Office) -> Iterator[tuple[str, str]]:
    """Each with its place in the table; "" is the whole of it."""
    for key in table:
        if key not in _KEYS:
            yield f".{key}", say("unknown key; known are {known}", known=", ".join(_KEYS))
    for key in ("from", "to", "expect"):
        if key not in table:
            yield "", say("needs `{key}`", key=key)
    for key in ("from", "to", "transferred_by"):
        if key in table and not (isinstance(table[key], str) and table[key]):
            yield f".{key}", say('must be text like "101"')
    if "at" in table and not isinstance(table["at"], datetime) and not _is_time(table["at"]):
        yield ".at", say("{found} is no time; write 2026-12-24T18:00", found=repr(str(table["at"])))
    yield from _outcome_mistakes(table.get("outcomes", []))
    yield from switched.mistakes(table, office)
    expect = table.get("expect", "x")
    if isinstance(expect, list):
        for index, each in enumerate(expect):
            if not isinstance(each, str) or not re.match("[a-z]+:.", each):
                yield f".expect[{index}]", say("must be action:target, like ring:user:101")
    if not isinstance(expect, str | list) or not expect:
        yield ".expect", say("must be a result like user:101, or a list of steps like ring:user:101")


def _outcome_mistakes(outcomes: object) -> Iterator[tuple[str, str]]:
    if not isinstance(outcomes, Sequence) or isinstance(outcomes, str):
        yield ".outcomes", say("must be a list of words")
        return
    for index, each in enumerate(outcomes):
        try:
            check_words([each if isinstance(each, str) else repr(each)])
        except FsctlError as error:
            yield f".outcomes[{index}]", str(error)


def _is_time(value: object) -> bool:
    try:
        datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        return False
    return True
