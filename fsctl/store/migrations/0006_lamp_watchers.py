"""Who watches lamps that show each person something else."""

from typing import Any

from peewee import Model, TextField


def up(migrator: Any, db: Any) -> None:
    """Create the table, as it was at this step."""

    class LampWatcher(Model):
        call_id = TextField(primary_key=True)
        lamp = TextField()
        user = TextField()
        switch = TextField(index=True)
        until = TextField()

        class Meta:
            database = db
            table_name = "lamp_watcher"

    db.create_tables([LampWatcher], safe=False)
