"""What people set for their calls: forwarding, do not disturb, mailboxes, phones outside, transfers."""

import time

import pytest

from fsctl import clock
from fsctl.store.settings import change_setting
from tests.live import offices
from tests.live.scenarios import comes_back

CALLER, MOBILE, DEVICE = "+4915112345678", "+491701234567", "+491709876543"

#: The sample office with less patience, and a mailbox for Clara.
OFFICE = offices.OFFICE.replace("ring_seconds = 20", "ring_seconds = 3").replace(
    '[users.103]\nname = "Clara Conrad"\n', '[users.103]\nname = "Clara Conrad"\nmailbox = true\nring_seconds = 2\n')


@pytest.fixture(autouse=True)
def _as_the_file_says(controller, lab):
    lab.phones("101", "102", "103", "104")
    controller.forget_settings()


def steps(call):
    return [(step["policy"], step["action"], step["target"], step["outcome"]) for step in call["steps"]]


def messages(lab, extension):
    """New messages in a mailbox."""
    return int(lab.switch.api(f"vm_boxcount {extension}@127.0.0.1|all").split(":")[0])


def leave_message(lab, call):
    call.wait_answered(8)
    time.sleep(2.5)  # this is how long the message is
    call.hang_up()


def talk(lab, caller, called):
    call = lab.phone(caller).call(called)
    line = lab.phone(called).ringing()
    line.answer()
    call.wait_answered()
    return call, line


def dial(lab, caller, code):
    """Dial a code, hear what it says, and be hung up on."""
    call = lab.phone(caller).call(code)
    call.wait_answered()
    assert call.wait_ended(10) == "NORMAL_CLEARING"


# ---- mailbox --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("behaviour", "outcome"), [
    ("busy", "busy"), ("decline", "rejected"), ("absent", "no-answer"), ("ring", "no-answer"),
])
def test_whoever_does_not_answer_has_a_mailbox(lab, controller, behaviour, outcome):
    before = messages(lab, "103")
    lab.phone("103").behaviour = behaviour
    leave_message(lab, lab.phone("101").call("103"))
    call = controller.wait_for_call(state="ended", result="mailbox:103")
    assert steps(call) == [
        ("extension", "ring", "user:103", outcome), ("mailbox", "reroute", "mailbox:103", ""),
        ("mailbox", "mailbox", "mailbox:103", "gone")]
    lab.wait(lambda: messages(lab, "103") == before + 1, 3, "there is no message")


def test_a_message_is_fetched_by_its_owner_alone(lab, controller):
    lab.phone("102").behaviour = "busy"
    leave_message(lab, lab.phone("101").call("102"))
    lab.wait(lambda: messages(lab, "102") > 0, 3, "there is no message")
    call = lab.phone("102").call("*86")
    call.wait_answered()
    lab.wait(lambda: messages(lab, "102") == 0, 60, "the messages were not played")
    call.hang_up()
    controller.wait_for_call(state="ended", result="code:mailbox")
    assert lab.phone("104").call("*86").wait_ended(15) == "CALL_REJECTED"
    controller.wait_for_call(state="ended", result="announcement:not-possible")


# ---- forwarding and do not disturb ------------------------------------------------------------------


def test_all_calls_are_forwarded_by_code_until_it_is_taken_back(lab, controller):
    dial(lab, "102", "*72103")
    controller.wait_for_call(state="ended", result="code:forward_always")
    call = lab.phone("101").call("102")
    line = lab.phone("103").ringing()
    assert line.shown_name == "Anna Adler"
    line.answer()
    call.wait_answered()
    call.hang_up()
    found = controller.wait_for_call(state="ended", result="user:103")
    assert steps(found) == [("forwarding", "reroute", "user:103", ""), ("extension", "ring", "user:103", "answered")]
    dial(lab, "102", "*73")
    lab.phone("101").call("102")
    lab.phone("102").ringing()


def test_the_digits_of_a_code_are_asked_for(lab, controller):
    call = lab.phone("102").call("*72")
    call.wait_answered()
    time.sleep(0.5)  # within the question
    call.press("103#")
    assert call.wait_ended(15) == "NORMAL_CLEARING"
    found = controller.wait_for_call(state="ended", result="code:forward_always")
    assert [step[1:] for step in steps(found)[:3]] == [
        ("answer", "caller", "done"), ("ask", "announcement:enter-number", "digits:103"),
        ("change", "code:forward_always", "done")]


def test_silence_changes_nothing(lab, controller):
    call = lab.phone("102").call("*72")
    call.wait_answered()
    call.wait_ended(25)
    controller.wait_for_call(state="ended", result="announcement:not-possible")


def test_a_phone_that_is_offline_is_called_outside(lab, controller):
    controller.fsctl("forward", "set", "104", "001701234567", "--when", "offline")
    far = lab.outside(MOBILE)
    lab.phone("104").unregister()
    call = lab.phone("101").call("104")
    line = far.ringing()
    line.answer()
    call.wait_answered()
    call.hang_up()
    found = controller.wait_for_call(state="ended", result=f"number:{MOBILE}")
    assert steps(found) == [
        ("extension", "ring", "user:104", "offline"), ("forwarding", "reroute", f"number:{MOBILE}", ""),
        ("outbound", "ring", f"number:{MOBILE}", "answered")]


