"""What the simulator tells of a call, against what a real FreeSWITCH 1.10.12 told: the same events in the same order.

The traces were captured by tests/live/traces.py, which says how to do so anew; the scenarios are played here.
Order is compared for each channel on its own, since two channels are two threads, and between channels where the one
is the cause of the other. What is left out, and why:

- times, addresses, codecs: there is no network here
- what the caller's events show as the other leg before anybody answers: nothing with one leg, with several the last one
  that came up, by chance
- CS_CONSUME_MEDIA between CS_SOFT_EXECUTE and CS_EXCHANGE_MEDIA: seen only when the channel's thread was quick enough
- what is up to the controller, and may have changed since the capture: of how many sounds an announcement is made, and
  whether a leg waits for a pickup
"""

import json
from difflib import unified_diff
from itertools import groupby
from pathlib import Path

import pytest

from tests import branches
from tests.live.controller import Controller
from tests.live.scenarios import BRANCHES, OFFICE, PHONES, SCENARIOS
from tests.live.simulated import Simulated
from tests.live.traces import reduced

TRACES = Path(__file__).parents[1] / "payloads" / "traces"
SOUNDS = {"playback", "say", "phrase"}


@pytest.fixture(scope="module")
def labs(tmp_path_factory):
    """A laboratory for each scenario; those that need the tests' own policy share one, where a process has it."""
    made = {}

    def lab(name):
        own = name in BRANCHES
        if own not in made:
            folder = tmp_path_factory.mktemp("traces")
            lab = Simulated()
            controller = Controller(lab, folder, OFFICE, apart=own)
            branches.install(folder, controller.environment)
            controller.start()
            controller.wait_for_log("linked")
            made[own] = lab, controller
        return made[own][0]

    yield lab
    for lab, controller in made.values():
        controller.end()
        lab.close()


def captured(name):
    return [json.loads(line) for line in (TRACES / f"{name}.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def played(labs):
    """Plays a scenario; what the switch told of it."""
    def play(name):
        lab = labs(name)
        lab.phones(*PHONES)
        events = []
        lab.switch.listen(events.append)
        SCENARIOS[name](lab)
        lab.hang_up_all()
        lab.switch.unlisten(events.append)
        return reduced(events)

    return play


def per_channel(told):
    """Of each channel, its events in order, as texts to compare."""
    found = {}
    for name in dict.fromkeys(event["Unique-ID"] for event in told):
        events = [event for event in told if event["Unique-ID"] == name]
        found[name] = [text for text, _ in groupby(filter(None, map(_text(name), events)))]
    return found


def _text(name):
    state = {"talked": False, "soft": False}

    def text(event):
        what = event["Event-Name"].removeprefix("CHANNEL_")
        state["talked"] |= "BRIDGE" in what or name[0] == ">"
        state["soft"] |= event["Channel-State"] == "CS_SOFT_EXECUTE"
        if state["soft"] and what == "STATE" and event["Channel-State"] == "CS_CONSUME_MEDIA":
            return None
        application = event.get("Application", "")
        if application in SOUNDS and "EXCHANGE" not in event["Channel-State"] and not event.get("Other-Type"):
            what, application = "EXECUTE", "sound"
        other = event.get("Other-Leg-Unique-ID", "") if state["talked"] else ""
        return " ".join(filter(None, (
            what, event["Channel-State"], event["Channel-Call-State"], event["Answer-State"], event["Call-Direction"],
            event.get("Other-Type", "") if state["talked"] else "", other, application, event.get("Action", ""),
            event.get("Record-Completion-Cause", ""),
            event.get("Hangup-Cause", ""))))

    return text


def alike(real, simulated):
    """Without the legs that wait for a pickup, unless both have them."""
    waiting = {name for name in real.keys() ^ simulated.keys() if name.startswith(">pickup")}
    return ({name: events for name, events in each.items() if name not in waiting} for each in (real, simulated))


def differences(real, simulated):
    """What is missing (-) or too much (+), channel by channel."""
    found = [f"channels: {sorted(real)} became {sorted(simulated)}"] if real.keys() != simulated.keys() else []
    for name in real.keys() & simulated.keys():
        found += [f"{name}: {line}" for line in unified_diff(real[name], simulated[name], lineterm="", n=1)
                  if not line.startswith(("---", "+++"))]
    return "\n".join(found)


def causes(told):
    """Pairs that hold in every order of threads; what is wrong, in words."""
    wrong, seen = [], []
    for event in told:
        what, name = event["Event-Name"], event["Unique-ID"]
        if what == "CHANNEL_BRIDGE":
            for end in (event["Bridge-A-Unique-ID"], event["Bridge-B-Unique-ID"]):
                if ("CHANNEL_ANSWER", end) not in seen:
                    wrong.append(f"{name} talks before {end} answered")
        caller = event.get("Other-Leg-Unique-ID")  # none where a command rings
        if what == "CHANNEL_CREATE" and name[0] == ">" and caller and ("bridge", caller) not in seen:
            wrong.append(f"{name} rings before anybody was called")
        if what == "CHANNEL_UNBRIDGE" and ("CHANNEL_BRIDGE", event["Bridge-A-Unique-ID"]) not in seen:
            wrong.append(f"{name} parts before it talked")
        if seen and ("CHANNEL_DESTROY", name) in seen and event["Channel-State"] != "CS_DESTROY":
            wrong.append(f"{what} of {name}, which is gone")
        seen += [(what, name), (event.get("Application", ""), name)]
    return wrong


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_simulator_tells_what_freeswitch_told(played, name):
    real, simulated = captured(name), played(name)
    if difference := differences(*alike(per_channel(real), per_channel(simulated))):
        pytest.fail(difference, pytrace=False)
    assert not causes(real)
    assert not causes(simulated)


def test_every_trace_has_its_scenario():
    assert {path.stem for path in TRACES.glob("*.jsonl")} == set(SCENARIOS)


def test_traces_tell_nothing_of_where_they_were_captured():
    text = "".join(path.read_text("utf-8") for path in TRACES.glob("*.jsonl"))
    assert not [word for word in ("/", "127.0.0.1", "FreeSWITCH-", "sip:") if word in text]
