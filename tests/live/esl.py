"""A small client of FreeSWITCH's event socket for the lab; independent of the one that is tested."""

import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue

Event = Mapping[str, str]


class EventSocket:
    """Commands one at a time; events go to ``on_event`` in the thread that reads."""

    def __init__(self, port: int, on_event: Callable[[Event], None] | None = None, password: str = "ClueCon") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self._socket.settimeout(None)
        self._file = self._socket.makefile("rb")
        self._on_event = on_event
        self._awaited: deque[SimpleQueue[str | None]] = deque()
        self._lock = threading.Lock()
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()
        if not self._command(f"auth {password}").startswith("+OK"):
            self.close()
            raise PermissionError("the event socket refused the password")

    def subscribe(self, events: str) -> None:
        self._command(f"event json {events}")

    def unsubscribe(self) -> None:
        """From all events."""
        self._command("noevents")

    def api(self, command: str, seconds: float = 10) -> str:
        return self._command(f"api {command}", seconds)

    def background(self, command: str, job: str) -> None:
        """What would keep the caller waiting, such as an originate; ends with the event BACKGROUND_JOB."""
        self._command(f"bgapi {command}\nJob-UUID: {job}")

    def close(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._reader.join()

    def _command(self, command: str, seconds: float = 10) -> str:
        with self._lock:
            answer: SimpleQueue[str | None] = SimpleQueue()
            self._awaited.append(answer)  # a late reply is not the next command's
            self._socket.sendall(f"{command}\n\n".encode())
            try:
                reply = answer.get(timeout=seconds)
            except Empty:
                raise TimeoutError(f"no reply to {command!r}") from None
        if reply is None:
            raise ConnectionError("the event socket closed")
        return reply

    def _listen(self) -> None:
        try:
            while (packet := self._read()) is not None:
                headers, body = packet
                kind = headers.get("Content-Type", "")
                if kind == "text/event-json" and self._on_event:
                    self._on_event(json.loads(body))
                elif kind in ("api/response", "command/reply"):
                    self._awaited.popleft().put(body if kind == "api/response" else headers.get("Reply-Text", ""))
        except (OSError, ValueError):
            pass
        self._file.close()
        self._socket.close()
        for answer in list(self._awaited):
            answer.put(None)

    def _read(self) -> tuple[dict[str, str], str] | None:
        headers = {}
        while True:
            line = self._file.readline()
            if not line:
                return None
            text = line.decode("utf-8", "replace").rstrip("\n")
            if not text:
                break
            name, _, value = text.partition(": ")
            headers[name] = value
        body = self._file.read(int(headers.get("Content-Length", 0)))
        return headers, body.decode("utf-8", "replace")
