"""Makes calls at a server, so many at once, and notes how long each decision took. One process, one epoll."""

import errno
import select
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from load.calls import Call, Script

#: Seconds that a talk lasts.
_TALK = 0.1

#: Seconds after the last decision in which a server closes its connections, where nobody waits for that.
_CLOSING = 0.1

#: Of calls that stay, so many are begun before the first is decided.
_BEGUN_AT_ONCE = 20

#: Seconds without anything happening, after which what is open counts as failed.
_PATIENCE = 20.0


@dataclass
class Figures:
    """Of one measurement; seconds."""

    latencies: list[float] = field(default_factory=list)
    uuids: list[str] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0


class _Connection:
    def __init__(self, sock: socket.socket, call: Call) -> None:
        self.sock, self.call = sock, call
        self.began = 0.0
        self.out = b""
        self.waits = self.counted = False


class Generator:
    """A closed loop: the next call begins when one is over for FreeSWITCH, though the server may still be busy."""

    def __init__(
        self, address: tuple[str, int], script: Script, tell_links: Callable[[bytes], None] | None = None
    ) -> None:
        self._address, self._script, self._tell_links = address, script, tell_links
        self._epoll = select.epoll()
        self._open: dict[int, _Connection] = {}
        self._talks: deque[tuple[float, _Connection]] = deque()

    def run(self, at_once: int, calls: int, seconds: float) -> Figures:
        """At most so many calls, none begun after ``seconds``. Returns when the server has closed all connections.

        One at a time, the last few are not waited for: greenswitch's server takes a second to close one.
        """
        figures = Figures()
        begun, running = 0, 0
        start = last = heard = time.perf_counter()
        while True:
            now = time.perf_counter()
            while running < at_once and begun < calls and now - start < seconds:
                self._begin()
                begun, running = begun + 1, running + 1
            if not self._open or (at_once == 1 and not running and now - last > _CLOSING):
                break
            for each in self._over(now):
                self._say(each, each.call.hang_up())
                running -= each.call.over
                each.counted = True
            ready = self._epoll.poll(0.01 if self._talks else 0.1)
            if ready:
                heard = time.perf_counter()
            elif time.perf_counter() - heard > _PATIENCE:
                figures.failed += sum(not each.counted for each in self._open.values())
                break
            for number, mask in ready:
                each = self._open[number]
                decided = each.call.decided
                self._serve(each, mask)
                if each.call.decided and not decided:
                    last = time.perf_counter()
                    figures.latencies.append(last - each.began)
                    figures.uuids.append(each.call.uuid)
                gone = number not in self._open
                if not each.counted and (gone or each.call.over):
                    each.counted = True
                    running -= 1
                    figures.failed += not each.call.decided
        for each in list(self._open.values()):
            self._end(each)
        figures.seconds = last - start
        return figures

    def stay(self, calls: int, decided: Callable[[], None]) -> None:
        """Begin so many calls, and answer what is said of them for ever; tell when all of them are ``decided``."""
        undecided: set[int] = set()
        begun = 0
        while True:
            while len(undecided) < _BEGUN_AT_ONCE and begun < calls:
                undecided.add(self._begin())
                begun += 1
            for number, mask in self._epoll.poll():
                self._serve(self._open[number], mask)
                if number not in self._open:
                    raise ConnectionError("a call that shall stay has ended")
                if number in undecided and self._open[number].call.decided:
                    undecided.remove(number)
                    if not undecided and begun == calls:
                        decided()

    def _over(self, now: float) -> Iterator[_Connection]:
        """Talks that have lasted long enough."""
        while self._talks and self._talks[0][0] < now:
            each = self._talks.popleft()[1]
            if not each.counted:
                yield each

    def _begin(self) -> int:
        sock = socket.socket()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        each = _Connection(sock, Call(self._script, self._tell_links))
        each.began = time.perf_counter()
        code = sock.connect_ex(self._address)
        if code not in (0, errno.EINPROGRESS):
            raise OSError(code, f"nobody listens on {self._address}")
        self._open[sock.fileno()] = each
        self._epoll.register(sock.fileno(), select.EPOLLIN)
        return sock.fileno()

    def _serve(self, each: _Connection, mask: int) -> None:
        try:
            if mask & ~select.EPOLLOUT:
                data = each.sock.recv(65536)
                if not data:
                    self._end(each)
                    return
                answered = each.call.answered
                each.out += each.call.take(data)
                if each.call.answered and not answered:
                    self._talks.append((time.perf_counter() + _TALK, each))
            self._write(each)
        except OSError:
            self._end(each)

    def _say(self, each: _Connection, data: bytes) -> None:
        each.out += data
        try:
            self._write(each)
        except OSError:
            self._end(each)

    def _write(self, each: _Connection) -> None:
        waited = bool(each.waits)
        with suppress(BlockingIOError):
            each.out = each.out[each.sock.send(each.out) :] if each.out else b""
        each.waits = bool(each.out)
        if each.waits != waited:
            self._epoll.modify(each.sock.fileno(), select.EPOLLIN | (select.EPOLLOUT if each.waits else 0))
        if each.call.closes and not each.out:  # and reads on, so that nothing it has said is lost to a reset
            each.sock.shutdown(socket.SHUT_WR)

    def _end(self, each: _Connection) -> None:
        number = each.sock.fileno()
        self._epoll.unregister(number)
        each.sock.close()
        del self._open[number]
