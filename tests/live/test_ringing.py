"""What a caller hears before somebody answers: that it rings, or what the network says, whoever rings and however."""

import pytest

from tests.live import offices
from tests.live.lab import Lab
from tests.wire.peer import eventually

CALLER, MOBILE, FAX = "+4915112345678", "+491701234567", "+49305551234"
DIALLED = "0030555" + FAX[-4:]

#: The sample office with a group whose first member is outside and has five seconds.
OFFICE = offices.OFFICE + f"""
[groups.turn]
name = "Reihum"
site = "berlin"
members = ["{MOBILE}", "102"]
hunt = {{ extension = "301", policy = "linear", ring_seconds = 5, confirm = false }}
"""


@pytest.fixture(autouse=True)
def _phones(controller, lab):
    lab.phones("101", "102", "103", "104")
    controller.forget_settings()


def steps(call):
    return [(step["action"], step["target"], step["outcome"]) for step in call["steps"]]


@pytest.fixture
def early(lab):
    """A phone outside that a network speaks for before it answers."""
    def phone(number=FAX):
        made.append(lab.outside(number))
        made[-1].behaviour = "early"
        return made[-1]

    made = []
    yield phone
    for each in made:
        each.behaviour = "ring"


def tells(call, progress):
    eventually(lambda: call.progress[:1] == [progress], f"the caller is told {call.progress}", 3)


# ---- what a network says ----------------------------------------------------------------------------------


def test_what_a_network_says_is_heard_and_is_no_answer(lab, controller, early):
    phone = early()
    call = lab.phone("104").call(DIALLED)
    line = phone.ringing()
    tells(call, "early media")
    eventually(lambda: controller.calls(1)[0]["state"] == "ringing", "it counts as answered", 1)
    line.answer()
    call.wait_answered()
    controller.wait_for_call(state="talking", result=f"number:{FAX}")
    eventually(lambda: call.hears(line) and line.hears(call), "they do not hear each other", 3)
    call.hang_up()
    assert steps(controller.wait_for_call(state="ended")) == [("ring", f"number:{FAX}", "answered")]


@pytest.mark.parametrize(("status", "cause", "outcome"), [
    (486, "USER_BUSY", "busy"), (404, "UNALLOCATED_NUMBER", "rejected")])
def test_a_refusal_after_that(lab, controller, early, status, cause, outcome):
    phone = early()
    call = lab.phone("104").call(DIALLED)
    line = phone.ringing()
    tells(call, "early media")
    line.reject(status)
    assert call.wait_ended() == cause
    assert steps(controller.wait_for_call(state="ended"))[0] == ("ring", f"number:{FAX}", outcome)


def test_a_caller_who_gives_up_then(lab, controller, early):
    phone = early()
    call = lab.phone("104").call(DIALLED)
    line = phone.ringing()
    tells(call, "early media")
    call.hang_up()
    line.wait_ended()
    controller.wait_for_call(state="ended", result="gone")


def test_a_member_outside_has_his_time(lab, controller, early):
    phone = early(MOBILE)
    call = lab.phone("104").call("301")
    line = phone.ringing()
    tells(call, "ringing")
    lab.phone("102").ringing(10).answer()
    call.wait_answered()
    line.wait_ended()


def test_early_media_of_one_do_not_end_the_ringing_of_others(lab, controller, early):
    device = early("+491709876543")
    call = lab.phone("104").call("101")
    line, mobile = lab.phone("101").ringing(), device.ringing()
    tells(call, "ringing")
    line.answer()
    call.wait_answered()
    mobile.wait_ended()


@pytest.mark.parametrize("early_media", [False, True], ids=["ringing", "early media"])
def test_who_was_answered_already_hears_that_it_rings(lab, controller, early, early_media):
    """A caller whom somebody transfers."""
    phone = early() if early_media else lab.outside(FAX)
    call = lab.phone("104").call("102")
    line = lab.phone("102").ringing()
    line.answer()
    call.wait_answered()
    line.transfer(DIALLED)
    there = phone.ringing()
    if isinstance(lab, Lab):  # nothing sounds in the simulator
        eventually(lambda: call.heard() == 425, "he hears nothing", 7)
    assert controller.calls(1)[0]["state"] == "ringing"
    there.answer()
    eventually(lambda: call.hears(there) and there.hears(call), "they do not hear each other", 3)
