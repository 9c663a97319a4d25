"""Who changed what, and when: noting it within a transaction, and reading it."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from fsctl.store.database import Store, stamp
from fsctl.store.statements import Statement, given
from fsctl.store.tables import History

_NOTE: Final = Statement(lambda: History.insert(
    at=given("at"), who=given("who"), path=given("path"), before=given("before"), after=given("after")))


def note(store: Store, changes: Iterable[tuple[str, object, object]], who: str, now: datetime) -> None:
    """Write down changes as (path, before, after); None where nothing was or is."""
    at = stamp(now)
    _NOTE.run_each(store, ({"at": at, "who": who, "path": path, "before": _json(before), "after": _json(after)}
                           for path, before, after in changes))


def list_changes(store: Store, limit: int = 100) -> list[dict[str, Any]]:
    """The latest changes, newest first: ``{at, who, path, before, after}``."""
    query = History.select().order_by(History.id.desc()).limit(limit).dicts()
    with store.reading():
        rows = [dict(row) for row in store.run(query)]
    for row in rows:
        del row["id"]
        for side in ("before", "after"):
            row[side] = None if row[side] is None else _read(row[side])
    return rows


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:  # damaged: as it is
        return text


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
