"""A person with two phones: both ring wherever he is rung, and what one of them does is not said of the other.

Everybody here can be picked up or is in a group, so that other legs stand beside his own.
"""

import time

import pytest

from tests.live import offices
from tests.live.scenarios import CALLER, PAUSE
from tests.live.simulated import Simulated
from tests.live.test_park import commands, free, park, time_is_over, together  # noqa: F401  commands is a fixture

PEOPLE = ("101", "102", "103", "104")
POLICIES = ("linear", "circular", "simultaneous", "longest-idle", "weighted")

#: A group of each policy with 102 alone or first, and calls on hold that ring back soon.
OFFICE = offices.OFFICE.replace("ring_seconds = 20", "ring_seconds = 7").replace(
    "hold_recall_seconds = 0 ", "hold_recall_seconds = 1 ") + "".join(f"""
[groups.{policy}]
name = "{policy}"
site = "berlin"
members = ["102"{', "103"' if policy == "simultaneous" else ""}]
[groups.{policy}.hunt]
extension = "33{number}"
policy = "{policy}"
ring_seconds = 7
""" for number, policy in enumerate(POLICIES))

#: Seconds after which a phone without a sign of life is given up, and a moment for the switch.
SILENCE, MOMENT = 4, 1.5


@pytest.fixture(scope="module")
def two(_lab):
    """The desk phone and the softphone of each; the softphones stay as long as this module."""
    phones = {who: [desk, soft] for who, desk, soft in zip(
        PEOPLE, _lab.phones(*PEOPLE), _lab.others(*PEOPLE), strict=True)}
    yield phones
    _lab.take_away_others()


@pytest.fixture(autouse=True)
def _as_the_file_says(controller, two):
    controller.forget_settings()
    controller.wait_for_log("linked")


def rung(phones, seconds=5):
    """The lines at which both ring."""
    return [phone.ringing(seconds) for phone in phones]


def taken(call, lines, answering):
    """One of them answers, and the others stop without counting the call as missed."""
    lines[answering].answer()
    call.wait_answered()
    for line in lines:
        if line is not lines[answering]:
            line.wait_ended()
            assert "Call completed elsewhere" in getattr(line, "reason", "Call completed elsewhere")
    together(call, lines[answering])
    call.hang_up()
    lines[answering].wait_ended()


@pytest.mark.parametrize("answering", [0, 1])
@pytest.mark.parametrize("dialled", ["102", *(f"33{number}" for number in range(len(POLICIES)))])
def test_both_ring_and_one_answers(lab, controller, two, dialled, answering):
    call = lab.phone("104").call(dialled)
    others = rung(two["103"]) if dialled == "332" else []
    taken(call, rung(two["102"]) + others, answering)
    controller.wait_for_call(state="ended", result="user:102")


def test_from_outside(lab, controller, two):
    call = lab.outside(CALLER).call("+49305550101")
    taken(call, rung(two["101"]), 1)


def test_a_group_member_of_whom_the_other_phone_is_engaged_is_engaged(lab, controller, two):
    """He has but one head: a hunt passes him over, and a call to himself rings both."""
    call = lab.phone("104").call("102")
    lines = rung(two["102"])
    lines[0].answer()
    call.wait_answered()
    lines[1].wait_ended()
    lab.phone("101").call("332")
    ringing = rung(two["103"])
    for phone in two["102"]:
        phone.quiet(PAUSE)
    assert not any(line.ended for line in ringing)


# ---- one phone declines, is busy, or is dead -------------------------------------------------------------


@pytest.mark.parametrize("status", [486, 403, 404])
def test_what_one_phone_says_leaves_the_other_ringing(lab, controller, two, status):
    call = lab.phone("104").call("102")
    desk, soft = rung(two["102"])
    desk.reject(status)
    desk.wait_ended()
    time.sleep(PAUSE)
    assert not soft.ended and not call.ended
    taken(call, [soft], 0)


