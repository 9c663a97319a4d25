"""A group call: all members ring, whoever answers is in one conference, and it ends with the last but one."""

import time

import pytest

from fsctl import clock
from fsctl.store import claims
from tests.live import offices
from tests.live.displays import seen
from tests.live.test_executive_calls import journal
from tests.wire.peer import eventually

MOBILE = "+491701234567"
CREW = 'members = ["101", "102", "130", "+491701234567"]'

#: The crew has colleagues only, and little patience.
OFFICE = offices.changed(
    offices.OFFICE,
    (CREW, 'members = ["101", "102", "103", "104"]'),
    ("answer_seconds = 30", "answer_seconds = 6"),
)


@pytest.fixture(autouse=True)
def _as_the_file_says(lab, controller):
    as_the_file_says(lab, controller, OFFICE)


def as_the_file_says(lab, controller, office):
    """Whatever was switched or applied before."""
    lab.phones("101", "102", "103", "104", "120")
    controller.forget_settings()
    controller.apply(office)
    controller.wait_for_log("linked")


def together(*lines):
    """Each hears all others."""
    for each in lines:
        each.wait_answered()
    for one in lines:
        for other in lines:
            if one is not other:
                eventually(lambda: one.hears(other), f"{one} does not hear {other}", 5)


def rings(lab, *extensions):
    return [lab.phone(each).ringing() for each in extensions]


def test_whoever_answers_is_in_it(lab, controller):
    call = lab.phone("101").call("380")
    b, c, d = rings(lab, "102", "103", "104")
    seen(call, "Krisenstab", "380")
    assert (b.shown_name, b.shown_number) == ("Krisenstab - Anna Adler", "380")
    b.answer()
    call.wait_answered()
    together(call, b)
    d.answer()
    together(call, b, d)
    c.reject()
    for each in (b, d):
        each.hang_up()
    call.wait_ended()
    controller.wait_for_call(dialled="380", result="conference:crew", state="ended")


def test_nobody_answers(lab, controller):
    call = lab.phone("101").call("380")
    b, c, d = rings(lab, "102", "103", "104")
    b.reject(), c.reject(603)
    assert call.wait_ended(20) == "NO_ANSWER"
    d.wait_ended()
    controller.wait_for_call(dialled="380", result="announcement:not-available", state="ended")


def test_all_decline(lab, controller):
    began = time.monotonic()
    call = lab.phone("101").call("380")
    for line in rings(lab, "102", "103", "104"):
        line.reject()
    call.wait_ended(10)
    assert time.monotonic() - began < 5
    controller.wait_for_call(dialled="380", result="announcement:not-available", state="ended")


def test_while_one_hears_that_nobody_came_another_begins_anew(lab, controller):
    call = lab.phone("101").call("380")
    for line in rings(lab, "102", "103", "104"):
        line.reject()
        line.wait_ended()
    controller.wait_for_call(dialled="380", result="announcement:not-available", state="ringing")  # not an older one
    second = lab.phone("102").call("380")
    c = lab.phone("103").ringing()
    c.answer()
    second.wait_answered()
    together(second, c)
    call.wait_ended()
    c.hang_up()
    second.wait_ended()


@pytest.mark.parametrize("left", ["102", "103", "104"])
def test_busy_and_absent_ones_hold_nobody_up(lab, controller, left):
    for each, behaviour in zip(sorted({"102", "103", "104"} - {left}), ("busy", "absent"), strict=True):
        lab.phone(each).behaviour = behaviour
    call = lab.phone("101").call("380")
    line = lab.phone(left).ringing()
    line.answer()
    call.wait_answered()
    together(call, line)
    call.hang_up()
    line.wait_ended()


def test_the_caller_leaves_and_the_others_go_on(lab, controller):
    call = lab.phone("101").call("380")
    b, c, d = rings(lab, "102", "103", "104")
    b.answer()
    c.answer()
    together(call, b, c)
    call.hang_up()
    d.wait_ended()
    together(b, c)
    c.hang_up()
    b.wait_ended()


def test_the_caller_gives_up(lab, controller):
    call = lab.phone("101").call("380")
    lines = rings(lab, "102", "103", "104")
    call.hang_up()
    for each in lines:
        each.wait_ended(3)
    controller.wait_for_call(dialled="380", result="gone", state="ended")


