"""What a command is doing that takes long: a line on the terminal, which goes away when that is done.

Nothing is shown where errors go elsewhere than to a terminal, so that no script and no log has it.
"""

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, TypeVar

import click

from fsctl.words import language, say, speaking, term

#: Who waits no longer than this needs no word.
_AFTER_SECONDS: Final = 1.5
_EVERY_SECONDS: Final = 0.5
_CLEARED: Final = "\r\x1b[K"

_Each = TypeVar("_Each")


class Progress:
    """What is being done, and how much of it is."""

    def __init__(self) -> None:
        self._what, self._done, self._all = "", 0, 0

    def at(self, what: str, done: int = 0, of: int = 0) -> None:
        """This begins, or has come so far."""
        self._what, self._done, self._all = what, done, of

    def counted(self, what: str, each: Iterable[_Each], of: int) -> Iterator[_Each]:
        """The same, while it is counted how many of about so many there were."""
        for done, one in enumerate(each):
            self.at(what, min(done, of), of)
            yield one

    def __str__(self) -> str:
        if not self._all:
            return f"{self._what} …"
        return say("{what}: {done} of {all}", what=self._what, done=_number(self._done), all=_number(self._all))


def _number(number: int) -> str:
    return f"{number:,}".replace(",", term("thousands", ","))


@contextmanager
def progress() -> Iterator[Progress]:
    """Shows it by a timer's signal: the work is long stretches of computing, amid which no greenlet has its turn."""
    told, spoken = Progress(), language()
    if not sys.stderr.isatty():
        yield told
        return

    def show(*_: object) -> None:  # amid whatever is written just now
        with suppress(OSError), speaking(spoken):  # the terminal is gone
            os.write(sys.stderr.fileno(), f"{_CLEARED}{told}".encode())

    before = signal.signal(signal.SIGALRM, show)
    timer = signal.setitimer(signal.ITIMER_REAL, _AFTER_SECONDS, _EVERY_SECONDS)
    try:
        yield told
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, before)
        click.echo(_CLEARED, nl=False, err=True)
