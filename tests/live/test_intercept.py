"""Call intercept with telephones: what callers hear before the answer, where they go from there, and who comes back."""

import time

import pytest

from tests.live import offices
from tests.wire.peer import eventually

CALLER, FAMILY, ABROAD = "+4915112345678", "+4917012345678", "+442079460999"

#: It is always open. 132 has left without a mailbox; nobody of 131 and 104 is rung for the team.
OFFICE = offices.changed(
    offices.INTERCEPTED,
    ('{ mon-thu = ["08:00-12:00", "13:00-18:00"], fri = ["08:00-16:00"] }', '{ mon-sun = ["00:00-24:00"] }'),
    ('except = ["holidays", "12-24", "12-31", "2026-12-27/2026-12-30"]', "except = []"),
    ('[users.132]\nname = "Georg Graf"\n', '[users.132]\nname = "Georg Graf"\nintercept = { inbound = { calls = "all" } }\n'),
) + """
[groups.team]
name = "Team"
site = "berlin"
members = ["104", "103"]
[groups.team.hunt]
extension = "390"
"""


@pytest.fixture
def office(controller, lab):
    """Nothing is switched by hand; all phones are there."""
    lab.phones("101", "102", "103", "104", "132")
    controller.forget_settings()
    return controller


def announced(call, cause, seconds=40):
    """The call ends so, and nobody has answered it."""
    began = time.monotonic()
    assert call.wait_ended(seconds) == cause
    assert not call.answered and "early media" in call.progress
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("caller", ["101", CALLER])
def test_an_announcement_before_the_answer(lab, office, caller):
    """Twice; nobody's phone rings."""
    call = lab.phone(caller).call("132") if caller == "101" else lab.outside(caller).call("132")
    announced(call, "UNALLOCATED_NUMBER")
    found = office.wait_for_call(state="ended", result="announcement:out-of-service")
    assert [(step["action"], step["target"]) for step in found["steps"]] == [
        *[("play", "announcement:out-of-service")] * 2, ("hangup", "hangup:unknown-number")]
    lab.phone("132").quiet(0.1)


def test_a_new_number_and_nobody_presses_a_key(lab, office):
    announced(lab.outside(CALLER).call("104"), "NUMBER_CHANGED", 60)
    office.wait_for_call(state="ended", result="announcement:number-changed")
    lab.phone("104").quiet(0.1)


def test_the_key_0_leads_on(lab, office):
    call = lab.phone("102").call("104")
    eventually(lambda: "early media" in call.progress, "nothing is heard", 5)
    office.wait_for_call(caller="102", result="announcement:number-changed")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        call.press("0")
        try:
            line = lab.phone("101").ringing(1)
            break
        except TimeoutError:
            continue
    line.answer()
    call.wait_answered()
    eventually(lambda: call.hears(line), "they do not hear each other", 5)
    call.hang_up()
    office.wait_for_call(state="ended", caller="102", result="user:101")


def test_certain_callers_are_sent_on_at_once(lab, office):
    call = lab.outside(FAMILY).call("104")
    line = lab.phone("101").ringing()
    line.answer()
    call.wait_answered()
    call.hang_up()
    office.wait_for_call(state="ended", result="user:101")


def test_by_hand_with_a_mailbox(lab, office):
    office.fsctl("intercept", "on", "103", "--to", "mailbox:101")
    call = lab.outside(CALLER).call("103")
    call.wait_answered(15)
    call.hang_up()
    office.wait_for_call(state="ended", result="mailbox:101")
    office.fsctl("intercept", "auto", "103")
    call = lab.outside(CALLER).call("103")
    lab.phone("103").ringing()
    call.hang_up()


@pytest.mark.parametrize("dialled", ["102", "300", "001701234567", "*97102"])
def test_a_telephone_that_may_not_call(lab, office, dialled):
    announced(lab.phone("104").call(dialled), "CALL_REJECTED")
    if not dialled.startswith("*"):
        office.wait_for_call(state="ended", caller="104", result="announcement:blocked")
    lab.phone("102").quiet(0.1)


def test_but_it_calls_help(lab, office):
    help_ = lab.outside("112")
    call = lab.phone("104").call("112")
    help_.ringing().answer()
    call.wait_answered()
    call.hang_up()


def test_a_groups_rule_sends_outgoing_calls_elsewhere(lab, office):
    call = lab.phone("103").call("000442079460999")
    line = lab.phone("101").ringing()
    line.answer()
    call.wait_answered()
    call.hang_up()
    office.wait_for_call(state="ended", caller="103", result="user:101")


def test_a_member_is_passed_over(lab, office):
    call = lab.outside(CALLER).call("390")
    lab.phone("103").ringing().answer()
    call.wait_answered()
    lab.phone("104").quiet(0.1)
    call.hang_up()
    office.wait_for_call(state="ended", result="user:103")


def test_who_was_transferred_hears_it_and_comes_back(lab, office):
    call = lab.outside(CALLER).call("102")
    line = lab.phone("102").ringing()
    line.answer()
    call.wait_answered()
    line.transfer("132")
    back = lab.phone("102").ringing(40)
    back.answer()
    eventually(lambda: call.hears(back) and back.hears(call), "they do not hear each other", 5)
    call.hang_up()
    found = office.wait_for_call(state="ended", result="user:102", dialled="102")
    assert ("play", "announcement:out-of-service") in [(step["action"], step["target"]) for step in found["steps"]]
