"""How a call's connection ends: the caller hangs up, FreeSWITCH closes, or the peer is gone."""

from functools import partial

from fsctl.switch.session.waits import CallerGone
from fsctl.switch.wire import Event, Frame
from fsctl.switch.wire.awaited import Awaited, Failure
from fsctl.switch.wire.connection import Connection


class Ending:
    """Of one connection, which it closes once nothing more is to be heard."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        #: CHANNEL_HANGUP; who hears on has CHANNEL_HANGUP_COMPLETE in its place later.
        self.hangup_event: Event | None = None
        #: Whether to hear what FreeSWITCH tells after the hang-up, until it closes the connection itself.
        self.hears_on = False
        #: Whether FreeSWITCH has said, in whatever way, that the channel is no more.
        self.channel_gone = False
        self._gone: Awaited[str] = Awaited()

    def wait(self, timeout: float | None) -> str:
        """The cause of the hang-up. Disconnected if that can't be known; gevent.Timeout."""
        return self._gone.wait(timeout)

    def check(self) -> None:
        """CallerGone or Disconnected when it is over."""
        if self._gone.ready:
            raise CallerGone(self.wait(None))

    def hung_up(self, event: Event) -> None:
        """The channel's own hang-up came."""
        self.hangup_event = event
        self.channel_gone = True
        self._connection.end(partial(CallerGone, event.get("Hangup-Cause", "")))
        self._done()  # what follows tells nobody anything, and is not even read

    def notice(self, frame: Frame) -> None:
        """FreeSWITCH says that it closes, or that it lingers first.

        It closes a call's connection by itself where the channel is down, and not before: after a transfer to the
        fail-safe it stays open (mod_event_socket.c:1465).
        """
        match frame.get("Content-Disposition").strip().lower():
            case "linger":  # the channel's last events, with the cause, may still come (mod_event_socket.c:1475)
                self.no_channel()
                return
            case "disconnect":
                self.no_channel()
        self._connection.close("FreeSWITCH closed the connection")

    def no_channel(self) -> None:
        """FreeSWITCH knows no such channel any more: whatever ends the connection now, the caller did."""
        self.channel_gone = True
        self._connection.closing = lambda _reason: CallerGone()

    def over(self, failure: Failure) -> None:
        """The connection is of no use any more."""
        error = failure()
        if isinstance(error, CallerGone):
            self._gone.set(error.cause)
        else:
            self._gone.fail(failure)

    def _done(self) -> None:
        if not self.hears_on:
            self._connection.close()  # lingering on would keep a dead channel listed as live
