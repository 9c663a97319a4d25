"""fsctl on a real FreeSWITCH while processes die, stop and come back, and callers send what nobody should."""

import json
import random
import signal
import subprocess
import threading
import time

import pytest

CALLER = "+4915112345678"


@pytest.fixture(autouse=True)
def phones(lab):
    """Who is at work in these tests."""
    lab.phones("101", "102", "103", "104")


def all_talk(lab, calls, phone):
    """Each call's phone rings, however late, and who takes the call is connected."""
    lab.wait(lambda: len(phone.arrived) >= len(calls), 5, f"{len(phone.arrived)} of {len(calls)} ring")
    for line in list(phone.arrived):
        line.answer()
    for call in calls:
        call.wait_answered()


# ---- the controller dies --------------------------------------------------------------------------


@pytest.mark.apart
@pytest.mark.parametrize("origin", ["inside", "outside"])
def test_killed_just_after_it_got_the_calls(lab, controller, origin):
    """Ten calls in a row, so that the kill finds them in every state from before connect to ringing."""
    phone = lab.phone("102")
    calls = []
    caller = lab.phone("101") if origin == "inside" else lab.outside(CALLER)
    killer = threading.Timer(random.uniform(0.02, 0.08), controller.kill)
    killer.start()
    for _ in range(10):
        calls.append(caller.call("102"))
    killer.join()
    all_talk(lab, calls, phone)
    assert not any(call.ended for call in calls)


@pytest.mark.apart
def test_stopped_and_going_on_while_the_failsafe_rings(lab, controller):
    controller.signal(signal.SIGSTOP)
    call = lab.phone("101").call("102")
    line = lab.phone("102").ringing(5)
    controller.signal(signal.SIGCONT)
    controller.wait_for_log("the fail-safe has it")
    lab.phone("102").quiet(1)
    line.answer()
    call.wait_answered()
    assert call.hears(line)


@pytest.mark.apart
def test_started_again_while_it_rings(lab, controller):
    call = lab.phone("101").call("102")
    line = lab.phone("102").ringing()
    controller.kill()
    controller.start()
    line.answer()
    call.wait_answered()
    lab.phone("102").quiet(2)
    assert call.hears(line)


@pytest.mark.apart
def test_one_of_two_workers_is_killed(lab, controller):
    """One worker after the other: the talks go on, the ringing calls are answered, the next calls are served."""
    controller.kill()
    controller.start("--workers", "2")
    phone = lab.phone("102")
    talks = [lab.phone("101").call("102") for _ in range(4)]
    all_talk(lab, talks, phone)
    for worker in controller.children:
        phone.arrived.clear()
        ringing = [lab.phone("103").call("102") for _ in range(4)]
        lab.wait(lambda: len(phone.arrived) == 4, 5, "not all ring")
        subprocess.run(["kill", "-KILL", str(worker)], check=True)
        more = lab.outside(CALLER).call("102")
        all_talk(lab, [*ringing, more], phone)
        for call in (*ringing, more):
            assert not call.ended
            call.hang_up()
    assert not any(talk.ended for talk in talks)
    controller.kill()


# ---- the switch dies ------------------------------------------------------------------------------


def test_the_switch_starts_again_under_a_running_controller(lab, controller):
    controller.wait_for_log("linked to the switch")
    controller.log.clear()
    lab.phone("101").call("102")
    lab.phone("102").ringing()
    lab.restart_switch()
    call = lab.phone("101").call("102")
    line = lab.phone("102").ringing()
    line.answer()
    call.wait_answered()
    call.hang_up()
    controller.wait_for_call(caller="101", dialled="102", state="ended", result="user:102")
    controller.wait_for_log("linked to the switch", 20)
    emergency = lab.phone("104").call("112")
    lab.outside("112").ringing(2)
    emergency.hang_up()

    def noted():  # it began by the switch's own clock, which may be a little behind when it has just started
        return any(row["dialled"] == "112" and (row["state"], row["result"]) == ("ended", "number:112")
                   for row in controller.calls(3))

    lab.wait(noted, 10, "the emergency call is not in the journal")


# ---- who may not call outside calls for help ------------------------------------------------------


@pytest.mark.apart
@pytest.mark.parametrize("state", ["running", "stopped", "killed"])
@pytest.mark.parametrize("extension", ["103", "104"])
@pytest.mark.parametrize("dialled", ["112", "0112"])
def test_emergency_of_those_who_may_not_call_outside(lab, controller, extension, dialled, state):
    if state == "stopped":
        controller.signal(signal.SIGSTOP)
    elif state == "killed":
        controller.kill()
    trunk = lab.outside("112")
    began = time.monotonic()
    call = lab.phone(extension).call(dialled)
    line = trunk.ringing(2)
    print(f"\n{extension}, fsctl {state}: {dialled} rings after {(time.monotonic() - began) * 1000:.0f} ms", end="")
    assert line.shown_number.removeprefix("+") == "49305550100"
    line.answer()
    call.wait_answered()


# ---- what callers send ----------------------------------------------------------------------------


@pytest.mark.parametrize("dialled", ["anna", "1" * 31, "9" * 1000, "101,sofia/gateway/provider/00", "${uuid}", "10%0A1"])
def test_what_cannot_be_dialled(lab, controller, dialled):
    call = lab.phone("101").call(dialled)
    assert call.wait_ended(10) in ("UNALLOCATED_NUMBER", "INVALID_NUMBER_FORMAT", "NO_ROUTE_DESTINATION", "INVALID_MSG")
    assert not call.answered


@pytest.mark.parametrize("_lab", ["freeswitch"], indirect=True, scope="session")  # names are bytes in SIP alone
@pytest.mark.parametrize(("name", "shown"), [
    ("J\udcfcrgen Gr\udcf6\udcdfe", CALLER),  # Latin-1, so that it is no UTF-8
    ("Eve\udcff", CALLER),
])
def test_names_in_other_encodings(lab, controller, name, shown):
    call = lab.outside(CALLER).call("+49305550101", name=name)
    line = lab.phone("101").ringing()
    assert line.shown_name == shown
    line.answer()
    controller.wait_for_call(state="talking")
    call.hang_up()
    controller.wait_for_call(caller=CALLER, state="ended", result="user:101")


def test_nothing_hostile_reached_the_journal(lab, controller):
    """After all that: what people read is text."""
    found = json.loads(controller.fsctl("calls", "list", "--limit", "50", "--json"))
    assert found and all(call["caller"].isprintable() and call["dialled"].isprintable() for call in found)
