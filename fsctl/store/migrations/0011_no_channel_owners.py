"""The connection that controls a channel is told by a variable of the channel; nobody wrote or read the table."""

from typing import Any

from peewee import Model


def up(migrator: Any, db: Any) -> None:
    """Drop the table."""

    class ChannelOwner(Model):
        class Meta:
            database = db
            table_name = "channel_owner"

    db.drop_tables([ChannelOwner], safe=False)
