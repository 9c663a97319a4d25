"""What the greenlets of one call write: at once, or gathered and written together."""

from contextlib import suppress

import gevent

from fsctl.switch.session.waits import CallerGone
from fsctl.switch.wire.connection import Connection, Disconnected, Reply


class Superseded(Disconnected):
    """The channel has a newer connection; this one hears, but may not say anything more."""


Unsent = list[tuple[bytes, Reply]]


class Outbox:
    """Of one connection, which says nothing more once it is ``superseded``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.superseded = False
        #: By greenlet.
        self.batches: dict[gevent.Greenlet, Unsent] = {}
        self._soon: Unsent = []

    def send(self, *packets: bytes) -> list[Reply]:
        """Write commands at once, before what is gathered."""
        replies = [Reply() for _ in packets]
        self._write(list(zip(packets, replies, strict=True)))
        return replies

    def write(self, packet: bytes, reply: Reply) -> None:
        """Write a command whose reply was made before, or gather it."""
        batch = self.batches.get(gevent.getcurrent())
        if batch is None:
            self._write([(packet, reply)])
        else:
            self._check()
            batch.append((packet, reply))

    def batch(self, *, soon: bool = False) -> "Batch":
        """See CallSession.batch."""
        return Batch(self, soon)

    def flush(self) -> None:
        """Write what this greenlet has gathered, and what leaves soon."""
        batch = self.batches.get(gevent.getcurrent())
        if batch or self._soon:
            unsent = list(batch or ())
            if batch:
                batch.clear()
            self._write(unsent)

    def write_soon(self, unsent: Unsent) -> None:
        """Write it with what is written next, or once this greenlet lets another one run."""
        self._check()
        if not self._soon:
            gevent.get_hub().loop.run_callback(self._let_leave)
        self._soon += unsent

    def _let_leave(self) -> None:
        if self._soon:  # the hub itself may not wait for a peer that takes nothing
            gevent.spawn(self._write_alone)

    def _write_alone(self) -> None:
        with suppress(Disconnected, CallerGone):  # whoever waits for the replies is told
            self._write([])

    def _write(self, unsent: Unsent) -> None:
        unsent, self._soon = self._soon + unsent, []
        replies = [reply for _, reply in unsent]
        try:
            self._check()
            self._connection.write(b"".join([packet for packet, _ in unsent]), replies)
        except BaseException:  # a kill too: nothing may be left waiting
            for reply in replies:
                if not reply.ready:
                    reply.drop()
            raise

    def _check(self) -> None:
        if self.superseded:
            raise Superseded("the channel has a newer connection")


class Batch:
    """What one greenlet gathers within a ``with``. Within another batch of its own it is a part of that."""

    __slots__ = ("_greenlet", "_inner", "_outbox", "_soon")

    def __init__(self, outbox: Outbox, soon: bool) -> None:
        self._outbox, self._soon = outbox, soon

    def __enter__(self) -> None:
        self._greenlet = gevent.getcurrent()
        self._inner = self._greenlet in self._outbox.batches
        if not self._inner:
            self._outbox.batches[self._greenlet] = []

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if self._inner:
            return
        batch = self._outbox.batches[self._greenlet]
        try:
            if kind is None and self._soon:
                self._outbox.write_soon(batch[:])
                batch.clear()
            elif kind is None:
                self._outbox.flush()
        finally:
            del self._outbox.batches[self._greenlet]
            for _, reply in batch:
                reply.drop()
