"""A call that somebody forgets on hold rings back at the phone that holds it."""

import os
import subprocess
import sys
import time

import pytest

from tests.live import offices
from tests.live.lab import Lab
from tests.live.scenarios import CALLER, MOBILE
from tests.ports import free_port
from tests.wire.peer import eventually

#: Seconds that a call is on hold before it rings back, and that the phone of 101 rings.
PATIENCE, RING = 2, 3

#: The same where something has to be done before it rings.
LONG = 6

NEVER = offices.OFFICE.replace("ring_seconds = 20", f"ring_seconds = {RING}")
OFFICE = NEVER.replace("hold_recall_seconds = 0 ", f"hold_recall_seconds = {PATIENCE} ")

assert OFFICE != NEVER != offices.OFFICE


@pytest.fixture(autouse=True)
def phones(lab):
    lab.phones("101", "102", "103")


@pytest.fixture
def long_ringing(controller):
    """The phone of 101 rings for a minute."""
    controller.apply(OFFICE.replace(f"ring_seconds = {RING}", "ring_seconds = 60"))
    yield
    controller.apply(OFFICE)


@pytest.fixture
def long_patience(controller):
    """However busy the machine is, there is time to do something before it rings."""
    controller.apply(OFFICE.replace(f"hold_recall_seconds = {PATIENCE} ", f"hold_recall_seconds = {LONG} "))
    yield
    controller.apply(OFFICE)


def talk(lab, who="caller"):
    """Anna (101) talks; her line and the other one's."""
    match who:
        case "caller":
            call = lab.outside(CALLER).call("+49305550101", name="Lee Müller")
            line = lab.phone("101").ringing()
        case "colleague":
            line = lab.phone("101").call("102")
            call = lab.phone("102").ringing()
        case "mobile":
            line = lab.phone("101").call("001701234567")
            call = lab.outside(MOBILE).ringing()
    (line if who == "caller" else call).answer()
    (call if who == "caller" else line).wait_answered()
    hear(call, line)
    return line, call


def hear(one, other):
    eventually(lambda: one.hears(other) and other.hears(one), "they do not hear each other", 5)


def held(lab, who="caller"):
    line, call = talk(lab, who)
    line.hold()
    return line, call


def recall(lab, seconds=PATIENCE + 4):
    return lab.phone("101").ringing(seconds)


def journalled(controller, **expected):
    """The newest recall, once the journal says of it what is expected."""
    def found():
        return next((call for call in controller.calls(20) if call["steps"] and call["steps"][0]["policy"] == "hold_recall"
                     and all(call[key] == value for key, value in expected.items())), None)
    eventually(lambda: found() is not None, f"{controller.calls(3)}", 5)
    return found()


@pytest.mark.parametrize("who, shown, number", [
    ("caller", "Lee Müller", CALLER), ("colleague", "Bernd Brandt", "102"), ("mobile", None, MOBILE)])
@pytest.mark.parametrize("first", ["holder", "held"])
def test_who_answers_talks_with_the_caller_on_hold(lab, controller, who, shown, number, first):
    line, call = held(lab, who)
    began = time.monotonic()
    again = recall(lab)
    waited = time.monotonic() - began
    if shown and isinstance(lab, Lab):
        assert again.shown_name == f"Hold∶ {shown}"
    assert again.shown_name.startswith("Hold∶ ") and again.shown_number == number
    again.answer()
    line.wait_ended()
    answered = time.monotonic()
    hear(again, call)
    print(f"\nrang {waited:.2f} s after the hold; they heard each other {time.monotonic() - answered:.2f} s after "
          "the held line had ended", end="")
    if isinstance(lab, Lab):
        eventually(lambda: call.display == ("Anna Adler", "101"), f"{call.display}", 3)
        assert again.display[1] in (number, number.removeprefix("+"))
    found = journalled(controller, state="talking", result="user:101")
    assert (found["caller"], found["dialled"]) == (number, "101")
    assert found["steps"][0]["outcome"] == "answered"
    (again if first == "holder" else call).hang_up()
    (call if first == "holder" else again).wait_ended()
    journalled(controller, state="ended", result="user:101", cause="NORMAL_CLEARING")
    lab.phone("101").quiet(1)


