"""Tells the switch what its links shall hear, as FreeSWITCH tells it."""

import socket

from load.channel import Channel, EventTemplate, fresh
from load.template import gap


class Teller:
    """A connection to the switch that is played."""

    def __init__(self, switch: tuple[str, int]) -> None:
        self._sock = socket.create_connection(switch)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __call__(self, event: bytes) -> None:
        self._sock.sendall(event)

    def close(self) -> None:
        self._sock.close()


class Elsewhere:
    """A call that has nothing to do with others: somebody rings on a trunk, and holds and takes it back."""

    def __init__(self, tell: Teller) -> None:
        channel = Channel("+4920155512345", "Elsewhere", "+4920155512346", {"fsctl_external": "true"})
        self._tell, self._values = tell, fresh()
        self._states = [
            channel.event("CHANNEL_CALLSTATE", {"Channel-Call-State": state}, "answered")
            for state in ("HELD", "ACTIVE")]
        self._begins = channel.event("CHANNEL_CREATE")
        self._ends = channel.event("CHANNEL_HANGUP_COMPLETE", {"Hangup-Cause": "NORMAL_CLEARING"}, "hangup")

    def begin(self) -> None:
        self._say(self._begins)

    def change(self, number: int) -> None:
        self._say(self._states[number % 2])

    def end(self) -> None:
        self._say(self._ends)

    def _say(self, event: EventTemplate) -> None:
        self._tell(event.fill(self._values, b"plain"))


_PROBE = EventTemplate({
    "Event-Name": "PRESENCE_PROBE", "Event-Sequence": gap("sequence"), "proto": "slot", "login": "phones",
    "from": f"{gap('watcher')}@pbx.example", "to": f"{gap('lamp')}@pbx.example", "expires": "3600",
    "proto-specific-event-name": "dialog", "sub-call-id": gap("call_id"),
})


def subscribe(tell: Teller, lamp: str, watcher: str, number: int) -> None:
    """A phone watches a lamp for an hour."""
    tell(_PROBE.fill(
        {"lamp": lamp.encode(), "watcher": watcher.encode(), "call_id": b"lamp-%d@192.0.2.77" % number}, b"plain"))
