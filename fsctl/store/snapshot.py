"""The office as calls see it: read from the database only after somebody has changed it."""

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache
from threading import Lock  # gevent's where it has patched
from typing import Any, Final

from fsctl import public_holidays
from fsctl.errors import FsctlError
from fsctl.model.office import Office
from fsctl.model.settings import Settings
from fsctl.store.database import Store
from fsctl.store.office import read_folder, read_tree, read_versions
from fsctl.store.settings import read_settings
from fsctl.words import say

#: At least this long between two looks, so that thousands of calls a second cost no more than two hundred looks do.
_CHECK_SECONDS: Final = 0.005
_RETRY_SECONDS: Final = 2.0
_log = logging.getLogger(__name__)


class Snapshots:
    """The current office. While the database fails, or holds what cannot be read, the last good one counts."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._versions = (-1, -1)
        self._office: Office | None = None
        self._check_at = float("-inf")
        self._failing = False
        self._reading: Any = Lock()

    def current(self) -> Office:
        """A change counts for the next call, at the latest 5 ms after it was made.

        FsctlError only when there never was an office to fall back on.
        """
        # Calls that come while one reads go on with what there is, however long the database takes.
        if self._office is not None and (self._reading.locked() or self._clock() < self._check_at):
            return self._office
        try:
            office = self.renewed()
        except FsctlError as error:
            self._check_at = self._clock() + _RETRY_SECONDS
            if self._office is None:
                raise
            if not self._failing:
                _log.error("calls go on with the office as it was (version %d): %s", self._versions[0], error)
            self._failing = True
            return self._office
        return office

    def last(self) -> Office:
        """The office as it was read last, by whoever did; nothing is looked up. FsctlError as of ``current``."""
        return self._office if self._office is not None else self.current()

    def read_first(self) -> None:
        """Before the first call, which need not wait for it then; if it cannot be read, calls try again."""
        with suppress(FsctlError):
            self.current()

    def renewed(self) -> Office:
        """The office as it is now, whatever was read just before; FsctlError while it cannot be read."""
        with self._reading:
            self._check_at = self._clock() + _CHECK_SECONDS
            office = self._refreshed()
        if self._failing:
            _log.warning("the database can be used again")
        self._failing = False
        return office

    def _refreshed(self) -> Office:
        versions = read_versions(self._store)
        if self._office is None or versions[0] != self._versions[0]:
            version, tree = read_tree(self._store)
            office = replace(_structure(tree), folder=read_folder(self._store))
            versions = version, versions[1]
        elif versions == self._versions:
            return self._office
        else:
            office = self._office
        self._versions, self._office = versions, replace(office, settings=Settings(read_settings(self._store)))
        return self._office


def _structure(tree: dict[str, object]) -> Office:
    if not tree:
        return Office()
    from fsctl.schema import structure  # needs cattrs; not for those who only read the journal

    try:
        return replace(structure(tree), holidays=_holiday)
    except Exception as error:  # whatever was put there
        raise FsctlError(say("the office in the database cannot be read ({kind}: {why}); apply its file again",
                             kind=type(error).__name__, why=error)) from error


def _holiday(region: str, day: date) -> Mapping[str, str] | None:
    """Holidays that cannot be known are none: no call ends for that."""
    try:
        return public_holidays.holiday(region, day)
    except FsctlError as error:
        _tell_once(str(error))
        return None


@cache
def _tell_once(message: str) -> None:
    _log.error("%s", message)
