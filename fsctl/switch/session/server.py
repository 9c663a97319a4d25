"""Accepts calls: FreeSWITCH's ``socket`` application connects here, one connection for each call."""

import logging
import socket
import time
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

import gevent
from gevent.event import Event
from gevent.server import StreamServer

from fsctl.switch.session.call_session import CallerGone, CallSession, Disconnected
from fsctl.switch.wire.connection import prepare
from fsctl.words import say
from fsctl.words.system import system_error

BACKLOG = 1024
#: Seconds in which the same complaint about the same peer isn't repeated.
QUIET_SECONDS = 300.0

_REMEMBERED_PEERS = 1024

log = logging.getLogger(__name__)


class CallServer:
    """Runs ``handle`` for each call in a greenlet of its own, once ``connect()`` succeeded.

    The protocol has no password: whoever reaches the port can play FreeSWITCH, so peers outside of ``allow`` are
    closed at once; so are calls above ``max_calls``, which the dialplan's fail-safe then takes. When ``handle``
    returns or raises the connection is closed, and FreeSWITCH goes on with the dialplan.
    """

    def __init__(
        self,
        listener: tuple[str, int] | socket.socket,
        handle: Callable[[CallSession], None],
        *,
        allow: Sequence[IPv4Network | IPv6Network],
        max_calls: int = 1000,
        connect_timeout: float = 5.0,
    ) -> None:
        self._listener, self._handle = listener, handle
        self._allowed = lru_cache(_REMEMBERED_PEERS)(partial(_is_in, tuple(allow)))
        self._max_calls = max_calls
        self._connect_timeout = connect_timeout
        self._complaints: dict[tuple[str, str], float] = {}
        self._server: StreamServer | None = None
        #: Connections now, from accept on.
        self.active = 0
        self._idle = Event()
        self._idle.set()

    def start(self) -> None:
        """Listen. OSError, with the address in its message, if that can't be."""
        sock = listen(*self._listener) if isinstance(self._listener, tuple) else self._listener
        self._server = StreamServer(sock, self._accepted)
        self._server.start()

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens; of use when port 0 was asked for."""
        if self._server is None:
            raise RuntimeError("not started")
        host, port = self._server.socket.getsockname()[:2]
        return host, port

    def stop_accepting(self) -> None:
        """Close the listening socket: FreeSWITCH goes on to the next controller, or to the fail-safe."""
        if self._server is not None:
            self._server.close()

    def drain(self, timeout: float | None) -> int:
        """Accept no more and wait until the calls are over; how many weren't after ``timeout`` seconds.

        None waits for the last one.
        """
        self.stop_accepting()
        self._idle.wait(timeout)
        return self.active

    def _accepted(self, sock: socket.socket, address: tuple[str, int]) -> None:
        peer = address[0]
        if not self._allowed(peer):
            self._complain(peer, "not in the list of switches; closed")
            return  # StreamServer closes the socket
        if self.active >= self._max_calls:
            self._complain(peer, f"more than {self._max_calls} calls; left to the fail-safe")
            return
        self.active += 1
        self._idle.clear()
        try:
            self._serve(CallSession(sock, f"{peer}:{address[1]}", connect_timeout=self._connect_timeout))
        finally:
            self.active -= 1
            if not self.active:
                self._idle.set()

    def _serve(self, session: CallSession) -> None:
        try:
            session.start()
            session.connect()
        except (Disconnected, CallerGone, OSError) as error:
            log.warning("peer %s brought no call: %s", session.peer, error)
            session.close()
            return
        try:
            self._handle(session)
        except (CallerGone, Disconnected) as end:
            log.info("call %s ended: %s", session.uuid, end)
        except (Exception, gevent.Timeout):  # the handler's fault; the next call must be served
            log.exception("call %s: the handler failed", session.uuid)
        finally:
            session.close()

    def _complain(self, peer: str, complaint: str) -> None:
        now = time.monotonic()
        if now - self._complaints.get((peer, complaint), -QUIET_SECONDS) < QUIET_SECONDS:
            return
        if len(self._complaints) >= _REMEMBERED_PEERS:
            self._complaints.pop(next(iter(self._complaints)))
        self._complaints[peer, complaint] = now
        log.warning("peer %s: %s", peer, complaint)


def _is_in(networks: Sequence[IPv4Network | IPv6Network], peer: str) -> bool:
    address = ip_address(peer)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:  # an IPv4 peer on a socket for both
        address = address.ipv4_mapped
    return any(address in network for network in networks)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, to be shared by workers; OSError names the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock: socket.socket = gevent.socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)  # ``::`` is for both
        prepare(sock)
        sock.bind((host, port))
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise OSError(error.errno, say("can't listen on {host}:{port}: {why}", host=host, port=port,
                                       why=system_error(error))) from error
    return sock
