"""Tells this process when somebody has changed the office, or switched something in it, wherever he did.

The one look at the database for all who need to know; whoever waits for a change wakes by it.
"""

from collections.abc import Callable
from typing import Final

import gevent

from fsctl.errors import FsctlError
from fsctl.store.changes import Versions
from fsctl.store.database import Store

#: Seconds between two looks, and until the next one after one that failed.
_LOOK_SECONDS: Final = 0.25
_RETRY_SECONDS: Final = 2.0


class OfficeWatch:
    """After each change the office is ``renewed``, and then ``changed`` is called, which may not wait."""

    def __init__(self, store: Store, renewed: Callable[[], object], changed: Callable[[], None]) -> None:
        self._versions, self._renewed, self._changed = Versions(store), renewed, changed
        self._seen: tuple[int, int] | None = None
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        """Look from now on."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """Look no more."""
        if self._greenlet is not None:
            self._greenlet.kill()
        self._versions.close()

    def _run(self) -> None:
        while True:
            gevent.sleep(_LOOK_SECONDS if self._look() else _RETRY_SECONDS)

    def _look(self) -> bool:
        """Whether that was possible. While it is not, whoever needs the office says why."""
        try:
            versions = self._versions.look()
            if versions != self._seen:
                self._renewed()  # or who wakes would still be given what there was
        except FsctlError:
            self._seen = None
            return False
        if versions != self._seen:
            self._seen = versions
            self._changed()
        return True
