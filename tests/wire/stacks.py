"""greenswitch as it is and what fsctl has instead, behind the same few verbs: so one scenario can judge both."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_network
from typing import Any

import gevent
import greenswitch
from greenswitch.esl import NotConnectedError, OutboundESLServer, OutboundSession

from fsctl.switch import greenswitch as ours
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.session.call_session import CallSession
from fsctl.switch.session.server import CallServer
from tests.wire.peer import eventually


class Plain:
    """greenswitch as it is."""

    link_error: type[Exception] = NotConnectedError

    def session(self, sock: Any) -> Any:
        return OutboundSession(("peer", 1), sock)

    def begin(self, session: Any) -> Mapping[str, str]:
        session.connect()
        return session.session_data

    def stop(self, session: Any) -> None:
        session.stop()

    def ask(self, session: Any, text: str) -> str:
        return session.send(f"api {text}").data

    def say(self, session: Any) -> None:
        session.say()

    def run(self, session: Any, app: str, arg: str = "") -> Mapping[str, str]:
        return session.call_command(app, arg, block=True).headers

    def next_event(self, session: Any, name: str) -> Callable[[], Mapping[str, str]]:
        heard = gevent.event.AsyncResult()
        session.register_handle(name, lambda event: heard.set(event.headers))
        return heard.get

    def held(self, session: Any) -> int:
        return session._esl_event_queue.qsize()

    def waits(self, session: Any) -> int:
        return sum(map(len, session.expected_events.values()))

    def gone(self, session: Any) -> bool:
        return not session._outbound_connected

    def link(self, host: str, port: int) -> Any:
        return greenswitch.InboundESL(host, port, "secret", timeout=0.3)

    def open(self, link: Any) -> None:
        link.connect()

    def close(self, link: Any) -> None:
        link.stop()

    def on_event(self, link: Any, handler: Callable[[Any], None]) -> None:
        link.register_handle("HEARTBEAT", handler)

    @contextmanager
    def server(self, handle: Callable[[Any], None], port: int = 0, max_calls: int = 100) -> Iterator[tuple[Any, int]]:
        class Application:
            def __init__(self, session: Any) -> None:
                self.session = session

            def run(self) -> None:
                handle(self.session)

        if not port:  # it takes 0 for no port at all
            with socket.create_server(("127.0.0.1", 0)) as unused:
                port = unused.getsockname()[1]
        server = OutboundESLServer("127.0.0.1", port, Application, max_calls)
        greenlet = gevent.spawn(server.listen)
        try:
            # As the user of greenswitch does: it blocks. SystemExit comes out here.
            while server.server is None or not server._running:
                if greenlet.ready():
                    raise greenlet.exception or SystemExit
                gevent.sleep(0.001)
            yield server, server.server.getsockname()[1]
        finally:
            greenlet.kill()
            if server.server is not None:
                server.server.close()

    def drain(self, server: Any) -> None:
        server.stop()


class Safe:
    """fsctl's."""

    link_error: type[Exception] = SwitchError

    def session(self, sock: Any) -> CallSession:
        session = CallSession(sock, "peer", connect_timeout=1)
        session.start()
        return session

    def begin(self, session: CallSession) -> Mapping[str, str]:
        facts = session.connect()
        session.take_over()
        return facts

    def stop(self, session: CallSession) -> None:
        session.close()

    def ask(self, session: CallSession, text: str) -> str:
        return session.api(text, timeout=None)

    def say(self, session: CallSession) -> None:
        ours.OutboundSession(session).say()

    def run(self, session: CallSession, app: str, arg: str = "") -> Mapping[str, str]:
        return session.execute(app, arg).wait()

    def next_event(self, session: CallSession, name: str) -> Callable[[], Mapping[str, str]]:
        return gevent.spawn(session.wait_event, {name}).get

    def held(self, session: CallSession) -> int:
        return len(session._waits._kept)

    def waits(self, session: CallSession) -> int:
        return len(session._waits)

    def gone(self, session: CallSession) -> bool:
        return not session.connected

    def link(self, host: str, port: int) -> EventSocket:
        return EventSocket(host, port, "secret", timeout=0.3)

    def open(self, link: EventSocket) -> None:
        link.open()

    def close(self, link: EventSocket) -> None:
        link.close()

    def on_event(self, link: EventSocket, handler: Callable[[Any], None]) -> None:
        link.on_event(handler)

    @contextmanager
    def server(
        self, handle: Callable[[CallSession], None], port: int = 0, max_calls: int = 100
    ) -> Iterator[tuple[CallServer, int]]:
        allow = [ip_network("127.0.0.0/8")]
        server = CallServer(("127.0.0.1", port), handle, allow=allow, max_calls=max_calls, connect_timeout=0.5)
        server.start()
        try:
            yield server, server.address[1]
        finally:
            server.stop_accepting()

    def drain(self, server: CallServer) -> None:
        server.stop_accepting()
        eventually(lambda: server.active == 0, "still counted")


Stack = Plain | Safe
