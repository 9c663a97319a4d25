"""Starting and stopping a FreeSWITCH of its own: temporary folders, free ports, loopback."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.live.esl import Event, EventSocket

_EVENTS = (
    "CHANNEL_CREATE CHANNEL_PARK CHANNEL_ANSWER CHANNEL_BRIDGE CHANNEL_HOLD CHANNEL_UNHOLD CHANNEL_HANGUP RECORD_STOP DTMF"
    " BACKGROUND_JOB"
    " CUSTOM sofia::gateway_state sofia::register sofia::unregister sofia::expire"
)


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

    @property
    def pid(self) -> int:
        return self._process.pid

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
