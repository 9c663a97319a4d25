"""Who of each hunt group took the last call, and who has been idle since when."""

from typing import Any

from peewee import CompositeKey, IntegerField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    """Create the tables, as they were at this step."""

    class HuntTurn(Model):
        hunt = TextField(primary_key=True)
        pointer = TextField(null=True)
        turn = IntegerField()
        place = IntegerField()

        class Meta:
            database = db
            table_name = "hunt_turn"

    class HuntMember(Model):
        hunt = TextField()
        member = TextField(index=True)
        calls = IntegerField()
        accepted_at = TextField(null=True)
        ended_at = TextField(null=True)
        leg = TextField(null=True, index=True)
        node = TextField()

        class Meta:
            database = db
            table_name = "hunt_member"
            primary_key = CompositeKey("hunt", "member")

    db.create_tables([HuntTurn, HuntMember], safe=False)
