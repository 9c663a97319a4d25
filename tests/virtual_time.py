"""Time that passes at once: an event loop that leaps to the next timer as soon as nobody has anything to do.

Simulator, controllers and tests that share a process wait for nothing but each other and the clock. When all of them
wait, the clock is moved on to the first of them whose time has come, so that a minute's ringing takes no time and a
busy machine makes nobody late. While another process is about, which has a clock of its own, while somebody is being
connected, and outside of ``leaping()``, time goes by as it always does.

``install()`` comes before gevent has a hub. From then on ``time.monotonic`` and ``time.time`` tell the moved clock.
"""

import heapq
import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gevent
import gevent.socket
from gevent.libev import corecext

_real_monotonic, _real_time = time.monotonic, time.time

#: Seconds after which one looks again whether the other process has ended.
_LOOK_SECONDS = 0.01


class VirtualTimer:
    """What ``loop.timer()`` gives: the part of gevent's interface that gevent itself, and the tests, use."""

    def __init__(self, loop: "VirtualLoop", after: float, repeat: float) -> None:
        self.loop, self._after, self._repeat = loop, max(after, 0.0), repeat
        self.callback: Callable[..., Any] | None = None
        self.args: tuple[Any, ...] = ()
        self.due = 0.0
        self.active = self.pending = False
        self.ref, self.priority = True, 0

    def start(self, callback: Callable[..., Any], *args: Any, update: bool | None = None) -> None:
        self.callback, self.args = callback, args
        self.due = time.monotonic() + self._after
        self.active = True
        self.loop.add(self)

    def again(self, callback: Callable[..., Any], *args: Any, update: bool = True) -> None:
        """From now on after ``repeat`` seconds (ev_timer_again)."""
        self._after = self._repeat
        self.start(callback, *args)

    def stop(self) -> None:
        self.active, self.callback, self.args = False, None, ()

    def close(self) -> None:
        self.stop()

    def __enter__(self) -> "VirtualTimer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fire(self) -> None:
        """Its time has come."""
        callback, args = self.callback, self.args
        assert callback is not None
        if self._repeat:
            self.due += self._repeat
            self.loop.add(self)
        else:
            self.stop()
        try:
            callback(*args)
        except BaseException as error:
            self.loop.handle_error(self, type(error), error, error.__traceback__)


class VirtualLoop(corecext.loop):  # type: ignore[misc]
    """Timers in a heap by their due time, on the moved clock."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.leaps = False
        self.connecting = 0
        self.offset = 0.0
        self._heap: list[tuple[float, int, VirtualTimer]] = []
        self._numbers = itertools.count()
        self._children: list[Any] = []
        self._idle, self._alarm = super().idle(), super().timer(0.0)

    def now_moved(self) -> float:
        """The monotonic clock, in seconds."""
        return _real_monotonic() + self.offset

    def time_moved(self) -> float:
        """The time of day, in seconds since 1970."""
        return _real_time() + self.offset

    def timer(self, after: float, repeat: float = 0.0, ref: bool = True, priority: object = None) -> VirtualTimer:
        return VirtualTimer(self, after, repeat)

    def child(self, pid: int, trace: int = 0, ref: bool = True) -> Any:
        watcher = super().child(pid, trace, ref)
        self._children.append(watcher)
        return watcher

    def add(self, timer: VirtualTimer) -> None:
        """It has been started; one that was started anew counts by its newest due time alone."""
        heapq.heappush(self._heap, (timer.due, next(self._numbers), timer))
        self._arm()

    def _arm(self) -> None:
        """Wait for the first timer: until nobody has anything to do, or until it is due."""
        while self._heap and not _counts(*self._heap[0]):
            heapq.heappop(self._heap)
        self._idle.stop()
        self._alarm.stop()
        if not self._heap:
            return
        if self.leaps and not self._waits_in_earnest():
            self._idle.start(self._leap)
            return
        wait = max(self._heap[0][0] - self.now_moved(), 0.0)
        self._alarm = super().timer(min(wait, _LOOK_SECONDS) if self.leaps else wait)
        self._alarm.start(self._strike)

    def _waits_in_earnest(self) -> bool:
        """Whether there are other processes, or the kernel has not said yet whether somebody is connected.

        It takes ten milliseconds over that where nobody listens any more and the same two ports were connected within
        the last minute: it answers the first SYN by the end of that connection (TIME_WAIT), and asks once more.
        """
        self._children = [each for each in self._children if each.active]
        return self.connecting > 0 or bool(self._children)

    def _leap(self) -> None:
        if self._heap and self.leaps and not self._waits_in_earnest():
            self.offset += max(self._heap[0][0] - self.now_moved(), 0.0)
            self._fire_first()
        self._arm()

    def _strike(self) -> None:
        if self._heap and self._heap[0][0] <= self.now_moved():
            self._fire_first()
        self._arm()

    def _fire_first(self) -> None:
        due, number, timer = heapq.heappop(self._heap)
        if _counts(due, number, timer):
            timer.fire()


def _counts(due: float, _number: int, timer: VirtualTimer) -> bool:
    return timer.active and timer.due == due


def install() -> None:
    """For the hub that gevent is about to make."""
    gevent.config.loop = VirtualLoop
    gevent.config.resolver = "block"  # numbers only, and a thread would not count as somebody who has something to do
    loop = gevent.get_hub().loop
    time.monotonic, time.time = loop.now_moved, loop.time_moved
    connect = gevent.socket.socket.connect

    def connected(sock: Any, address: Any) -> None:
        loop.connecting += 1
        try:
            connect(sock, address)
        finally:
            loop.connecting -= 1

    gevent.socket.socket.connect = connected


def ahead() -> float:
    """How many seconds it is later here than elsewhere."""
    loop = _virtual()
    return float(loop.offset) if loop else 0.0


@contextmanager
def leaping(leaps: bool = True) -> Iterator[None]:
    """Here time passes at once; or not, where one waits for a process that is nobody's child."""
    loop = _virtual()
    if loop is None:
        yield
        return
    before, loop.leaps = loop.leaps, leaps
    try:
        yield
    finally:
        loop.leaps = before


def _virtual() -> VirtualLoop | None:
    """None where traces are captured, without pytest and in real time."""
    loop = gevent.get_hub().loop
    return loop if isinstance(loop, VirtualLoop) else None