def test_the_journal_of_the_caller_tells_who_took_him_off_hold(lab, controller):
    line, call = held(lab)
    recall(lab).answer()
    line.wait_ended()

    def steps():
        return next(row["steps"] for row in controller.calls(5) if row["dialled"] == "+49305550101")

    eventually(lambda: steps()[-1]["reason"] == "user 101 took the call", f"{steps()}", 5)
    call.hang_up()


def test_a_call_that_came_back_and_is_held_again_rings_again(lab, controller):
    line, call = held(lab)
    for _ in range(2):
        again = recall(lab)
        again.answer()
        line.wait_ended()
        hear(again, call)
        line = again
        line.hold()
    recall(lab)
    assert not call.ended


def test_taken_off_hold_in_time(lab, controller, long_patience):
    line, call = held(lab)
    lab.phone("101").quiet(0.5)
    line.unhold()
    lab.phone("101").quiet(LONG * 1.2)
    began = time.monotonic()  # when it is noticed that he holds is later
    line.hold()
    recall(lab, LONG + 4)
    assert time.monotonic() - began > LONG - 0.5
    assert not call.ended


def test_taken_off_hold_while_it_rings(lab, controller, long_ringing):
    line, call = held(lab)
    again = recall(lab)
    line.unhold()
    again.wait_ended(2)
    if isinstance(lab, Lab):
        eventually(lambda: "Call completed elsewhere" in again.reason, again.reason, 3)
    hear(line, call)
    lab.phone("101").quiet(PATIENCE * 1.5)
    assert journalled(controller, state="ended", result="gone")["cause"] == "LOSE_RACE"


def test_the_held_caller_hangs_up_while_it_rings(lab, controller, long_ringing):
    line, call = held(lab)
    again = recall(lab)
    call.hang_up()
    again.wait_ended(2)
    line.wait_ended()
    lab.phone("101").quiet(PATIENCE * 1.5)


def test_the_holder_hangs_up_while_it_rings(lab, controller, long_ringing):
    line, call = held(lab)
    again = recall(lab)
    line.hang_up()
    call.wait_ended()
    again.wait_ended(2)
    lab.phone("101").quiet(PATIENCE * 1.5)


def test_the_held_caller_is_transferred_while_it_rings(lab, controller, long_ringing):
    line, call = held(lab, "colleague")
    asking = lab.phone("101").call("103")
    third = lab.phone("103").ringing()
    third.answer()
    asking.wait_answered()
    again = recall(lab)
    line.transfer_to(asking)
    again.wait_ended(2)
    hear(call, third)
    lab.phone("101").quiet(PATIENCE * 1.5)


def test_not_answered_it_rings_again(lab, controller):
    line, call = talk(lab)
    began = time.monotonic()
    line.hold()
    for _ in range(2):
        again = recall(lab)
        assert again.wait_ended(RING + 3)
        assert not call.ended and not line.ended
        journalled(controller, state="ended", result="hangup:no-answer")
    third = recall(lab)
    assert time.monotonic() - began > 3 * PATIENCE + 2 * RING - 0.5  # of each part only the end is noticed, and late
    third.answer()
    line.wait_ended()
    hear(third, call)


@pytest.mark.parametrize("behaviour, word", [("busy", "busy"), ("decline", "rejected"), ("gone", "offline")])
def test_a_phone_that_does_not_take_it_rings_again(lab, controller, behaviour, word):
    line, call = talk(lab)
    phone = lab.phone("101")
    if behaviour == "gone":
        phone.unregister()
    else:
        phone.behaviour = behaviour
    line.hold()
    journalled(controller, state="ended", result=f"hangup:{word}")
    phone.behaviour = "ring"
    phone.register()
    again = recall(lab)
    assert not call.ended and not line.ended
    again.answer()
    line.wait_ended()
    hear(again, call)


@pytest.mark.apart
def test_fsctl_is_started_anew_while_a_call_is_on_hold(lab, controller, long_patience):
    line, call = held(lab)
    controller.kill()
    lab.phone("101").quiet(LONG)
    controller.start()
    again = recall(lab, 10)
    again.answer()
    line.wait_ended()
    hear(again, call)


