"""Several processes for one listening socket: each has its own interpreter and core, the parent looks after them."""

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType
from typing import NoReturn

import gevent
import gevent.os
from gevent.monkey import get_original

log = logging.getLogger(__name__)

#: Seconds between two starts of a worker, so that one that cannot start does not burn the machine.
_REPLACE_SECONDS = 1.0

#: Seconds after which the parent looks around although nothing has happened, where nobody asks for more.
_ROUND_SECONDS = 3600.0

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_DIED = (signal.SIGCHLD,)

#: Of a worker's number, as it writes it to its parent: at once or not at all, being shorter than PIPE_BUF.
_PID_BYTES = 4


#: What a worker does until it is told to stop; it is given what says that it goes on.
Work = Callable[[Callable[[], None]], None]


class Workers:
    """Forks a process for each of ``works``, which return when they are told to stop by SIGTERM.

    The listening socket is made before the fork and shared: a worker that dies takes no queued calls with it. A
    parent that dies takes its workers along, so that a new one finds the port free. The parent has no greenlets: a
    fork would have them all in the child too.
    """

    def __init__(
        self, works: Sequence[Work], alive: Callable[[], None] = lambda: None,
        beat_seconds: float | None = None,
    ) -> None:
        """Each work is given what it calls every ``beat_seconds``, if those are said, to tell that it goes on.

        So often ``alive`` is called, but while one of them has been silent for twice as long.
        """
        self._works = works
        self._alive, self._beat_seconds = alive, beat_seconds
        self._children: dict[int, tuple[Work, float]] = {}
        self._beaten: dict[int, float] = {}
        self._stopping = False
        self._lifeline, self._beats = os.pipe(), os.pipe()
        for end in self._beats:
            os.set_blocking(end, False)

    def _beat(self) -> None:
        """In a worker: tell the parent that it is alive."""
        get_original("os", "write")(self._beats[1], os.getpid().to_bytes(_PID_BYTES, "big"))

    def run(self) -> None:
        """Start the workers, replace those that die, and return when all have ended after SIGTERM or SIGINT."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _DIED)
        for number in _SIGNALS:
            signal.signal(number, self._stop)
        for work in self._works:
            self._start(work)
        while self._children:
            signal.sigtimedwait(_DIED, self._beat_seconds or _ROUND_SECONDS)
            self._replace_dead()
            self._listen()

    def _replace_dead(self) -> None:
        wait, pause = get_original("os", "waitpid"), get_original("time", "sleep")
        while self._children and (found := wait(-1, os.WNOHANG))[0]:
            child, status = found
            work, started = self._children.pop(child)
            self._beaten.pop(child, None)
            if not self._stopping:
                log.error("worker %d ended with %d and is replaced", child, os.waitstatus_to_exitcode(status))
                pause(max(started + _REPLACE_SECONDS - time.monotonic(), 0))
            if not self._stopping:
                self._start(work)

    def _listen(self) -> None:
        if self._beat_seconds is None:
            return
        now, told = time.monotonic(), b""
        with suppress(BlockingIOError):
            told = get_original("os", "read")(self._beats[0], 65536)
        for start in range(0, len(told), _PID_BYTES):
            self._beaten[int.from_bytes(told[start : start + _PID_BYTES], "big")] = now
        silent = [child for child in self._children if now - self._beaten.get(child, 0) > 2 * self._beat_seconds]
        if silent:
            log.error("nothing is heard of worker %s", ", ".join(map(str, silent)))
        else:
            self._alive()

    def _start(self, work: Work) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)  # neither side may take the other's
        child = gevent.os.fork_gevent()
        if not child:
            self._become(work)
        self._children[child] = work, (now := time.monotonic())
        self._beaten[child] = now
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        if self._stopping:
            os.kill(child, signal.SIGTERM)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        for child in self._children:
            os.kill(child, signal.SIGTERM)

    def _become(self, work: Work) -> NoReturn:
        """In the child: work, and never return into the parent's code."""
        status = 1
        try:
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, (*_SIGNALS, *_DIED))
            reading, writing = self._lifeline
            get_original("os", "close")(writing)  # gevent's own comes late, and not at all while its loop is idle
            gevent.spawn(_end_with_parent, reading)
            work(self._beat)
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
