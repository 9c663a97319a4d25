"""Several processes take the calls, and one hears the switch for all: each may die."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.live.controller import Controller
from tests.wire.peer import eventually


@pytest.fixture
def serve(lab, tmp_path):
    serve = Controller(lab, tmp_path, apart=True)
    lab.phones("101", "102", "103", "104")
    serve.start("--workers", "2")
    serve.wait_for_workers()
    yield serve
    serve.kill()


def processes(serve):
    """The workers, and who hears for them: the last one that was started (fsctl.cli.serve)."""
    *workers, hearing = sorted(serve.children)
    return workers, hearing


def redirected(lab):
    """Whether the next call knows what only the link tells: where a phone sends its calls."""
    call = lab.phone("101").call("102")
    lab.phone("102").ringing().redirect("103")
    try:
        lab.phone("103").ringing()
    except TimeoutError:
        return False
    finally:
        call.hang_up()
        call.wait_ended()
    return True


def test_all_workers_know_what_the_link_tells(lab, serve):
    """Sixteen calls by two workers: that one of them gets none is as likely as 1 in 30,000."""
    assert all(redirected(lab) for _ in range(16))


def test_the_hearing_process_dies(lab, serve):
    """Calls go on without it, and another one hears soon."""
    call = lab.phone("101").call("104")
    line = lab.phone("104").ringing()
    line.answer()
    call.wait_answered()
    ringing = lab.phone("101").call("103")
    rung = lab.phone("103").ringing()
    _, hearing = processes(serve)
    serve.log.clear()
    os.kill(hearing, signal.SIGKILL)
    began = time.monotonic()
    rung.answer()
    ringing.wait_answered()
    third = lab.phone("101").call("102")
    lab.phone("102").ringing()
    third.hang_up()
    assert not call.ended and not ringing.ended
    serve.wait_for_log("linked")
    print(f"\nlinked again {time.monotonic() - began:.2f} s after the hearing process was killed", end="")
    ringing.hang_up()
    serve.wait_for_workers()
    assert redirected(lab)
    assert call.hears(line)
    call.hang_up()
    serve.wait_for_call(state="ended")
    eventually(lambda: all(each["state"] == "ended" for each in serve.calls(10)), "the journal has an open call", 5)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_worker_is_lost(lab, serve, number):
    """Its talks go on, its ringing calls can be answered, and the next calls are served by those that are left."""
    workers, _ = processes(serve)
    talks = []
    for _ in range(6):
        call = lab.phone("101").call("102")
        line = lab.phone("102").ringing()
        line.answer()
        call.wait_answered()
        talks.append((call, line))
    ringing = [(lab.phone("101").call("103"), lab.phone("103").ringing()) for _ in range(4)]
    os.kill(workers[0], number)
    for call, line in ringing:
        line.answer()
        call.wait_answered()
    waits = []
    for _ in range(6):
        began = time.monotonic()
        call = lab.phone("101").call("104")
        line = lab.phone("104").ringing(5)
        waits.append(round(time.monotonic() - began, 2))
        line.answer()
        call.wait_answered()
        call.hang_up()
        call.wait_ended()
    print(f"\nafter {number.name} of a worker the next calls ring after {waits} s", end="")
    assert not any(call.ended for call, _ in [*talks, *ringing])
    assert talks[0][0].hears(talks[0][1])
    if number == signal.SIGSTOP:
        os.kill(workers[0], signal.SIGCONT)
    for call, _ in [*talks, *ringing]:
        call.hang_up()


def test_doctor_tells_the_truth(lab, serve):
    def failing():
        done = subprocess.run(
            [sys.executable, "-m", "fsctl", "doctor", "--json"], env=serve.environment, capture_output=True, text=True)
        return done.returncode, [each["check"] for each in json.loads(done.stdout) if not each["ok"]]

    assert failing() == (0, [])
    serve.kill()
    assert failing() == (3, ["controller"])
    serve.environment["FSCTL_ESL_PASSWORD"] = "wrong"
    assert failing() == (3, ["controller", f"event socket 127.0.0.1:{lab.esl_port}"])
    serve.start()
    assert failing() == (3, [f"event socket 127.0.0.1:{lab.esl_port}"])


def test_codes_in_a_talk(lab, serve):
    """The process that hears does what they stand for; it takes no calls itself."""
    call = lab.phone("101").call("104")
    line = lab.phone("104").ringing()
    line.answer()
    call.wait_answered()
    line.press("*44")
    found = serve.wait_for_call(caller="104", dialled="*44", state="ended", result="announcement:not-possible")
    assert found["steps"][-1]["reason"] == "in this office nobody records calls"
    assert call.keys == "*44"
