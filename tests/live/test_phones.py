"""What phones do by themselves: send their calls elsewhere (302), transfer, ring during a call, show messages."""

import time

import pytest

from fsctl.store.settings import list_settings
from tests.live import offices
from tests.live.lab import Lab
from tests.live.scenarios import comes_back

CALLER, FAR, DEVICE = "+4915112345678", "+442079460999", "+491709876543"

#: Clara may call abroad, unlike her group of interns, and has no call waiting; Bernd has the office's own class.
OFFICE = offices.OFFICE.replace(
    '[users.103]\nname = "Clara Conrad"\n', '[users.103]\nname = "Clara Conrad"\ncall_waiting = false\n')


@pytest.fixture(autouse=True)
def _at_work(controller, lab):
    lab.phones("101", "102", "103", "104")


@pytest.fixture
def redirect(lab):
    """Lets a ringing phone answer 302."""
    if not isinstance(lab, Lab):
        pytest.skip("no SIP in the simulator")
    return lambda line, to: lab.exchange.api(f"uuid_transfer {line.uuid} redirect:sip:{to}@127.0.0.1 inline")


def talk(lab, caller, called):
    call = lab.phone(caller).call(called)
    line = lab.phone(called).ringing()
    line.answer()
    call.wait_answered()
    return call, line


# ---- 302 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("caller", ["104", CALLER])
def test_to_a_colleague(lab, controller, redirect, caller):
    call = (lab.outside(caller) if caller == CALLER else lab.phone(caller)).call("102")
    redirect(lab.phone("102").ringing(), "103")
    line = lab.phone("103").ringing(2)
    line.answer()
    call.wait_answered()
    assert call.hears(line)
    call.hang_up()
    found = controller.wait_for_call(state="ended", result="user:103")
    assert [(step["action"], step["target"], step["outcome"]) for step in found["steps"]] == [
        ("ring", "user:102", "redirected"), ("reroute", "user:103", ""), ("ring", "user:103", "answered")]


@pytest.mark.parametrize(("owner", "to", "rings"), [
    ("101", "000442079460999", True), ("102", "001701234567", True), ("102", "000442079460999", False),
    ("103", "000442079460999", False), ("102", "00900123456", False),
])
def test_to_an_outside_number_as_its_owner_may(lab, controller, redirect, owner, to, rings):
    """Whoever calls pays nothing for where the phone sends the call; its owner's class counts, whatever the caller's."""
    far = lab.outside({"000442079460999": FAR, "001701234567": "+491701234567"}.get(to, FAR))
    lab.outside(DEVICE).behaviour = "busy"  # Anna's other phone, which would ring on
    call = lab.outside(CALLER).call({"101": "+49305550101"}.get(owner, owner))
    redirect(lab.phone(owner).ringing(), to)
    if rings:
        line = far.ringing(3)
        line.answer()
        call.wait_answered()
        call.hang_up()
        controller.wait_for_call(state="ended", result=f"number:{far._name}")
    else:
        assert call.wait_ended(15) in ("CALL_REJECTED", "UNALLOCATED_NUMBER")
        far.quiet(0.1)
        found = controller.wait_for_call(state="ended")
        assert found["result"] in ("announcement:blocked", "announcement:unknown-number"), found


def test_the_other_phone_rings_on_and_then_the_call_goes_there(lab, controller, redirect):
    """Who has it at hand may still take it."""
    device, far = lab.outside(DEVICE), lab.outside(FAR)
    call = lab.outside(CALLER).call("+49305550101")
    desk, rings = lab.phone("101").ringing(), device.ringing()
    redirect(desk, "000442079460999")
    desk.wait_ended()
    far.quiet(0.5)
    assert not rings.ended
    rings.reject()
    line = far.ringing(3)
    line.answer()
    call.wait_answered()
    call.hang_up()
    controller.wait_for_call(state="ended", result=f"number:{FAR}")


