"""Keys that are pressed in a talk: they arrive at the far side unchanged, each once, and as soon as without fsctl."""

import time
from statistics import median

import pytest

from fsctl.switch.link.event_socket import EventSocket
from tests.live import offices
from tests.live.clients import Baresip, sipp
from tests.live.clients.scenario import ack, cue, info, until, until_bye
from tests.live.lab import Lab
from tests.live.scenarios import channels
from tests.live.test_barge_in import TALKS, by_colleague, by_outside, connected, leaves, three, to_outside
from tests.live.test_executive_calls import CALLER, answered
from tests.wire.peer import eventually

OFFICE = offices.EXECUTIVES
KEYS = "0123456789*#"


@pytest.fixture(autouse=True)
def _as_the_file_says(controller, lab):
    lab.phones("103", "102", "101", "104")
    controller.forget_settings()
    controller.wait_for_log("linked")


@pytest.fixture
def heard(lab):
    """The keys of which the switch tells its links, by channel."""
    link, found = EventSocket("127.0.0.1", lab.esl_port, "ClueCon"), {}
    link.on_event(lambda event: found.setdefault(event["Unique-ID"], []).append(event["DTMF-Digit"]))
    link.open()
    link.subscribe("DTMF")
    yield lambda: sorted("".join(keys) for keys in found.values())
    link.close()


def arrive(presses, *lines):
    """Each of ``presses``, of a line and what it presses at the same time, at all other lines, and nothing else."""
    before = {id(line): line.keys for line in lines}
    for line, keys in presses:
        line.press(keys)
    for line in lines:
        (keys,) = [keys for other, keys in presses if other is not line] or [""]
        eventually(lambda: line.keys == before[id(line)] + keys, f"{keys} is not what arrives", 10)


@pytest.mark.parametrize("begun", TALKS)
def test_in_a_talk(lab, controller, heard, begun):
    line, call = begun(lab)
    arrive([(line, KEYS), (call, KEYS[::-1])], line, call)
    line.hang_up()
    call.wait_ended()
    assert (line.keys, call.keys) == (KEYS[::-1], KEYS)
    assert heard() == sorted([KEYS, KEYS[::-1]])
