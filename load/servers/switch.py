"""The event socket of a FreeSWITCH: what fsctl's link asks, answered, so that the office and the channels are known.

What the generator tells of its calls, event for event as FreeSWITCH would send it, goes to the links that subscribed.
"""

from gevent import monkey

monkey.patch_all()

import itertools  # noqa: E402
import json  # noqa: E402
import re  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402
from urllib.parse import unquote  # noqa: E402
from uuid import uuid4  # noqa: E402

import gevent  # noqa: E402
from gevent.lock import BoundedSemaphore  # noqa: E402
from gevent.server import StreamServer  # noqa: E402

_CORE = str(uuid4())
_HEARTBEAT_SECONDS = 15.0
_JOB = re.compile(r"(?m)^Job-UUID: *(.*)$")
_OK = b"Content-Type: command/reply\nReply-Text: +OK\n\n"
_UUID = re.compile(rb"(?m)^Unique-ID: (.*)$")

#: Where nobody else writes meanwhile, by connection; those that subscribed.
_writing: dict[socket.socket, BoundedSemaphore] = {}
_links: set[socket.socket] = set()
#: The last event with the variables of each channel that there is.
_channels: dict[str, bytes] = {}


def accepted(sock: socket.socket, address: tuple[str, int]) -> None:
    _writing[sock] = BoundedSemaphore()
    send(sock, b"Content-Type: auth/request\n\n")
    beating = gevent.spawn(beat, sock)
    buffer = frame = b""
    try:
        while data := sock.recv(65536):
            *parts, buffer = (buffer + data).split(b"\n\n")
            for part in parts:
                if frame:
                    tell(frame, part)
                    frame = b""
                elif part.startswith(b"Content-Length"):
                    frame = part
                else:
                    if part.startswith(b"event "):
                        _links.add(sock)
                    send(sock, reply(part.decode()))
    finally:
        _links.discard(sock)
        beating.kill()
        del _writing[sock]


def send(sock: socket.socket, data: bytes) -> None:
    with _writing[sock]:
        sock.sendall(data)


def tell(frame: bytes, body: bytes) -> None:
    """Pass on an event that the generator has made, and keep what it says of its channel."""
    if found := _UUID.search(body):
        uuid = found[1].decode()
        if b"Event-Name: CHANNEL_HANGUP_COMPLETE" in body:
            _channels.pop(uuid, None)
        elif b"\nvariable_" in body:
            _channels[uuid] = body
    for link in tuple(_links):
        send(link, b"%b\n\n%b\n\n" % (frame, body))


def dump(uuid: str) -> str:
    """As ``uuid_dump … json`` has it."""
    if (body := _channels.get(uuid)) is None:
        return "-ERR No such channel!\n"
    return json.dumps({name: unquote(value) for name, _, value in (
        line.partition(": ") for line in body.decode().split("\n"))})


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
        case ["show", "channels", *_]:
            return json.dumps({"row_count": len(_channels), "rows": [{"uuid": uuid} for uuid in _channels]})
        case ["show", *_]:
            return json.dumps({"row_count": 0})
        case ["global_getvar", "core_uuid"]:
            return _CORE
        case ["global_getvar", "domain"]:
            return "pbx.example"
        case ["uuid_exists", uuid]:
            return str(uuid in _channels).lower()
        case ["uuid_dump", uuid, *_]:
            return dump(uuid)
        case ["sofia", *_] | ["conference", *_] | ["global_getvar", *_]:
            return "-ERR"
    return "+OK\n"


def event(headers: dict[str, str]) -> bytes:
    body = json.dumps(headers).encode()
    return b"Content-Length: %d\nContent-Type: text/event-json\n\n%s" % (len(body), body)


def beat(sock: socket.socket) -> None:
    for number in itertools.count():
        gevent.sleep(_HEARTBEAT_SECONDS)
        send(sock, event({"Event-Name": "HEARTBEAT", "Event-Sequence": str(number)}))


server = StreamServer(("127.0.0.1", int(sys.argv[1])), accepted)
server.start()
print("ready", file=sys.stderr, flush=True)
server.serve_forever()
