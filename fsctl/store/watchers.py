"""Who watches lamps that show each person something else, by subscription.

FreeSWITCH keeps subscriptions over a restart of fsctl and tells of them only when a phone renews one.
"""

from dataclasses import dataclass
from datetime import datetime

from fsctl.store.database import Store, moment, stamp
from fsctl.store.tables import LampWatcher


@dataclass(frozen=True, slots=True)
class Watcher:
    """``call_id`` is that of the SUBSCRIBE, ``lamp`` the name watched, ``user`` the extension of who watches."""

    call_id: str
    lamp: str
    user: str
    until: datetime


def watch(store: Store, watcher: Watcher, switch: str, now: datetime) -> None:
    """A phone subscribed at the FreeSWITCH ``switch``, or renewed that. Those that have run out are forgotten."""
    row = {"lamp": watcher.lamp, "user": watcher.user, "switch": switch, "until": stamp(watcher.until)}
    written = LampWatcher.insert(call_id=watcher.call_id, **row)
    with store.transaction():
        store.run(LampWatcher.delete().where(LampWatcher.until < stamp(now)))
        store.run(written.on_conflict(conflict_target=[LampWatcher.call_id], update=row))


def unwatch(store: Store, call_id: str) -> None:
    """A subscription ended."""
    with store.transaction():
        store.run(LampWatcher.delete().where(LampWatcher.call_id == call_id))


def switches_of(store: Store) -> list[str]:
    """Those at which there are subscriptions, as ``127.0.0.1:8021``."""
    with store.reading():
        return sorted(switch for (switch,) in store.run(LampWatcher.select(LampWatcher.switch).distinct().tuples()))


def watchers(store: Store, switch: str, now: datetime) -> list[Watcher]:
    """The subscriptions at one FreeSWITCH that have not run out."""
    query = LampWatcher.select().where(LampWatcher.switch == switch, LampWatcher.until >= stamp(now))
    with store.reading():
        rows = list(store.run(query.order_by(LampWatcher.call_id)))
    return [Watcher(row.call_id, row.lamp, row.user, until) for row in rows if (until := moment(row.until))]
