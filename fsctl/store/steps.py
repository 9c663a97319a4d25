"""Which of the numbered steps a database has taken, asked without what takes them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

from fsctl.errors import FsctlError
from fsctl.store.database import Store
from fsctl.words import say

#: Where the steps lie.
FOLDER: Final = Path(__file__).parent / "migrations"

#: The runner's own table.
_TABLE: Final = "schema_migration"


def state(store: Store) -> Literal["empty", "older", "current"]:
    """Whether the database has these tables, or those of an older fsctl, or none; FsctlError for a newer one's."""
    with store.reading():
        if not store.database.table_exists(_TABLE):
            return "empty"
        taken = {name for (name,) in store.sql(f"SELECT name FROM {_TABLE}").fetchall()}
    refuse_newer(store, taken)
    return "current" if taken == known() else "older" if taken else "empty"


def refuse_newer(store: Store, names: Iterable[str]) -> None:
    """FsctlError where there are steps among these that this program does not know."""
    if unknown := sorted(set(names) - known()):
        raise FsctlError(say(
            "the database {database} was made by a newer fsctl (it has {steps}): install that version, or use another"
            " database", database=store.place, steps=", ".join(unknown)))


def refuse_foreign(store: Store) -> None:
    """FsctlError where an SQLite file has another program's tables: it is not what was meant."""
    with store.reading():
        tables = [] if store.postgresql else store.database.get_tables()
    if tables and _TABLE not in tables:
        raise FsctlError(say(
            "the database {database} is another program's (it has the table {table}): name another one",
            database=store.place, table=tables[0]))


def known() -> set[str]:
    """The names of all steps."""
    return {path.stem for path in FOLDER.glob("[0-9]*.py")}
