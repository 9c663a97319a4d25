"""Several people rung side by side, and others after them, each with two phones: what became of each of them.

No policy of fsctl does so yet; tests/branches.py is one of the tests' own. A person's phones are rung as fast as before
he had two.
"""

import time

import pytest

from tests import branches
from tests.live.controller import Controller
from tests.live.scenarios import PAUSE
from tests.live.test_transfers import ROUNDS, transferred_by_the_winner

#: In none of the groups whose calls may be picked up, so that no other leg is there.
ALONE = "120"


@pytest.fixture(scope="module", params=[False, True], ids=["one process", "two workers"])
def serve(_lab, request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("branches")
    serve = Controller(_lab, folder, apart=True)
    branches.install(folder, serve.environment)
    if request.param:
        serve.start("--workers", "2")
        serve.wait_for_workers()
    else:
        serve.start()
        serve.wait_for_log("linked to the switch")
    yield serve
    serve.kill()


@pytest.fixture(scope="module")
def two(_lab):
    """The two phones of everybody who is rung here."""
    people = ("102", "103", "104", ALONE)
    yield dict(zip(people, map(list, zip(_lab.phones(*people), _lab.others(*people), strict=True)), strict=True))
    _lab.take_away_others()


def told(serve):
    """What the journal says of the newest call: its step's outcome, and what became of each who was rung."""
    call = serve.wait_for_call(state="ended")
    (step,) = (step for step in call["steps"] if step["action"] == "ring")
    return step["outcome"], {leg["target"]: leg["became"] for leg in step.get("legs", [])}


def rung(phones):
    return [phone.ringing() for phone in phones]


def test_one_person_both_of_whose_phones_ring(lab, serve, two):
    for answering in (0, 1):
        call = lab.phone("101").call(f"*5{ALONE}")
        lines = rung(two[ALONE])
        lines[answering].answer()
        call.wait_answered()
        lines[1 - answering].wait_ended()
        assert call.hears(lines[answering])
        call.hang_up()
        assert serve.wait_for_call(state="ended")["result"] == f"user:{ALONE}"


@pytest.mark.parametrize(("statuses", "outcome"), [
    ((486, 486), "busy"), ((486, 480), "no-answer"), ((403, 486), "busy"), ((404, 403), "rejected"),
])
def test_one_person_is_what_both_phones_say(lab, serve, two, statuses, outcome):
    call = lab.phone("101").call(f"*5{ALONE}")
    first, second = rung(two[ALONE])
    first.reject(statuses[0])
    first.wait_ended()
    assert not second.ended
    second.reject(statuses[1])
    call.wait_ended()
    assert told(serve) == (outcome, {f"user:{ALONE}": outcome})


@pytest.mark.parametrize("between", ["*", "#"])
def test_people_side_by_side_or_in_turn(lab, serve, two, between):
    for phone in two["102"]:
        phone.behaviour = "busy"
    two["104"][0].unregister()
    two["104"][1].unregister()
    call = lab.phone("101").call(f"*5102{between}103{between}104")
    for line in rung(two["103"]):
        line.reject(403)
    call.wait_ended(10)
    assert told(serve) == ("busy", {"user:102": "busy", "user:103": "rejected", "user:104": "offline"})


def test_branches_of_several_stages(lab, serve, two):
    """102 for two stages long, and beside him 103 and after that 104; nobody takes it."""
    for phone in two["103"]:
        phone.behaviour = "busy"
    call = lab.phone("101").call(f"*5102*103#104*{ALONE}#103")
    first = rung(two["102"])
    second = rung(two["104"])
    for line in rung(two[ALONE]):
        line.reject(403)
    call.wait_ended(10)
    assert all(line.ended for line in first + second)
    assert told(serve) == ("no-answer", {
        "user:102": "no-answer", "user:103": "busy", "user:104": "no-answer", f"user:{ALONE}": "rejected"})


@pytest.mark.parametrize("answering", [0, 1])
def test_the_later_stage_answers_and_all_others_stop(lab, serve, two, answering):
    call = lab.phone("101").call("*5102*103#104")
    earlier = rung(two["102"]) + rung(two["103"])
    for line in earlier[2:]:
        line.reject(486)
    later = rung(two["104"])
    later[answering].answer()
    call.wait_answered()
    for line in [*earlier[:2], later[1 - answering]]:
        line.wait_ended()
    assert call.hears(later[answering]) and later[answering].hears(call)
    call.hang_up()
    assert serve.wait_for_call(state="ended")["result"] == "user:104"


def test_a_phone_of_a_branch_sends_its_call_elsewhere(lab, serve, two):
    """Only the link tells: the caller's channel says nothing of branches."""
    for phone in two["103"]:
        phone.behaviour = "busy"
    call = lab.phone("101").call(f"*5102*103#{ALONE}")
    desk, soft = rung(two["102"])
    desk.redirect("105")
    soft.reject(486)
    for line in rung(two[ALONE]):
        line.reject(486)
    call.wait_ended(10)
    assert told(serve) == ("redirected", {"user:102": "redirected", "user:103": "busy", f"user:{ALONE}": "busy"})


def test_the_caller_gives_up_and_all_stop(lab, serve, two):
    call = lab.phone("101").call("*5102*103#104")
    lines = rung(two["102"]) + rung(two["103"])
    call.hang_up()
    for line in lines:
        line.wait_ended()
    assert serve.wait_for_call(state="ended")["result"] == "gone"
    for phone in two["104"]:
        phone.quiet(0.3)


@pytest.mark.parametrize("dialled", [f"*5102*{ALONE}#104", f"*5{ALONE}*102"])
def test_a_call_of_a_branch_is_picked_up(lab, serve, two, dialled):
    call = lab.phone("101").call(dialled)
    lines = rung(two["102"]) + rung(two[ALONE])
    time.sleep(PAUSE)
    picker = two["103"][0].call("*97102")
    call.wait_answered()
    assert call.hears(picker)
    for line in lines:
        line.wait_ended()
    picker.hang_up()
    call.wait_ended()
    for phone in two["104"]:
        phone.quiet(0.3)


def test_of_two_branches_that_answer_at_once_the_one_who_has_the_call_transfers(lab, serve):
    """Branches ring for themselves (`:_:`), and the slower one is hung up on only after his answer."""
    lab.phones("103", "104")
    for _ in range(ROUNDS):
        transferred_by_the_winner(lab, serve, lab.phone("101").call("*5103*104#120"))
