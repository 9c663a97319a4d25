"""Ctrl-C, a closed terminal and ``kill`` end a command quietly, and leave nothing behind (point 19)."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.ports import free_port

pytestmark = pytest.mark.slow

ENDED = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]


def ended(number, tmp_path, *words):
    """The exit code after a signal that comes when the first line was printed, and what was complained of."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    process = subprocess.Popen([sys.executable, "-m", "fsctl", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env={**os.environ, "TMPDIR": str(temporary)})
    assert process.stdout.readline()
    process.send_signal(number)
    _, complaint = process.communicate(timeout=30)
    assert list(temporary.iterdir()) == []
    return process.returncode, complaint.decode().strip()


@pytest.mark.parametrize(("number", "code"), ENDED)
@pytest.mark.parametrize("words", [(), ("--json",)])
def test_the_demo_clears_its_folder_away(number, code, words, tmp_path):
    assert ended(number, tmp_path, "demo", *words) == (code, "")


def test_watching_until_one_is_interrupted_is_no_mistake(bench):
    bench.fill()
    place = f"127.0.0.1:{free_port()}"
    code, complaint = ended(signal.SIGINT, bench.folder, "status", "--watch", "--switch", place,
                            "--database", str(bench.database))
    assert code == 0
    assert complaint.count("\n") == 0 and place in complaint


def test_who_is_interrupted_while_he_waits_for_a_switch_reads_no_more_about_it(bench):
    """A switch that says nothing is waited for five seconds."""
    bench.fill()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        process = subprocess.Popen(
            [sys.executable, "-m", "fsctl", "status", "--switch", f"127.0.0.1:{silent.getsockname()[1]}",
             "--database", str(bench.database)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with silent.accept()[0]:
            process.send_signal(signal.SIGINT)
            printed, complaint = process.communicate(timeout=30)
    assert (process.returncode, printed, complaint.strip()) == (130, b"", b"")


def test_a_signal_that_interrupts_no_wait_is_minded_at_once():
    """As one that comes just before the wait begins: here another thread takes it."""
    program = """
from gevent import monkey; monkey.patch_all()
import gevent, signal, sys
from fsctl.cli.signals import mind_interrupts
mind_interrupts()
own_name = monkey.get_original("_thread", "get_ident")
sleep = monkey.get_original("time", "sleep")
monkey.get_original("_thread", "start_new_thread")(
    lambda: (sleep(0.5), signal.pthread_kill(own_name(), signal.SIGINT)), ())
try:
    gevent.sleep(20)
except KeyboardInterrupt:
    sys.exit(0)
sys.exit("slept on")
"""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
    assert time.monotonic() - began < 15


def test_what_was_forked_reads_no_signal_of_its_parent():
    """Of all who read it one alone would get it."""
    program = """
from gevent import monkey; monkey.patch_all()
import gevent, os, signal, sys
from fsctl.cli import signals
signals.mind_interrupts()
child = gevent.os.fork_gevent()
if not child:
    gevent.sleep(0.5)
    os._exit(signal.set_wakeup_fd(-1) != -1 or signals._AWAKE[-1].active)
monkey.get_original("time", "sleep")(0.2)
signal.signal(signal.SIGUSR1, lambda *_: None)
os.kill(os.getpid(), signal.SIGUSR1)
sys.exit(os.waitstatus_to_exitcode(monkey.get_original("os", "waitpid")(child, 0)[1]) or not signals._AWAKE[0].recv(1))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
