"""What one greenlet waits for and another one brings: a value, or the reason why it can't come."""

from collections.abc import Callable
from typing import Generic, TypeVar, cast

import gevent
from gevent.event import Event

Value = TypeVar("Value")

#: Makes the exception that tells why something can't come.
Failure = Callable[[], Exception]


class Late(gevent.Timeout):  # type: ignore[misc]
    """A wait of ours took too long; a plain gevent.Timeout is the caller's own."""


class Awaited(Generic[Value]):
    """Any number may wait. What comes first counts.

    A failure is made anew for each who waits: an exception that was kept would keep by its traceback all that they
    have, in a circle, until Python looks for such.
    """

    __slots__ = ("_brought", "_failure", "_value", "ready")

    def __init__(self) -> None:
        #: Whether wait() would return, or raise, at once.
        self.ready = False
        self._value: Value | None = None
        self._failure: Failure | None = None
        self._brought: Event | None = None  # for the first who waits: of many replies nobody does

    def set(self, value: Value) -> None:
        """It has come."""
        if not self.ready:
            self._value = value
            self._tell()

    def fail(self, failure: Failure) -> None:
        """It won't come."""
        if not self.ready:
            self._failure = failure
            self._tell()

    def wait(self, timeout: float | None = None) -> Value:
        """The value, or the failure's exception; Late after so many seconds."""
        if not self.ready:
            if self._brought is None:
                self._brought = Event()
            self._brought.wait(timeout)
            if not self.ready:
                raise Late(timeout)
        if self._failure is not None:
            raise self._failure()
        return cast(Value, self._value)

    def _tell(self) -> None:
        self.ready = True
        if self._brought is not None:
            self._brought.set()
