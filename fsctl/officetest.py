"""Tests of an office: calls and what is to become of them, written as TOML, run without a switch.

A file has ``[[call]]`` tables: ``from`` and ``to`` as dialled, ``at`` (ISO 8601, as for ``fsctl explain``; now where
it is left out), ``transferred_by`` (an extension, as if its user had transferred ``from`` to ``to``), ``outcomes`` (a
list of the words of fsctl.explain), ``night`` (``{berlin = "on"}``: as if somebody had switched it: on, off, or auto),
``filter`` (``{130 = "on"}``: an executive's likewise, with its modes besides), ``opted_out`` (``{130 = ["131"]}``: as
if these, and no other assistants of 130, had opted out), ``intercept`` (``{104 = "on"}``: of a user or a group, on, off
or auto) and ``expect``: the result, or a list of ``action:target`` of
all steps. Of these, reroutes and answers are compared only where the list has some.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from fsctl.errors import FsctlError
from fsctl.explain import Explanation, check_words, explain
from fsctl.model.actions import in_one_form
from fsctl.model.call import Call
from fsctl.model.executives import assistants_of
from fsctl.model.office import Office
from fsctl.model.sections import FILTER_MODES
from fsctl.model.settings import OUT, Setting, Settings, assistant_path, filter_path, intercept_path, night_path

_KEYS = ("from", "to", "at", "transferred_by", "outcomes", "night", "filter", "opted_out", "intercept", "expect")
_SWITCHED = ("on", "off", "auto")
_FILTER = (*_SWITCHED, *FILTER_MODES)

#: What a list of steps need not mention.
_SILENT = ("reroute", "answer")

#: Makes the call of a test: from, dialled, at, the office, and who transferred it; FsctlError if it cannot.
CallOf = Callable[[str, str, str | None, Office, str | None], Call]


@dataclass(frozen=True, slots=True)
class Expected:
    """One test. ``place`` is where it stands: ``call[3]``, counted from 0 as in the paths of the office file."""

    place: str
    caller: str
    dialled: str
    at: str | None
    transferred_by: str | None
    outcomes: tuple[str, ...]
    night: Mapping[str, str]
    filter: Mapping[str, str]
    opted_out: Mapping[str, tuple[str, ...]]
    intercept: Mapping[str, str]
    expect: str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a test. ``found`` is comparable with ``test.expect``."""

    test: Expected
    explanation: Explanation
    found: str | tuple[str, ...]

    @property
    def passed(self) -> bool:
        return self.found == self.test.expect


def read(tree: Mapping[str, Any], office: Office) -> tuple[list[Expected], list[str]]:
    """The tests of a file, and everything that is wrong with it, each with its place."""
    wrong = [f"{key}: unknown key; the tests are [[call]] tables" for key in tree if key != "call"]
    calls = tree.get("call", [])
    if not isinstance(calls, list) or not calls:
        return [], [*wrong, "call: there is no test; write [[call]] with from, to and expect"]
    tests = []
    for index, table in enumerate(calls):
        place = f"call[{index}]"
        found = list(_mistakes(table, office)) if isinstance(table, Mapping) else ["must be a table"]
        wrong += [f"{place}{each}" if each.startswith(".") else f"{place}: {each}" for each in found]
        if not found:
            tests.append(_expected(place, table))
    return tests, wrong


def run(test: Expected, office: Office, call_of: CallOf) -> Outcome:
    """Explain the call, with all that the test has as switched. FsctlError names the place of what cannot be."""
    try:
        call = call_of(test.caller, test.dialled, test.at, office, test.transferred_by)
        office = replace(office, settings=_settings(test, office, call.at))
        explanation = explain(call, office, test.outcomes)
    except FsctlError as error:
        raise FsctlError(f"{test.place}: {error}") from None
    return Outcome(test, explanation, _found(test, explanation))


def _found(test: Expected, explanation: Explanation) -> str | tuple[str, ...]:
    if isinstance(test.expect, str):
        return explanation.result
    mentioned = {each.partition(":")[0] for each in test.expect}
    return tuple(f"{step.action}:{step.target}" for step in explanation.steps
                 if step.action not in _SILENT or step.action in mentioned)


def _settings(test: Expected, office: Office, at: datetime) -> Settings:
    values = dict(office.settings.values)
    switched = {night_path(site): state for site, state in test.night.items()}
    switched |= {filter_path(executive): state for executive, state in test.filter.items()}
    switched |= {intercept_path(owner): state for owner, state in test.intercept.items()}
    for executive, out in test.opted_out.items():
        switched |= {assistant_path(executive, each): OUT if each in out else "auto"
                     for each in assistants_of(office.users[executive])}
    for path, state in switched.items():
        values.pop(path, None)
        if state != "auto":
            values[path] = Setting(state, "test", at - timedelta(seconds=1))
    return Settings(values)


