"""Starting and stopping a FreeSWITCH of its own: temporary folders, free ports, loopback."""

import os
import random
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.live.esl import Event, EventSocket

_AUDIO_PORTS = 400
_EVENTS = (
    "CHANNEL_CREATE CHANNEL_PARK CHANNEL_ANSWER CHANNEL_BRIDGE CHANNEL_HANGUP RECORD_STOP BACKGROUND_JOB"
    " CUSTOM sofia::gateway_state sofia::register sofia::unregister"
)


def free_port() -> int:
    """A port that is free for UDP and TCP."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            port: int = tcp.getsockname()[1]
            try:
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


#: Audio goes over UDP; the TCP port of the same number shows, to other processes too, that a range is taken.
_taken: list[socket.socket] = []


def audio_ports() -> tuple[int, int]:
    """A range that no other FreeSWITCH of any lab has, below the ports that the system hands out; until the end."""
    while True:
        first = random.randrange(10_000, 32_000 - _AUDIO_PORTS, _AUDIO_PORTS)
        claim = socket.socket()
        try:
            claim.bind(("127.0.0.1", first))
        except OSError:
            claim.close()
            continue
        _taken.append(claim)
        return first, first + _AUDIO_PORTS - 2


class FreeSwitch:
    """One process. ``on_event`` is called from the thread that reads its events."""

    def __init__(
        self, prefix: Path, conf: Path, folder: Path, esl_port: int, environment: Mapping[str, str],
        on_event: Callable[[Event], None],
    ) -> None:
        self.log = folder / "log" / "freeswitch.log"
        arguments = [f"{prefix}/bin/freeswitch", "-nonat", "-nonatmap", "-nocal", "-nc", "-nf", "-np", "-conf", f"{conf}"]
        for name in ("log", "db", "run", "storage", "recordings", "cache", "temp", "scripts", "sounds"):
            (folder / name).mkdir(parents=True, exist_ok=True)
            arguments += [f"-{name}", f"{folder / name}"]
        with open(folder / "output", "wb") as output:
            self._process = subprocess.Popen(
                arguments, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        try:
            self.socket = self._connect(esl_port, on_event)
        except BaseException:
            self.close()
            raise

    def api(self, command: str, seconds: float = 10) -> str:
        return self.socket.api(command, seconds)

    def close(self) -> None:
        if hasattr(self, "socket"):
            self.socket.close()
        self._process.kill()  # its folder goes too, and it would take seconds over saying goodbye
        self._process.wait()

    def _connect(self, port: int, on_event: Callable[[Event], None]) -> EventSocket:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"FreeSWITCH ended with {self._process.returncode}; see {self.log}")
            try:
                connection = EventSocket(port, on_event)
                if "FreeSWITCH" in connection.api("version") and "ready" in connection.api("status"):
                    connection.subscribe(_EVENTS)
                    return connection
                connection.close()
            except OSError:
                pass
            time.sleep(0.05)
        raise TimeoutError(f"FreeSWITCH did not start; see {self.log}")
