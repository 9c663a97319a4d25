"""What the journal says of the calls that were made."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from fsctl.store.database import open_database
from fsctl.store.journal_table import list_calls
from load.mixed.plan import Placed


def of_kinds(database: Path, calls: Sequence[Placed]) -> Mapping[str, Counter[str]]:
    """How often each kind of call came to which result; "open" have not ended, and "waited" counts who had to wait."""
    kinds = {call.dialled: call.kind for call in calls}
    found: dict[str, Counter[str]] = {kind: Counter() for kind in kinds.values()}
    store = open_database(str(database))
    try:
        for row in list_calls(store, 2 * len(calls)):
            if kind := kinds.get(row["dialled"]):
                found[kind][row["result"] or "none" if row["state"] == "ended" else "open"] += 1
                found[kind]["waited"] += any(step["action"] == "wait" for step in row["steps"])
    finally:
        store.close()
    return found
