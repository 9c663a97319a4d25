"""``fsctl serve`` as a process: starting, workers, signals."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

pytestmark = pytest.mark.slow

HELLO = b"connect\n\n"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def serving(tmp_path, *options, port=None, environment=None):
    """A controller that said ``ready``, and its port."""
    port = port or free_port()
    command = [sys.executable, "-m", "fsctl", "serve", "--listen", f"127.0.0.1:{port}", "--switch", "127.0.0.1:1",
               "--database", str(tmp_path / "db"), *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ | (environment or {}))
    try:
        assert process.stderr.readline() == b"ready\n"
        yield process, port
    finally:
        process.kill()
        process.communicate()


def greeted(port, seconds=10):
    """A controller greets FreeSWITCH with ``connect``."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as peer:
                if peer.recv(64) == HELLO:
                    return
        except OSError:
            pass
        assert time.monotonic() < deadline, "nobody takes calls"


def children(process):
    with open(f"/proc/{process.pid}/task/{process.pid}/children") as file:
        return [int(child) for child in file.read().split()]


def three_children(process, besides=()):
    """Two workers and who hears for them: one may take calls already while the next is not there yet."""
    deadline = time.monotonic() + 10
    while set(besides) & set(now := children(process)) or len(now) != 3:
        assert time.monotonic() < deadline, f"{besides} became {now}"
        time.sleep(0.01)
    return now


@pytest.mark.parametrize("workers", ["1", "2"])
def test_its_log_is_english_whoever_starts_it(tmp_path, workers):
    with serving(tmp_path, "--workers", workers, environment={"FSCTL_LANGUAGE": "de"}) as (process, _):
        assert b"there is no office in the database" in process.stderr.readline()
        assert b"can't be reached" in process.stderr.readline()


@pytest.mark.parametrize("options", [(), ("--workers", "2")])
def test_it_takes_calls_and_ends_by_sigterm(tmp_path, options):
    with serving(tmp_path, *options) as (process, port):
        greeted(port)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        assert b"ERROR" not in process.stderr.read()


def test_a_worker_that_dies_is_replaced(tmp_path):
    with serving(tmp_path, "--workers", "1") as (process, port):
        greeted(port)
        assert children(process) == []
    with serving(tmp_path, "--workers", "2") as (process, port):
        greeted(port)
        before = three_children(process)
        for child in before:
            os.kill(child, signal.SIGKILL)
        three_children(process, besides=before)
        greeted(port)


@pytest.mark.parametrize("replaced", [False, True])
def test_a_parent_that_dies_leaves_the_port_free(tmp_path, replaced):
    with serving(tmp_path, "--workers", "2") as (process, port):
        greeted(port)
        if replaced:
            killed = three_children(process)[:1]
            os.kill(killed[0], signal.SIGKILL)
            three_children(process, besides=killed)
        process.kill()
        process.wait()
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_server(("127.0.0.1", port)).close()
                break
            except OSError:
                assert time.monotonic() < deadline, "the port is still taken"
    with serving(tmp_path, port=port):
        greeted(port)


def test_a_port_that_is_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "fsctl", "serve", "--listen", f"127.0.0.1:{port}",
             "--database", str(tmp_path / "db")],
            capture_output=True, timeout=30,
        )
    assert done.returncode == 3
    assert b"name another with --listen" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--listen", "here"), "is not HOST:PORT"),
        (("--allow", "everybody"), "--allow takes addresses and networks"),
        (("--workers", "0"), "is not in the range"),
    ],
)
def test_usage(tmp_path, options, says):
    done = subprocess.run(
        [sys.executable, "-m", "fsctl", "serve", *options, "--database", str(tmp_path / "db")],
        capture_output=True, text=True, timeout=30,
    )
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr
