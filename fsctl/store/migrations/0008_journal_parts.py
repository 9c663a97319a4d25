"""What a call's policies knew and which of them passed, in the journal."""

from typing import Any

from peewee import TextField


def up(migrator: Any, db: Any) -> None:
    """Add the column; older calls have no parts."""
    migrator.migrate(migrator.add_column("journal_call", "parts", TextField(default="[]")))