@pytest.mark.parametrize(("to", "result"), [
    ("102", "announcement:not-available"),  # round in circles
    # As if the phone had declined.
    ("*72000442079460999", "mailbox:102"), ("999", "mailbox:102"), ("0190012345", "mailbox:102"),
    ("112", "mailbox:102"), ("0112", "mailbox:102"),
    ("anna", "mailbox:102"), ("${uuid}", "mailbox:102"), ("102,sofia/gateway/provider/00", "mailbox:102"),
])
def test_to_where_no_call_can_be_sent(lab, controller, redirect, to, result):
    """Nothing is changed or dialled by what a phone answers, and nobody called for help."""
    trunk = lab.outside("112")
    call = lab.outside(CALLER).call("102")
    redirect(lab.phone("102").ringing(), to)
    if result.startswith("mailbox"):
        call.wait_answered(8)
        call.hang_up()
    else:
        assert call.wait_ended(15) in ("CALL_REJECTED", "NO_ANSWER", "SUBSCRIBER_ABSENT", "UNALLOCATED_NUMBER")
    assert controller.wait_for_call(state="ended", result=result)["steps"][0]["outcome"] in ("redirected", "rejected")
    assert not list_settings(controller.store)
    trunk.quiet(0.1)


# ---- REFER ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialled", ["000442079460999", "0190012345", "00900123456"])
def test_transferred_to_where_the_transferor_may_not_call(lab, controller, dialled):
    """The outside caller would otherwise pay a local call for one abroad."""
    far = lab.outside(FAR)
    call = lab.outside(CALLER).call("102")
    line = lab.phone("102").ringing()
    line.answer()
    call.wait_answered()
    line.transfer(dialled)
    comes_back(lab, call, "102")
    far.quiet(0.1)
    assert controller.wait_for_call(state="ended")["steps"][1]["reason"] == "user 102 transferred the call"


# ---- call waiting ---------------------------------------------------------------------------------


def test_without_call_waiting_a_second_caller_finds_the_line_busy(lab, controller):
    talk(lab, "104", "103")
    began = time.monotonic()
    assert lab.phone("101").call("103").wait_ended() == "USER_BUSY"
    print(f"\nbusy for want of call waiting after {(time.monotonic() - began) * 1000:.0f} ms", end="")
    lab.phone("103").quiet(0.2)
    found = controller.wait_for_call(caller="101", state="ended", result="hangup:busy")
    assert found["steps"][0]["reason"] == "Clara Conrad is on a call and has no call waiting"


def test_without_call_waiting_who_calls_is_busy_too(lab, controller):
    lab.phone("103").call("104")
    lab.phone("104").ringing()
    assert lab.phone("101").call("103").wait_ended() == "USER_BUSY"


def test_after_the_call_it_rings_again(lab, controller):
    call, line = talk(lab, "104", "103")
    call.hang_up()
    line.wait_ended()
    controller.wait_for_call(state="ended", result="user:103")
    lab.phone("101").call("103")
    lab.phone("103").ringing()


def test_with_call_waiting_it_rings(lab, controller):
    talk(lab, "104", "102")
    lab.phone("101").call("102")
    lab.phone("102").ringing()


# ---- mailbox --------------------------------------------------------------------------------------


def test_the_lamp_of_the_mailbox(lab, controller, redirect):
    """The phone that has subscribed is told of each message, and when none is left."""
    watch = lab.watch_mailbox("102")
    lab.phone("102").behaviour = "busy"
    call = lab.phone("101").call("102")
    call.wait_answered(8)
    time.sleep(2.5)  # this is how long the message is
    began = time.monotonic()
    call.hang_up()
    watch.wait("yes")
    print(f"\nthe mailbox's lamp is lit {(time.monotonic() - began) * 1000:.0f} ms after the message", end="")
    fetch = lab.phone("102").call("*86")
    fetch.wait_answered()
    watch.wait("no", 60)
    fetch.hang_up()
    watch.close()
