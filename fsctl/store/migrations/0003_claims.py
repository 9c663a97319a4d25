"""What calls reserve for themselves, and which connection controls a channel."""

from typing import Any

from peewee import IntegerField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    """Create the tables, as they were at this step."""

    class Claim(Model):
        key = TextField(primary_key=True)
        holder = TextField(index=True)
        node = TextField(index=True)
        at = TextField()

        class Meta:
            database = db
            table_name = "claim"

    class ChannelOwner(Model):
        uuid = TextField(primary_key=True)
        node = TextField(index=True)
        epoch = IntegerField()
        at = TextField()

        class Meta:
            database = db
            table_name = "channel_owner"

    db.create_tables([Claim, ChannelOwner], safe=False)
