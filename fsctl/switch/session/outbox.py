"""What the greenlets of one call write: at once, or gathered and written together."""

import gevent

from fsctl.switch.wire.connection import Connection, Disconnected, Reply


class Superseded(Disconnected):
    """The channel has a newer connection; this one hears, but may not say anything more."""


class Outbox:
    """Of one connection, which says nothing more once it is ``superseded``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.superseded = False
        #: By greenlet.
        self.batches: dict[gevent.Greenlet, list[tuple[bytes, Reply]]] = {}

    def send(self, *packets: bytes) -> list[Reply]:
        """Write commands at once, before what is gathered."""
        self._check()
        return self._connection.send(*packets)

    def write(self, packet: bytes, reply: Reply) -> None:
        """Write a command whose reply was made before, or gather it."""
        self._check()
        batch = self.batches.get(gevent.getcurrent())
        if batch is None:
            self._connection.write(packet, [reply])
        else:
            batch.append((packet, reply))

    def batch(self) -> "Batch":
        """See CallSession.batch."""
        return Batch(self)

    def _check(self) -> None:
        if self.superseded:
            raise Superseded("the channel has a newer connection")

    def flush(self) -> None:
        """Write what this greenlet has gathered."""
        batch = self.batches.get(gevent.getcurrent())
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


class Batch:
    """What one greenlet gathers within a ``with``. Within another batch of its own it is a part of that."""

    __slots__ = ("_greenlet", "_inner", "_outbox")

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def __enter__(self) -> None:
        self._greenlet = gevent.getcurrent()
        self._inner = self._greenlet in self._outbox.batches
        if not self._inner:
            self._outbox.batches[self._greenlet] = []

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if self._inner:
            return
        try:
            if kind is None:
                self._outbox.flush()
        finally:
            for _, reply in self._outbox.batches.pop(self._greenlet):
                reply.drop()
