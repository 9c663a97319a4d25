"""fsctl itself: running, stopped and killed at every stage of a call."""

import os
import signal
import time

import pytest

CALLER = "+4915112345678"


@pytest.fixture(params=["inside", "outside"])
def calling(request, lab):
    """Calls 102 or Anna's number, from a colleague's phone or from the trunk; gives the line and the called phone."""
    if request.param == "inside":
        return lambda: (lab.phone("101").call("102"), lab.phone("102"))
    return lambda: (lab.outside(CALLER).call("+49305550101"), lab.phone("101"))


def test_an_internal_call(lab, controller):
    began = time.monotonic()
    call = lab.phone("101").call("102")
    line = lab.phone("102").ringing()
    assert time.monotonic() - began < 2
    assert (line.shown_name, line.shown_number) == ("Anna Adler", "101")
    line.answer()
    call.wait_answered()
    assert call.hears(line)
    assert line.hears(call)
    line.hang_up()
    call.wait_ended()
    found = controller.wait_for_call(state="ended", result="user:102")
    assert [(step["policy"], step["action"], step["target"], step["outcome"]) for step in found["steps"]] == [
        ("extension", "ring", "user:102", "answered")]


@pytest.mark.parametrize(("dialled", "number"), [("001701234567", "+491701234567"), ("000442079460999", "+442079460999")])
def test_an_outside_line(lab, controller, dialled, number):
    far = lab.outside(number)
    call = lab.phone("101").call(dialled)
    line = far.ringing()
    assert line.shown_number in ("+49305550101", "49305550101")
    line.answer()
    call.wait_answered()
    call.hang_up()
    line.wait_ended()
    controller.wait_for_call(state="ended", result=f"number:{number}")


def test_what_the_far_side_says_is_passed_on(lab, controller):
    lab.outside("+491701234567").behaviour = "busy"
    try:
        assert lab.phone("101").call("001701234567").wait_ended() == "USER_BUSY"
    finally:
        lab.outside("+491701234567").behaviour = "ring"
    assert lab.phone("101").call("001709999999").wait_ended() == "UNALLOCATED_NUMBER"


def test_who_may_not_call_abroad(lab, controller):
    assert lab.phone("103").call("000442079460999").wait_ended(15) == "CALL_REJECTED"
    controller.wait_for_call(state="ended", result="announcement:blocked")


def test_a_sites_number(lab, controller):
    """Its reception is a hunt group, which rings its members in turn."""
    call = lab.outside(CALLER).call("+49305550100")
    first = lab.phone("101").ringing()
    first.reject(486)
    second = lab.phone("102").ringing()
    assert {line.shown_name for line in (first, second)} <= {f"Verkauf∶ {CALLER}", f"Verkauf∶ {CALLER[1:]}"}
    second.answer()
    call.wait_answered()
    first.wait_ended()
    controller.wait_for_call(state="talking", result="user:102")
    call.hang_up()
    second.wait_ended()
    controller.wait_for_call(state="ended", result="user:102")


@pytest.mark.parametrize(("behaviour", "cause", "result"), [
    ("busy", "USER_BUSY", "hangup:busy"), ("decline", "CALL_REJECTED", "hangup:rejected"),
    ("absent", "NO_ANSWER", "hangup:no-answer"),
])
def test_why_nobody_took_the_call(lab, controller, behaviour, cause, result):
    lab.phone("103").behaviour = behaviour
    try:
        assert lab.phone("101").call("103").wait_ended() == cause
    finally:
        lab.phone("103").behaviour = "ring"
    controller.wait_for_call(state="ended", result=result)


def test_nobody_registered(lab, controller):
    lab.phone("103").unregister()
    assert lab.phone("101").call("103").wait_ended() in ("SUBSCRIBER_ABSENT", "NO_ANSWER")
    controller.wait_for_call(state="ended", result="hangup:offline")


def test_a_number_that_does_not_exist(lab, controller):
    assert lab.phone("101").call("777").wait_ended(15) == "UNALLOCATED_NUMBER"
    controller.wait_for_call(state="ended", result="announcement:unknown-number")


