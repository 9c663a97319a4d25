"""Keys that are pressed in a talk: they arrive at the far side unchanged, each once, and as soon as without fsctl."""

from statistics import median

import pytest

from fsctl.switch.link.event_socket import EventSocket
from tests.live import offices
from tests.live.clients import Baresip, sipp
from tests.live.clients.scenario import ack, cue, info, until, until_bye
from tests.live.lab import Lab
from tests.live.test_barge_in import TALKS, by_colleague, by_outside, calls, connected, in_it, leaves, three
from tests.live.test_executive_calls import CALLER, answered
from tests.wire.peer import eventually

OFFICE = offices.EXECUTIVES
KEYS = "0123456789*#"

#: How long a key is pressed, in frames of 20 ms; of fewer FreeSWITCH makes its default of 250 ms.
FRAMES = 3, 4, 3, 5


@pytest.fixture(autouse=True)
def _as_the_file_says(controller, lab):
    lab.phones("103", "102", "101", "104")
    controller.forget_settings()
    controller.wait_for_log("linked")


@pytest.fixture
def heard(lab):
    """AssertionError if these are not the keys of which the switch tells its links, each of a channel of its own."""
    link, found = EventSocket("127.0.0.1", lab.esl_port, "ClueCon"), {}

    def hear(event):
        if event["Event-Name"] == "DTMF":
            found.setdefault(event["Unique-ID"], []).append(event["DTMF-Digit"])

    link.on_event(hear)
    link.open()
    link.subscribe("DTMF")

    def told(*keys):
        eventually(lambda: sorted(map("".join, found.values())) == sorted(keys), f"no DTMF events of {keys}")

    yield told
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
    heard(KEYS, KEYS[::-1])


@pytest.mark.parametrize("begun", [by_colleague, by_outside])
def test_while_three_talk(lab, controller, heard, begun):
    """No key is a command there. Of the two who are left each hears the other's."""
    lines = three(lab, begun)
    for line in lines:
        arrive([(line, KEYS)], *lines)
    in_it(*lines)
    heard(KEYS, KEYS, KEYS)
    left = leaves(0, lines)
    connected(lab, *left)
    arrive([(left[0], "*44"), (left[1], "*68102")], *left)


@pytest.mark.parametrize("kind", ["dtmf-relay", "dtmf"])
@pytest.mark.parametrize("who", ["colleague", "outside"])
def test_by_info(lab, controller, heard, kind, who):
    if not isinstance(lab, Lab):
        pytest.skip("no SIP in the simulator")
    steps = until(200), ack(), cue(), info(KEYS, kind), until_bye()
    call = sipp.trunk(lab, CALLER, "+49305550101", *steps) if who == "outside" else sipp.caller(lab, "104", "101", *steps)
    line = lab.phone("101").ringing()
    line.answer()
    controller.wait_for_call(state="talking", result="user:101")
    call.cue()
    eventually(lambda: line.keys == KEYS, "they do not arrive", 10)
    line.hang_up()
    call.wait_ended()
    assert line.keys == KEYS
    heard(KEYS)


def test_of_a_telephone_that_nobody_here_wrote(lab, controller, heard):
    if not isinstance(lab, Lab):
        pytest.skip("no SIP in the simulator")
    lab.withdraw("104")
    call = Baresip(lab, "104").call("101")
    line = lab.phone("101").ringing()
    answered(call, line)
    call.press(KEYS)
    eventually(lambda: line.keys == KEYS, "they do not arrive", 10)
    line.hang_up()
    call.wait_ended()
    assert line.keys == KEYS
    heard(KEYS)


# ---- when they arrive --------------------------------------------------------------------------------------------


def without_fsctl(lab):
    """The switch itself rings 103 and 104 and connects them."""
    domain = lab.switch.api("global_getvar domain").strip()
    lab.switch.api(f"bgapi originate user/103@{domain} bridge:user/104@{domain} inline")
    first = lab.phone("103").ringing()
    first.answer()
    second = lab.phone("104").ringing()
    answered(first, second)
    return first, second


def arrival(one, other, key, frames):
    """Milliseconds until the other's phone knows of it, by the clock of the exchange, and how many frames it takes."""
    before, pressed = len(other.key_events), int(one._lab.exchange.api("strmicroepoch"))
    one.press(f"{key}@{20 * frames}")
    one._lab.wait(lambda: len(other.key_events) > before, 5, "it does not arrive")
    (event,) = other.key_events[before:]
    assert event["DTMF-Digit"] == key
    return (int(event["Event-Date-Timestamp"]) - pressed) / 1000, int(event["DTMF-Duration"]) / 160


def test_as_soon_and_as_long_as_without_fsctl(lab, controller):
    """A key is sent on when it has ended, so that it takes twice its length and a little."""
    if not isinstance(lab, Lab):
        pytest.skip("nothing takes time in the simulator")
    talks = {"without fsctl": without_fsctl(lab), "with fsctl": calls(lab, "102", lab.phone("102"))}
    late = {name: [] for name in talks}
    for number in range(40):
        key, frames = KEYS[number % 12], FRAMES[number % 4]
        for name, two in talks.items():
            took, length = arrival(*two[:: 1 - number % 2 * 2], key, frames)
            assert length == frames
            late[name].append(took - 2 * 20 * frames)
    for name, each in late.items():
        print(f"{name}: median {median(each):.1f} ms, least {min(each):.1f} ms, most {max(each):.1f} ms")
    with_, without = (median(late[name]) for name in ("with fsctl", "without fsctl"))
    assert with_ - without < 20
