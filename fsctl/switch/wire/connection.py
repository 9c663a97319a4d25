"""One event-socket connection: commands out, replies matched in order, all else handed on.

Both directions share it: a call's session and the inbound link. It has one greenlet, which receives.
"""

import socket
import time
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from functools import partial

import gevent
from gevent.lock import RLock

from fsctl.switch.wire import Frame, FrameReader, WireError
from fsctl.switch.wire.awaited import Awaited, Failure
from fsctl.words import marked, say
from fsctl.words.system import system_error

#: Seconds in which a peer must take what is written to it, and in which a frame that began must end.
STALL_SECONDS = 5.0
#: Bytes a second, a frame counting 4 KiB extra, above which a call's peer is flooding.
FLOOD_LIMIT = 32 * 1024 * 1024

_CHUNK = 64 * 1024
_FRAME_COST = 4096
_YIELD_EVERY = 8
_STALLED = marked("the peer takes nothing")

_KEEP_ALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 30_000}


class Disconnected(Exception):
    """The connection is of no use any more, though the channel may live."""


class CommandRefused(Disconnected):
    """FreeSWITCH answered -ERR to a command whose completion was awaited; the connection itself is fine."""


class Reply(Awaited[Frame]):
    """The answer to one command, when it comes."""

    __slots__ = ("_receive",)

    def __init__(self) -> None:
        super().__init__()
        self._receive: Callable[[str], None] | None = None

    def get(self, timeout: float | None = None) -> str:
        """The text: what an ``api`` printed, else Reply-Text.

        CallerGone or Disconnected when it can't come any more, gevent.Timeout after ``timeout`` seconds.
        """
        return self.wait(timeout).text

    def then(self, receive: Callable[[str], None]) -> None:
        """Call ``receive`` with the text from the receiving greenlet; not at all if the connection ends first. Before
        the command is written.
        """
        self._receive = receive

    def settle(self, frame: Frame) -> None:
        """It has come."""
        self.set(frame)
        receive, self._receive = self._receive, None
        if receive is not None:
            receive(frame.text)

    def drop(self) -> None:
        """Its command was never sent."""
        self.fail(partial(Disconnected, say("never sent")))
        receive, self._receive = self._receive, None
        if receive is not None:
            receive("-ERR never sent")


