"""A journal with many calls that have ended, written straight into its tables."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from fsctl.store.database import Store, stamp
from fsctl.store.tables import JournalCall, JournalFact

_TALK = timedelta(seconds=90)
_CALLS_AT_ONCE = 10_000

_CALL = ("uuid", "node", "caller", "dialled", "at", "state", "result", "ended_at", "cause")
_FACT = ("uuid", "part", "step", "body")

#: What the policies were told of an outside call, as long as a real one has it.
_TOLD = {
    "direction": "inbound", "number": "+4915112345678", "name": "Lee", "dialled": "+49305550101", "trunk": "provider",
    "language": "de", "known": True, "user": None, "withheld": False, "diverted_by": [], "transferred_by": None,
    "variables": {"sip_call_id": "x" * 40, "sip_user_agent": "y" * 40, "ep_codec_string": "z" * 120}, "others": [],
}
_PASSED = [{"policy": policy, "reason": "not_concerned"} for policy in ("emergency", "intercept", "night_service")]


def uuid_of(number: int) -> str:
    """The UUID of the call ``number``, counted from 0, the oldest. They lie as scattered as FreeSWITCH's."""
    return str(uuid5(NAMESPACE_OID, str(number)))


def fill(store: Store, calls: int, since: datetime, until: datetime, node: str = "one") -> None:
    """Write so many calls with three facts each, which began evenly between ``since`` and ``until``."""
    apart = (until - since) / max(calls, 1)
    for start in range(0, calls, _CALLS_AT_ONCE):
        numbers = range(start, min(start + _CALLS_AT_ONCE, calls))
        with store.transaction():
            _insert(store, JournalCall, _CALL, [_call(number, since + apart * number, node) for number in numbers])
            _insert(store, JournalFact, _FACT, [fact for number in numbers
                                                for fact in _facts(number, since + apart * number)])


def _call(number: int, at: datetime, node: str) -> tuple[Any, ...]:
    return (uuid_of(number), node, "+4915112345678", "+49305550101", stamp(at), "ended", "user:101", stamp(at + _TALK),
            "NORMAL_CLEARING")


def _facts(number: int, at: datetime) -> Iterator[tuple[Any, ...]]:
    uuid, part = uuid_of(number), f"{number:012x}"
    step = {"policy": "extension", "action": "ring", "target": "user:101", "reason": {"id": "extension.rings"}}
    yield uuid, part, None, _json({"begun": stamp(at)} | _TOLD)
    yield uuid, part, 0, _json(step | {"passed": _PASSED})
    yield uuid, part, 0, _json({"outcome": "answered", "detail": "user:101"})


def _insert(store: Store, table: Any, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Many times as fast as by queries."""
    database: Any = store.database
    values = ", ".join([database.param] * len(columns))
    statement = f"INSERT INTO {table._meta.table_name} ({', '.join(columns)}) VALUES ({values})"
    database.cursor().executemany(statement, rows)


def _json(body: object) -> str:
    return json.dumps(body, separators=(",", ":"))
