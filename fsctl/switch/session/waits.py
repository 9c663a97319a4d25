"""What a call's owner waits for: completions by Event-UUID, events by name, each of them or the end."""

from collections import deque
from collections.abc import Callable, Collection
from functools import partial

from fsctl.switch.wire import Event, Frame, parse_event
from fsctl.switch.wire.awaited import Awaited, Failure
from fsctl.switch.wire.connection import CommandRefused, Reply

#: Events kept for a wait that hasn't begun, and their bytes; the oldest are forgotten.
KEPT_EVENTS = 32
KEPT_BYTES = 512 * 1024

# Many in every call; what they are good for, the completion of an application, is matched on arrival.
_NOT_KEPT = frozenset({"CHANNEL_EXECUTE", "CHANNEL_EXECUTE_COMPLETE", "CHANNEL_STATE", "CHANNEL_CALLSTATE"})


class CallerGone(Exception):
    """The channel hung up. ``cause`` is its Q.850 name (``ORIGINATOR_CANCEL``), "" if unknown."""

    def __init__(self, cause: str = "") -> None:
        super().__init__(cause or "cause unknown")
        self.cause = cause


class Execution:
    """An application that was queued on the channel."""

    def __init__(self, app: str, event_uuid: str, begun_at: int, waits: "Waits") -> None:
        self.app, self.event_uuid = app, event_uuid
        self._begun_at, self._started_at, self._completed_at = begun_at, 0, 0
        self._waits = waits
        #: FreeSWITCH's answer: queued, or why not.
        self.reply = Reply()
        self._result: Awaited[Event] = Awaited()

    def done(self) -> bool:
        """Whether wait() would return, or raise, at once."""
        return self._result.ready

    def wait(self, timeout: float | None = None) -> Event:
        """Its CHANNEL_EXECUTE_COMPLETE.

        Raises CallerGone; Disconnected; CommandRefused, a Disconnected, if FreeSWITCH didn't queue it; and
        gevent.Timeout after ``timeout`` seconds, which gives the completion up for good.
        """
        self._waits.flush()
        try:
            return self._result.wait(timeout)
        finally:
            if not self._result.ready:
                self._waits.forget(self)


class _Watch:
    def __init__(self, names: frozenset[str], execution: Execution | None) -> None:
        self.names, self.execution = names, execution
        self.result: Awaited[tuple[str, Event]] = Awaited()


class Waits:
    """All that is waited for on one connection. ``flush`` is called before each wait."""

    def __init__(self, flush: Callable[[], None]) -> None:
        self.flush = flush
        self._executions: dict[str, Execution] = {}
        self._watches: list[_Watch] = []
        self._kept: deque[tuple[int, str, Frame]] = deque()
        self._kept_bytes = 0
        self._arrived = 0
        self._failure: Failure | None = None

    def __len__(self) -> int:
        """How many completions and events are waited for."""
        return len(self._executions) + len(self._watches)

    def begin(self, app: str, event_uuid: str) -> Execution:
        """Expect the completion of what is about to be written."""
        execution = self._executions[event_uuid] = Execution(app, event_uuid, self._arrived, self)
        return execution

    def forget(self, execution: Execution) -> None:
        """Expect it no longer."""
        self._executions.pop(execution.event_uuid, None)

    def answered(self, execution: Execution, reply: str) -> None:
        """FreeSWITCH's answer to the command: queued, or not (mod_event_socket.c:2210)."""
        if reply.startswith("+OK") or self._executions.pop(execution.event_uuid, None) is None:
            return
        refused = partial(CommandRefused, f"{execution.app}: {reply[:80]}")
        execution._result.fail(refused)
        for watch in self._watches:
            if watch.execution is execution:
                watch.result.fail(refused)

    def arrived(self, event: Event, frame: Frame) -> None:
        """Hand an event to those who wait for it; keep it if nobody does."""
        self._arrived += 1
        name = event.get("Event-Name", "")
        completed = None
        if name == "CHANNEL_EXECUTE" and (started := self._executions.get(event.get("Application-UUID", ""))):
            started._started_at = self._arrived
        if name == "CHANNEL_EXECUTE_COMPLETE":
            # By our own UUID: an application that runs inside another completes under a different one.
            completed = self._executions.pop(event.get("Application-UUID", ""), None)
            if completed is not None:
                completed._completed_at = self._arrived
                completed._result.set(event)
        taken = False
        for watch in self._watches:
            if watch.result.ready:
                continue
            if completed is not None and watch.execution is completed:
                watch.result.set(("complete", event))
            elif name in watch.names:
                watch.result.set((name, event))
                taken = True
        if not taken and name not in _NOT_KEPT:
            self._keep(name, frame)

    def end(self, failure: Failure) -> None:
        """Fail all waits, those to come too."""
        self._failure = failure
        executions, self._executions = self._executions, {}
        for execution in executions.values():
            execution._result.fail(failure)
        for watch in self._watches:
            watch.result.fail(failure)

    def race(
        self, execution: Execution | None, names: Collection[str], timeout: float | None
    ) -> tuple[str, Event]:
        """See CallSession.race."""
        self.flush()
        if (early := self._early(execution, frozenset(names))) is not None:
            return early
        if execution is not None and execution.done():
            execution._result.wait()  # raises: had it completed, it would have been early
        if self._failure:
            raise self._failure()
        watch = _Watch(frozenset(names), execution)
        self._watches.append(watch)
        try:
            return watch.result.wait(timeout)
        finally:
            self._watches.remove(watch)

    def missed(self, name: str, after: Execution, before: Execution | None) -> list[Event]:
        """The events of this name between two executions: since ``after`` was complete until ``before`` had begun, or
        until now.
        """
        until = (before._started_at or before._completed_at) if before else self._arrived + 1
        found = (frame for at, kept, frame in self._kept if kept == name and after._completed_at < at < until)
        return [parse_event(frame) for frame in found]

    def _early(self, execution: Execution | None, names: frozenset[str]) -> tuple[str, Event] | None:
        """What arrived first since the execution was written, if anything did."""
        since = execution._begun_at if execution is not None else 0
        kept = next((kept for kept in self._kept if kept[0] > since and kept[1] in names), None)
        if execution is not None and execution._completed_at and (
            kept is None or execution._completed_at < kept[0]
        ):
            return "complete", execution._result.wait()
        if kept is None:
            return None
        self._kept.remove(kept)
        self._kept_bytes -= len(kept[2].body)
        return kept[1], parse_event(kept[2])

    def _keep(self, name: str, frame: Frame) -> None:
        # As bytes, since a parsed event takes several times their room and few are asked for.
        self._kept.append((self._arrived, name, frame))
        self._kept_bytes += len(frame.body)
        while len(self._kept) > KEPT_EVENTS or self._kept_bytes > KEPT_BYTES:
            self._kept_bytes -= len(self._kept.popleft()[2].body)
