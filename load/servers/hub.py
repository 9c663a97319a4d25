"""greenswitch's sessions behind gevent's server, which accepts without polling."""

from gevent import monkey

monkey.patch_all()

import socket  # noqa: E402
import sys  # noqa: E402

from gevent.server import StreamServer  # noqa: E402
from greenswitch.esl import OutboundSession  # noqa: E402

from load.servers.application import Application  # noqa: E402


def accepted(sock: socket.socket, address: tuple[str, int]) -> None:
    session = OutboundSession(address, sock)
    session.connect()
    Application(session).run()
    session.stop()


server = StreamServer(("127.0.0.1", int(sys.argv[1])), accepted, backlog=1024)
server.start()
print("ready", file=sys.stderr, flush=True)
server.serve_forever()
