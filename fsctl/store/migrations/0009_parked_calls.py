"""Which call is parked where."""

from typing import Any

from peewee import Model, TextField


def up(migrator: Any, db: Any) -> None:
    """Create the table, as it was at this step."""

    class ParkedCall(Model):
        slot = TextField(primary_key=True)
        uuid = TextField(unique=True)
        group = TextField()
        caller = TextField()
        parker = TextField()
        since = TextField()
        recall_at = TextField()
        node = TextField(index=True)

        class Meta:
            database = db
            table_name = "parked_call"

    db.create_tables([ParkedCall], safe=False)
