"""Where the office file lies, since the folder of recordings is named relative to it."""

from typing import Any

from peewee import TextField


def up(migrator: Any, db: Any) -> None:
    """Add the column. Of an office that was applied before nobody knows it until the next apply."""
    migrator.migrate(migrator.add_column("office_version", "folder", TextField(null=True)))
