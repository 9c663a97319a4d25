"""Old calls are found by when they ended, open ones by their state, and one by the beginning of its UUID."""

from typing import Any

from playhouse.migrate import PostgresqlMigrator


def up(migrator: Any, db: Any) -> None:
    """One index for another. PostgreSQL's can find beginnings only in an order that no language has a say in."""
    migrator.migrate(
        migrator.drop_index("journal_call", "journalcall_state"),
        migrator.add_index("journal_call", ("state", "ended_at")),
    )
    if isinstance(migrator, PostgresqlMigrator):
        db.execute_sql('ALTER TABLE journal_call ALTER COLUMN uuid TYPE text COLLATE "C"')
