"""The journal's table: saving what is known of a call, and reading past and present calls."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Literal

from peewee import fn

from fsctl.errors import FsctlError
from fsctl.store.database import Store, stamp
from fsctl.store.tables import JournalCall

JournalState = Literal["ringing", "talking", "parked", "ended"]
ORPHANED: Final = "unknown: controller restarted"


def save(store: Store, entries: Iterable[tuple[str, Mapping[str, Any], bool]]) -> None:
    """Write ``(uuid, facts, new)`` in their order, all or none. A new one that is known already opens again."""
    with store.transaction():
        for uuid, facts, new in entries:
            if new:
                again = {
                    "node": facts["node"],
                    "state": facts["state"],
                    "result": None,
                    "ended_at": None,
                    "cause": None,
                }
                row = JournalCall.insert(uuid=uuid, steps="[]", parts="[]", **facts)
                store.run(row.on_conflict(conflict_target=[JournalCall.uuid], update=again))
            elif facts:
                store.run(JournalCall.update(**facts).where(JournalCall.uuid == uuid))


def open_calls(store: Store, node: str) -> dict[str, str]:
    """The calls of the controller ``node`` that have not ended, as far as was written: their states by UUID."""
    query = JournalCall.select(JournalCall.uuid, JournalCall.state)
    with store.reading():
        return dict(store.run(query.where(JournalCall.node == node, JournalCall.state != "ended").tuples()))


def close_calls(store: Store, causes: Mapping[str, str], now: datetime) -> list[str]:
    """End those of the calls that are open yet, each with its cause ("" if that is not known); which these were."""
    result = fn.COALESCE(fn.NULLIF(JournalCall.result, ""), ORPHANED)  # who answered stays known
    closed = []
    with store.transaction():
        for uuid, cause in causes.items():
            end = JournalCall.update(state="ended", result=result, ended_at=stamp(now), cause=cause)
            if store.run(end.where(JournalCall.uuid == uuid, JournalCall.state != "ended")):
                closed.append(uuid)
    return closed


def list_calls(store: Store, limit: int = 100) -> list[dict[str, Any]]:
    """The latest calls, newest first."""
    query = JournalCall.select().order_by(JournalCall.at.desc(), JournalCall.uuid).limit(limit).dicts()
    with store.reading():
        return [_shown(row) for row in store.run(query)]


def show(store: Store, uuid: str) -> dict[str, Any]:
    """One call by its uuid or the beginning of it; FsctlError when none or several begin so."""
    # No LIKE: it reads % and _ in what people type, and ignores case on SQLite.
    query = JournalCall.select().where(_begins(uuid)).order_by(JournalCall.at.desc()).limit(6).dicts()
    with store.reading():
        found = [_shown(row) for row in store.run(query)]
    exact = [call for call in found if call["uuid"] == uuid]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        raise FsctlError(f"No call's uuid begins with {uuid!r}; 'fsctl calls list' shows those there are.")
    raise FsctlError(
        f"Several calls begin with {uuid!r}: {', '.join(call['uuid'] for call in found[:5])}. Write more."
    )


def _begins(prefix: str) -> Any:
    return fn.SUBSTR(JournalCall.uuid, 1, len(prefix)) == prefix


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("uuid", "caller", "dialled", "at", "state", "result", "ended_at", "cause", "node")
    return {key: row[key] for key in keys} | {name: json.loads(row[name]) for name in ("steps", "parts")}