def test_the_phone_stops_when_the_caller_hangs_up(lab, controller):
    call = lab.phone("101").call("102")
    line = lab.phone("102").ringing()
    began = time.monotonic()
    call.hang_up()
    line.wait_ended(1)
    print(f"\nthe phone stops {(time.monotonic() - began) * 1000:.0f} ms after the caller hung up", end="")
    controller.wait_for_call(state="ended", result="gone")


@pytest.mark.parametrize("name", [
    "Eve%0AX-Forged: 1", "Eve%0D%0AX-Forged: 1", "${system(touch /tmp/fsctl-x)}", "\\${system(touch /tmp/fsctl-x)}",
    "x%2524%257Bsystem(touch /tmp/fsctl-x)%257D", "a',api_on_answer='x", "unload mod_event_socket", "x" * 2000,
    "Jürgen Größe", "李小龍",
])
def test_names(lab, controller, name):
    call = lab.outside(CALLER).call("+49305550101", name=name)
    line = lab.phone("101").ringing()
    assert not any(header.lower() == "x-forged" for header in line.headers)
    assert not os.path.exists("/tmp/fsctl-x")
    if name.isalpha() or name == "Jürgen Größe":
        assert line.shown_name == name[:64]
    line.answer()
    call.wait_answered()
    call.hang_up()
    line.wait_ended()
    assert not os.path.exists("/tmp/fsctl-x")


@pytest.mark.apart
@pytest.mark.parametrize("state", ["running", "stopped", "killed"])
@pytest.mark.parametrize("dialled", ["112", "0112"])
def test_emergency(lab, controller, state, dialled):
    match state:
        case "running":
            controller.wait_for_log("linked")
        case "stopped":
            controller.signal(signal.SIGSTOP)
        case "killed":
            controller.kill()
    trunk = lab.outside("112")
    began = time.monotonic()
    call = lab.phone("101").call(dialled)
    line = trunk.ringing()
    assert time.monotonic() - began < 2
    print(f"\nfsctl {state}: {dialled} rings after {(time.monotonic() - began) * 1000:.0f} ms", end="")
    line.answer()
    call.wait_answered()
    call.hang_up()
    line.wait_ended()
    if state == "running":
        controller.wait_for_call(dialled=dialled, state="ended", result="number:112")


@pytest.mark.apart
def test_killed_before_the_call(lab, controller, calling):
    controller.kill()
    call, phone = calling()
    phone.ringing(2).answer()
    call.wait_answered()


@pytest.mark.apart
def test_stopped_before_the_call(lab, controller, calling):
    controller.signal(signal.SIGSTOP)
    call, phone = calling()
    line = phone.ringing(5)
    line.answer()
    call.wait_answered()
    controller.signal(signal.SIGCONT)
    assert call.hears(line)
    assert not call.ended


@pytest.mark.apart
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_while_it_rings_and_then_answered(lab, controller, calling, number):
    call, phone = calling()
    line = phone.ringing()
    controller.signal(number)
    line.answer()
    call.wait_answered()
    assert call.hears(line)
    line.hang_up()
    call.wait_ended()
    phone.quiet(1)


@pytest.mark.apart
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_while_it_rings_and_then_declined(lab, controller, calling, number):
    call, phone = calling()
    line = phone.ringing()
    controller.signal(number)
    line.reject(486)
    again = phone.ringing(35)
    again.answer()
    call.wait_answered()
    assert call.hears(again)


@pytest.mark.apart
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_while_talking(lab, controller, calling, number):
    call, phone = calling()
    line = phone.ringing()
    line.answer()
    call.wait_answered()
    controller.wait_for_call(state="talking")
    controller.signal(number)
    phone.quiet(4)
    assert call.hears(line)
    line.hang_up()
    call.wait_ended()
    phone.quiet(1)


@pytest.mark.apart
def test_after_a_restart_the_next_call_is_served(lab, controller):
    controller.kill()
    controller.start()
    call = lab.phone("101").call("102")
    line = lab.phone("102").ringing()
    line.answer()
    call.wait_answered()
    call.hang_up()
    controller.wait_for_call(state="ended", result="user:102")
