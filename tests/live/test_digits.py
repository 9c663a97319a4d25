"""Keys that are pressed in a talk: they arrive at the far side unchanged, each once, and as soon as without fsctl."""

from statistics import median

import pytest

from fsctl.switch.link.event_socket import EventSocket
from tests.live import offices
from tests.live.clients import Baresip, sipp
from tests.live.clients.scenario import ack, cue, info, until, until_bye
from tests.live.key_packets import Loopback
from tests.live.lab import Lab
from tests.live.test_barge_in import TALKS, by_colleague, by_outside, connected, in_it, leaves, three
from tests.live.test_executive_calls import CALLER, answered
from tests.wire.peer import eventually

OFFICE = offices.EXECUTIVES
KEYS = "0123456789*#"

#: The keys of a measurement, and how long they are pressed, in frames of 20 ms; of fewer than three FreeSWITCH makes
#: its default of 250 ms.
PRESSED = tuple(zip("4*4#", (3, 4, 5, 3), strict=True))
TALKS_EACH = 5


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


@pytest.fixture
def loopback():
    loopback = Loopback()
    yield loopback
    loopback.close()


def talk(lab, caller, called):
    line = lab.phone(caller).call(called)
    call = lab.phone(called).ringing()
    call.answer()
    line.wait_answered()
    return line, call


def passed_on(loopback, one, other):
    """Of each key from one to the other: the ms from its end until it is sent on, unchanged."""
    came, went = loopback.sent_from(one.audio_port), loopback.sent_to(other.audio_port)
    wanted = [(key, 160 * frames) for key, frames in PRESSED]
    assert [(each.key, each.samples) for each in came] == [(each.key, each.samples) for each in went] == wanted
    return [(out.began - into.ended) * 1000 for into, out in zip(came, went, strict=True)]


@pytest.mark.apart
def test_as_soon_and_as_long_as_without_fsctl(lab, controller, request):
    """A talk's audio comes and goes at times of its own within 20 ms, which a key has to wait for: so in several talks.

    Those of the fail-safe go on when fsctl runs again.
    """
    if not isinstance(lab, Lab):
        pytest.skip("nothing takes time in the simulator")
    loopback = request.getfixturevalue("loopback")
    controller.kill()
    of_failsafe = [talk(lab, "103", "104") for _ in range(TALKS_EACH)]
    controller.start()
    controller.wait_for_log("linked")
    late = {"without": [], "with": []}
    for each in of_failsafe:
        talks = {"without": each, "with": talk(lab, "101", "102")}
        for which in (0, 1):
            for count, (key, frames) in enumerate(PRESSED, 1):
                for two in talks.values():
                    two[which].press(f"{key}@{20 * frames}")
                lab.wait(lambda: all(len(two[1 - which].keys) == count for two in talks.values()), 5, f"no {key} arrives")
        for name, (one, other) in talks.items():
            late[name] += passed_on(loopback, one, other) + passed_on(loopback, other, one)
            one.hang_up()
            other.wait_ended()
    for name, each in late.items():
        print(f"{name} fsctl: median {median(each):.1f} ms, most {max(each):.1f} ms, of {len(each)} keys")
    assert median(late["with"]) - median(late["without"]) < 20
