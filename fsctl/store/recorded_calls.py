"""What the journal knows of recorded talks: who began to record, and whose call it was."""

from collections.abc import Collection
from typing import Final

from fsctl.store.database import Store
from fsctl.store.tables import JournalCall

#: The result of a call by which somebody began to record: this, and the file's name; or that he ended it.
_RESULT: Final = "recording:"
_CALLS_AT_ONCE: Final = 500


def recorded_by(store: Store) -> dict[str, str]:
    """Whose recording a file is, by its name: an extension."""
    query = JournalCall.select(JournalCall.result, JournalCall.caller).where(JournalCall.result.startswith(_RESULT))
    with store.reading():
        return {result.removeprefix(_RESULT): caller for result, caller in store.run(query.tuples())}


def who_called(store: Store, uuids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Who called, and what was dialled, of those of the calls that are in the journal."""
    wanted, found = sorted(uuids), {}
    with store.reading():
        for start in range(0, len(wanted), _CALLS_AT_ONCE):
            query = JournalCall.select(JournalCall.uuid, JournalCall.caller, JournalCall.dialled)
            some = query.where(JournalCall.uuid.in_(wanted[start : start + _CALLS_AT_ONCE]))
            found.update({uuid: (caller, dialled) for uuid, caller, dialled in store.run(some.tuples())})
    return found
