"""The servers that are compared, as processes."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from load.kinds import office

_ROOT = Path(__file__).parent.parent
_SCRIPTS = {"stock": "stock", "hub": "hub", "genesis": "asyncio_genesis", "bare": "bare"}
SERVERS = ("fsctl", *_SCRIPTS)

_START_SECONDS, _STOP_SECONDS = 30, 10


@dataclass(frozen=True)
class Server:
    """One that runs; ``database`` is fsctl's, and ``switch`` the event socket to which it is linked."""

    name: str
    pid: int
    address: tuple[str, int]
    database: Path | None = None
    switch: tuple[str, int] | None = None


@contextmanager
def running(name: str, folder: Path, workers: int = 1) -> Iterator[Server]:
    """Start it in ``folder``, and stop it afterwards."""
    if name == "fsctl":
        with controller(folder, office(date.today()), workers) as server:
            yield server
    else:
        with process(folder, name, "-m", f"load.servers.{_SCRIPTS[name]}", "{port}") as (pid, port):
            yield Server(name, pid, ("127.0.0.1", port))


@contextmanager
def controller(
    folder: Path, office_file: str, workers: int = 1, fill: Callable[[Path], None] = lambda database: None
) -> Iterator[Server]:
    """fsctl with an office, linked to a played switch; ``fill`` puts more into its database before it starts."""
    with process(folder, "switch", "-m", "load.servers.switch", "{port}") as (_, switch), serving(
            folder, office_file, switch, "load", workers, fill=fill) as server:
        yield server


@contextmanager
def serving(
    folder: Path, office_file: str, switch: int, password: str, workers: int = 1, port: int | None = None,
    fill: Callable[[Path], None] = lambda database: None,
) -> Iterator[Server]:
    """``fsctl serve`` with this office file, linked to the FreeSWITCH whose event socket is at the port ``switch``."""
    database, file = folder / "load.sqlite3", folder / "office.toml"
    file.write_text(office_file)
    subprocess.run([sys.executable, "-m", "fsctl", "office", "apply", str(file), "--database", str(database)],
                   cwd=_ROOT, check=True, capture_output=True)
    fill(database)
    listen = f"127.0.0.1:{port or '{port}'}"
    serve = ["-m", "fsctl", "serve", "--listen", listen, "--switch", f"127.0.0.1:{switch}", "--password", password,
             "--database", str(database), "--workers", str(workers)]
    with process(folder, "fsctl", *serve) as (pid, free):
        yield Server("fsctl", pid, ("127.0.0.1", port or free), database, ("127.0.0.1", switch))


@contextmanager
def process(folder: Path, name: str, *arguments: str) -> Iterator[tuple[int, int]]:
    """A program that says ``ready`` when it listens on ``{port}``; its number and the port."""
    port, log = _free_port(), folder / f"{name}.log"
    with log.open("wb") as said:
        command = [sys.executable, *(each.replace("{port}", str(port)) for each in arguments)]
        process = subprocess.Popen(command, cwd=_ROOT, stdout=said, stderr=said)
        try:
            _await_ready(process, log)
            yield process.pid, port
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while b"ready\n" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"it does not start: {log.read_text()}")
        time.sleep(0.02)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
