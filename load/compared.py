"""The servers that are compared, as processes."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from load.kinds import office

_ROOT = Path(__file__).parent.parent
_SCRIPTS = {"stock": "stock", "hub": "hub", "genesis": "asyncio_genesis", "bare": "bare"}
SERVERS = ("fsctl", *_SCRIPTS)
#: Nobody listens there: without a link the calls go on, and lamps rest.
_NOWHERE = "127.0.0.1:1"


@dataclass(frozen=True)
class Server:
    """One that runs. ``database`` is fsctl's."""

    name: str
    pid: int
    address: tuple[str, int]
    database: Path | None = None


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def running(name: str, folder: Path, workers: int = 1, switch: str = _NOWHERE) -> Iterator[Server]:
    """Start it in ``folder``, and stop it afterwards."""
    port, database = free_port(), None
    if name == "fsctl":
        database = folder / "load.sqlite3"
        file = folder / "office.toml"
        file.write_text(office(date.today()))
        _fsctl("db", "migrate", "--database", str(database))
        _fsctl("office", "apply", str(file), "--database", str(database))
        command = ["-m", "fsctl", "serve", "--listen", f"127.0.0.1:{port}", "--switch", switch, "--password", "load",
                   "--database", str(database), "--workers", str(workers)]
    else:
        command = ["-m", f"load.servers.{_SCRIPTS[name]}", str(port)]
    log = folder / f"{name}.log"
    with log.open("wb") as errors:
        process = subprocess.Popen([sys.executable, *command], cwd=_ROOT, stdout=errors, stderr=errors)
        try:
            _await_ready(process, log)
            yield Server(name, process.pid, ("127.0.0.1", port), database)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 30
    while b"ready" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"it does not start: {log.read_text()}")
        time.sleep(0.02)


def _fsctl(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "fsctl", *arguments], cwd=_ROOT, check=True, stdout=subprocess.DEVNULL)
