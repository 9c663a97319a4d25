"""Writing down the calls without ever holding one up: a bounded queue and one greenlet that writes in batches."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import gevent
from gevent.queue import Queue

from fsctl.errors import FsctlError
from fsctl.store.database import Store, stamp
from fsctl.store.journal_parts import Fact
from fsctl.store.journal_table import Entry, JournalState, save

_QUEUED: Final = 10_000
_BATCH: Final = 100
#: What comes within so many seconds is written together: of one call, and of many.
_GATHER_SECONDS: Final = 0.01
_BACKOFF_SECONDS: Final = (0.05, 0.2, 1.0, 5.0)
_log = logging.getLogger(__name__)


class Journal:
    """The journal of the controller ``node``. Methods that report on a call return at once."""

    def __init__(self, store: Store, node: str, queued: int = _QUEUED) -> None:
        self.dropped = 0
        self._store = store
        self._node = node
        self._bound = queued
        self._queue: Any = Queue()  # None in it means: stop here
        self._writer: Any = None
        self._failing = False
        self._unwritten = 0

    def start(self) -> None:
        """Begin writing."""
        if self._writer is None:
            self._writer = gevent.spawn(self._write)

    def stop(self, flush: bool = True, timeout: float = 5.0) -> None:
        """End writing: after what is queued was written (``flush``), at the latest after ``timeout`` seconds."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        if flush:
            self._queue.put_nowait(None)
            writer.join(timeout)
        writer.kill()
        lost = self._unwritten + sum(entry is not None for entry in self._drain())
        if lost:
            _log.error("%d journal entries were not written", lost)

    def begin(self, uuid: str, *facts: Fact, caller: str, dialled: str, at: datetime) -> None:
        """A call has come. One that came before (a transfer) is open again."""
        columns = {"node": self._node, "caller": caller, "dialled": dialled, "at": stamp(at), "state": "ringing"}
        self._put(uuid, columns, facts, new=True)

    def update(
        self, uuid: str, *facts: Fact, state: JournalState | None = None, result: str | None = None
    ) -> None:
        """What is known besides: only what is new is told, and what was told before is never read again."""
        self._put(uuid, {"state": state, "result": result}, facts)

    def end(
        self, uuid: str, result: str | None, cause: str, at: datetime, *facts: Fact, otherwise: str = ""
    ) -> None:
        """The call is over. Without ``result``, the one that was reported before stands, or else ``otherwise``."""
        columns = {"state": "ended", "result": result, "cause": cause, "ended_at": stamp(at)}
        self._put(uuid, columns, facts, otherwise=otherwise)

    def _put(
        self, uuid: str, columns: Mapping[str, str | None], facts: tuple[Fact, ...], new: bool = False,
        otherwise: str = "",
    ) -> None:
        # PostgreSQL refuses the NUL character, which a caller's name may hold; JSON has another way to write it.
        clean = {key: value.replace("\0", "") for key, value in columns.items() if value is not None}
        if self._queue.qsize() < self._bound:
            self._queue.put_nowait(Entry(uuid, clean, new, facts, otherwise))
            return
        self.dropped += 1
        if self.dropped == 1:
            _log.error("the journal's queue is full: entries are lost from now on")

    def _write(self) -> None:
        stopped = False
        while not stopped:
            entries = [self._queue.get()]
            if entries[0] is not None:
                self._unwritten = 1
                gevent.sleep(_GATHER_SECONDS)
                entries += self._drain(_BATCH - 1)
            stopped = None in entries
            batch = [entry for entry in entries if entry is not None]
            self._unwritten = len(batch)
            self._save(batch)
            self._unwritten = 0

    def _drain(self, at_most: int | None = None) -> list[Entry | None]:
        count = self._queue.qsize() if at_most is None else min(at_most, self._queue.qsize())
        return [self._queue.get_nowait() for _ in range(count)]

    def _save(self, batch: list[Entry]) -> None:
        attempt = 0
        while True:
            try:
                save(self._store, batch)
            except FsctlError as error:
                if not self._failing:
                    _log.error("the journal waits: %s", error)
                self._failing = True
                gevent.sleep(_BACKOFF_SECONDS[min(attempt, len(_BACKOFF_SECONDS) - 1)])
                attempt += 1
                continue
            except Exception:
                self._drop_or_split(batch)
            if self._failing:
                _log.warning("the journal is written again")
            self._failing = False
            return

    def _drop_or_split(self, batch: list[Entry]) -> None:
        """An entry that the database refuses must not keep the others from being written."""
        if len(batch) > 1:
            for entry in batch:
                self._save([entry])
        else:
            self.dropped += 1
            _log.exception("a journal entry for %s was refused", batch[0].uuid)
