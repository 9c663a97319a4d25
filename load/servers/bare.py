"""gevent's server and nothing else: no parsing, only what must go to and fro."""

from gevent import monkey

monkey.patch_all()

import socket  # noqa: E402
import sys  # noqa: E402

from gevent.server import StreamServer  # noqa: E402


def accepted(sock: socket.socket, address: tuple[str, int]) -> None:
    sock.sendall(b"connect\n\n")
    read = b""
    while not read.endswith(b"\n\n"):
        data = sock.recv(65536)
        if not data:
            return
        read += data
    sock.sendall(b"sendmsg\ncall-command: execute\nexecute-app-name: hangup\n\n")
    while sock.recv(65536):
        pass


server = StreamServer(("127.0.0.1", int(sys.argv[1])), accepted, backlog=1024)
server.start()
print("ready", file=sys.stderr, flush=True)
server.serve_forever()
