"""How often the office was changed, asked so cheaply that one can ask several times a second.

SQLite tells a connection by ``PRAGMA data_version`` whether another one has written since. That costs no read, but a
connection never sees so what it wrote itself: so this one is its own, and only reads.
"""

from typing import Any, Final

import peewee

from fsctl.errors import Unreachable
from fsctl.store.database import Store
from fsctl.store.office import read_versions
from fsctl.words import say

#: The SQLite that the store has: of two in one process, one takes the other's locks away when it closes the file.
_SQLITE: Final[Any] = peewee.sqlite3  # type: ignore[attr-defined]


class Versions:
    """Of the office, and of what is switched in it, whichever process changes them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection: Any = None
        self._written = -1
        self._versions = (-1, -1)

    def look(self) -> tuple[int, int]:
        """Both versions now. FsctlError while the database cannot be used."""
        if self._store.postgresql:
            return read_versions(self._store)
        try:
            return self._look()
        except _SQLITE.Error as error:
            self.close()
            raise Unreachable(say(
                "the database {database} cannot be used: {why}", database=self._store.place, why=error)) from error

    def close(self) -> None:
        """Let go of the database until the next look."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._written = None, -1

    def _look(self) -> tuple[int, int]:
        if self._connection is None:  # not before: a connection outlives no fork
            self._connection = _SQLITE.connect(
                self._store.place, timeout=0, isolation_level=None, check_same_thread=False)
        written = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if written != self._written:
            rows = dict(self._connection.execute("SELECT id, version FROM office_version").fetchall())
            self._versions, self._written = (rows.get(1, 0), rows.get(2, 0)), written
        return self._versions
