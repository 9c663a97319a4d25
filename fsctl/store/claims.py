"""Claims: of several calls that want the same thing at once, exactly one gets it.

A claim is a row, and each change of it one statement with its own condition: what a process read before never counts.
``holder`` is a channel's UUID, ``node`` the controller that answers for it, and that frees it when the channel is gone.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from peewee import EXCLUDED

from fsctl.store.database import Store, stamp
from fsctl.store.statements import Statement, given
from fsctl.store.tables import Claim

_ROWS_AT_ONCE: Final = 500

#: What is taken on conflict is taken only from oneself.
_OWN: Final[Any] = {
    "conflict_target": [Claim.key], "update": {Claim.node: EXCLUDED.node}, "where": Claim.holder == EXCLUDED.holder}
_TAKE: Final = Statement(lambda: Claim.insert(
    key=given("key"), holder=given("holder"), node=given("node"), at=given("at"),
).on_conflict(**_OWN).returning(Claim.key))
_RELEASE: Final = Statement(lambda: Claim.delete().where(Claim.key == given("key"), Claim.holder == given("holder")))
_RELEASE_ALL: Final = Statement(lambda: Claim.delete().where(Claim.holder == given("holder")).returning(Claim.key))
_HOLDER: Final = Statement(lambda: Claim.select(Claim.holder).where(Claim.key == given("key")))


def take(store: Store, key: str, holder: str, node: str, now: datetime) -> bool:
    """Whether ``holder`` has ``key`` now; one that has it already takes it again, and has it since the first time."""
    with store.transaction():
        return bool(_TAKE.rows(store, key=key, holder=holder, node=node, at=stamp(now)))


def release(store: Store, key: str, holder: str) -> bool:
    """Give up a claim. False: ``holder`` had it no more, and whoever has it keeps it."""
    with store.transaction():
        return bool(_RELEASE.run(store, key=key, holder=holder))


def release_all(store: Store, holder: str) -> list[str]:
    """Give up all claims of a channel; their keys."""
    with store.transaction():
        return sorted(key for (key,) in _RELEASE_ALL.rows(store, holder=holder))


def holder_of(store: Store, key: str) -> str | None:
    """The channel that has it."""
    with store.reading():
        found = _HOLDER.rows(store, key=key)
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


def release_begun(store: Store, node: str) -> list[str]:
    """Free the calls (``call:<uuid>``) that a process of ``node``, which is gone, was about to take over; the keys."""
    return run_keys(store, Claim.delete().where(Claim.node == node, Claim.key.startswith("call:")))


def list_claims(store: Store) -> list[dict[str, Any]]:
    """``{key, holder, node, at}`` of all claims, by key."""
    with store.reading():
        return sorted(store.run(Claim.select().dicts()), key=lambda row: str(row["key"]))


def run_keys(store: Store, statement: Any) -> list[str]:
    """Run a statement that changes claims; the keys of those it changed."""
    with store.transaction():
        return sorted(row[0] for row in store.run(statement.returning(Claim.key).tuples()))
