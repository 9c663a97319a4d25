"""What is known of a call, fact by fact instead of all of it anew each time."""

import json
from collections.abc import Iterator
from typing import Any

from peewee import AutoField, IntegerField, Model, TextField

_CALLS_AT_ONCE = 200
_ROWS_AT_ONCE = 100

Row = tuple[str, str, int | None, str]


def up(migrator: Any, db: Any) -> None:
    """Create the table as it was at this step, and take apart what the calls have had in two columns until now."""

    class JournalCall(Model):
        uuid = TextField(primary_key=True)
        at = TextField()
        steps = TextField()
        parts = TextField()

        class Meta:
            database = db
            table_name = "journal_call"

    class JournalFact(Model):
        id = AutoField()
        uuid = TextField(index=True)
        part = TextField()
        step = IntegerField(null=True)
        body = TextField()

        class Meta:
            database = db
            table_name = "journal_fact"

    db.create_tables([JournalFact], safe=False)
    columns = (JournalFact.uuid, JournalFact.part, JournalFact.step, JournalFact.body)
    left = JournalCall.select().order_by(JournalCall.uuid).limit(_CALLS_AT_ONCE)
    calls = list(left)
    while calls:
        rows = [row for call in calls
                for row in _facts(call.uuid, call.at, json.loads(call.steps), json.loads(call.parts))]
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            JournalFact.insert_many(rows[start : start + _ROWS_AT_ONCE], columns).execute()
        calls = list(left.where(JournalCall.uuid > calls[-1].uuid))
    migrator.migrate(migrator.drop_column("journal_call", "steps"), migrator.drop_column("journal_call", "parts"))


def _facts(uuid: str, at: str, steps: list[Any], parts: list[Any]) -> Iterator[Row]:
    """Part "0" are the steps before the first part, or of a call that has none. All began with the call."""
    starts = [part["first"] for part in parts]
    ends = [*starts, len(steps)]
    yield from _steps(uuid, "0", at, 0, steps[: ends[0]], [])
    for number, (part, first, end) in enumerate(zip(parts, starts, ends[1:], strict=True), start=1):
        told = {key: value for key, value in part.items() if key not in ("first", "passed")}
        yield uuid, str(number), None, _json({"begun": at} | told)
        yield from _steps(uuid, str(number), at, first, steps[first:end], part.get("passed", []))


def _steps(uuid: str, part: str, at: str, first: int, steps: list[Any], passed: list[Any]) -> Iterator[Row]:
    for number, step in enumerate(steps):
        asked = [{key: value for key, value in each.items() if key != "before"}
                 for each in passed if each["before"] == first + number]
        begun = {"begun": at} if number == 0 else {}
        yield uuid, part, number, _json(begun | step | ({"passed": asked} if asked else {}))


def _json(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
