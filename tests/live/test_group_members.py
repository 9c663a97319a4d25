"""Who is rung for a group call, and who can be in it: people outside, those who cannot be reached, callers and lamps."""

import time

import pytest

from tests.live import offices
from tests.live.lab import Lab
from tests.live.test_executive_calls import journal
from tests.live.test_group_calls import as_the_file_says, rings, together
from tests.wire.peer import eventually

MOBILE, STRANGER, DEVICE = "+491701234567", "+4915112345678", "+491709876543"

#: The crew with a mobile phone.
OFFICE = offices.changed(
    offices.OFFICE,
    ('members = ["101", "102", "130", "+491701234567"]', 'members = ["101", "102", "103", "+491701234567"]'),
    ("answer_seconds = 30", "answer_seconds = 6"),
)


@pytest.fixture(autouse=True)
def _as_the_file_says(lab, controller):
    as_the_file_says(lab, controller, OFFICE)


def begin(lab, *others, dialled="380"):
    """The group call of 101, and those whom it rings."""
    mobile = lab.outside(MOBILE)
    call = lab.phone("101").call(dialled)
    return call, mobile.ringing(), *rings(lab, *others)


def test_who_is_outside_presses_1(lab, controller):
    call, mobile, b, c = begin(lab, "102", "103")
    mobile.answer()
    b.answer()
    together(call, b)
    assert not call.hears(mobile) and not mobile.hears(b)
    mobile.press("1")
    together(call, b, mobile)
    b.hang_up(), c.reject()
    together(call, mobile)
    mobile.hang_up()
    call.wait_ended()


def test_who_does_not_press_it_is_in_no_call(lab, controller):
    """A mailbox out there, say: nobody answers then."""
    call, mobile, b, c = begin(lab, "102", "103")
    b.reject(), c.reject()
    mobile.answer()
    call.wait_ended(20)
    mobile.wait_ended()
    journal(controller, dialled="380", result="announcement:not-available")


def test_the_key_is_pressed_when_it_is_over(lab, controller):
    """Somebody answers late, and is connected with nobody."""
    call, mobile, b, c = begin(lab, "102", "103")
    mobile.answer()
    b.answer()
    together(call, b)
    call.hang_up()
    b.wait_ended()
    mobile.press("1")
    mobile.wait_ended()
    c.wait_ended()
    assert lab.switch.api("conference json_list").strip() in ("[]", "")


def test_without_confirm(lab, controller):
    controller.apply(offices.changed(OFFICE, ("confirm = true                        # outside members press 1", "confirm = false")))
    call, mobile, *_ = begin(lab, "102", "103")
    mobile.answer()
    together(call, mobile)


def test_an_outside_member_comes_back(lab, controller):
    """By the number that his line shows; a stranger may not."""
    call, mobile, b, c = begin(lab, "102", "103")
    b.answer()
    together(call, b)
    mobile.reject(), c.reject()
    back = lab.outside(MOBILE).call("380")
    together(call, b, back)
    stranger = lab.outside(STRANGER).call("380")
    assert stranger.wait_ended(10) == "CALL_REJECTED"
    journal(controller, caller=STRANGER, result="announcement:blocked")
    for each in (call, b):
        each.hang_up()
    journal(controller, caller=MOBILE, result="conference:crew")


def test_nobody_of_the_site_alone(lab, controller):
    call = lab.phone("104").call("380")
    assert call.wait_ended(10) == "CALL_REJECTED"
    controller.apply(offices.changed(OFFICE, ('callers = "members" ', 'callers = "site" ')))
    mobile, call = lab.outside(MOBILE), lab.phone("104").call("380")
    a, *_ = rings(lab, "101", "102", "103")
    mobile.ringing()
    a.answer()
    together(call, a)


def test_anyone_may_from_outside(lab, controller):
    controller.apply(offices.changed(OFFICE, ('callers = "members" ', 'callers = "anyone" ')))
    call = lab.outside(STRANGER).call("380")
    a, b, _ = rings(lab, "101", "102", "103")
    a.answer(), b.answer()
    together(call, a, b)
    assert a.shown_number == "380" and STRANGER[3:] in a.shown_name.replace(" ", "")


def test_no_forwarding_and_no_mailbox(lab, controller):
    """102 forwards all calls, 103 does not want to be disturbed, and nobody else takes it: no mailbox has it."""
    controller.fsctl("forward", "set", "102", "user:104")
    controller.fsctl("dnd", "on", "103")
    call, mobile, b = begin(lab, "102")
    lab.phone("104").quiet(0.3), lab.phone("103").quiet(0.3)
    b.redirect("104")
    lab.phone("104").quiet(0.5)
    mobile.reject()
    call.wait_ended(15)
    found = journal(controller, caller="101", dialled="380", result="announcement:not-available")
    assert "does not want to be disturbed" in str([step["reason"] for step in found["steps"]])


def test_all_phones_of_a_member(lab, controller):
    """Each is called once: whoever of them answers first is the one, and the others stop."""
    other, = lab.others("102")
    call, mobile, b, c = begin(lab, "102", "103")
    second = other.ringing()
    second.answer()
    b.wait_ended()
    together(call, second)
    call.hang_up()
    second.wait_ended()
    lab.take_away_others()


