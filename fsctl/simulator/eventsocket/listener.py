"""One event-socket connection of the switch, either way: reads commands, answers, and sends events in order."""

import logging
import re
import socket
from collections.abc import Callable, Collection
from urllib.parse import unquote

import gevent
from gevent.queue import Full, Queue

from fsctl.simulator.channel.channel import Channel, Switch
from fsctl.simulator.channel.message import Message
from fsctl.simulator.core import jobs
from fsctl.simulator.core.events import Event, as_json, as_plain
from fsctl.simulator.eventsocket.commandreader import Closed, CommandReader, Headers

log = logging.getLogger(__name__)

#: Frames that may wait to be sent (mod_event_socket.c:36).
_QUEUED = 100_000


class Listener:
    """Commands are taken one at a time; a peer that reads nothing holds up nobody but itself."""

    def __init__(self, switch: Switch, sock: socket.socket) -> None:
        self.switch = switch
        self.closed = False
        self.full = True
        self._sock = sock
        self._out: Queue = Queue(maxsize=_QUEUED)
        self._reader = CommandReader(sock)
        self._spelled: Headers = {}
        self._names: set[str] = set()
        self._encode: Callable[[Event], bytes] = as_plain
        self._greenlets = [gevent.Greenlet(self._write), gevent.Greenlet(self._read)]

    def start(self) -> None:
        """Begin to read and write; small packets go out at once (mod_event_socket.c:478, 2663)."""
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.switch.listen(self.offer)
        for greenlet in self._greenlets:
            greenlet.start()

    # ---- out ----------------------------------------------------------------------------------

    def send(self, data: bytes | None) -> None:
        """Queue bytes; None closes once all before is out."""
        try:
            self._out.put_nowait(data)
        except Full:
            self.close()

    def reply(self, text: str, **headers: str) -> None:
        """A command/reply; further headers as keywords."""
        more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
        self.send(f"Content-Type: command/reply\nReply-Text: {text}\n{more}\n".encode())

    def offer(self, event: Event) -> None:
        """Send an event if it was asked for."""
        if not self.closed and self.wants(event):
            self.send(self._encode(event))

    def wants(self, event: Event) -> bool:
        """Whether it was asked for, by name or by its subclass."""
        name = event["Event-Name"]
        return "ALL" in self._names or (event.get("Event-Subclass", "") if name == "CUSTOM" else name) in self._names

    def close(self) -> None:
        """Close at once; from any greenlet, as often as one likes."""
        if self.closed:
            return
        self.closed = True
        self.switch.unlisten(self.offer)
        self._sock.close()
        for greenlet in self._greenlets:
            if greenlet is not gevent.getcurrent():
                greenlet.kill(block=False)
        self.on_close()

    def on_close(self) -> None:
        """What else ends with it."""

    def _write(self) -> None:
        try:
            for data in iter(self._out.get, None):
                self._sock.sendall(data)
        except OSError as error:
            log.debug("event socket: %s", error)
        self.close()

    # ---- in -----------------------------------------------------------------------------------

    def _read(self) -> None:
        try:
            self.begin()
            while not self.closed:
                self.handle(*self.next_command())
        except (OSError, Closed) as error:
            log.debug("event socket: %s", error)
        except Exception:
            log.exception("event socket: a command failed")
        self.close()

    def begin(self) -> None:
        """What comes before the first command."""

    def next_command(self) -> tuple[str, Headers, str]:
        """Its line, its headers by lower-case name, and its body. Closed when the peer is gone or floods."""
        line, self._spelled, body = self._reader.next()
        return line, {name.lower(): value for name, value in self._spelled.items()}, body

    def handle(self, line: str, headers: Headers, body: str) -> None:
        """Carry out one command and answer it."""
        word, _, rest = line.partition(" ")
        command = getattr(self, f"do_{word.lower()}", None) if re.fullmatch("[A-Za-z]+", word) else None
        if command is None or (not self.full and word not in _WITHOUT_FULL):
            self.reply("-ERR command not found")
        else:
            command(rest.strip(), headers, body)

    def do_api(self, text: str, headers: Headers, body: str) -> None:
        answer = (self.switch.api(text) or "-ERR no reply\n").encode()
        self.send(b"Content-Type: api/response\nContent-Length: %d\n\n" % len(answer) + answer)

    def do_bgapi(self, text: str, headers: Headers, body: str) -> None:
        job = jobs.begin(self.switch, text, headers.get("job-uuid", ""))
        self.reply(f"+OK Job-UUID: {job}", Job_UUID=job)

    def do_event(self, text: str, headers: Headers, body: str) -> None:
        kind, *names = text.split()
        if kind in ("json", "plain", "xml"):
            self._encode = as_json if kind == "json" else as_plain
        else:
            names.insert(0, kind)
        self._names |= {"ALL" if name.lower() == "all" else name for name in names}
        self.reply(f"+OK event listener enabled {'json' if self._encode is as_json else 'plain'}")
        self.switch.pulse()

    def do_nixevent(self, text: str, headers: Headers, body: str) -> None:
        self.unname(text.split())
        self.reply("+OK events nixed" if text else "-ERR no keywords supplied")

    def unname(self, names: Collection[str]) -> None:
        """These are not asked for any more."""
        self._names.difference_update(names)

    def do_noevents(self, text: str, headers: Headers, body: str) -> None:
        self._names.clear()
        self.reply("+OK no longer listening for events")

    def do_sendevent(self, text: str, headers: Headers, body: str) -> None:
        about = {name: unquote(value) for name, value in self._spelled.items()}
        self.switch.fire(text.split(" ")[0], about | ({"_body": body} if body else {}))
        self.reply("+OK")

    def do_sendmsg(self, text: str, headers: Headers, body: str) -> None:
        channel = self.channel_for(text)
        if channel is None:
            self.reply("-ERR invalid session id [c4]" if text else "-ERR invalid session id [c2]")
            return
        queued = channel.thread.queue(_message(headers, body))
        self.reply("+OK" if queued else "-ERR memory error")

    def channel_for(self, uuid: str) -> Channel | None:
        """Whom a ``sendmsg`` is for."""
        return self.switch.channels.get(uuid)

    def do_exit(self, text: str, headers: Headers, body: str) -> None:
        self.reply("+OK bye")
        notice = b"Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"
        self.send(b"Content-Type: text/disconnect-notice\nContent-Length: %d\n\n" % len(notice) + notice)
        self.finish("exit")

    def finish(self, reason: str) -> None:
        """Close once everything is out; from the reading greenlet."""
        self.send(None)
        self._greenlets[0].join(5)
        raise Closed(reason)


def _message(headers: Headers, body: str) -> Message:
    if headers.get("call-command") == "hangup":
        return Message(cause=headers.get("hangup-cause", "NORMAL_CLEARING"))
    data = headers.get("execute-app-arg", "") or (body if headers.get("content-type") == "text/plain" else "")
    return Message(headers.get("execute-app-name", ""), data, headers.get("event-uuid", ""),
                   headers.get("event-lock", "") == "true", "NORMAL_CLEARING")


_WITHOUT_FULL = ("connect", "myevents", "linger", "nolinger", "sendmsg", "exit", "getvar")
