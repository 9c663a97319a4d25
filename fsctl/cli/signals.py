"""What ends a command from outside: quietly, and with what it has begun cleared away."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGTERM, signal.SIGHUP)


def mind_interrupts() -> None:
    """From now on Ctrl-C is a KeyboardInterrupt in what the command does, unless whoever started it ignores that."""
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: _throw(KeyboardInterrupt()))


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


def _end(number: int, _: FrameType | None) -> None:
    _throw(SystemExit(128 + number))


def _throw(error: BaseException) -> None:
    """In the main greenlet, whichever has its turn: another one would take it for a failure of its own."""
    gevent = sys.modules.get("gevent")
    if gevent is None or gevent.getcurrent() is (main := gevent.get_hub().parent):
        raise error
    gevent.get_hub().loop.run_callback(main.throw, error)
