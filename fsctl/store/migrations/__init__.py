"""The numbered steps that bring a database to this program's tables, and the runner that takes them once."""

from dataclasses import dataclass
from typing import Any

from playhouse.migrations import Runner

from fsctl.store.database import Store
from fsctl.store.steps import FOLDER, refuse_newer

#: Any number, the same in all versions: two programs that migrate one PostgreSQL database wait for each other.
_ADVISORY_LOCK = 0x6673_6374


@dataclass(frozen=True, slots=True)
class Step:
    """One migration, and whether this database has it."""

    name: str
    applied: bool


def migrate(store: Store) -> list[str]:
    """Take the steps that are missing, all or none; their names. Safe when several processes start at once."""
    if not _missing(_steps(store), store):
        return []
    with store.transaction():
        if store.postgresql:
            store.sql("SELECT pg_advisory_xact_lock(%s)", (_ADVISORY_LOCK,))
        runner = _runner(store)
        _missing(_read(runner), store)
        applied: list[str] = runner.up()
        return applied


def status(store: Store) -> list[Step]:
    """All steps in order. A step that only a newer program knows is listed as well."""
    return _steps(store)


def _steps(store: Store) -> list[Step]:
    with store.reading():
        return _read(_runner(store))


def _read(runner: Any) -> list[Step]:
    return [Step(row.name, row.applied is not None) for row in runner.status()]


def _missing(steps: list[Step], store: Store) -> list[Step]:
    refuse_newer(store, (step.name for step in steps))
    return [step for step in steps if not step.applied]


def _runner(store: Store) -> Any:
    return Runner(store.database, str(FOLDER))
