"""What calls change and look up outside of themselves, on the database and the links of this process."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from fsctl.errors import FsctlError
from fsctl.model.actions import Change
from fsctl.model.call import Call
from fsctl.store import claims
from fsctl.store.database import Store
from fsctl.store.settings import change_setting
from fsctl.switch.heard import Heard, redirected
from fsctl.switch.hunts import StoreHunts


class StoreState:
    """One process's State (fsctl.switch.perform)."""

    def __init__(self, store: Store, node: str, now: Callable[[], datetime], heard: Heard) -> None:
        self._store, self._node, self._now, self._heard = store, node, now, heard
        self._hunts = StoreHunts(store, node, now, heard)

    @property
    def hunts(self) -> StoreHunts:
        """What calls to hunt groups change and look up."""
        return self._hunts

    def change(self, change: Change, call: Call) -> None:
        """Within the call: people hear that it was done once it is kept."""
        who = f"{call.user} by {call.dialled}"
        change_setting(self._store, change.path, change.value, who, self._now())

    def claim(self, key: str, call: Call) -> bool:
        """Whether the call has it now."""
        return claims.take(self._store, key, call.uuid, self._node, self._now())

    def release(self, key: str, call: Call) -> None:
        """Give up what the call has claimed; if that cannot be, the channel's end does it."""
        with suppress(FsctlError):
            claims.release(self._store, key, call.uuid)

    def release_all(self, call: Call) -> None:
        """When the call is over, or has become another call's; the same holds."""
        with suppress(FsctlError):
            claims.release_all(self._store, call.uuid)

    def redirected(self, leg: str) -> str:
        """As the link heard it, or hears it within a moment; "" without a link."""
        return redirected(self._heard, leg)