def test_who_left_comes_back(lab, controller):
    call = lab.phone("101").call("380")
    b, c, d = rings(lab, "102", "103", "104")
    b.answer()
    c.answer()
    together(call, b, c)
    b.hang_up()
    b.wait_ended()
    again = lab.phone("102").call("380")
    again.wait_answered()
    together(call, c, again)
    for each in (call, c):
        each.hang_up()
    again.wait_ended()


def test_a_second_caller_while_it_rings(lab, controller):
    call = lab.phone("101").call("380")
    b, c, d = rings(lab, "102", "103", "104")
    second = lab.phone("102").call("380")
    second.wait_answered()
    call.wait_answered()
    together(call, second)
    c.answer()
    together(call, second, c)
    for each in (call, c, b):
        each.hang_up()
    second.wait_ended()


def test_two_begin_it_in_the_same_moment(lab, controller):
    """One of them rings all members, and the other one is in it with him at once."""
    both = [lab.phone(each).call("380") for each in ("101", "102")]
    together(*both)
    for each in both:
        each.hang_up()
    for each in rings(lab, "103", "104"):
        each.wait_ended()


def test_a_claim_of_somebody_who_does_something_else_now(lab, controller):
    """Nobody is torn out of his talk, and the group call begins all the same."""
    first = lab.phone("101").call("104")
    line = lab.phone("104").ringing()
    line.answer()
    first.wait_answered()
    found = controller.wait_for_call(caller="101", state="talking")
    assert claims.take(controller.store, "conference:crew", found["uuid"], found["node"], clock.now())
    second = lab.phone("102").call("380")
    third = lab.phone("103").ringing()
    third.answer()
    together(second, third)
    together(first, line)


@pytest.mark.parametrize("why", ["decline", "do not disturb"])
def test_another_one_begins_it_while_the_first_hears_that_nobody_answers(lab, controller, why):
    if why == "do not disturb":
        for each in ("102", "103", "104"):
            controller.fsctl("dnd", "on", each)
    first = lab.phone("101").call("380")
    if why == "decline":
        for line in rings(lab, "102", "103", "104"):
            line.reject()
    controller.wait_for_step("play", "announcement:not-available", "")
    second = lab.phone("102").call("380")
    line = lab.phone("101").ringing()
    line.answer()
    together(second, line)
    first.wait_ended(10)


BUSY = offices.changed(OFFICE, ('second_caller = "join" ', 'second_caller = "busy" '))


def test_a_second_caller_hears_busy(lab, controller):
    controller.apply(BUSY)
    call = lab.phone("101").call("380")
    b, c, d = rings(lab, "102", "103", "104")
    d.reject()
    for each in (b, c):
        each.answer()
    together(call, b, c)
    assert lab.phone("104").call("380").wait_ended() == "USER_BUSY"
    b.hang_up()
    b.wait_ended()
    again = lab.phone("102").call("380")
    again.wait_answered()
    together(call, c, again)
    for each in (call, c):
        each.hang_up()
    again.wait_ended()


@pytest.mark.apart
def test_kill_in_the_conference(lab, controller):
    call = lab.phone("101").call("380")
    b, c, d = rings(lab, "102", "103", "104")
    b.answer()
    call.wait_answered()
    together(call, b)
    controller.kill()
    d.answer()
    together(call, b, d)
    controller.start()
    controller.wait_for_log("linked")
    again = lab.phone("103").call("380")
    again.wait_answered()
    together(call, b, d, again)
    for each in (call, b, d):
        each.hang_up()
    again.wait_ended()
    journal(controller, caller="101", dialled="380", result="conference:crew", state="ended")


@pytest.mark.apart
def test_kill_while_it_rings(lab, controller):
    call = lab.phone("101").call("380")
    b, c, d = rings(lab, "102", "103", "104")
    controller.kill()
    time.sleep(1)
    b.answer()
    call.wait_answered()
    c.answer()
    together(call, b, c)
    b.hang_up()
    together(call, c)
    call.hang_up()
    for each in (c, d):
        each.wait_ended()


@pytest.mark.apart
def test_kill_while_it_rings_and_nobody_answers(lab, controller):
    """The caller hears on that it rings, for no longer than it does."""
    call = lab.phone("101").call("380")
    lines = rings(lab, "102", "103", "104")
    controller.kill()
    for each in lines:
        each.wait_ended(15)
    assert call.wait_ended(9) in ("NO_ANSWER", "NORMAL_TEMPORARY_FAILURE")
