"""greenswitch's session by its interface, on top of fsctl's: what an application is given for its call."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from gevent.event import AsyncResult
from greenswitch.esl import NotConnectedError, OutboundSessionHasGoneAway

from fsctl.switch import wire
from fsctl.switch.greenswitch.applications import Applications
from fsctl.switch.greenswitch.handlers import Handler, Handlers, esl_event
from fsctl.switch.session.call_session import CallerGone, CallSession, Disconnected
from fsctl.switch.wire import Frame
from fsctl.switch.wire.awaited import Late

#: Seconds that FreeSWITCH keeps the connection after the hang-up where the application says none, and at most.
LINGER_SECONDS = 600
#: Seconds in which a hang-up that was asked for happens, before the connection is closed.
HANG_UP_SECONDS = 2.0


class OutboundSession(Applications):
    """One call, connected, with its events subscribed.

    OutboundSessionHasGoneAway when the caller hung up or what is waited for can't come any more; NotConnectedError from
    commands on a connection that ended otherwise; gevent.Timeout after ``response_timeout`` seconds; ValueError for an
    argument that has a CR, LF or NUL. As with greenswitch one application nests within another that still runs.
    """

    def __init__(self, call: CallSession) -> None:
        self._call = call
        self._handlers = Handlers()
        self._hanging_up = self._stopped = False
        #: The channel as it was when it was connected.
        self.session_data: dict[str, str] = dict(call.facts)
        call.on_event, call.on_end = self._handlers.heard, self._handlers.ended

    @property
    def uuid(self) -> str:
        """The channel's."""
        return self._call.uuid

    @property
    def call_uuid(self) -> str | None:
        """The one that the channel shares with its other leg."""
        return self.session_data.get("variable_call_uuid")

    @property
    def caller_id_number(self) -> str | None:
        """In the caller's words."""
        return self.session_data.get("Caller-Caller-ID-Number")

    @property
    def connected(self) -> bool:
        """Until the caller hangs up or the connection ends."""
        return self._call.connected

    @property
    def event_handlers(self) -> Mapping[str, list[Handler]]:
        """Those that are registered, by name."""
        return self._handlers.table

    # ---- commands -----------------------------------------------------------------------------

    def connect(self) -> dict[str, str]:
        """It is connected already."""
        return self.session_data

    def send(self, data: str) -> Any:
        """Send a command, which may have header lines but no body; its reply, with ``headers`` and ``data``."""
        return self._sent(wire.command(*data.rstrip("\n").split("\n")))

    def myevents(self) -> None:
        """They are subscribed already."""
        self.raise_if_disconnected()

    def linger(self, timeout: int | None = None) -> None:
        """Hear on after the hang-up, for as long as the application runs, at most LINGER_SECONDS."""
        self._call.hear_on()
        self._sent(wire.linger(min(int(timeout or LINGER_SECONDS), LINGER_SECONDS)))

    def uuid_break(self) -> None:
        """End what is played."""
        self._sent(wire.api(f"uuid_break {self.uuid}"))

    def stop(self) -> None:
        """Leave the call, which goes on in the dialplan unless it was hung up."""
        if self._stopped:
            return
        self._stopped = True
        try:
            if self._call.superseded:  # closing this connection would throw the call out of what the newer one does
                self._call.wait_hangup()
            elif self._hanging_up:  # what is queued is lost with the connection
                self._call.wait_hangup(HANG_UP_SECONDS)
        except (Disconnected, Late):
            pass
        finally:
            self._call.close()
            self._handlers.close()

    def call_command(
        self, app_name: str, app_args: object = None, block: bool = False, response_timeout: float | None = None
    ) -> Any:
        """Queue an application: FreeSWITCH's reply; with ``block`` its CHANNEL_EXECUTE_COMPLETE."""
        with _told(NotConnectedError):
            execution = self._call.execute(app_name, str(app_args) if app_args else "", lock=False)
        self._hanging_up |= app_name == "hangup"
        with _told(OutboundSessionHasGoneAway):
            return esl_event(execution.wait(response_timeout)) if block else _reply(execution.reply.wait())

    # ---- events -------------------------------------------------------------------------------

    def register_handle(self, name: str, handler: Handler) -> None:
        """Call it with each event of this name, beside the application; DISCONNECT is the end."""
        self._handlers.add(name, handler)

    def unregister_handle(self, name: str, handler: Handler) -> None:
        """ValueError if it isn't registered."""
        self._handlers.remove(name, handler)

    def register_expected_event(
        self, expected_event: str, expected_variable: str, expected_value: object, async_response: AsyncResult
    ) -> None:
        """Set ``async_response`` to the next event whose variable has that value, or to an exception at the end."""
        self._handlers.expect(expected_event, expected_variable, expected_value, async_response)

    def raise_if_disconnected(self) -> None:
        """OutboundSessionHasGoneAway once the call is over."""
        with _told(OutboundSessionHasGoneAway):
            self._call.raise_if_disconnected()

    @contextmanager
    def while_connected(self) -> Iterator[None]:
        """For ``with`` or as a decorator: the same before and after."""
        self.raise_if_disconnected()
        try:
            yield
        finally:
            self.raise_if_disconnected()

    def _sent(self, packet: bytes) -> Any:
        with _told(NotConnectedError):
            reply = self._call.send(packet)[0]
        with _told(OutboundSessionHasGoneAway):
            return _reply(reply.wait())


def _reply(frame: Frame) -> Any:
    return esl_event(frame.headers, frame.body.decode("utf-8", "replace") or frame.text)


@contextmanager
def _told(disconnected: type[Exception]) -> Iterator[None]:
    """In greenswitch's words."""
    try:
        yield
    except CallerGone as gone:
        raise OutboundSessionHasGoneAway(str(gone)) from gone
    except Disconnected as end:
        raise disconnected(str(end)) from end
