"""Forgetting calls that ended long ago. A call that has not ended is kept, however long ago it began."""

from datetime import datetime
from typing import Any

from fsctl.store.database import Store, stamp
from fsctl.store.tables import JournalCall, JournalFact


def remove(store: Store, before: datetime, at_most: int) -> int:
    """Remove calls that ended before an instant, the oldest first, with all that is known of them; how many.

    Several controllers may do so at once, each with other calls.
    """
    over = (JournalCall.state == "ended") & (JournalCall.ended_at < stamp(before))
    oldest: Any = JournalCall.select(JournalCall.uuid).where(over).order_by(JournalCall.ended_at).limit(at_most)
    if store.postgresql:  # on SQLite nobody else writes meanwhile
        oldest = oldest.for_update(skip_locked=True)
    with store.transaction():
        uuids = [uuid for (uuid,) in store.run(oldest.tuples())]
        if uuids:
            store.run(JournalFact.delete().where(JournalFact.uuid.in_(uuids)))
            store.run(JournalCall.delete().where(JournalCall.uuid.in_(uuids)))
    return len(uuids)
