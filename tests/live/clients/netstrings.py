"""baresip's module ctrl_tcp: commands, their answers and events as JSON in netstrings."""

import itertools
import json
import socket
import threading
from collections.abc import Callable, Mapping


class Control:
    """One connection, the only one that baresip takes. ``on_event`` is called from the thread that reads."""

    def __init__(self, port: int, on_event: Callable[[Mapping[str, str]], None]) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self._socket.settimeout(None)
        self._file = self._socket.makefile("rb")
        self._on_event = on_event
        self._answers: dict[str, tuple[bool, str]] = {}
        self._answered = threading.Condition()
        self._tokens = map(str, itertools.count(1))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def command(self, command: str, params: str = "") -> str:
        """What baresip says to that; RuntimeError if it refuses."""
        token = next(self._tokens)
        text = json.dumps({"command": command, "token": token, **({"params": params} if params else {})}).encode()
        self._socket.sendall(b"%d:%s," % (len(text), text))
        with self._answered:
            if not self._answered.wait_for(lambda: token in self._answers, 5):
                raise TimeoutError(f"baresip says nothing to {command} {params}")
            done, said = self._answers.pop(token)
        if not done:
            raise RuntimeError(f"baresip refuses {command} {params}: {said}")
        return said

    def close(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._reader.join()

    def _read(self) -> None:
        try:
            while length := b"".join(iter(lambda: self._file.read(1).rstrip(b":"), b"")):
                message = json.loads(self._file.read(int(length)).decode("utf-8", "replace"), strict=False)
                self._file.read(1)
                if "response" in message:
                    with self._answered:
                        self._answers[message.get("token", "")] = message["ok"], message.get("data", "")
                        self._answered.notify_all()
                else:
                    self._on_event(message)
        except OSError:
            pass
        self._file.close()
        self._socket.close()
