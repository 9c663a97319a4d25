"""The tests' own time stands still while the kernel has an answer to give."""

import socket

import gevent
import pytest

HERE = "127.0.0.1"


def bound(port=0):
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((HERE, port))
    return sock


def test_it_does_not_leap_while_somebody_is_being_connected():
    """The same two ports were connected a moment ago, and nobody listens any more: that is refused the second time."""
    with bound() as server, bound() as client:
        server.listen()
        there, here = server.getsockname(), client.getsockname()
        client.connect(there)
        server.accept()[0].close()
        client.recv(1)
    with bound(here[1]) as client, gevent.Timeout(5), pytest.raises(ConnectionRefusedError):
        client.connect(there)