def test_forwards_in_a_circle_end_with_an_announcement(lab, controller):
    controller.fsctl("forward", "set", "102", "103")
    controller.fsctl("forward", "set", "103", "102")
    assert lab.phone("101").call("102").wait_ended(15)
    found = controller.wait_for_call(state="ended", result="announcement:not-available")
    assert steps(found)[0] == ("forwarding", "reroute", "user:103", "")


def test_do_not_disturb_by_code(lab, controller):
    dial(lab, "104", "*78")
    assert lab.phone("101").call("104").wait_ended() == "USER_BUSY"
    controller.wait_for_call(state="ended", result="hangup:busy")
    lab.phone("104").quiet(0.2)
    dial(lab, "104", "*79")
    lab.phone("101").call("104")
    lab.phone("104").ringing()


def test_a_forbidden_forward_is_refused_when_set_and_when_used(lab, controller):
    assert lab.phone("103").call("*72000442079460999").wait_ended(15) == "CALL_REJECTED"
    controller.wait_for_call(state="ended", result="announcement:blocked")
    # As if it had been allowed when it was set.
    change_setting(controller.store, "forward.103.always", "number:+442079460999", "test", clock.now())
    assert lab.phone("101").call("103").wait_ended(15) == "CALL_REJECTED"
    found = controller.wait_for_call(state="ended", result="announcement:blocked")
    assert found["steps"][1]["reason"] == "Clara Conrad may not make international calls"


# ---- phones outside ---------------------------------------------------------------------------------


def test_a_phone_outside_takes_the_call_with_a_1(lab, controller):
    device = lab.outside(DEVICE)
    call = lab.phone("102").call("101")
    desk, mobile = lab.phone("101").ringing(), device.ringing()
    assert mobile.shown_number in ("+49305550101", "49305550101")
    mobile.answer()
    time.sleep(0.5)  # nobody has the call by answering alone
    assert not call.answered and not desk.ended
    mobile.press("1")
    call.wait_answered()
    desk.wait_ended(2)
    assert call.hears(mobile)
    call.hang_up()
    controller.wait_for_call(state="ended", result=f"number:{DEVICE}")


def test_a_phone_outside_that_presses_nothing_does_not_have_the_call(lab, controller):
    device = lab.outside(DEVICE)
    call = lab.phone("102").call("101")
    desk, mobile = lab.phone("101").ringing(), device.ringing()
    mobile.answer()
    desk.answer()
    call.wait_answered()
    mobile.wait_ended(3)
    controller.wait_for_call(state="talking")
    call.hang_up()
    controller.wait_for_call(state="ended", result="user:101")


def test_a_mailbox_out_there_does_not_take_the_call(lab, controller):
    device = lab.outside(DEVICE)
    call = lab.phone("102").call("101")
    desk, mobile = lab.phone("101").ringing(), device.ringing()
    mobile.answer()
    desk.wait_ended(10)
    mobile.wait_ended(10)
    call.wait_answered(5)
    call.hang_up()
    controller.wait_for_call(state="ended", result="mailbox:101")


# ---- transfers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("caller", ["104", CALLER])
def test_a_blind_transfer_names_who_transferred(lab, controller, caller):
    call = lab.phone("104").call("102") if caller == "104" else lab.outside(CALLER).call("102")
    line = lab.phone("102").ringing()
    line.answer()
    call.wait_answered()
    line.transfer("103")
    line.wait_ended()
    third = lab.phone("103").ringing()
    third.answer()
    assert call.hears(third) and third.hears(call)
    third.hang_up()
    call.wait_ended()
    found = controller.wait_for_call(state="ended", result="user:103")
    assert found["caller"] == caller
    assert steps(found) == [
        ("extension", "ring", "user:102", "answered"), ("transfer", "transfer", "user:103", ""),
        ("extension", "ring", "user:103", "answered")]
    assert found["steps"][1]["reason"] == "user 102 transferred the call"


def test_the_caller_transfers_whom_he_called(lab, controller):
    call, line = talk(lab, "101", "103")
    call.transfer("102")
    call.wait_ended()
    third = lab.phone("102").ringing()
    assert third.shown_name == "Clara Conrad"
    third.answer()
    assert line.hears(third)
    third.hang_up()
    line.wait_ended()
    found = controller.wait_for_call(state="ended", caller="103", result="user:102")
    assert found["steps"][0]["reason"] == "user 101 transferred the call"


def test_an_attended_transfer_names_who_transferred(lab, controller):
    call, line = talk(lab, "104", "102")
    consultation, third = talk(lab, "102", "103")
    line.transfer_to(consultation)
    line.wait_ended()
    consultation.wait_ended()
    assert call.hears(third) and third.hears(call)
    third.hang_up()
    call.wait_ended()
    for _ in range(200):
        found = next(each for each in controller.calls(2) if each["caller"] == "104")
        if found["state"] == "ended":
            break
        time.sleep(0.02)
    assert (found["state"], found["result"]) == ("ended", "user:103")
    assert found["steps"][-1]["reason"] == "user 102 transferred the call"


def test_a_transfer_is_paid_for_by_who_transferred(lab, controller):
    call, line = talk(lab, "101", "103")
    line.transfer("000442079460999")
    line.wait_ended()
    comes_back(lab, call, "103")
    found = controller.wait_for_call(state="ended", result="user:103")
    assert found["steps"][2]["reason"] == (
        "Clara Conrad may not make international calls; the call comes back to Clara Conrad, who transferred it")
