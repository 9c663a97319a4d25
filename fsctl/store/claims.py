"""Claims: of several calls that want the same thing at once, exactly one gets it.

A claim is a row, and each change of it one statement with its own condition: what a process read before never counts.
``holder`` is a channel's UUID, ``node`` the controller that answers for it, and that frees it when the channel is gone.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from peewee import EXCLUDED, Value

from fsctl.store.database import Store, stamp
from fsctl.store.tables import ChannelOwner, Claim

_ROWS_AT_ONCE: Final = 500


def take(store: Store, key: str, holder: str, node: str, now: datetime, epoch: int | None = None) -> bool:
    """Whether ``holder`` has ``key`` now; one that has it already takes it again, and has it since the first time.

    With ``epoch`` (fsctl.store.owners) only the newest connection of the channel takes anything.
    """
    columns = [Claim.key, Claim.holder, Claim.node, Claim.at]
    if epoch is None:
        insert: Any = Claim.insert_many([(key, holder, node, stamp(now))], columns)
    else:
        newest: Any = ChannelOwner.select(Value(key), ChannelOwner.uuid, Value(node), Value(stamp(now)))
        newest = newest.where(ChannelOwner.uuid == holder, ChannelOwner.epoch == epoch)
        if store.postgresql:  # SQLite has one writer anyway
            # Without it, a connection that takes over meanwhile could be told so before this claim shows.
            newest = newest.for_update("FOR SHARE")
        insert = Claim.insert_from(newest, columns)
    taken = insert.on_conflict(
        conflict_target=[Claim.key], update={Claim.node: EXCLUDED.node}, where=(Claim.holder == EXCLUDED.holder)
    )
    return bool(run_keys(store, taken))


def release(store: Store, key: str, holder: str) -> bool:
    """Give up a claim. False: ``holder`` had it no more, and whoever has it keeps it."""
    return bool(run_keys(store, Claim.delete().where(Claim.key == key, Claim.holder == holder)))


def release_all(store: Store, holder: str) -> list[str]:
    """Give up all claims of a channel; their keys. At a hang-up, ``owners.forget`` it first: then it takes no more."""
    return run_keys(store, Claim.delete().where(Claim.holder == holder))


def pass_on(store: Store, key: str, from_holder: str, to_holder: str, node: str, now: datetime) -> bool:
    """Hand a claim to another channel, which ``node`` answers for, without anyone getting between.

    False: ``from_holder`` had it no more.
    """
    moved = Claim.update(holder=to_holder, node=node, at=stamp(now))
    return bool(run_keys(store, moved.where(Claim.key == key, Claim.holder == from_holder)))


def holder_of(store: Store, key: str) -> str | None:
    """The channel that has it."""
    with store.reading():
        found = list(store.run(Claim.select(Claim.holder).where(Claim.key == key).tuples()))
    return found[0][0] if found else None


def release_gone(store: Store, node: str, alive: Collection[str], before: datetime | None = None) -> list[str]:
    """Free what channels of ``node`` had that are not among those ``alive``; the keys.

    ``before`` is when FreeSWITCH was asked which are alive: what calls have claimed since then stays theirs.
    """
    ours: Any = Claim.node == node
    if before is not None:
        ours &= Claim.at < stamp(before)
    with store.reading():
        holders = [row[0] for row in store.run(Claim.select(Claim.holder).where(ours).distinct().tuples())]
    living = frozenset(alive)
    gone = sorted(holder for holder in holders if holder not in living)
    freed: list[str] = []
    for start in range(0, len(gone), _ROWS_AT_ONCE):
        some = gone[start : start + _ROWS_AT_ONCE]
        freed += run_keys(store, Claim.delete().where(ours, Claim.holder.in_(some)))
    return sorted(freed)


def release_node(store: Store, node: str) -> list[str]:
    """Free all that channels of ``node`` had, as when that controller is taken away for good; the keys."""
    return run_keys(store, Claim.delete().where(Claim.node == node))


def list_claims(store: Store) -> list[dict[str, Any]]:
    """``{key, holder, node, at}`` of all claims, by key."""
    with store.reading():
        return sorted(store.run(Claim.select().dicts()), key=lambda row: str(row["key"]))


def run_keys(store: Store, statement: Any) -> list[str]:
    """Run a statement that changes claims; the keys of those it changed."""
    with store.transaction():
        return sorted(row[0] for row in store.run(statement.returning(Claim.key).tuples()))
