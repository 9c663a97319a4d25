"""What ends a command from outside: quietly, and with what it has begun cleared away."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGTERM, signal.SIGHUP)


def mind_interrupts() -> None:
    """From now on Ctrl-C is a KeyboardInterrupt in what the command does, unless whoever started it ignores that."""
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: _throw(KeyboardInterrupt()))
    _wake_the_loop()


@contextmanager
def cleared_away() -> Iterator[None]:
    """Whoever ends the command, or closes its terminal, has what was begun cleared away, as by Ctrl-C."""
    before = {number: signal.getsignal(number) for number in _ENDING}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wake_the_loop() -> None:
    """A signal that comes just before the loop begins to wait interrupts no wait: it has to be something to read."""
    if "gevent" not in sys.modules:
        return
    from gevent import get_hub

    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    watcher = get_hub().loop.io(reader.fileno(), 1, ref=False)
    watcher.start(lambda: reader.recv(64))
    _AWAKE.extend((reader, writer, watcher))

    def forked() -> None:
        """A worker has signals of its own, and reads nothing away that is its parent's."""
        signal.set_wakeup_fd(-1)
        watcher.stop()

    os.register_at_fork(after_in_child=forked)


#: What has to live as long as the process does.
_AWAKE: list[object] = []


def _end(number: int, _: FrameType | None) -> None:
    _throw(SystemExit(128 + number))


def _throw(error: BaseException) -> None:
    """In the main greenlet, whichever has its turn: another one would take it for a failure of its own."""
    gevent = sys.modules.get("gevent")
    if gevent is None or gevent.getcurrent() is (main := gevent.get_hub().parent):
        raise error
    gevent.get_hub().loop.run_callback(main.throw, error)
