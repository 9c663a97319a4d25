"""A channel's own thread: runs its dialplan, one application after another, and what controllers queue meanwhile."""

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

import gevent
from gevent.event import Event as Signal

from fsctl.simulator.channel.join import soft_execute
from fsctl.simulator.channel.message import Message
from fsctl.simulator.dialplan.interpreter import Action, Facts

if TYPE_CHECKING:
    from fsctl.simulator.channel.channel import Channel

log = logging.getLogger(__name__)

#: What is queued is served once in a frame of audio.
FRAME_SECONDS = 0.02
#: Messages that may be queued (switch_core_session.c:2502), and how deep applications may nest.
QUEUE_LIMIT = 256
_NESTING = 32


class Executor:
    """The thread is a greenlet; ``start()`` begins it. Applications wait by ``wait()`` and nothing else."""

    def __init__(self, channel: "Channel") -> None:
        self.channel = channel
        self._messages: deque[Message] = deque()
        self._locked = self._depth = 0
        #: What follows in the dialplan after what runs now, and what to run instead of a dialplan of one's own.
        self.rest: list[Action] = []
        self.inherited: list[Action] = []
        self._signal = Signal()
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        """Begin with the transfer that was set; a leg that was rung has none and waits."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """End it at once, without reports."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def wake(self) -> None:
        """Look again at what is waited for."""
        self._signal.set()

    def queue(self, message: Message) -> bool:
        """Take a message; False when there are too many."""
        if len(self._messages) >= QUEUE_LIMIT:
            return False
        self._messages.append(message)
        self.wake()
        return True

    def wait(
        self, until: Callable[[], bool] | None = None, seconds: float | None = None, *, serve: bool = True
    ) -> None:
        """Until the condition holds, the time is over, or the channel is called away; meanwhile serve the queue.

        An application that runs under ``event-lock`` keeps the rest of the queue waiting.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        while self.channel.ready and not (until is not None and until()):
            if serve and self._messages and not self._locked:
                gevent.sleep(FRAME_SECONDS)
                self.serve()
                continue
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                return
            self._signal.clear()
            self._signal.wait(left)

    def serve(self) -> None:
        """Execute what is queued, one within the other where the first one waits."""
        while self._messages and not self._locked and not self.channel.hung_up and self._depth < _NESTING:
            message = self._messages.popleft()
            self._locked += message.lock
            try:
                if message.application:
                    self.execute(message.application, message.data, message.event_uuid)
                else:
                    self.channel.hang_up(message.cause)
            finally:
                self._locked -= message.lock

    def execute(self, application: str, data: str, event_uuid: str = "") -> None:
        """Run one application between its two events. An unknown one ends the call."""
        from fsctl.simulator.applications.table import APPLICATIONS, AUDIBLE

        channel = self.channel
        function = APPLICATIONS.get(application)
        if function is None:
            log.error("invalid application %s", application)
            channel.hang_up("DESTINATION_OUT_OF_ORDER")
            return
        if application in AUDIBLE:
            channel.pre_answer()
        data = channel.expand(data)
        about = {"Application": application, "Application_Data": data,
                 "Application_UUID": event_uuid or str(uuid4())}
        channel.variables |= {"current_application": application, "current_application_data": data}
        channel.fire("CHANNEL_EXECUTE", **{name: value for name, value in about.items() if value})
        self._depth += 1
        try:
            response = function(channel, data) or "_none_"
        finally:
            self._depth -= 1
        about = {"Application": application, "Application_Data": data, "Application_Response": response,
                 "Application_UUID": about["Application_UUID"]}
        channel.fire("CHANNEL_EXECUTE_COMPLETE", **{name: value for name, value in about.items() if value})

    def run_extension(self, destination: str, context: str) -> None:
        """Hunt and execute within what runs: execute_extension."""
        for action in self.hunt(destination, context):
            if not self.channel.ready:
                return
            self.execute(action.application, action.data)

    def hunt(self, destination: str, context: str) -> list[Action]:
        """What the dialplan says for a destination."""
        def field(name: str) -> str:
            return destination if name == "destination_number" else self.channel.get(name) or ""

        def expand(text: str) -> str:
            return self.channel.expand(text, destination_number=destination)

        return self.channel.switch.dialplan.hunt(context, Facts(field, expand))

    def _run(self) -> None:
        channel = self.channel
        try:
            while not channel.hung_up:
                if channel.transfer_to is not None:
                    self._route(*channel.transfer_to)
                elif channel.join_to is not None:
                    soft_execute(channel, *channel.join_to)
                else:
                    self.wait(lambda: channel.called_away)
                    if channel.reset:  # stranded, until somebody comes
                        self._signal.clear()
                        self._signal.wait()
        except Exception:
            log.exception("channel %s failed", channel.uuid)
            channel.hang_up("CRASH")
        channel.end()

    def _route(self, destination: str, dialplan: str, context: str) -> None:
        channel = self.channel
        channel.transfer_to = None
        if dialplan == "hibernate":  # it is a leg of somebody else's bridge now
            channel.state = "CS_HIBERNATE"
            channel.fire("CHANNEL_STATE")
            channel.wake()
            return
        channel.leave()
        if (channel.in_dialplan or channel.direction == "outbound") and dialplan != "inline":
            channel.profile = channel.profile.transferred(destination, dialplan, context)
        first, channel.in_dialplan = not channel.in_dialplan, True
        channel.state = "CS_ROUTING"
        if channel.direction == "inbound":
            channel.set_call_state("RINGING")
        channel.fire("CHANNEL_STATE")
        if first and channel.direction == "outbound":
            channel.fire("CALL_UPDATE", Direction="SEND")
        if dialplan == "inherited":
            actions = self.inherited
        else:
            actions = _inline(destination) if dialplan == "inline" else self.hunt(destination, context)
        if not actions:
            channel.hang_up("NO_ROUTE_DESTINATION")
            return
        channel.state = "CS_EXECUTE"
        channel.set_call_state("ACTIVE" if channel.answered else "EARLY" if channel.early else "RINGING")
        channel.fire("CHANNEL_STATE")
        self.rest = list(actions)
        while self.rest:
            if not channel.ready:
                return
            action = self.rest.pop(0)
            self.execute(action.application, action.data)
        if channel.ready:
            channel.hang_up("NORMAL_CLEARING")


def _inline(destination: str) -> list[Action]:
    """``application:data,application:data`` instead of an extension."""
    parts = [part.partition(":") for part in destination.split(",")]
    return [Action(application, data) for application, _, data in parts]
