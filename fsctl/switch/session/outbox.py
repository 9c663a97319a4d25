"""What the greenlets of one call write: at once, or gathered and written together."""

from collections.abc import Iterator
from contextlib import contextmanager

import gevent

from fsctl.switch.wire.connection import Connection, Disconnected, Reply


class Superseded(Disconnected):
    """The channel has a newer connection; this one hears, but may not say anything more."""


class Outbox:
    """Of one connection, which says nothing more once it is ``superseded``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.superseded = False
        self._batches: dict[gevent.Greenlet, list[tuple[bytes, Reply]]] = {}

    def send(self, *packets: bytes) -> list[Reply]:
        """Write commands at once, before what is gathered."""
        self._check()
        return self._connection.send(*packets)

    def write(self, packet: bytes, reply: Reply) -> None:
        """Write a command whose reply was made before, or gather it."""
        self._check()
        batch = self._batches.get(gevent.getcurrent())
        if batch is None:
            self._connection.write(packet, [reply])
        else:
            batch.append((packet, reply))

    @contextmanager
    def batch(self) -> Iterator[None]:
        """See CallSession.batch."""
        greenlet = gevent.getcurrent()
        if greenlet in self._batches:
            yield
            return
        self._batches[greenlet] = []
        try:
            yield
            self.flush()
        finally:
            for _, reply in self._batches.pop(greenlet):
                reply.drop()

    def _check(self) -> None:
        if self.superseded:
            raise Superseded("the channel has a newer connection")

    def flush(self) -> None:
        """Write what this greenlet has gathered."""
        batch = self._batches.get(gevent.getcurrent())
        if batch:
            self._check()
            unsent, batch[:] = list(batch), []
            replies = [reply for _, reply in unsent]
            try:
                self._connection.write(b"".join(packet for packet, _ in unsent), replies)
            except BaseException:  # a kill too: nothing may be left waiting
                for reply in replies:
                    if not reply.ready:
                        reply.drop()
                raise
