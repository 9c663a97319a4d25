"""Several processes for one listening socket: each has its own interpreter and core, the parent looks after them."""

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import NoReturn

import gevent
import gevent.os
from gevent.monkey import get_original

log = logging.getLogger(__name__)

#: Seconds between two starts of a worker, so that one that cannot start does not burn the machine.
_REPLACE_SECONDS = 1.0

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Workers:
    """Forks a process for each of ``works``, which return when they are told to stop by SIGTERM.

    The listening socket is made before the fork and shared: a worker that dies takes no queued calls with it. A
    parent that dies takes its workers along, so that a new one finds the port free. The parent has no greenlets: a
    fork would have them all in the child too.
    """

    def __init__(self, works: Sequence[Callable[[], None]]) -> None:
        self._works = works
        self._children: dict[int, tuple[Callable[[], None], float]] = {}
        self._stopping = False
        self._lifeline = os.pipe()

    def run(self) -> None:
        """Start the workers, replace those that die, and return when all have ended after SIGTERM or SIGINT."""
        for number in _SIGNALS:
            signal.signal(number, self._stop)
        for work in self._works:
            self._start(work)
        wait, pause = get_original("os", "waitpid"), get_original("time", "sleep")
        while self._children:
            child, status = wait(-1, 0)
            work, started = self._children.pop(child)
            if not self._stopping:
                log.error("worker %d ended with %d and is replaced", child, os.waitstatus_to_exitcode(status))
                pause(max(started + _REPLACE_SECONDS - time.monotonic(), 0))
            if not self._stopping:
                self._start(work)

    def _start(self, work: Callable[[], None]) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)  # neither side may take the other's
        child = gevent.os.fork_gevent()
        if not child:
            self._become(work)
        self._children[child] = work, time.monotonic()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        if self._stopping:
            os.kill(child, signal.SIGTERM)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        for child in self._children:
            os.kill(child, signal.SIGTERM)

    def _become(self, work: Callable[[], None]) -> NoReturn:
        """In the child: work, and never return into the parent's code."""
        status = 1
        try:
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            reading, writing = self._lifeline
            get_original("os", "close")(writing)  # gevent's own comes late, and not at all while its loop is idle
            gevent.spawn(_end_with_parent, reading)
            work()
            status = 0
        except BaseException:  # whatever it was, the parent replaces this process
            log.exception("worker %d failed", os.getpid())
        finally:
            os._exit(status)


def _end_with_parent(reading: int) -> None:
    """Nothing is ever written: the read ends when the parent is gone, however it went."""
    gevent.os.make_nonblocking(reading)
    gevent.os.nb_read(reading, 1)
    log.error("worker %d: the parent is gone", os.getpid())
    os.kill(os.getpid(), signal.SIGTERM)
