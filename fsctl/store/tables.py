"""The tables. The models belong to no database: a Store runs their queries (``store.run(Section.select())``)."""

from typing import Final

from peewee import AutoField, CompositeKey, IntegerField, Model, TextField


class Section(Model):
    """One entry of the office file as it was written: ``users``, ``101``; name "" for what has no entries."""

    kind = TextField()
    name = TextField()
    position = IntegerField()
    body = TextField()

    class Meta:
        table_name = "section"
        primary_key = CompositeKey("kind", "name")


class OfficeVersion(Model):
    """Row 1: a version that grows with each change of the office. 0: nothing was applied yet. Row 2: of settings.

    ``folder`` is where the office file lies, in row 1; NULL where nobody knows. ``directory`` and ``passwords`` are
    where the files for FreeSWITCH were written last (fsctl.store.freeswitch_files).
    """

    id = IntegerField(primary_key=True)
    version = IntegerField()
    folder = TextField(null=True)
    directory = TextField(null=True)
    passwords = TextField(null=True)

    class Meta:
        table_name = "office_version"


class SettingRow(Model):
    """What was switched at run time, by its path (``forward.101.always``), by whom and when. No apply touches it."""

    path = TextField(primary_key=True)
    value = TextField()
    who = TextField()
    at = TextField()

    class Meta:
        table_name = "setting"


class Claim(Model):
    """What one call has for itself (``call:<uuid>``, ``slot:701``): its holder, a channel's UUID, since when.

    ``node`` is the controller that answers for the holder.
    """

    key = TextField(primary_key=True)
    holder = TextField(index=True)
    node = TextField(index=True)
    at = TextField()

    class Meta:
        table_name = "claim"


class HuntTurn(Model):
    """A hunt group's ``pointer``, the member who took its last call; ``turn`` counts the calls taken.

    ``place`` is how far the pointer has come (fsctl.model.hunting). No apply touches it.
    """

    hunt = TextField(primary_key=True)
    pointer = TextField(null=True)
    turn = IntegerField()
    place = IntegerField()

    class Meta:
        table_name = "hunt_turn"


class HuntMember(Model):
    """A member's part in a hunt group; group "": in calls of any kind. ``leg`` is the channel of who talks now.

    ``node`` is the controller that answers for that channel.
    """

    hunt = TextField()
    member = TextField(index=True)
    calls = IntegerField()
    accepted_at = TextField(null=True, index=True)
    ended_at = TextField(null=True)
    leg = TextField(null=True, index=True)
    node = TextField()

    class Meta:
        table_name = "hunt_member"
        primary_key = CompositeKey("hunt", "member")


class ParkedCall(Model):
    """A call that waits in ``slot``: its channel, for which group, who is calling, who parked it, since and until when.

    ``recall_at`` is when FreeSWITCH lets it come back. ``node`` is the controller that answers for the channel.
    """

    slot = TextField(primary_key=True)
    uuid = TextField(unique=True)
    group = TextField()
    caller = TextField()
    parker = TextField()
    since = TextField()
    recall_at = TextField()
    node = TextField(index=True)

    class Meta:
        table_name = "parked_call"


class LampWatcher(Model):
    """A subscription to a lamp that shows its watcher alone something, at the FreeSWITCH ``switch``, until when."""

    call_id = TextField(primary_key=True)
    lamp = TextField()
    user = TextField()
    switch = TextField(index=True)
    until = TextField()

    class Meta:
        table_name = "lamp_watcher"


class History(Model):
    """Who changed what. ``at`` is UTC in ISO 8601; before and after are JSON, NULL where there was nothing."""

    id = AutoField()
    at = TextField()
    who = TextField()
    path = TextField()
    before = TextField(null=True)
    after = TextField(null=True)

    class Meta:
        table_name = "history"


class JournalCall(Model):
    """One call, past or present, on the controller ``node``. Times are UTC in ISO 8601.

    UUIDs sort by their characters, on PostgreSQL too, whatever language its database has.
    """

    uuid = TextField(primary_key=True)
    node = TextField()
    caller = TextField()
    dialled = TextField()
    at = TextField(index=True)
    state = TextField()
    result = TextField(null=True)
    ended_at = TextField(null=True)
    cause = TextField(null=True)

    class Meta:
        table_name = "journal_call"
        indexes = ((("state", "ended_at"), False),)


class JournalFact(Model):
    """Something about a call, in the order of writing; never changed. ``body`` is JSON (fsctl.store.journal_parts)."""

    id = AutoField()
    uuid = TextField(index=True)
    part = TextField()
    step = IntegerField(null=True)
    body = TextField()

    class Meta:
        table_name = "journal_fact"


TABLES: Final = (
    Section, OfficeVersion, SettingRow, Claim, HuntTurn, HuntMember, ParkedCall, LampWatcher, History,
    JournalCall, JournalFact,
)
