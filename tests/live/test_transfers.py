"""Nobody is lost: a call that was transferred and that nobody takes comes back to who transferred it."""

import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from fsctl.store.parked import list_parked
from tests.live import offices
from tests.live.lab import Lab
from tests.wire.peer import eventually

CALLER = "+4915112345678"

#: How often two answer at once.
ROUNDS = int(os.environ.get("ROUNDS", "5"))

#: Rings 103 and 104 side by side.
ALL = "389"

#: People answer soon or not at all. 103 and 104 have no way of their own for calls that they do not take.
OFFICE = offices.OFFICE.replace("[users.104]", "[users.104]\nring_seconds = 4") + f"""
[groups.all]
name = "All"
site = "berlin"
members = ["103", "104"]
[groups.all.hunt]
extension = "{ALL}"
policy = "simultaneous"
"""


def call_from(lab, caller, called):
    return lab.phone(caller).call(called) if caller.isdigit() else lab.outside(caller).call(called)


def talk(lab, caller, called, seconds=5):
    """Two who talk. It rings within so many seconds."""
    call = call_from(lab, caller, called)
    line = lab.phone(called).ringing(seconds)
    line.answer()
    call.wait_answered()
    eventually(lambda: call.hears(line), "they do not hear each other", 5)
    return call, line


def taken_back(lab, call, caller):
    """103, who has transferred the caller, sees that he has him again."""
    back = lab.phone("103").ringing(15)
    assert back.shown_name == f"Wiederanruf - {'Anna Adler' if caller == '101' else CALLER}"
    back.answer()
    eventually(lambda: call.hears(back) and back.hears(call), "they do not hear each other", 5)
    back.hang_up()
    call.wait_ended()


def busy(lab):
    lab.phone("104").behaviour = "busy"
    return "104"


def declined(lab):
    lab.phone("104").behaviour = "decline"
    return "104"


def silent(lab):
    lab.phone("104")
    return "104"


def offline(lab):
    """Whoever else's test has set a phone up there."""
    lab.phone("132").unregister()
    return "132"


def unknown(lab):
    return "199"


def forbidden(lab):
    return "000442079460999"


def code(lab):
    return "*72120"


CAUSES = {each.__name__: each for each in (busy, declined, silent, offline, unknown, forbidden, code)}


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("caller", [CALLER, "101"])
def test_a_transfer_that_nobody_takes_comes_back(lab, controller, caller, cause):
    for each in ("101", "103", "104"):
        lab.phone(each)
    controller.apply(OFFICE)
    to = CAUSES[cause](lab)
    call, line = talk(lab, caller, "103")
    line.transfer(to)
    line.wait_ended()
    taken_back(lab, call, caller)
    found = controller.wait_for_call(state="ended", caller=caller, result="user:103")
    assert ("transfer_recall", "reroute", "user:103") in [
        (step["policy"], step["action"], step["target"]) for step in found["steps"]]


@pytest.mark.parametrize("caller", [CALLER, "101"])
def test_a_transfer_into_a_loop_comes_back(lab, controller, caller):
    for extension, to in (("104", "132"), ("132", "104")):
        controller.fsctl("forward", "set", extension, to)
    try:
        call, line = talk(lab, caller, "103")
        line.transfer("104")
        line.wait_ended()
        taken_back(lab, call, caller)
    finally:
        controller.forget_settings()


# ---- who transferred, however they were connected --------------------------------------------------------


def parked_by(controller, slot):
    return next((row["parker"] for row in list_parked(controller.store) if row["slot"] == slot), None)


def transferred_to_a_slot(lab, controller, call, line, by):
    """Who transferred is who parks."""
    line.transfer("701")
    line.wait_ended()
    eventually(lambda: parked_by(controller, "701") == by, f"{by} has parked nobody", 8)
    call.hang_up()
    call.wait_ended()
    eventually(lambda: parked_by(controller, "701") is None, "the slot is occupied", 8)


@pytest.mark.apart
def test_a_call_that_the_fail_safe_has_connected(lab, controller):
    controller.kill()
    call, line = talk(lab, CALLER, "102")
    controller.be(apart=True)
    transferred_to_a_slot(lab, controller, call, line, "102")


@pytest.mark.apart
def test_a_call_whose_controller_was_killed_while_it_rang(lab, controller):
    call = call_from(lab, CALLER, "102")
    line = lab.phone("102").ringing()
    controller.kill()
    line.answer()
    call.wait_answered()
    controller.be(apart=True)
    transferred_to_a_slot(lab, controller, call, line, "102")


@pytest.mark.parametrize("milliseconds", [0, 20, 100, 500])
def test_however_quick_it_is(lab, controller, milliseconds):
    for _ in range(4):
        call = call_from(lab, CALLER, "102")
        line = lab.phone("102").ringing()
        line.answer()
        time.sleep(milliseconds / 1000)
        transferred_to_a_slot(lab, controller, call, line, "102")


@pytest.mark.parametrize("transferor", ["103", "102"])
def test_a_phone_that_took_the_callers_place(lab, controller, transferor):
    """By an INVITE with Replaces it comes past fsctl; either of the two is asked back who transferred."""
    if not isinstance(lab, Lab):
        pytest.skip("the simulator takes ringing calls only")
    busy(lab)
    call, line = talk(lab, "101", "102")
    picker = lab.phone("103").replace_caller(call)
    call.wait_ended()
    eventually(lambda: line.hears(picker), "they do not talk", 5)
    by, moved, name = {"103": (picker, line, "Bernd Brandt"), "102": (line, picker, "Clara Conrad")}[transferor]
    by.transfer("104")
    by.wait_ended()
    back = lab.phone(transferor).ringing(15)
    assert back.shown_name == f"Wiederanruf - {name}"
    back.answer()
    eventually(lambda: moved.hears(back) and back.hears(moved), "they do not hear each other", 5)


