"""Where the directory and the SIP passwords lie, so that whoever writes them anew finds them again."""

from typing import Any

from peewee import TextField


def up(migrator: Any, db: Any) -> None:
    """Add the columns. Where they lie that were written before, nobody knows until they are written once more."""
    migrator.migrate(
        migrator.add_column("office_version", "directory", TextField(null=True)),
        migrator.add_column("office_version", "passwords", TextField(null=True)),
    )