def _expected(place: str, table: Mapping[str, Any]) -> Expected:
    at, expect = table.get("at"), table["expect"]
    return Expected(
        place, str(table["from"]), str(table["to"]), at.isoformat() if isinstance(at, datetime) else at,
        table.get("transferred_by"), tuple(table.get("outcomes", ())),
        table.get("night", {}), table.get("filter", {}),
        {executive: tuple(out) for executive, out in table.get("opted_out", {}).items()},
        table.get("intercept", {}),
        in_one_form(expect) if isinstance(expect, str) else tuple(map(_in_one_form, expect)))


def _in_one_form(expected: str) -> str:
    action, _, target = expected.partition(":")
    return f"{action}:{in_one_form(target)}"


def _mistakes(table: Mapping[str, Any], office: Office) -> Iterator[str]:
    for key in table:
        if key not in _KEYS:
            yield f".{key}: unknown key; known are {', '.join(_KEYS)}"
    for key in ("from", "to", "expect"):
        if key not in table:
            yield f"needs `{key}`"
    for key in ("from", "to", "transferred_by"):
        if key in table and not (isinstance(table[key], str) and table[key]):
            yield f'.{key}: must be text like "101"'
    if "at" in table and not isinstance(table["at"], datetime) and not _is_time(table["at"]):
        yield f".at: {str(table['at'])!r} is no time; write 2026-12-24T18:00"
    yield from _outcome_mistakes(table.get("outcomes", []))
    yield from _switch_mistakes("night", table.get("night", {}), '{berlin = "on"}', "such site with a night service",
                                [key for key, each in office.sites.items() if each.night])
    yield from _switch_mistakes("intercept", table.get("intercept", {}), '{104 = "on"}', "such user or group",
                                [*office.users, *office.groups])
    yield from _executive_mistakes(table.get("filter", {}), table.get("opted_out", {}), office)
    expect = table.get("expect", "x")
    if isinstance(expect, list):
        for index, each in enumerate(expect):
            if not isinstance(each, str) or not re.match("[a-z]+:.", each):
                yield f".expect[{index}]: must be action:target, like ring:user:101"
    if not isinstance(expect, str | list) or not expect:
        yield ".expect: must be a result like user:101, or a list of steps like ring:user:101"


def _outcome_mistakes(outcomes: object) -> Iterator[str]:
    if not isinstance(outcomes, Sequence) or isinstance(outcomes, str):
        yield ".outcomes: must be a list of words"
        return
    for index, each in enumerate(outcomes):
        try:
            check_words([each if isinstance(each, str) else repr(each)])
        except FsctlError as error:
            yield f".outcomes[{index}]: {error}"


def _switch_mistakes(key: str, value: object, like: str, what: str, known: Sequence[str]) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f".{key}: must be a table like {like}"
        return
    for name, state in value.items():
        if name not in known:
            yield f".{key}.{name}: there is no {what}; known are {', '.join(known) or 'none'}"
        elif state not in _SWITCHED:
            yield f".{key}.{name}: must be one of {', '.join(_SWITCHED)}"


def _executive_mistakes(filters: object, opted_out: object, office: Office) -> Iterator[str]:
    known = [user.extension for user in office.users.values() if user.executive]
    for key, value, like in (("filter", filters, '{130 = "on"}'), ("opted_out", opted_out, '{130 = ["131"]}')):
        if not isinstance(value, Mapping):
            yield f".{key}: must be a table like {like}"
            continue
        for executive, state in value.items():
            if executive not in known:
                yield f".{key}.{executive}: there is no such executive; known are {', '.join(known) or 'none'}"
            elif key == "filter" and state not in _FILTER:
                yield f".{key}.{executive}: must be one of {', '.join(_FILTER)}"
            elif key == "opted_out":
                yield from _not_assistants(executive, state, office)


def _not_assistants(executive: str, out: object, office: Office) -> Iterator[str]:
    assistants = assistants_of(office.users[executive])
    if not isinstance(out, list) or not all(each in assistants for each in out):
        yield f".opted_out.{executive}: must be a list of assistants; known are {', '.join(assistants) or 'none'}"


def _is_time(value: object) -> bool:
    try:
        datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        return False
    return True