@pytest.mark.parametrize(("status", "outcome"), [(603, "rejected"), (600, "busy")])
def test_who_declines_for_himself_stops_his_other_phone(lab, controller, two, status, outcome):
    call = lab.phone("101").call("104")
    desk, soft = rung(two["104"])
    soft.reject(status)
    desk.wait_ended(MOMENT)
    call.wait_ended(MOMENT)
    assert "Call completed elsewhere" in getattr(desk, "reason", "Call completed elsewhere")
    found = controller.wait_for_call(state="ended", result=f"hangup:{outcome}")
    assert [(leg["target"], leg["status"]) for leg in found["steps"][0]["legs"]] == [("user:104", status)]


@pytest.mark.parametrize("status", [603, 600])
def test_but_not_his_colleagues(lab, controller, two, status):
    call = lab.phone("104").call("332")
    desk, soft = rung(two["102"])
    others = rung(two["103"])
    desk.reject(status)
    soft.wait_ended(MOMENT)
    time.sleep(PAUSE)
    assert not any(line.ended for line in others)
    taken(call, others, 0)


@pytest.mark.parametrize(("first", "second", "outcome", "status"), [
    (486, 603, "rejected", 603), (486, 600, "busy", 600), (403, 486, "busy", 486), (404, 403, "rejected", 404),
])
def test_what_both_say_one_after_the_other(lab, controller, two, first, second, outcome, status):
    """The last one's status is heard, too."""
    for _ in range(3):
        call = lab.phone("101").call("104")
        desk, soft = rung(two["104"])
        desk.reject(first)
        desk.wait_ended()
        soft.reject(second)
        call.wait_ended(MOMENT)
        found = controller.wait_for_call(state="ended", caller="101", dialled="104")["steps"][0]
        assert (found["outcome"], found["legs"][0]["status"]) == (outcome, status)


def test_a_dead_phone_does_not_speak_for_its_person(lab, controller, two):
    two["104"][0].behaviour = "silent"
    call = lab.phone("101").call("104")
    line = two["104"][1].ringing()
    began = time.monotonic()
    line.reject(486)
    call.wait_ended(SILENCE + MOMENT)
    assert time.monotonic() - began > SILENCE - MOMENT
    controller.wait_for_call(state="ended", result="hangup:busy")


def test_a_dead_phone_disturbs_nobody(lab, controller, two):
    two["104"][0].behaviour = "silent"
    call = lab.phone("101").call("104")
    line = two["104"][1].ringing()
    time.sleep(SILENCE + MOMENT)
    assert not line.ended
    taken(call, [line], 0)


def test_whose_phones_are_all_dead_is_offline(lab, controller, two):
    for phone in two["104"]:
        phone.behaviour = "silent"
    began = time.monotonic()
    call = lab.phone("101").call("104")
    call.wait_ended(SILENCE + MOMENT)
    assert time.monotonic() - began > SILENCE - 0.1
    controller.wait_for_call(state="ended", result="hangup:offline")


def test_forward_offline_decides_then(lab, controller, two):
    controller.fsctl("forward", "set", "104", "103", "--when", "offline")
    for phone in two["104"]:
        phone.behaviour = "silent"
    call = lab.phone("101").call("104")
    taken(call, rung(two["103"], SILENCE + MOMENT), 0)
    found = controller.wait_for_call(state="ended", result="user:103")
    assert [(step["action"], step["outcome"]) for step in found["steps"]] == [
        ("ring", "offline"), ("reroute", ""), ("ring", "answered")]


def parked(lab, controller, two, commands):  # noqa: F811
    """A caller whom 101 has parked, and the row of his slot."""
    free(controller)
    found = park(lab, controller, commands)
    two["101"][1].arrived.clear()  # it rang along before that
    return found


def held(lab, two):
    """A caller whom 102 holds at his desk phone, and the line there."""
    call = lab.phone("104").call("102")
    line, _ = rung(two["102"])
    line.answer()
    call.wait_answered()
    together(call, line)
    line.hold()
    return call, line


