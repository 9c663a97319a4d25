"""What systemd is told of ``fsctl serve``."""

import os
import signal
import socket
import time

import pytest

from fsctl.cli import sd_notify
from tests.cli.test_serve import serving, three_children

pytestmark = pytest.mark.slow

#: Seconds within which systemd would want to hear of it.
PERIOD = 1.2


@pytest.fixture
def systemd(tmp_path, monkeypatch):
    """What arrives: ``within(seconds)`` is the next message, "" if none comes."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", str(int(PERIOD * 1_000_000)))

        def within(seconds):
            sock.settimeout(seconds)
            try:
                return sock.recv(1024).decode()
            except TimeoutError:
                return ""

        yield within


@pytest.mark.parametrize("workers", [1, 2])
def test_it_says_when_it_is_ready_and_then_that_it_is_alive(systemd, tmp_path, workers):
    with serving(tmp_path, "--workers", str(workers)):
        assert systemd(10) == "READY=1"
        assert [systemd(10) for _ in range(6)] == ["WATCHDOG=1"] * 6


@pytest.mark.parametrize("workers", [1, 2])
def test_a_process_that_hangs_is_not_told_as_alive(systemd, tmp_path, workers):
    """One of several is enough: calls that it took would wait for the fail-safe one by one."""
    with serving(tmp_path, "--workers", str(workers)) as (process, _):
        assert [systemd(10), systemd(10)] == ["READY=1", "WATCHDOG=1"]
        hanging = three_children(process)[0] if workers > 1 else process.pid
        os.kill(hanging, signal.SIGSTOP)
        try:
            deadline = time.monotonic() + 10
            while systemd(PERIOD):
                assert time.monotonic() < deadline, "a process that hangs is told as alive"
        finally:
            os.kill(hanging, signal.SIGCONT)
        assert systemd(10) == "WATCHDOG=1"


def test_an_abstract_socket(monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        name = f"fsctl-test-{os.getpid()}"
        sock.bind(f"\0{name}")
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        sd_notify.tell(sd_notify.READY)
        assert sock.recv(64) == b"READY=1"


def test_without_systemd_nothing_is_told(monkeypatch, caplog, tmp_path):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    sd_notify.tell(sd_notify.READY)
    assert not caplog.records
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    sd_notify.tell(sd_notify.READY)
    assert "systemd is not told READY=1" in caplog.text


@pytest.mark.parametrize(("period", "process", "seconds"), [
    ("30000000", "", 30.0), ("30000000", "own", 30.0), ("30000000", "1", None), ("", "", None),
    ("0", "", None), ("soon", "", None),
])
def test_within_which_time_systemd_wants_to_hear(monkeypatch, period, process, seconds):
    monkeypatch.setenv("WATCHDOG_USEC", period)
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()) if process == "own" else process)
    assert sd_notify.watchdog_seconds() == seconds
