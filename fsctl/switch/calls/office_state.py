"""What calls change and look up outside of themselves, on the database and the links of this process."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime

from fsctl.errors import FsctlError
from fsctl.model.actions import Change, Park
from fsctl.model.call import Call
from fsctl.model.group_calls import rung_for
from fsctl.model.live import LiveCall
from fsctl.model.who import by_phone
from fsctl.store import claims, parked
from fsctl.store.database import Store
from fsctl.store.parked import Entry
from fsctl.store.settings import change_setting
from fsctl.switch.calls.hunt_store import StoreHunts
from fsctl.switch.link.calls_now import Heard, wait_ended
from fsctl.switch.link.live import Ended
from fsctl.switch.wire.contacts import Places


class StoreState:
    """One process's State (fsctl.switch.calls.surroundings)."""

    def __init__(self, store: Store, node: str, now: Callable[[], datetime], heard: Heard) -> None:
        self._store, self._node, self._now, self._heard = store, node, now, heard
        self._hunts = StoreHunts(store, node, now, heard)
        self.places = Places()

    @property
    def hunts(self) -> StoreHunts:
        """What calls to hunt groups change and look up."""
        return self._hunts

    def change(self, change: Change, call: Call) -> None:
        """Within the call: people hear that it was done once it is kept."""
        who = by_phone(str(call.user), call.dialled)
        change_setting(self._store, change.path, change.value, who, self._now())

    def claim(self, key: str, call: Call) -> bool:
        """Whether the call has it now."""
        return claims.take(self._store, key, call.uuid, self._node, self._now())

    def release(self, key: str, call: Call) -> None:
        """Give up what the call has claimed; if that cannot be, the channel's end does it."""
        with suppress(FsctlError):
            claims.release(self._store, key, call.uuid)

    def holder(self, key: str) -> str:
        """The channel that has claimed it."""
        with suppress(FsctlError):
            return claims.holder_of(self._store, key) or ""
        return ""

    def disclaim(self, key: str, holder: str) -> None:
        """If that cannot be now, the links' comparison does it."""
        with suppress(FsctlError):
            claims.release(self._store, key, holder)

    def been(self, room: str) -> Collection[str]:
        """Nobody is known without a link."""
        return self._heard.been().get(room, ())

    def rung_for(self, extension: str) -> Sequence[LiveCall]:
        """None is known without a link."""
        return rung_for(extension, self._heard.current())

    def release_all(self, call: Call) -> None:
        """When the call is over, or has become another call's; the same holds."""
        with suppress(FsctlError):
            claims.release_all(self._store, call.uuid)

    def park(self, park: Park, call: Call) -> bool:
        """Whether the slot is this call's, or the held one's, now."""
        uuid = park.uuid or call.uuid
        waits = self._heard.current().call(uuid)
        caller = call.user or call.caller.number if not park.uuid else waits.user or waits.number if waits else ""
        entry = Entry(park.slot, uuid, park.group, caller, park.parker, park.recall_seconds)
        return parked.put(self._store, entry, self._node, self._now())

    def unpark(self, uuid: str) -> None:
        """Its slot is free; if that cannot be noted now, the links' comparison does it."""
        with suppress(FsctlError):
            parked.free(self._store, [uuid])

    def call(self, leg: str) -> LiveCall | None:
        """None without a link."""
        return self._heard.call(leg)

    def follow(self, legs: Collection[str], told: Callable[[str], None]) -> AbstractContextManager[None]:
        """Nothing is heard without a link."""
        return self._heard.followed.follow(legs, told)

    def ended(self, leg: str, wait_seconds: float = 0) -> Ended | None:
        """None without a link."""
        return wait_ended(self._heard, leg, wait_seconds) if wait_seconds > 0 else self._heard.ended(leg)
