"""One call's outbound connection: what is asked of FreeSWITCH, and what it tells of the channel."""

import logging
import socket
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

import gevent

from fsctl.switch import wire
from fsctl.switch.session.ending import Ending
from fsctl.switch.session.outbox import Outbox, Superseded
from fsctl.switch.session.waits import CallerGone, Execution, Waits
from fsctl.switch.wire import Audio, Event, Frame, FrameReader, WireError
from fsctl.switch.wire.awaited import Failure
from fsctl.switch.wire.connection import FLOOD_LIMIT, CommandRefused, Connection, Disconnected, Reply, nothing

__all__ = [
    "CallSession",
    "CallerGone",
    "CommandRefused",
    "Disconnected",
    "Execution",
    "Reply",
    "Superseded",
]

log = logging.getLogger(__name__)

_NO_CHANNEL = "-ERR No such channel"


class CallSession:
    """Controls the channel whose ``socket`` application connected to us.

    ``start()``, ``connect()``, ``take_over()``, then applications. All that waits ends with the completion, or with
    CallerGone, Disconnected or gevent.Timeout, whichever comes first. One greenlet receives; waits are the caller's.
    """

    def __init__(self, sock: socket.socket, peer: object, *, connect_timeout: float = 5.0) -> None:
        self.peer = peer
        #: The channel as it was at connect(): cleaned, still the caller's words.
        self.facts: Event = {}
        #: From connect() until the caller hangs up or the connection is of no use any more.
        self.connected = self._ended = False
        self._answer_state: Audio = "none"
        self._uuid = ""
        self._connect_timeout = connect_timeout
        self._forget_hearers()
        self._connection = Connection(sock, FrameReader(), self._on_frame, self._on_end, flood_limit=FLOOD_LIMIT)
        self._ending = Ending(self._connection)
        self._outbox = Outbox(self._connection)
        self._waits = Waits(self._outbox.flush)

    def _forget_hearers(self) -> None:
        #: Called once the channel has a newer connection.
        self.on_superseded: Callable[[], None] = nothing
        #: Called with each event, and once when the caller hangs up or the connection ends; they may not wait.
        self.on_event: Callable[[Event], None] = nothing
        self.on_end: Callable[[], None] = nothing

    def start(self) -> None:
        """Begin to receive."""
        self._connection.start()

    def connect(self) -> Event:
        """Send ``connect`` and return the channel's data.

        Disconnected if the answer isn't there within ``connect_timeout`` seconds, the peer closes, or it is no
        FreeSWITCH; the session is closed then.
        """
        try:
            with gevent.Timeout(self._connect_timeout, TimeoutError("silent")):
                self.facts = wire.parse_event(self.send(wire.connect())[0].wait())
            self._uuid = self.facts.get("Unique-ID", "")
            if not wire.is_uuid(self._uuid):
                self._uuid = ""
                raise WireError("the answer to connect names no channel")
        except (TimeoutError, WireError) as error:
            self.close()
            raise Disconnected(str(error)) from error
        self.connected = not self._ended  # he may hang up before anybody has read the answer
        self._look(self.facts)
        return self.facts

    @property
    def uuid(self) -> str:
        """The channel's, in the shape of a UUID whatever the peer sent; WireError before connect()."""
        if not self._uuid:
            raise WireError("not connected")
        return self._uuid

    @property
    def audio(self) -> Audio:
        """What the caller hears by now, by all that is known of the channel."""
        if self._answer_state == "none" and self.facts.get("variable_endpoint_disposition") == "RECEIVED_NOSDP":
            return "impossible"
        return self._answer_state

    def take_over(self, linger_seconds: int | None = None, **variables: str) -> Reply:
        """Take the call out of the fail-safe, set these of its variables, and subscribe to such of its events as
        anything is done about, in one write; nobody waits.

        ``socket_resume`` is cleared by ``api``, which is done when it is answered: a queued ``unset`` strands the
        caller if this process dies within 20 ms of it. The watchdog stays armed: whoever takes over replaces it.
        """
        changed = ";".join(f"{name}={value}" for name, value in {"socket_resume": "", **variables}.items())
        with self.batch():
            cleared = self.api_nowait(f"uuid_setvar_multi {self.uuid} {changed}")
            cleared.then(self._cleared)
            self.subscribe(linger_seconds)
            self._outbox.write(wire.fewer_events(), Reply())
        return cleared

    def subscribe(self, linger_seconds: int | None = None) -> None:
        """Ask for the channel's events, and to keep the connection so many seconds after the hang-up."""
        with self.batch():
            self._outbox.write(wire.myevents(), Reply())
            if linger_seconds is not None:
                self._outbox.write(wire.linger(linger_seconds), Reply())

    def send(self, *packets: bytes) -> list[Reply]:
        """Write commands at once; one reply each, in their order. Raises CallerGone or Disconnected."""
        return self._outbox.send(*packets)

    def batch(self, *, soon: bool = False) -> AbstractContextManager[None]:
        """What this greenlet sends within leaves in one write at the end; at once, when it waits for something.

        ``soon``: with what is sent next, or once this greenlet lets another one run. If the block raises, what hasn't
        left is dropped.
        """
        return self._outbox.batch(soon=soon)

    def api(self, text: str, timeout: float | None = 5) -> str:
        """What the command prints. Raises CallerGone, Disconnected, and gevent.Timeout after ``timeout`` seconds."""
        reply = self.api_nowait(text)
        self._outbox.flush()
        return reply.get(timeout)

    def apis(self, texts: Iterable[str], timeout: float | None = 5) -> list[str]:
        """What several commands print, in their order, asked in one write; each as of one."""
        with self.batch():
            replies = [self.api_nowait(text) for text in texts]
            self._outbox.flush()
        return [reply.get(timeout) for reply in replies]

    def api_nowait(self, text: str) -> Reply:
        """The same without waiting."""
        reply = Reply()
        if text.split(" ", 2)[1:2] == [self._uuid]:
            reply.then(self._answered_about_channel)
        self._outbox.write(wire.api(text), reply)
        return reply

    def execute(self, app: str, arg: str = "", *, lock: bool = True) -> Execution:
        """Queue an application and go on. ``lock`` keeps it in order with others; never for ``bridge``.

        ValueError if ``arg`` has a CR, LF or NUL. FreeSWITCH expands ``${…}`` in it.
        """
        event_uuid = wire.new_uuid()
        packet = wire.sendmsg_execute(app, arg, event_uuid, lock)
        execution = self._waits.begin(app, event_uuid)
        execution.reply.then(partial(self._waits.answered, execution))
        try:
            self._outbox.write(packet, execution.reply)
        except BaseException:  # a kill too: nothing may be left behind
            self._waits.forget(execution)
            raise
        return execution

    def race(
        self, execution: Execution, names: Collection[str], timeout: float | None = None
    ) -> tuple[str, Event]:
        """Whichever is first: ``("complete", event)``, or the first event of these names since it was queued.

        Raises what Execution.wait() does, but after gevent.Timeout the execution can still be waited for.
        """
        return self._waits.race(execution, names, timeout)

    def keys_between(self, after: Execution, before: Execution | None) -> str:
        """The keys that were pressed when ``after`` was complete and ``before`` had not begun; None: so far.

        FreeSWITCH takes them from the channel while nothing runs there (switch_ivr.c, switch_ivr_park).
        """
        return "".join(event.get("DTMF-Digit", "") for event in self._waits.missed("DTMF", after, before))

    def wait_event(self, names: Collection[str], timeout: float | None = None) -> Event:
        """The oldest event of these names that no wait has had yet, or the next."""
        return self._waits.race(None, names, timeout)[1]

    def wait_hangup(self, timeout: float | None = None) -> str:
        """The cause of the channel's hang-up. Disconnected if that can't be known; gevent.Timeout."""
        self._outbox.flush()
        return self._ending.wait(timeout)

    @property
    def hangup_event(self) -> Event | None:
        """CHANNEL_HANGUP; who hears on has CHANNEL_HANGUP_COMPLETE in its place later."""
        return self._ending.hangup_event

    @property
    def channel_gone(self) -> bool:
        """Whether FreeSWITCH has said that there is no such channel any more."""
        return self._ending.channel_gone

    def hear_on(self) -> None:
        """After the hang-up, too, until FreeSWITCH closes; else the connection is closed as soon as that is heard."""
        self._ending.hears_on = True

    def supersede(self) -> None:
        """The channel was transferred and came back by another connection, which owns it from now on.

        FreeSWITCH obeys both, and closing this one would throw the call out of what the other one does
        (mod_event_socket.c:2846): so it stays open, and silent. What follows raises Superseded.
        """
        self._outbox.superseded = True
        self.on_superseded()

    @property
    def superseded(self) -> bool:
        """Whether the channel has a newer connection."""
        return self._outbox.superseded

    def hangup(self, cause: str = "NORMAL_CLEARING") -> None:
        """Hang up, with a Q.850 name. Quiet if the caller was faster."""
        packet = wire.sendmsg_hangup(cause)
        try:
            self._outbox.write(packet, Reply())
        except CallerGone:
            return

    def close(self) -> None:
        """Close the socket, and fail what is waited for. From any greenlet, as often as one likes.

        FreeSWITCH goes on with the dialplan: after ``socket`` comes the fail-safe.
        """
        self._connection.close()
        self._forget_hearers()

    @contextmanager
    def telling_end(self, told: Callable[[], None]) -> Iterator[None]:
        """Call ``told``, which may not wait, when it is over within the block, which raises CallerGone or Disconnected
        then, at its end or at its beginning.
        """
        self.raise_if_disconnected()
        self.on_end, before = told, self.on_end
        try:
            yield
        finally:
            self.on_end = before
        self.raise_if_disconnected()

    def raise_if_disconnected(self) -> None:
        """CallerGone or Disconnected when it is over."""
        self._ending.check()

    def _answered_about_channel(self, answer: str) -> None:
        if answer.startswith(_NO_CHANNEL):
            self._ending.no_channel()

    def _cleared(self, answer: str) -> None:
        self._answered_about_channel(answer)
        if self.connected and not answer.startswith(("+OK", _NO_CHANNEL)):
            log.warning("call %s could not be taken out of the fail-safe: %s", self._uuid, answer[:80])

    def _on_frame(self, frame: Frame) -> None:
        if frame.content_type == "text/disconnect-notice":
            self._ending.notice(frame)
        elif frame.content_type.startswith("text/event-"):
            event = wire.parse_event(frame)
            self.on_event(event)
            self._waits.arrived(event, frame)
            own = event.get("Unique-ID") == self._uuid
            if own and self._answer_state != "answered":
                self._look(event)
            name = event.get("Event-Name")
            if name == "CHANNEL_EXECUTE" and event.get("Application") == "socket" and self._is_news(event):
                self.supersede()  # the newer connection may be another process's
            if own and name in ("CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE"):  # another leg's isn't ours
                self._ending.hung_up(event)

    def _look(self, event: Event) -> None:
        match event.get("Answer-State"):
            case "early" | "answered" as state:
                self._answer_state = state

    def _is_news(self, event: Event) -> bool:
        """Whether it was fired after connect(): the ``socket`` that brought this connection may still be on its way."""
        ours, its = (each.get("Event-Sequence", "") for each in (self.facts, event))
        return not (ours.isdecimal() and its.isdecimal()) or int(its) > int(ours)

    def _on_end(self, failure: Failure) -> None:
        self.connected, self._ended = False, True
        self._ending.over(failure)
        self._waits.end(failure)
        self.on_end()
        if self._connection.wire_error and self._uuid:
            log.warning("call %s, peer %s: %s", self._uuid, self.peer, self._connection.wire_error)
