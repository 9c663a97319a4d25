"""What an application wants to hear of: its handlers, and events that it expects."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import gevent
from gevent.event import AsyncResult
from gevent.queue import Full, Queue
from greenswitch.esl import ESLEvent, OutboundSessionHasGoneAway

#: Events that may wait for the handlers; what comes then is lost, and the log says so once.
WAITING_EVENTS = 1000
#: Seconds that handlers have for what waits, once the call is over.
LAST_SECONDS = 5.0

Handler = Callable[[Any], object]

log = logging.getLogger(__name__)


def esl_event(headers: Mapping[str, str], data: str = "") -> Any:
    """greenswitch's event: ``headers``, and in ``data`` what an event or a reply brought as its body."""
    event = ESLEvent("")
    event.headers = dict(headers)
    event.data = event.headers.pop("_body", data)
    return event


class Handlers:
    """Called one event after another, by a greenlet that there is from the first handler to the end of the call."""

    def __init__(self) -> None:
        #: By the name of an event or the subclass of a CUSTOM one; ``*`` hears what no other one does.
        self.table: dict[str, list[Handler]] = {}
        self._queue: Queue = Queue(maxsize=WAITING_EVENTS)
        self._greenlet: gevent.Greenlet | None = None
        self._expected: list[tuple[str, str, object, AsyncResult]] = []
        self._over = self._complained = False

    def add(self, name: str, handler: Handler) -> None:
        """Once, however often it is asked for."""
        handlers = self.table.setdefault(name, [])
        if handler not in handlers:
            handlers.append(handler)
        if self._greenlet is None and not self._over:
            self._greenlet = gevent.spawn(self._run)

    def remove(self, name: str, handler: Handler) -> None:
        """ValueError if it isn't there."""
        if name not in self.table:
            raise ValueError(f"no handler of {name}")
        self.table[name].remove(handler)
        if not self.table[name]:
            del self.table[name]

    def expect(self, event_name: str, variable: str, value: object, result: AsyncResult) -> None:
        """Set ``result`` to the next event of this name whose channel variable has this value."""
        if self._over:
            result.set_exception(OutboundSessionHasGoneAway())
        else:
            self._expected.append((event_name, f"variable_{variable}", value, result))

    def heard(self, event: Mapping[str, str]) -> None:
        """From the receiving greenlet; doesn't wait."""
        name = event.get("Event-Name", "")
        for expected in [each for each in self._expected if each[0] == name and event.get(each[1]) == each[2]]:
            self._expected.remove(expected)
            expected[3].set(esl_event(event))
        self._offer(event.get("Event-Subclass", "") if name == "CUSTOM" else name, event)

    def ended(self) -> None:
        """Nobody expects anything any more; DISCONNECT is told to its handlers."""
        self._over = True
        expected, self._expected = self._expected, []
        for _, _, _, result in expected:
            result.set_exception(OutboundSessionHasGoneAway())
        self._offer("DISCONNECT", {"Content-Type": "text/disconnect-notice"})

    def close(self) -> None:
        """Let the handlers hear what waits, for a while; from one of them, without waiting for itself."""
        self._over = True
        if self._greenlet is None:
            return
        try:
            self._queue.put_nowait(None)
        except Full:
            self._greenlet.kill(block=False)
        if self._greenlet is not gevent.getcurrent():
            self._greenlet.join(LAST_SECONDS)
            self._greenlet.kill(block=False)

    def _offer(self, name: str, event: Mapping[str, str]) -> None:
        if not self._of(name):
            return
        try:
            self._queue.put_nowait((name, event))
        except Full:
            if not self._complained:
                self._complained = True
                log.warning("the handlers are %d events behind; what comes now is lost", WAITING_EVENTS)

    def _of(self, name: str) -> list[Handler]:
        return self.table.get(name) or self.table.get("*") or []

    def _run(self) -> None:
        for name, headers in iter(self._queue.get, None):
            event = esl_event(headers)
            for handler in tuple(self._of(name)):
                try:
                    handler(event)
                except (Exception, gevent.Timeout):  # whatever it is, the next event is another's business
                    log.exception("%r failed on %s", handler, name)
