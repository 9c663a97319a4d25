"""What the operating system says of processes."""

import subprocess
import sys

import pytest

from load import cpu

pytestmark = pytest.mark.slow

#: Tells when its child, or the thread that it has ended, has used so much; then does nothing.
BUSY = """
import subprocess, sys, threading, time
def work(seconds):
    while time.process_time() < seconds: pass
if sys.argv[1] == "child":
    child = subprocess.Popen([sys.executable, "-c", '''
import time
while time.process_time() < 0.5: pass
print("done", flush=True)
input()'''], stdout=subprocess.PIPE)
    child.stdout.readline()
elif sys.argv[1] == "buried child":
    subprocess.run([sys.executable, "-c", "import time\\nwhile time.process_time() < 0.5: pass"])
else:
    thread = threading.Thread(target=work, args=[0.5])
    thread.start()
    thread.join()
print("ready", flush=True)
input()
"""


@pytest.mark.parametrize("who", ["child", "buried child", "ended thread"])
def test_descendants_and_threads_count(who):
    with subprocess.Popen([sys.executable, "-c", BUSY, who], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"ready\n"
        assert len(cpu.family(process.pid)) == 1 + (who == "child")
        assert 0.45 < cpu.total(process.pid) < 5
        cpu.wait_idle(process.pid, 0.0)
        process.stdin.close()


def test_who_is_gone_has_used_nothing():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert cpu.total(process.pid) == 0.0
