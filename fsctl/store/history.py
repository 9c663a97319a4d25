"""Who changed what, and when: noting it within a transaction, and reading it."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fsctl.store.database import Store, stamp
from fsctl.store.tables import History


def note(store: Store, changes: Iterable[tuple[str, object, object]], who: str, now: datetime) -> None:
    """Write down changes as (path, before, after); None where nothing was or is."""
    at = stamp(now)
    rows = ((at, who, path, _json(before), _json(after)) for path, before, after in changes)
    store.insert_all(History, ("at", "who", "path", "before", "after"), rows)


def list_changes(store: Store, limit: int = 100) -> list[dict[str, Any]]:
    """The latest changes, newest first: ``{at, who, path, before, after}``."""
    query = History.select().order_by(History.id.desc()).limit(limit).dicts()
    with store.reading():
        rows = [dict(row) for row in store.run(query)]
    for row in rows:
        del row["id"]
        for side in ("before", "after"):
            row[side] = None if row[side] is None else json.loads(row[side])
    return rows


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
