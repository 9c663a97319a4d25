"""Who has just taken a call is found by when that was."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """An index."""
    migrator.migrate(migrator.add_index("hunt_member", ("accepted_at",)))
