"""greenswitch's server by its interface; what accepts and serves the calls is fsctl's CallServer."""

import logging
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from typing import Protocol

from gevent.event import Event as Signal
from greenswitch.esl import NotConnectedError, OutboundSessionHasGoneAway

from fsctl.switch.greenswitch.session import OutboundSession
from fsctl.switch.session.call_session import CallSession
from fsctl.switch.session.server import CallServer

#: Whose calls are taken unless ``allow`` says otherwise: the protocol has no password.
LOOPBACK = ("127.0.0.0/8", "::1/128")

log = logging.getLogger(__name__)


class Application(Protocol):
    """What a call's application has."""

    def run(self) -> object: ...


class OutboundESLServer:
    """Runs ``application(session).run()`` for each call, in a greenlet of its own.

    ``bind_port`` is a port, 0 for any free one, or several to be tried in their order; ``allow`` are the networks of
    the FreeSWITCHes. Calls above ``max_connections`` are closed at once, and go on in the dialplan.
    """

    def __init__(
        self,
        bind_address: str = "127.0.0.1",
        bind_port: int | Sequence[int] = 8000,
        application: Callable[[OutboundSession], Application] | None = None,
        max_connections: int = 100,
        *,
        allow: Sequence[str] = LOOPBACK,
    ) -> None:
        if application is None:
            raise ValueError("an application is needed")
        self.bind_address = bind_address
        self.bind_port = list(bind_port) if isinstance(bind_port, Sequence) else [bind_port]
        if not self.bind_port:
            raise ValueError("a port is needed")
        self.application, self.max_connections = application, max_connections
        #: Where it listens, once it does.
        self.bound_port: int | None = None
        self._allow = [ip_network(network) for network in allow]
        self._server: CallServer | None = None
        self._stopped = Signal()

    @property
    def connection_count(self) -> int:
        """Connections now, from accept on."""
        return self._server.active if self._server is not None else 0

    def listen(self) -> None:
        """Serve until stop(), then until the calls are over. OSError if none of the ports can be had."""
        self._stopped.clear()
        server = self._server = self._bound()
        self.bound_port = server.address[1]
        try:
            self._stopped.wait()
            server.drain(None)
        finally:
            server.stop_accepting()

    def stop(self) -> None:
        """Take no more calls; listen() returns when the last one is over."""
        self._stopped.set()

    def _bound(self) -> CallServer:
        for last, port in enumerate(self.bind_port, 1 - len(self.bind_port)):
            server = CallServer(
                (self.bind_address, port), self._serve, allow=self._allow, max_calls=self.max_connections
            )
            try:
                server.start()
            except OSError as error:
                if not last:
                    raise
                log.info("%s; the next one is tried", error)
            else:
                return server
        raise AssertionError("no port")

    def _serve(self, call: CallSession) -> None:
        session = OutboundSession(call)
        call.hear_on()  # its handlers want the last events, too; without linger FreeSWITCH closes by itself
        call.subscribe()
        try:
            self.application(session).run()
        except (OutboundSessionHasGoneAway, NotConnectedError) as end:
            log.info("call %s ended: %s", call.uuid, end)
        finally:
            session.stop()
