"""The event socket of a FreeSWITCH without calls: what fsctl's link asks, answered, so that the office is known.

It tells nothing of the calls that the generator makes.
"""

from gevent import monkey

monkey.patch_all()

import itertools  # noqa: E402
import json  # noqa: E402
import re  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402
from uuid import uuid4  # noqa: E402

import gevent  # noqa: E402
from gevent.server import StreamServer  # noqa: E402

_CORE = str(uuid4())
_HEARTBEAT_SECONDS = 15.0
_JOB = re.compile(r"(?m)^Job-UUID: *(.*)$")
_OK = b"Content-Type: command/reply\nReply-Text: +OK\n\n"


def accepted(sock: socket.socket, address: tuple[str, int]) -> None:
    sock.sendall(b"Content-Type: auth/request\n\n")
    beating = gevent.spawn(beat, sock)
    buffer = b""
    try:
        while data := sock.recv(65536):
            *commands, buffer = (buffer + data).split(b"\n\n")
            for command in commands:
                sock.sendall(reply(command.decode()))
    finally:
        beating.kill()


def reply(command: str) -> bytes:
    word, _, rest = command.partition(" ")
    if word == "api":
        answer = api(rest).encode()
        return b"Content-Type: api/response\nContent-Length: %d\n\n%s" % (len(answer), answer)
    if word == "bgapi":
        job = (_JOB.search(command) or {1: str(uuid4())})[1]
        done = event({"Event-Name": "BACKGROUND_JOB", "Job-UUID": job, "_body": api(rest.partition("\n")[0])})
        return f"Content-Type: command/reply\nReply-Text: +OK Job-UUID: {job}\nJob-UUID: {job}\n\n".encode() + done
    return b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n" if word == "auth" else _OK


def api(question: str) -> str:
    match question.split():
        case ["show", *_]:
            return json.dumps({"row_count": 0})
        case ["global_getvar", "core_uuid"]:
            return _CORE
        case ["global_getvar", "domain"]:
            return "pbx.example"
        case ["uuid_exists", *_]:
            return "false"
        case ["sofia", *_] | ["conference", *_] | ["global_getvar", *_]:
            return "-ERR"
    return "+OK\n"


def event(headers: dict[str, str]) -> bytes:
    body = json.dumps(headers).encode()
    return b"Content-Length: %d\nContent-Type: text/event-json\n\n%s" % (len(body), body)


def beat(sock: socket.socket) -> None:
    for number in itertools.count():
        gevent.sleep(_HEARTBEAT_SECONDS)
        sock.sendall(event({"Event-Name": "HEARTBEAT", "Event-Sequence": str(number)}))


server = StreamServer(("127.0.0.1", int(sys.argv[1])), accepted)
server.start()
print("ready", file=sys.stderr, flush=True)
server.serve_forever()
