"""One process has the links; the others hear it over a Unix socket: everything once, then what changes.

JSON lines. Each holds ``known``, the calls that are new or changed (``set``), the ends (``ended``), the UUIDs that are
no more (``gone``, ``forgotten``), and who has ``been`` in which conference. Every reader is told what changed since it
was told last, so that one who reads slowly gets fewer lines and not older ones; one who does not read is dropped.
"""

import json
import logging
import random
import socket
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import gevent
from gevent.pool import Pool
from gevent.server import StreamServer

from fsctl.model.live import Live, LiveCall, View
from fsctl.switch.link.calls_now import Changes, Followed, HeardHere
from fsctl.switch.link.live import Calls, Ended
from fsctl.switch.link.relay_lines import Lines

log = logging.getLogger(__name__)

#: Changes within so many seconds go out together.
_GATHER_SECONDS = 0.01

#: A reader that takes nothing for so long is dropped; it comes back and gets everything anew.
STALL_SECONDS = 5.0

#: Even without changes, so often a reader hears that its writer lives.
_SIGN_OF_LIFE_SECONDS = 10.0

_PAUSE_SECONDS = 0.2


def relay_socket(folder: Path) -> socket.socket:
    """Where readers connect; made before the fork. ``folder`` is this user's alone."""
    listener: socket.socket = gevent.socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(folder / "relay"))
    listener.listen(64)
    return listener


class Relay:
    """Tells all readers what ``heard`` knows."""

    def __init__(self, listener: socket.socket, heard: HeardHere, *, stall_seconds: float = STALL_SECONDS) -> None:
        self._heard, self._stall = heard, stall_seconds
        self._readers: list[Lines] = []
        heard.followed.always(self._touch)
        self._server = StreamServer(listener, self._serve, spawn=Pool())

    def start(self) -> None:
        """Accept readers."""
        self._server.start()

    def stop(self) -> None:
        """Close all connections."""
        self._server.stop(timeout=0)

    def _touch(self, uuid: str) -> None:
        for lines in self._readers:
            lines.touch(uuid)

    def _serve(self, sock: socket.socket, _address: object) -> None:
        lines, first = Lines(self._heard), True
        self._readers.append(lines)
        try:
            sock.settimeout(self._stall)
            while True:
                live = self._heard.current()
                sock.sendall(lines.next(live))
                if not first:
                    gevent.sleep(_GATHER_SECONDS)
                first = False
                if self._heard.current() is live:
                    self._heard.wait_change(_SIGN_OF_LIFE_SECONDS)
        except OSError as error:
            log.info("a worker hears no more: %s", error)
        finally:
            self._readers.remove(lines)


class HeardByRelay:
    """What a worker knows. While it hears nothing, nothing is known."""

    def __init__(self, folder: Path) -> None:
        self._path = str(folder / "relay")
        self._calls = Calls()
        self._ended: dict[str, Ended] = {}
        self._been: Mapping[str, Collection[str]] = {}
        self._live = Live(known=False)
        self._changes = Changes()
        self.followed = Followed()
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        """Connect, and connect again for ever."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """Hear no more."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def current(self) -> Live:
        return self._live

    def call(self, uuid: str) -> LiveCall | None:
        return self._calls.get(uuid)

    def ended(self, uuid: str) -> Ended | None:
        return self._ended.get(uuid)

    def been(self) -> Mapping[str, Collection[str]]:
        return self._been

    def news(self) -> int:
        return self._changes.number

    def wait_change(self, timeout: float, after: int | None = None) -> bool:
        return self._changes.wait(timeout, after)

    def changed(self) -> None:
        self._changes.announce()

    def _run(self) -> None:
        while True:
            try:
                for line in self._lines():
                    self._take(line)
            except (OSError, ValueError, TypeError, KeyError) as error:
                log.warning("this worker hears no switch: %s", error)
            self._calls, self._ended, self._been = Calls(), {}, {}
            self._live = Live(known=False)
            self._changes.announce()
            gevent.sleep(_PAUSE_SECONDS * (1 + random.random()))

    def _lines(self) -> Iterator[Mapping[str, Any]]:
        with gevent.socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.settimeout(3 * _SIGN_OF_LIFE_SECONDS)
            sock.connect(self._path)
            rest = b""
            while data := sock.recv(1 << 18):
                *lines, rest = (rest + data).split(b"\n")
                yield from map(json.loads, lines)

    def _take(self, line: Mapping[str, Any]) -> None:
        for values in line["set"]:
            call = LiveCall(**values | {"since": datetime.fromisoformat(values["since"])})
            self._calls[call.uuid] = call
        for values in line["ended"]:
            ended = Ended(**values | {"at": datetime.fromisoformat(values["at"])})
            self._ended[ended.uuid] = ended
        self._been = line["been"]
        for uuid in line["gone"]:
            self._calls.remove(uuid)
        for uuid in line["forgotten"]:
            self._ended.pop(uuid, None)
        if line["known"] and not self._live.known:
            log.info("this worker hears the switches")
        self._live = View((self._calls.channels,), line["known"])
        for values in (*line["set"], *line["ended"]):
            self.followed(values["uuid"])
        self._changes.announce()
