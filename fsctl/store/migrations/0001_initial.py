"""The office as documents, its version, the history of changes, and the journal of calls."""

from typing import Any

from peewee import AutoField, CompositeKey, IntegerField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    """Create the tables, as they were at this step."""

    class Section(Model):
        kind = TextField()
        name = TextField()
        position = IntegerField()
        body = TextField()

        class Meta:
            database = db
            table_name = "section"
            primary_key = CompositeKey("kind", "name")

    class OfficeVersion(Model):
        id = IntegerField(primary_key=True)
        version = IntegerField()

        class Meta:
            database = db
            table_name = "office_version"

    class History(Model):
        id = AutoField()
        at = TextField()
        who = TextField()
        path = TextField()
        before = TextField(null=True)
        after = TextField(null=True)

        class Meta:
            database = db
            table_name = "history"

    class JournalCall(Model):
        uuid = TextField(primary_key=True)
        node = TextField()
        caller = TextField()
        dialled = TextField()
        at = TextField(index=True)
        state = TextField(index=True)
        result = TextField(null=True)
        ended_at = TextField(null=True)
        cause = TextField(null=True)
        steps = TextField()

        class Meta:
            database = db
            table_name = "journal_call"

    db.create_tables([Section, OfficeVersion, History, JournalCall], safe=False)
    OfficeVersion.insert(id=1, version=0).execute()
