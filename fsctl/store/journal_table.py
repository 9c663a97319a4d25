"""The journal's tables: saving what is known of calls, and reading past and present ones."""

import json
import logging
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, Literal, get_args

from peewee import fn

from fsctl.errors import FsctlError
from fsctl.model.actions import in_one_form
from fsctl.store.database import Store, stamp
from fsctl.store.journal_parts import Fact, assemble, merged
from fsctl.store.statements import Statement, given
from fsctl.store.tables import JournalCall, JournalFact
from fsctl.words import say

_log = logging.getLogger(__name__)

JournalState = Literal["ringing", "talking", "parked", "ended"]
Columns = dict[str, str | None]

#: The states of a call that has not ended, one by one: an index finds what is there, not what is missing.
_GOING_ON: Final = tuple(state for state in get_args(JournalState) if state != "ended")
#: What became of a call of which nobody knows where it went.
ORPHANED: Final = "unknown: controller restarted"

#: A caller ends his call with this cause where nobody has answered it.
_GAVE_UP: Final = "ORIGINATOR_CANCEL"

#: No character comes after it.
_LAST: Final = chr(sys.maxunicode)

_CALLS_AT_ONCE: Final = 500

#: What stays as it was when a call comes that is known already; and what is open again then.
_BEGINNING: Final = ("caller", "dialled", "at")
_OPEN: Final[Columns] = {"result": None, "ended_at": None, "cause": None}


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody has to say of a call at once: columns of its row, whether it is ``new``, and facts about it.

    ``otherwise`` is its result where nobody tells another one.
    """

    uuid: str
    columns: Mapping[str, str]
    new: bool = False
    facts: tuple[Fact, ...] = ()
    otherwise: str = ""


def save(store: Store, entries: Iterable[Entry]) -> None:
    """Write the entries in their order, all or none. A new call that is known already opens again."""
    rows: dict[str, tuple[Columns, bool]] = {}
    facts: dict[tuple[str, str, int | None], dict[str, Any]] = {}
    otherwise: list[dict[str, object]] = []
    for entry in entries:
        columns, new = rows.get(entry.uuid, ({}, False))
        if entry.new:
            again: Columns = {**_OPEN, **entry.columns}
            rows[entry.uuid] = columns | _later(again) if new else again, True
        else:
            rows[entry.uuid] = {**columns, **entry.columns}, new
        if entry.otherwise:
            otherwise.append({"uuid": entry.uuid, "result": entry.otherwise})
        for fact in entry.facts:
            told = facts.setdefault((entry.uuid, fact.part, fact.step), {})
            told.update(merged(told, fact.body))
    writings: defaultdict[tuple[bool, tuple[str, ...]], list[dict[str, object]]] = defaultdict(list)
    for uuid, (columns, new) in rows.items():
        if columns:
            writings[new, tuple(sorted(columns))].append({"uuid": uuid, **columns})
    with store.transaction(durable=False):
        for (new, names), values in writings.items():
            (_insert(names) if new else _update(names)).run_each(store, values)
        _OTHERWISE.run_each(store, otherwise)
        _TOLD.run_each(store, ({"uuid": uuid, "part": part, "step": step, "body": _json(body)}
                               for (uuid, part, step), body in facts.items()))


@cache
def _insert(names: tuple[str, ...]) -> Statement:
    """Of a new call with columns of these names. One that is known already opens again."""
    columns = {name: given(name) for name in names}
    return Statement(lambda: JournalCall.insert(uuid=given("uuid"), **columns).on_conflict(
        conflict_target=[JournalCall.uuid], update={name: columns[name] for name in names if name not in _BEGINNING}))


@cache
def _update(names: tuple[str, ...]) -> Statement:
    columns = {name: given(name) for name in names}
    return Statement(lambda: JournalCall.update(**columns).where(JournalCall.uuid == given("uuid")))


_OTHERWISE: Final = Statement(lambda: JournalCall.update(result=given("result")).where(
    JournalCall.uuid == given("uuid"), fn.COALESCE(JournalCall.result, "") == ""))
_TOLD: Final = Statement(lambda: JournalFact.insert(
    uuid=given("uuid"), part=given("part"), step=given("step"), body=given("body")))


def open_calls(store: Store, node: str) -> dict[str, str]:
    """The calls of the controller ``node`` that have not ended, as far as was written: their states by UUID."""
    query = JournalCall.select(JournalCall.uuid, JournalCall.state)
    with store.reading():
        return dict(store.run(query.where(JournalCall.node == node, JournalCall.state.in_(_GOING_ON)).tuples()))


def supposed(store: Store, uuids: Collection[str]) -> dict[str, str]:
    """Where calls were going that their controller has left: where the last step leads of which nothing became yet."""
    with store.reading():
        return {row["uuid"]: _going(row["steps"]) for row in _whole(store, [{"uuid": uuid} for uuid in uuids])}


def left(cause: str, going: str) -> str:
    """What is said to have become of a call that its controller has left, where nobody has told."""
    return "gone" if cause == _GAVE_UP else going or ORPHANED


def close_calls(store: Store, causes: Mapping[str, str], now: datetime) -> list[str]:
    """End those of the calls that are open yet, each with its cause ("" if that is not known); which these were."""
    closed = []
    with store.transaction():
        going = supposed(store, causes.keys())
        for uuid, cause in causes.items():
            # Who answered stays known.
            result = fn.COALESCE(fn.NULLIF(JournalCall.result, ""), left(cause, going[uuid]))
            end = JournalCall.update(state="ended", result=result, ended_at=stamp(now), cause=cause)
            if store.run(end.where(JournalCall.uuid == uuid, JournalCall.state != "ended")):
                closed.append(uuid)
    return closed


def list_calls(store: Store, limit: int = 100) -> list[dict[str, Any]]:
    """The latest calls, newest first: ``{uuid, caller, dialled, at, state, result, ended_at, cause, node}``.

    Beside these they have ``steps`` and ``parts``, as fsctl.store.journal_parts puts them together.
    """
    query = JournalCall.select().order_by(JournalCall.at.desc(), JournalCall.uuid).limit(limit).dicts()
    with store.reading():
        return _whole(store, list(store.run(query)))


def show(store: Store, uuid: str) -> dict[str, Any]:
    """One call by its uuid or the beginning of it; FsctlError when none or several begin so."""
    query = JournalCall.select().where(_begins(uuid)).order_by(JournalCall.uuid).limit(6).dicts()
    with store.reading():
        found = list(store.run(query))
        exact = [call for call in found if call["uuid"] == uuid]
        if len(exact or found) == 1:
            return _whole(store, exact or found)[0]
    if not found:
        raise FsctlError(say(
            "no call's uuid begins with {beginning}; 'fsctl calls list' shows those there are", beginning=repr(uuid)))
    raise FsctlError(say("several calls begin with {beginning}: {calls}; write more", beginning=repr(uuid),
                         calls=", ".join(call["uuid"] for call in found[:5])))


def _going(steps: Sequence[Mapping[str, Any]]) -> str:
    """Of several who ring at once the first, as in every result; but of a group call, where each could have been in it,
    nobody.
    """
    if not steps or steps[-1]["outcome"] or steps[-1]["action"] == "gather":
        return ""
    return str(steps[-1]["target"]).partition(", ")[0]


def _later(columns: Columns) -> Columns:
    return {key: value for key, value in columns.items() if key not in _BEGINNING}


def _begins(prefix: str) -> Any:
    """No LIKE, which reads % and _ in what people type and ignores case on SQLite; and an index has ranges."""
    return (JournalCall.uuid >= prefix) & (JournalCall.uuid < prefix + _LAST)


def _whole(store: Store, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The calls with their steps and parts, by one query for all of them unless these are very many."""
    facts: dict[str, list[Fact]] = {row["uuid"]: [] for row in rows}
    for start in range(0, len(rows), _CALLS_AT_ONCE):
        uuids = [row["uuid"] for row in rows[start : start + _CALLS_AT_ONCE]]
        query = JournalFact.select(*_FACT).where(JournalFact.uuid.in_(uuids)).order_by(JournalFact.id).tuples()
        for uuid, part, step, body in store.run(query):
            facts[uuid].append(Fact(part, step, _read(body, uuid)))
    whole = []
    for row in rows:
        steps, parts = _assembled(row["uuid"], facts[row["uuid"]])
        if row.get("result"):
            row["result"] = in_one_form(row["result"])
        for step in steps:
            step["target"] = in_one_form(step["target"])
        whole.append(row | {"steps": steps, "parts": parts})
    return whole


def _read(body: str, uuid: str) -> dict[str, Any]:
    """What a fact says; nothing where it is damaged, so that everything else can be read."""
    try:
        found = json.loads(body)
    except (ValueError, TypeError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    _log.error("the journal of call %s is damaged: some of it is missing", uuid)
    return {}


def _assembled(uuid: str, facts: Iterable[Fact]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    try:
        return assemble(facts)
    except (KeyError, TypeError, ValueError, AttributeError):
        _log.error("the journal of call %s is damaged: nobody knows what happened", uuid)
        return [], []


def _json(body: Mapping[str, Any]) -> str:
    return _WRITER.encode(body)


_WRITER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_FACT: Final = (JournalFact.uuid, JournalFact.part, JournalFact.step, JournalFact.body)
