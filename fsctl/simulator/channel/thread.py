"""A channel's own thread: how it waits, and the queue of what controllers want done meanwhile."""

import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

import gevent
from gevent.event import Event as Signal

from fsctl.simulator.channel.message import Message

#: What is queued is served once in a frame of audio.
FRAME_SECONDS = 0.02
#: Messages that may be queued (switch_core_session.c:2502), and how deep applications may nest.
QUEUE_LIMIT = 256
_NESTING = 32


class Owner(Protocol):
    """Whose thread it is."""

    @property
    def ready(self) -> bool: ...

    @property
    def hung_up(self) -> bool: ...


class Thread:
    """The thread is a greenlet; ``start()`` begins it. Applications wait by ``wait()`` and nothing else."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._messages: deque[Message] = deque()
        self._locked = 0
        #: How many applications run within each other.
        self.depth = 0
        self._signal = Signal()
        self._perform: Callable[[Message], None]
        self._greenlet: gevent.Greenlet | None = None

    def start(self, run: Callable[[], None], perform: Callable[[Message], None]) -> None:
        """Begin to ``run``; what is queued is given to ``perform`` whenever that waits."""
        self._perform = perform
        self._greenlet = gevent.spawn(run)

    def stop(self) -> None:
        """End it at once, without reports."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def wake(self) -> None:
        """Look again at what is waited for."""
        self._signal.set()

    def queue(self, message: Message) -> bool:
        """Take a message; False when there are too many."""
        if len(self._messages) >= QUEUE_LIMIT:
            return False
        self._messages.append(message)
        self.wake()
        return True

    def wait(
        self, until: Callable[[], bool] | None = None, seconds: float | None = None, *, serve: bool = True
    ) -> None:
        """Until the condition holds, the time is over, or the channel is called away; meanwhile serve the queue.

        An application that runs under ``event-lock`` keeps the rest of the queue waiting.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        while self._owner.ready and not (until is not None and until()):
            if serve and self._messages and not self._locked:
                gevent.sleep(FRAME_SECONDS)
                self.serve()
                continue
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                return
            self._signal.clear()
            self._signal.wait(left)

    def wait_awoken(self) -> None:
        """Until anything happens; the queue is not served."""
        self._signal.clear()
        self._signal.wait()

    def serve(self) -> None:
        """Do what is queued, one within the other where the first one waits."""
        while self._messages and not self._locked and not self._owner.hung_up and self.depth < _NESTING:
            message = self._messages.popleft()
            self._locked += message.lock
            try:
                self._perform(message)
            finally:
                self._locked -= message.lock
