"""Lets the journal forget calls older than ``[office] keep_calls_days``, without holding up those that there are."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import gevent
from gevent.event import Event

from fsctl.errors import FsctlError
from fsctl.model.office import Office
from fsctl.store import old_calls
from fsctl.store.database import Store

log = logging.getLogger(__name__)

#: Who has just been started has other things to do.
_BEGIN_SECONDS: Final = 300
_ROUND_SECONDS: Final = 3600

#: So few calls at once take milliseconds; in the pause, long against that, others write.
_STEP: Final = 20
_PAUSE_SECONDS: Final = 0.5

#: A step that is under way when the process ends takes no longer.
_END_SECONDS: Final = 5


class OldCalls:
    """Of all controllers of the database: each forgets what the others have not. ``now`` tells the aware time."""

    def __init__(self, store: Store, current_office: Callable[[], Office], now: Callable[[], datetime]) -> None:
        self._store, self._current_office, self._now = store, current_office, now
        self._failing = False
        self._stopping = Event()
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        """Begin in a while, and look every hour."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """A step that has begun is done; what is left is the next process's."""
        self._stopping.set()
        if self._greenlet is not None:
            self._greenlet.join(_END_SECONDS)

    def _run(self) -> None:
        seconds: float = _BEGIN_SECONDS
        while not self._stopping.wait(seconds):
            seconds = _PAUSE_SECONDS if self._step() else _ROUND_SECONDS

    def _step(self) -> bool:
        """Whether there may be more of them."""
        try:
            removed = self._remove()
        except Exception as error:  # whatever it is, the next round may do
            if not self._failing:
                log.error("old calls stay for now: %s", error, exc_info=not isinstance(error, FsctlError))
            self._failing = True
            return False
        if self._failing:
            log.warning("old calls are removed again")
        self._failing = False
        return removed == _STEP

    def _remove(self) -> int:
        """By the office as it is now."""
        days = self._current_office().office.keep_calls_days
        return old_calls.remove(self._store, self._now() - timedelta(days=days), _STEP) if days else 0