# ---- an attended transfer that is completed while it rings -----------------------------------------------


@pytest.mark.parametrize("caller", [CALLER, "101"])
@pytest.mark.parametrize("end", ["busy", "silent"])
def test_one_that_is_completed_while_it_rings_comes_back_too(lab, controller, caller, end):
    for each in ("101", "103", "104"):
        lab.phone(each)
    call, line = talk(lab, caller, "103")
    consultation = lab.phone("103").call("104")
    third = lab.phone("104").ringing()
    time.sleep(0.3)
    line.transfer_to(consultation)
    line.wait_ended()
    if end == "busy":
        third.reject()
    taken_back(lab, call, caller)
    lab.phone("104").quiet(0.3)
    eventually(lambda: ("ended", caller, "user:103") in [
        (row["state"], row["caller"], row["result"]) for row in controller.calls(2)], "it is not in the journal", 5)


# ---- without a controller --------------------------------------------------------------------------------


@pytest.mark.apart
@pytest.mark.parametrize("caller", [CALLER, "101"])
@pytest.mark.parametrize("to", ["104", "132", "701", "*72120", "000442079460999", "199"])
def test_without_a_controller_it_comes_back_as_well(lab, controller, caller, to):
    for each in ("101", "103", "104"):
        lab.phone(each)
    lab.phone("104").behaviour = "decline"
    offline(lab)
    controller.kill()
    call, line = talk(lab, caller, "103")
    line.transfer(to)
    line.wait_ended()
    taken_back(lab, call, caller)


@pytest.mark.apart
@pytest.mark.parametrize("since", ["the call", "the talk", "the transfer"])
@pytest.mark.parametrize("to", ["104", "701", "199"])
def test_with_a_stalled_one_too(lab, controller, since, to):
    for each in ("103", "104"):
        lab.phone(each)
    lab.phone("104").behaviour = "decline"
    if since == "the call":
        controller.signal(signal.SIGSTOP)
    call, line = talk(lab, CALLER, "103", 10)
    if since == "the talk":
        controller.signal(signal.SIGSTOP)
    line.transfer(to)
    if since == "the transfer":
        controller.signal(signal.SIGSTOP)
    line.wait_ended()
    if since != "the transfer" or to != "701" or parked_by(controller, "701") is None:  # it was not quick enough to stop
        taken_back(lab, call, CALLER)


def test_of_two_who_answer_at_once_it_is_the_one_who_has_the_call(lab, controller):
    """Everybody of the group rings side by side (`,`)."""
    for _ in range(ROUNDS):
        call = lab.outside(CALLER).call("102")
        line = lab.phone("102").ringing()
        line.answer()
        call.wait_answered()
        line.transfer(ALL)
        transferred_by_the_winner(lab, controller, call)


def transferred_by_the_winner(lab, controller, call, two=("103", "104")):
    """Both answer at once; one is hung up on, and may have been the last to answer. The other transfers at once."""
    lines = {each: lab.phone(each).ringing(8) for each in two}
    with ThreadPoolExecutor() as pool:
        list(pool.map(answer, lines.values()))
    eventually(lambda: any(line.ended for line in lines.values()), "both talk", 5)
    winner = next(each for each, line in lines.items() if not line.ended)
    transferred_to_a_slot(lab, controller, call, lines[winner], winner)


def answer(line):
    with suppress(TimeoutError):  # the other one was faster
        line.answer()


@pytest.mark.apart
def test_nobody_is_lost_whatever_is_killed_when(lab, controller):
    """Transfers to whatever there is, by a phone that is quicker or slower, while controllers are killed."""
    dice = random.Random(int(os.environ.get("SEED", "13")))
    rounds, kills = int(os.environ.get("TRANSFERS", "12")), int(os.environ.get("KILLS", "2"))
    for each in ("101", "103", "104"):
        lab.phone(each)
    busy(lab), offline(lab)
    killed, lost = set(dice.sample(range(rounds), kills)), []
    for number in range(rounds):
        caller, to = dice.choice([CALLER, "101"]), dice.choice(["103", "104", "132", "199", "701", "*72120"])
        when = dice.choice(["before it rings", "before the transfer", "after the transfer"]) if number in killed else ""
        if when == "before it rings":
            controller.kill()
        call = call_from(lab, caller, "102")
        line = lab.phone("102").ringing(10)
        line.answer()
        time.sleep(dice.choice([0, 0.02, 0.1, 0.5]))
        if when == "before the transfer":
            controller.kill()
        line.transfer(to)
        if when == "after the transfer":
            controller.kill()
        has = who_has(lab, controller, 15)
        if has is None or call.ended:
            lost.append((number, caller, to, when, call.cause))
        elif has != "701":
            has.answer()
            call.wait_answered()
            eventually(lambda: call.hears(has), "they do not hear each other", 5)
        call.hang_up()
        controller.be(apart=True)
        eventually(lambda: parked_by(controller, "701") is None, "the slot is occupied", 15)
    assert not lost


def who_has(lab, controller, seconds):
    """The line at which a caller rings now, or the slot in which he waits; None if he does so nowhere."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if parked_by(controller, "701"):
            return "701"
        for each in ("102", "103"):
            with suppress(TimeoutError):
                line = lab.phone(each).ringing(0.1)
                if not line.ended:  # it is no answer that somebody's phone has rung meanwhile
                    return line
    return None