def test_a_phone_declines_for_its_person(lab, controller):
    other, = lab.others("102")
    call, mobile, b, c = begin(lab, "102", "103")
    second = other.ringing()
    b.reject(603)
    second.wait_ended()
    c.answer()
    together(call, c)
    call.hang_up()
    lab.take_away_others()


@pytest.mark.parametrize("dialled", ["*98", "*97102"])
def test_nobody_picks_it_up(lab, controller, dialled):
    """Else the caller would talk with one alone, and the others would be in no call."""
    call, mobile, b, c = begin(lab, "102", "103")
    assert lab.phone("103").call(dialled).wait_ended(10) == "CALL_REJECTED"
    b.answer(), c.answer()
    together(call, b, c)


def test_a_device_outside_rings_along(lab, controller):
    controller.apply(offices.changed(OFFICE, ('[users.102]\n', f'[users.102]\ndevices = ["{DEVICE}"]\n')))
    device = lab.outside(DEVICE)
    call, mobile, b, c = begin(lab, "102", "103")
    line = device.ringing()
    line.answer()
    b.hears(line)  # he is asked
    line.press("1")
    b.wait_ended()
    together(call, line)


def test_the_lamp_and_its_key(lab, controller, watching):
    lamp = watching("104", "conference+crew")
    lamp.wait("terminated")
    call, mobile, b, c = begin(lab, "102", "103", dialled="conference+crew")
    lamp.wait("confirmed")
    b.answer()
    together(call, b)
    again = lab.phone("103").call("conference+crew")
    together(call, b, again)
    c.wait_ended()
    assert lamp.states[-1] == "confirmed"
    for each in (call, b):
        each.hang_up()
    again.wait_ended()
    lamp.wait("terminated")


def test_somebody_is_transferred_into_it(lab, controller):
    call = lab.phone("101").call("104")
    line = lab.phone("104").ringing()
    line.answer()
    together(call, line)
    call.transfer("380")
    call.wait_ended()
    b, c = rings(lab, "102", "103")
    b.answer()
    together(line, b)
    c.answer()
    together(line, b, c)


def test_nobody_takes_it_and_it_comes_back(lab, controller):
    mobile = lab.outside(MOBILE)
    call = lab.phone("101").call("104")
    line = lab.phone("104").ringing()
    line.answer()
    together(call, line)
    call.transfer("380")
    call.wait_ended()
    for each in (*rings(lab, "102", "103"), mobile.ringing()):
        each.reject()
    lab.phone("101").ringing().reject()  # who is a member, too
    back = lab.phone("101").ringing(20)
    back.answer()
    together(line, back)


def test_somebody_is_transferred_into_it_after_asking(lab, controller):
    """By the caller's line in it, which somebody takes the place of."""
    call, mobile, b, c = begin(lab, "102", "103")
    b.answer(), c.answer(), mobile.reject()
    together(call, b, c)
    call.hold()
    asking = lab.phone("101").call("104")
    line = lab.phone("104").ringing()
    line.answer()
    asking.wait_answered()
    asking.transfer_to(call)
    call.wait_ended()
    together(line, b, c)


def test_who_holds_in_it_is_not_heard(lab, controller):
    call, mobile, b, c = begin(lab, "102", "103")
    b.answer(), c.answer()
    together(call, b, c)
    b.hold()
    eventually(lambda: not call.hears(b), "he is heard", 5)
    together(call, c)
    b.unhold()
    together(call, b, c)


def test_a_member_transfers_himself_away(lab, controller):
    """He only leaves it."""
    call, mobile, b, c = begin(lab, "102", "103")
    b.answer(), c.answer()
    together(call, b, c)
    b.transfer("104")
    b.wait_ended()
    together(call, c)
    lab.phone("104").quiet(0.5)


def test_the_site_sends_its_calls_there(lab, controller):
    """What the office file says anybody may."""
    controller.apply(offices.changed(OFFICE, ('reception = "hunt:sales"', 'reception = "conference:crew"')))
    call = lab.outside(STRANGER).call("+49305550100")
    a, b, _ = rings(lab, "101", "102", "103")
    a.answer(), b.answer()
    together(call, a, b)
    for each in (a, b):
        each.hang_up()
    journal(controller, caller=STRANGER, result="conference:crew")


def test_a_caller_who_was_answered_already_hears_that_it_rings(lab, controller):
    controller.apply(offices.changed(OFFICE, ('1 = "mailbox:101"', '1 = "conference:crew"')))
    controller.fsctl("night", "on", "berlin")
    call = lab.outside(STRANGER).call("+49305550100")
    call.wait_answered()
    time.sleep(1)
    call.press("1")
    a, b, _ = rings(lab, "101", "102", "103")
    if isinstance(lab, Lab):
        eventually(lambda: call.heard() == 425, "he does not hear that it rings", 5)
    a.answer(), b.answer()
    together(call, a, b)


def test_a_class_of_service_keeps_it_inside(lab, controller):
    """The member outside is not rung for who may not call there."""
    controller.apply(offices.changed(OFFICE, ('[users.102]\n', '[users.102]\noutside = []\n')))
    mobile = lab.outside(MOBILE)
    call = lab.phone("102").call("380")
    a, c = rings(lab, "101", "103")
    mobile.quiet(0.5)
    a.answer()
    together(call, a)
