"""The inbound event socket: commands, their answers within limits, and events one after another."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import copy_context
from functools import partial
from uuid import uuid4

import gevent
from gevent.queue import Queue

from fsctl.errors import Unreachable
from fsctl.switch import wire
from fsctl.switch.wire import REPLY_LIMIT, Event, Frame, FrameReader
from fsctl.switch.wire.awaited import Awaited, Failure, Late
from fsctl.switch.wire.connection import Connection, Disconnected, Reply, prepare
from fsctl.words import marked, say
from fsctl.words.system import system_error

#: Events that may wait for the handlers; with more the link closes, since what is lost can't be asked for again.
QUEUED_EVENTS = 10_000

_NO_ANSWER = marked("no answer to {asked} within {seconds} s")
_NO_ANSWERS = marked("no answer to one of several questions within {seconds} s")
_NO_RESULT = marked("no result of {asked} within {seconds} s")

log = logging.getLogger(__name__)


class SwitchError(Unreachable):
    """FreeSWITCH can't be used; one line, with what to do."""


class SwitchUnreachable(SwitchError):
    """No connection, or it broke."""

    def __init__(self, reason: str) -> None:
        super().__init__(say(
            "FreeSWITCH can't be reached: {why}. Is it running, and is mod_event_socket loaded?", why=reason))


class WrongPassword(SwitchError):
    """FreeSWITCH refused the password."""


class Refused(SwitchError):
    """FreeSWITCH won't talk to this host."""


