"""What people switch at run time, and a version of its own for it."""

from typing import Any

from peewee import IntegerField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    """Create the table, and the row of the version."""

    class SettingRow(Model):
        path = TextField(primary_key=True)
        value = TextField()
        who = TextField()
        at = TextField()

        class Meta:
            database = db
            table_name = "setting"

    class OfficeVersion(Model):
        id = IntegerField(primary_key=True)
        version = IntegerField()

        class Meta:
            database = db
            table_name = "office_version"

    db.create_tables([SettingRow], safe=False)
    OfficeVersion.insert(id=2, version=0).execute()
