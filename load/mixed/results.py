"""What the journal says of the calls that were made."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fsctl.store.database import open_database
from fsctl.store.journal_table import list_calls
from load.mixed.plan import Placed


@dataclass
class Results:
    """Of one kind of call: how many came where they should, and had to wait; and the way of those that went wrong."""

    right: int = 0
    waited: int = 0
    wrong: list[str] = field(default_factory=list)


def of_kinds(database: Path, calls: Sequence[Placed]) -> Mapping[str, Results]:
    """What became of each kind of call."""
    known = {call.dialled: call for call in calls}
    found = {call.kind: Results() for call in calls}
    store = open_database(str(database))
    try:
        for row in list_calls(store, 2 * len(calls)):
            if (call := known.get(row["dialled"])) is None:
                continue
            told, ended = found[call.kind], row["state"] == "ended"
            told.waited += any(step["action"] == "wait" for step in row["steps"])
            if ended and re.fullmatch(call.result, row["result"] or ""):
                told.right += 1
            else:
                told.wrong.append(_way(row))
    finally:
        store.close()
    return found


def _way(row: Mapping[str, Any]) -> str:
    steps = "; ".join(f"{step['action']} {step['target']} {step['outcome']}" for step in row["steps"])
    return f"{row['at']} {row['caller']} to {row['dialled']}: {row['state']}, {row['result']}, {row['cause']}: {steps}"
