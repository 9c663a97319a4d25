"""Who controls a channel: the newest outbound connection for it, and no older one.

After a transfer FreeSWITCH opens another connection for a channel and leaves the first one open. Each has the epoch
that ``own`` told it; only the highest one may act.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from peewee import EXCLUDED

from fsctl.store.database import Store, stamp
from fsctl.store.tables import ChannelOwner, Claim

_ROWS_AT_ONCE: Final = 500


def own(store: Store, uuid: str, node: str, now: datetime) -> int:
    """Take a channel over for a connection of ``node``; its epoch: 1, or one more than that of the connection before.

    What the channel has claimed is from now on freed by this node.
    """
    insert: Any = ChannelOwner.insert(uuid=uuid, node=node, epoch=1, at=stamp(now))
    taken = insert.on_conflict(
        conflict_target=[ChannelOwner.uuid],
        update={
            ChannelOwner.node: EXCLUDED.node,
            ChannelOwner.at: EXCLUDED.at,
            ChannelOwner.epoch: ChannelOwner.epoch + 1,
        },
    )
    with store.transaction():
        epoch = int(next(iter(store.run(taken.returning(ChannelOwner.epoch).tuples())))[0])
        if epoch > 1:
            store.run(Claim.update(node=node).where(Claim.holder == uuid))
    return epoch


def is_owner(store: Store, uuid: str, epoch: int) -> bool:
    """Whether the connection with this epoch still controls the channel."""
    query = ChannelOwner.select(ChannelOwner.epoch).where(ChannelOwner.uuid == uuid, ChannelOwner.epoch == epoch)
    with store.reading():
        return bool(list(store.run(query.tuples())))


def owned_by(store: Store, node: str) -> dict[str, int]:
    """The channels that connections of ``node`` control, with the epochs.

    To find those that are gone, read this first and ask FreeSWITCH for its channels afterwards: then a call that
    comes between the two is not taken for one that is gone.
    """
    query = ChannelOwner.select(ChannelOwner.uuid, ChannelOwner.epoch).where(ChannelOwner.node == node)
    with store.reading():
        return dict(store.run(query.tuples()))


def forget(store: Store, uuids: Iterable[str]) -> None:
    """These channels are gone. Only of those: one that comes again begins with epoch 1."""
    gone = sorted(uuids)
    for start in range(0, len(gone), _ROWS_AT_ONCE):
        with store.transaction():
            store.run(ChannelOwner.delete().where(ChannelOwner.uuid.in_(gone[start : start + _ROWS_AT_ONCE])))