class EventSocket:
    """A client of mod_event_socket. ``open()`` once; after an end make a new one.

    One greenlet receives and one more calls the handlers. ``timeout`` is seconds, for opening and for commands.
    """

    def __init__(self, host: str, port: int, password: str, *, timeout: float = 5.0) -> None:
        self.host, self.port, self.password, self.timeout = host, port, password, timeout
        #: Logged in, and not over.
        self.connected = False
        self._invited: Awaited[str] = Awaited()
        self._ended: Awaited[str] = Awaited()
        self._jobs: dict[str, Awaited[str]] = {}
        self._handlers: list[Callable[[Event], None]] = []
        self._complained: set[Callable[[Event], None]] = set()
        self._queue: Queue | None = None
        self._dispatcher: gevent.Greenlet | None = None
        self._connection: Connection | None = None

    def open(self) -> None:
        """Connect and log in. SwitchUnreachable, WrongPassword or Refused, within ``timeout`` seconds each step."""
        try:
            sock = gevent.socket.create_connection((self.host, self.port), timeout=self.timeout)
            prepare(sock)
        except OSError as error:
            raise SwitchUnreachable(f"{self.host}:{self.port}: {system_error(error)}") from error
        reader = FrameReader(body_limit=REPLY_LIMIT)
        self._connection = Connection(sock, reader, self._on_frame, self._on_end)
        try:
            self._connection.start()
            self._await(self._invited, marked("no greeting within {seconds} s"))
            reply = self._ask(wire.auth(self.password))
            if not reply.startswith("+OK"):
                raise WrongPassword(say(
                    "FreeSWITCH at {host}:{port} refuses the password ({answer}): FSCTL_ESL_PASSWORD must be that of"
                    " event_socket.conf.xml", host=self.host, port=self.port, answer=reply[:40]))
            self.connected = True
            self.subscribe("BACKGROUND_JOB")
        except OSError as error:
            self.close()
            raise SwitchUnreachable(system_error(error)) from error
        except BaseException:  # a kill too: no half-open link stays
            self.close()
            raise

    def api(self, text: str, timeout: float | None = None) -> str:
        """What the command prints, up to 16 MiB. SwitchUnreachable if that isn't there in time."""
        return self._ask(wire.api(text), timeout)

    def apis(self, texts: Iterable[str]) -> list[str]:
        """What several commands print, in their order, asked at once. SwitchUnreachable as of one."""
        replies = self.send(*[wire.api(text) for text in texts])
        return [self._await(reply, _NO_ANSWERS) for reply in replies]

    def bgapi(self, text: str, timeout: float | None = None) -> str:
        """The same in a thread of its own: a slow command doesn't hold up the events."""
        job_uuid = str(uuid4())
        done = self._jobs[job_uuid] = Awaited()  # first, since the result can overtake the reply
        try:
            reply = self._ask(wire.bgapi(text, job_uuid), timeout)
            if not reply.startswith("+OK"):
                raise SwitchError(say(
                    "FreeSWITCH refuses {command}: {answer}", command=text.split()[0], answer=reply[:80]))
            return self._await(done, _NO_RESULT, timeout, text.split()[0])
        finally:
            self._jobs.pop(job_uuid, None)

    def subscribe(self, *names: str) -> None:
        """Ask for events by name, or by subclass (``conference::maintenance``); adds to what was asked before."""
        reply = self._ask(wire.events(names))
        if not reply.startswith("+OK"):
            raise SwitchError(say(
                "FreeSWITCH refuses events {events}: {answer}", events=", ".join(names), answer=reply[:80]))

    def sendevent(self, name: str, headers: Mapping[str, str]) -> None:
        """Fire an event within FreeSWITCH: a lamp's PRESENCE_IN. Doesn't wait."""
        self.send(wire.sendevent(name, headers))

    def send(self, *packets: bytes) -> list[Reply]:
        """Write commands at once; one reply each, in their order. Raises SwitchUnreachable."""
        if self._connection is None:
            raise SwitchUnreachable(say("not opened"))
        try:
            return self._connection.send(*packets)
        except Disconnected as error:
            raise SwitchUnreachable(str(error)) from error

    def on_event(self, handler: Callable[[Event], None]) -> None:
        """Call it with each event, one after another. One that fails is logged once and called again."""
        self._handlers.append(handler)
        if self._dispatcher is None:
            self._dispatcher = gevent.spawn(copy_context().run, self._dispatch, self.events())

    def events(self) -> Iterator[Event]:
        """The events from now on, until the link ends. Either this or ``on_event``."""
        queue = self._queue = self._queue or Queue(maxsize=QUEUED_EVENTS)
        return iter(queue.get, None)

    def wait_closed(self, timeout: float | None = None) -> str:
        """Why the link ended; gevent.Timeout if it lives on."""
        return self._ended.wait(timeout)

    def close(self) -> None:
        """Close the socket, and fail what is waited for. From any greenlet, as often as one likes."""
        if self._connection is not None:
            self._connection.close()

    def _ask(self, packet: bytes, timeout: float | None = None) -> str:
        reply = self.send(packet)[0]
        # Not the rest of the line: it may be the password.
        words = packet.decode().split(maxsplit=2)[: 2 if packet.startswith((b"api", b"bgapi")) else 1]
        return self._await(reply, _NO_ANSWER, timeout, " ".join(words)[:40])

    def _await(
        self, awaited: Reply | Awaited[str], lack: str, timeout: float | None = None, asked: str = "",
    ) -> str:
        seconds = self.timeout if timeout is None else timeout
        try:
            return awaited.get(seconds) if isinstance(awaited, Reply) else awaited.wait(seconds)
        except Disconnected as error:
            raise SwitchUnreachable(str(error)) from error
        except Late:
            raise SwitchUnreachable(say(lack, asked=asked, seconds=format(seconds, "g"))) from None

    def _on_frame(self, frame: Frame) -> None:
        kind = frame.content_type
        if kind == "auth/request":
            self._invited.set(frame.content_type)
        elif kind == "text/rude-rejection":
            self._invited.fail(partial(Refused, say(
                "FreeSWITCH at {host}:{port} refuses this host: allow it in apply-inbound-acl of event_socket.conf.xml",
                host=self.host, port=self.port)))
        elif kind == "text/disconnect-notice":
            self._end(say("FreeSWITCH closed the link"))
        elif kind.startswith("text/event-"):
            self._on_event(wire.parse_event(frame, much=True))

    def _on_event(self, event: Event) -> None:
        if event.get("Event-Name") == "BACKGROUND_JOB":
            done = self._jobs.get(event.get("Job-UUID", ""))
            if done is not None:
                done.set(event.get("_body", "").rstrip("\n"))
                return
        if self._queue is None:
            return
        if self._queue.full():
            self._end(say("the handlers are {number} events behind", number=QUEUED_EVENTS))
        else:
            self._queue.put(event)

    def _end(self, reason: str) -> None:
        if self._connection is not None:
            self._connection.close(reason)

    def _on_end(self, failure: Failure) -> None:
        self.connected = False
        self._ended.set(str(failure()))
        for waiting in (self._invited, *self._jobs.values()):
            waiting.fail(failure)
        if self._queue is not None:
            if self._queue.full():
                self._queue.get()
            self._queue.put(None)

    def _dispatch(self, events: Iterator[Event]) -> None:
        for event in events:
            for handler in tuple(self._handlers):
                try:
                    handler(event)
                except (Exception, gevent.Timeout):  # whatever it is, the next event is another's business
                    if handler not in self._complained:
                        self._complained.add(handler)
                        log.exception("%r failed on %s; not logged again", handler, event.get("Event-Name"))