# ---- pickup, recalls, and without a controller -------------------------------------------------------------


def test_a_call_that_rings_at_both_is_picked_up(lab, controller, two):
    call = lab.phone("104").call("102")
    lines = rung(two["102"])
    time.sleep(PAUSE)
    picker = two["103"][1].call("*97102")
    call.wait_answered()
    for line in lines:
        line.wait_ended()
        assert "Call completed elsewhere" in getattr(line, "reason", "Call completed elsewhere")
    together(call, picker)
    picker.hang_up()
    call.wait_ended()


@pytest.mark.parametrize("answering", [0, 1])
def test_a_recall_from_park_rings_at_both(lab, controller, two, commands, answering):  # noqa: F811
    call, row = parked(lab, controller, two, commands)
    time_is_over(commands, row)
    taken(call, rung(two["101"]), answering)


@pytest.mark.apart
def test_and_so_it_does_without_a_controller(lab, controller, two, commands):  # noqa: F811
    call, row = parked(lab, controller, two, commands)
    controller.kill()
    time_is_over(commands, row)
    desk, soft = rung(two["101"])
    desk.reject(486)
    desk.wait_ended()
    assert not soft.ended
    taken(call, [soft], 0)


@pytest.mark.parametrize("answering", [0, 1])
def test_a_recall_from_hold_rings_at_both(lab, controller, two, answering):
    call, _ = held(lab, two)
    taken(call, rung(two["102"]), answering)


def test_a_recall_from_hold_that_is_declined_stops_at_both(lab, controller, two):
    call, line = held(lab, two)
    desk, soft = rung(two["102"])
    soft.reject(603)
    desk.wait_ended(MOMENT)
    assert not call.ended and not line.ended
    two["102"][0].ringing()  # again, after the same time


@pytest.mark.apart
@pytest.mark.parametrize("answering", [0, 1])
@pytest.mark.parametrize("dialled", ["102", "300"])
def test_both_ring_in_the_fail_safe(lab, controller, two, dialled, answering):
    controller.kill()
    call = lab.phone("104").call(dialled)
    people = {"102": ("102",), "300": ("101", "102", "103")}[dialled]
    lines = [line for who in people for line in rung(two[who])]
    busy = lines.pop(1 - answering)
    busy.reject(486)
    busy.wait_ended()
    time.sleep(PAUSE)
    assert not any(line.ended for line in lines)
    taken(call, lines, 0)


@pytest.mark.apart
@pytest.mark.parametrize("answering", [0, 1])
def test_killed_while_both_ring(lab, controller, two, answering):
    call = lab.phone("104").call("102")
    lines = rung(two["102"])
    controller.kill()
    time.sleep(PAUSE)
    assert not any(line.ended for line in lines)
    taken(call, lines, answering)


# ---- contacts come and go -------------------------------------------------------------------------------


def test_who_leaves_with_one_phone_is_reached_at_the_other(lab, controller, two):
    two["103"][0].unregister()
    call = lab.phone("104").call("103")
    line = two["103"][1].ringing()
    two["103"][0].quiet(PAUSE)
    taken(call, [line], 0)
    two["103"][0].register()
    taken(lab.phone("104").call("103"), rung(two["103"]), 0)


def test_more_phones_than_freeswitch_rings_at_once(lab, controller, two):
    """Everybody's first phone rings all the same. A real one takes ten registrations a person."""
    if not isinstance(lab, Simulated):
        pytest.skip("needs 130 registrations of two people")
    many = [*two["102"], *(lab.switch.another("102") for _ in range(128))]
    call = lab.phone("104").call("332")
    line = two["103"][0].ringing()
    lab.wait(lambda: sum(bool(phone.arrived) for phone in (*many, *two["103"])) == 126, 5, "not so many ring")
    line.answer()
    call.wait_answered()
    assert controller.wait_for_call(state="talking")["steps"][0]["left_out"] == 5
    for phone in many[2:]:
        phone.unregister()
