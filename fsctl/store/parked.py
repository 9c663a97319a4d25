"""Parked calls: a slot has one call at a time, and a call one slot. FreeSWITCH has the call; this says where it is.

``uuid`` is the channel of who waits, ``node`` the controller that answers for it and frees its slot when it is gone;
"" where a command line has parked it, and any does so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from fsctl.store.database import Store, stamp
from fsctl.store.tables import ParkedCall

_ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """Who waits where. ``group`` is "" for a person's extension, ``caller`` a number or extension, for people."""

    slot: str
    uuid: str
    group: str
    caller: str
    parker: str
    recall_seconds: int


class _Occupied(Exception):
    """Rolls back."""


def put(store: Store, entry: Entry, node: str, now: datetime) -> bool:
    """Whether the call has the slot now. One that has it already keeps it, and its time begins anew.

    False: another call has it, and this one keeps what it had elsewhere, which else is free.
    """
    columns = {
        "slot": entry.slot, "uuid": entry.uuid, "group": entry.group, "caller": entry.caller, "parker": entry.parker,
        "since": stamp(now), "recall_at": stamp(now + timedelta(seconds=entry.recall_seconds)), "node": node,
    }
    insert = ParkedCall.insert(**columns).on_conflict(
        conflict_target=[ParkedCall.slot],
        update={name: value for name, value in columns.items() if name not in ("slot", "uuid", "since")},
        where=(ParkedCall.uuid == entry.uuid))
    try:
        with store.transaction():
            if store.postgresql:  # SQLite has one writer anyway
                # Else two calls that change places wait for each other, and a call that two park at once is put twice.
                store.sql("LOCK TABLE parked_call IN SHARE ROW EXCLUSIVE MODE")
            store.run(ParkedCall.delete().where(ParkedCall.uuid == entry.uuid, ParkedCall.slot != entry.slot))
            if not list(store.run(insert.returning(ParkedCall.slot).tuples())):
                raise _Occupied
    except _Occupied:
        return False
    return True


def free(store: Store, uuids: Iterable[str], before: datetime | None = None) -> list[str]:
    """These calls wait nowhere any more; the slots. With ``before`` only of those parked until then."""
    gone, freed = sorted(uuids), list[str]()
    with store.transaction():
        for start in range(0, len(gone), _ROWS_AT_ONCE):
            which: Any = ParkedCall.uuid.in_(gone[start : start + _ROWS_AT_ONCE])
            if before is not None:
                which &= ParkedCall.since < stamp(before)
            delete = ParkedCall.delete().where(which).returning(ParkedCall.slot)
            freed += [slot for (slot,) in store.run(delete.tuples())]
    return sorted(freed)


def waiting(store: Store, node: str | None = None) -> dict[str, str]:
    """The slots of all calls by their channels, or of those that ``node`` answers for, or nobody."""
    query = ParkedCall.select(ParkedCall.uuid, ParkedCall.slot)
    if node is not None:
        query = query.where(ParkedCall.node.in_([node, ""]))
    with store.reading():
        return dict(store.run(query.tuples()))


def list_parked(store: Store) -> list[dict[str, Any]]:
    """``{slot, group, caller, parker, since, recall_at, uuid}`` of all parked calls, by slot."""
    columns = ("slot", "group", "caller", "parker", "since", "recall_at", "uuid")
    with store.reading():
        rows = list(store.run(ParkedCall.select().dicts()))
    return sorted(({key: row[key] or None for key in columns} for row in rows), key=lambda row: str(row["slot"]))
