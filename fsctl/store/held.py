"""When calls on hold rang back last: the claim ``hold:<uuid>`` of the channel that holds, whose time says until when.

Of several controllers that hear the same switch, the one whose statement comes first rings, and the others only once
its ringing is over and the caller has waited again.
"""

from datetime import datetime
from typing import Any

from peewee import EXCLUDED

from fsctl.store import claims
from fsctl.store.database import Store, moment, stamp
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


def rung_until(store: Store, uuid: str, node: str, now: datetime) -> datetime | None:
    """Until when the phone of this channel rang last, or will; None if it has not rung back yet.

    To be asked where nothing rings: what ``node`` itself has begun is over then, if a killed process of it did so.
    """
    ringer, until = _last(store, uuid)
    if until and until > now and ringer == node:
        rang(store, uuid, node, now)
        return now
    return until


def rung_by(store: Store, uuid: str, node: str) -> bool:
    """Whether it was this controller that rang for the channel last."""
    return _last(store, uuid)[0] == node


def forget(store: Store, uuid: str, node: str) -> None:
    """It is not on hold any more, says the controller that rang for it; what others say counts nothing."""
    claims.run_keys(store, Claim.delete().where(Claim.key == _key(uuid), Claim.node == node))


def _last(store: Store, uuid: str) -> tuple[str, datetime | None]:
    with store.reading():
        found = list(store.run(Claim.select(Claim.node, Claim.at).where(Claim.key == _key(uuid)).tuples()))
    return (found[0][0], moment(found[0][1])) if found else ("", None)


def _key(uuid: str) -> str:
    return f"hold:{uuid}"
