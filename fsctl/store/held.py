"""When calls on hold rang back last: the claim ``hold:<uuid>`` of the channel that holds, whose time says until when.

Of several controllers that hear the same switch, the one whose statement comes first rings, and the others only once
its ringing is over and the caller has waited again.
"""

from datetime import datetime
from typing import Any

from peewee import EXCLUDED

from fsctl.store import claims
from fsctl.store.database import Store, stamp
from fsctl.store.tables import Claim


def ring_back(store: Store, uuid: str, node: str, until: datetime, before: datetime) -> bool:
    """Whether ``node`` rings for this channel now, until the given time; not if it rang later than ``before``."""
    insert: Any = Claim.insert(key=_key(uuid), holder=uuid, node=node, at=stamp(until))
    taken = insert.on_conflict(
        conflict_target=[Claim.key],
        update={Claim.node: EXCLUDED.node, Claim.at: EXCLUDED.at},
        where=(Claim.at <= stamp(before)),
    )
    return bool(claims.run_keys(store, taken))


def rang(store: Store, uuid: str, node: str, at: datetime) -> None:
    """The ringing of ``node`` is over already."""
    claims.run_keys(store, Claim.update(at=stamp(at)).where(Claim.key == _key(uuid), Claim.node == node))


def rung(store: Store, uuid: str) -> datetime | None:
    """Until when this channel rang back last, or will; None if it has not."""
    found = _row(store, uuid)
    return datetime.fromisoformat(found[1]) if found else None


def ringer(store: Store, uuid: str) -> str | None:
    """The controller that rang for this channel last."""
    found = _row(store, uuid)
    return found[0] if found else None


def forget(store: Store, uuid: str, node: str) -> None:
    """It is not on hold any more, says the controller that rang for it; what others say counts nothing."""
    claims.run_keys(store, Claim.delete().where(Claim.key == _key(uuid), Claim.node == node))


def _row(store: Store, uuid: str) -> tuple[str, str] | None:
    with store.reading():
        return next(iter(store.run(Claim.select(Claim.node, Claim.at).where(Claim.key == _key(uuid)).tuples())), None)


def _key(uuid: str) -> str:
    return f"hold:{uuid}"
