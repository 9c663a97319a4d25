"""As little as an application of the async socket can do who rings somebody: it reads nothing, and says all at once.

With more than the port, ``ring_ready`` comes first, which tells the caller before any phone rings.
"""

from gevent import monkey

monkey.patch_all()

import socket  # noqa: E402
import sys  # noqa: E402

from gevent.server import StreamServer  # noqa: E402

_SAID = "connect\n\n" + "".join(
    f"sendmsg\ncall-command: execute\nexecute-app-name: {application}\n"
    + (f"execute-app-arg: {argument}\n" if argument else "") + "\n"
    for application, argument in [*((each, "") for each in sys.argv[3:]), ("bridge", sys.argv[2])])


def accepted(sock: socket.socket, address: tuple[str, int]) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.sendall(_SAID.encode())
    while sock.recv(65536):
        pass


server = StreamServer(("127.0.0.1", int(sys.argv[1])), accepted)
server.start()
print("ready", file=sys.stderr, flush=True)
server.serve_forever()