@pytest.mark.apart
def test_fsctl_is_started_anew_while_it_rings_back(lab, controller, long_ringing):
    line, call = held(lab)
    again = recall(lab)
    controller.kill()
    controller.start()
    controller.wait_for_log("linked to the switch")
    lab.phone("101").quiet(PATIENCE * 1.5)  # it rings already
    assert not again.ended
    again.answer()
    line.wait_ended()
    hear(again, call)
    journalled(controller, state="talking", result="user:101")


@pytest.mark.apart
def test_a_restarted_fsctl_stops_what_rings_in_vain(lab, controller, long_ringing):
    line, call = held(lab)
    again = recall(lab)
    controller.kill()
    line.unhold()
    controller.start()
    again.wait_ended(10)
    hear(line, call)


@pytest.mark.apart
def test_nobody_is_lost_without_fsctl(lab, controller, long_ringing):
    line, call = held(lab)
    again = recall(lab)
    controller.kill()
    again.answer()
    again.wait_ended(10)
    assert not call.ended and not line.ended
    controller.start()
    again = recall(lab, 15)
    again.answer()
    line.wait_ended()
    hear(again, call)


def test_of_two_controllers_one_rings(lab, controller, long_ringing):
    environment = controller.environment | {"FSCTL_LISTEN": f"127.0.0.1:{free_port()}"}
    second = subprocess.Popen([sys.executable, "-m", "fsctl", "serve"], env={**os.environ, **environment},
                              stderr=subprocess.PIPE, text=True)
    try:
        while "linked to the switch" not in second.stderr.readline():
            assert second.poll() is None
        for _ in range(3):
            line, call = held(lab)
            again = recall(lab)
            lab.phone("101").quiet(1)
            again.answer()
            line.wait_ended()
            hear(again, call)
            lab.phone("101").quiet(1)
            call.hang_up()
            again.wait_ended()
    finally:
        second.kill()
        second.communicate()


@pytest.mark.apart
def test_where_workers_take_the_calls(lab, controller):
    controller.kill()
    controller.start("--workers", "2")
    controller.wait_for_log("linked to the switch")
    line, call = held(lab)
    again = recall(lab)
    again.answer()
    line.wait_ended()
    hear(again, call)
    controller.kill()


def test_by_default_no_call_rings_back(lab, controller):
    controller.apply(NEVER)
    line, call = held(lab)
    lab.phone("101").quiet(PATIENCE * 2.5)
    controller.apply(OFFICE)
    recall(lab)
    controller.apply(NEVER)
    lab.phone("101").quiet(PATIENCE * 2.5)
    assert not call.ended and not line.ended
    controller.apply(OFFICE)


@pytest.mark.parametrize("who", ["caller", "colleague"])
def test_after_a_recall_the_holder_can_transfer(lab, controller, who):
    line, call = held(lab, who)
    again = recall(lab)
    again.answer()
    line.wait_ended()
    hear(again, call)
    again.transfer("103")
    third = lab.phone("103").ringing()
    if isinstance(lab, Lab):
        assert third.shown_number == (CALLER if who == "caller" else "102")
    third.answer()
    again.wait_ended()
    hear(third, call)


def test_after_a_recall_the_caller_can_transfer(lab, controller):
    line, call = held(lab, "colleague")
    again = recall(lab)
    again.answer()
    line.wait_ended()
    hear(again, call)
    call.transfer("103")
    third = lab.phone("103").ringing()
    third.answer()
    call.wait_ended()
    hear(third, again)


@pytest.mark.parametrize("name", ["Lee',api_on_answer='hupall", "${hupall()}", "x}user/103", "a,b:c/d@e\"f", "Zoë [1] & | Co"])
def test_hostile_names(lab, controller, name):
    call = lab.outside(CALLER).call("+49305550101", name=name)
    line = lab.phone("101").ringing()
    line.answer()
    call.wait_answered()
    line.hold()
    again = recall(lab)
    assert again.shown_name.startswith("Hold∶ ") and again.shown_number == CALLER
    again.answer()
    line.wait_ended()
    hear(again, call)