class Connection:
    """Owns the socket. ``on_frame`` gets what isn't a reply, ``on_end`` is called once with the reason."""

    def __init__(
        self,
        sock: socket.socket,
        reader: FrameReader,
        on_frame: Callable[[Frame], None],
        on_end: Callable[[Failure], None],
        *,
        flood_limit: int | None = None,
    ) -> None:
        self._sock, self._reader = sock, reader
        self._on_frame, self._on_end = on_frame, on_end
        self._flood_limit = flood_limit
        self._lock = RLock()
        self._held_up = False  # the peer has once not taken at once what was written
        self._awaited: deque[Reply] = deque()
        self._failure: Failure | None = None
        self._greenlet: gevent.Greenlet | None = None
        self.closed = False
        self.wire_error = ""
        #: What closing means to those who wait.
        self.closing: Callable[[str], Exception] = Disconnected

    def start(self) -> None:
        """Begin to receive."""
        self._greenlet = gevent.spawn(copy_context().run, self._receive)  # which says in its language why it ends

    def send(self, *packets: bytes) -> list[Reply]:
        """Write the commands at once; one reply each, in their order. Raises what ended the connection."""
        replies = [Reply() for _ in packets]
        self.write(b"".join(packets), replies)
        return replies

    def write(self, data: bytes, replies: list[Reply]) -> None:
        """Write commands whose replies were made before. Raises what ended the connection."""
        if not self._held_up:
            self._write(data, replies)
            return
        if not self._lock.acquire(timeout=STALL_SECONDS):
            self.close(say(_STALLED))
            raise Disconnected(say(_STALLED))
        try:
            self._write(data, replies)
        finally:
            self._lock.release()

    def _write(self, data: bytes, replies: list[Reply]) -> None:
        if self._failure:
            raise self._failure()
        self._awaited.extend(replies)  # first, since the answer may overtake the return of sendall
        try:
            sent = self._sock.send(data, 0, 0.0)  # type: ignore[call-arg]  # gevent's, with a timeout
        except OSError:  # it takes nothing now, or the connection is broken: what follows tells
            sent = 0
        if sent < len(data):
            self._write_on(data[sent:])

    def _write_on(self, data: bytes) -> None:
        self._held_up = True  # before anybody else runs, who writes after this then
        try:
            with self._lock, gevent.Timeout(STALL_SECONDS, TimeoutError(say(_STALLED))):
                self._sock.sendall(data)
        except OSError as error:
            self.close(_reason(error))
            raise Disconnected(_reason(error)) from error
        except BaseException:
            # A kill or the caller's own gevent.Timeout: half a command may be out, so nothing may follow it.
            self.close(say("interrupted in mid-command"))
            raise

    def end(self, failure: Failure) -> None:
        """Fail what is awaited and refuse what is still to be sent, but go on receiving. The first one counts."""
        if self._failure:
            return
        self._failure = failure
        awaited, self._awaited = self._awaited, deque()
        for reply in awaited:
            reply.fail(failure)
        self._on_end(failure)

    def close(self, reason: str = "") -> None:
        """Close the socket; from any greenlet, as often as one likes."""
        if self.closed:
            return
        self.closed = True
        self._sock.close()
        self.end(partial(self.closing, reason or say("closed here")))
        self._on_frame = self._on_end = nothing  # nobody hears any more, and nobody is held in a circle
        if self._greenlet is not None and self._greenlet is not gevent.getcurrent():
            self._greenlet.kill(block=False)

    def _receive(self) -> None:
        reason = say("stopped")
        try:
            self._receive_until_error()
        except WireError as error:
            self.wire_error = reason = str(error)
        except OSError as error:
            reason = _reason(error)
        finally:
            # Also when on_frame failed: whatever it was, nobody may wait for a greenlet that is gone.
            self.close(reason)
            self._greenlet = None

    def _receive_until_error(self) -> None:
        second, spent, chunks, begun = 0.0, 0, 0, False
        self._sock.settimeout(None)
        while not self.closed:
            if self._reader.partial is not begun:
                begun = not begun
                self._sock.settimeout(STALL_SECONDS if begun else None)
            cost = self._take(self._sock.recv(_CHUNK))  # which this greenlet does not keep while it waits for more
            if self._flood_limit is not None:
                if (now := time.monotonic()) - second > 1:
                    second, spent = now, 0
                spent += cost
                if spent > self._flood_limit:
                    raise WireError(say("more than {most} bytes in a second", most=self._flood_limit))
            chunks += 1
            if chunks % _YIELD_EVERY == 0:
                gevent.sleep(0)  # recv doesn't yield while there is data: one peer could keep the rest waiting

    def _take(self, data: bytes) -> int:
        """Hand on what has come, and tell what that counts."""
        if not data:
            amid = self._reader.partial
            raise ConnectionError(say("closed by the peer in mid-frame") if amid else say("closed by the peer"))
        frames = self._reader.feed(data)
        for frame in frames:
            self._dispatch(frame)
        return len(data) + _FRAME_COST * len(frames)

    def _dispatch(self, frame: Frame) -> None:
        if self.closed:
            return
        if frame.content_type not in ("command/reply", "api/response"):
            self._on_frame(frame)
        elif self._awaited:
            self._awaited.popleft().settle(frame)
        elif not self._failure:
            raise WireError(say("a reply to no command"))


def prepare(sock: socket.socket) -> None:
    """Let the kernel send small packets at once, and notice a peer that vanished: within about a minute when idle, half
    a minute when written to. What a listening socket accepts is as it is (tcp(7)).
    """
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _KEEP_ALIVE.items():
        if hasattr(socket, option):  # Linux has them all
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def nothing(*_: object) -> None:
    """What is told here, nobody hears."""


def _reason(error: OSError) -> str:
    return system_error(error)
