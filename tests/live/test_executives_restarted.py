"""Executives after fsctl was killed, again and again: what was switched, and whatever rings, waits or talks."""

import json

import pytest

from tests.live import offices
from tests.live.test_executive_calls import (
    CALLER,
    NUMBER,
    OFFICE,
    answered,
    handling,
    hands_over,
    journal,
    over,
    takes_over,
    talk,
)
from tests.live.test_joined_talks import joins
from tests.wire.peer import eventually

pytestmark = pytest.mark.apart


@pytest.fixture(autouse=True)
def _as_the_file_says(controller, lab):
    lab.phones("101", "102", "103", "130", "131", "132")
    controller.forget_settings()
    controller.apply(OFFICE)
    controller.wait_for_log("linked")


@pytest.fixture
def killed(controller):
    """Kills fsctl and starts it anew."""
    def kill():
        controller.kill()
        controller.start()
        controller.wait_for_log("linked to the switch")

    return kill


def executive(controller):
    (row,) = json.loads(controller.fsctl("executive", "list", "--json"))
    return row["filter"], row["mode"], {each["user"]: (each["in"], each["divert"]) for each in row["assistants"]}


def rings_alone(lab, call, user, others):
    line = lab.phone(user).ringing()
    for each in others:
        lab.phone(each).quiet(0.3)
    answered(call, line)
    return line


def test_what_was_switched_stays(lab, controller, killed):
    controller.fsctl("executive", "off", "130")
    killed()
    assert executive(controller)[0] == "off"
    call = lab.outside(CALLER).call(NUMBER)
    over(controller, call, rings_alone(lab, call, "130", ("131",)))
    controller.fsctl("executive", "on", "130", "external")
    controller.fsctl("assistant", "out", "131", "130")
    controller.fsctl("assistant", "divert", "132", "130", "103")
    killed()
    assert executive(controller) == ("on", "external", {"131": (False, None), "132": (True, "user:103")})
    call = lab.outside(CALLER).call(NUMBER)
    over(controller, call, rings_alone(lab, call, "103", ("130", "131", "132")))
    call = lab.phone("101").call("130")
    over(controller, call, rings_alone(lab, call, "130", ("131", "132", "103")))


def test_what_rings_at_assistants_rings_on(lab, controller, killed):
    """And goes on to the next one."""
    controller.apply(offices.changed(OFFICE, ("\nring_seconds = 4\n", "\nring_seconds = 30\n")))
    call = lab.outside(CALLER).call(NUMBER, "Lee")
    line = lab.phone("131").ringing()
    killed()
    assert not line.ended
    line.reject(486)
    other = lab.phone("132").ringing()
    answered(call, other)
    eventually(lambda: handling(controller) == [(CALLER, "132")], "nobody knows who has the call", 5)
    over(controller, call, other)
    journal(controller, caller=CALLER, result="user:132")


def test_all_that_can_be_done_with_a_call(lab, controller, killed):
    """One call: handed over, back, taken over by nobody, joined, left, taken over; fsctl is killed before each."""
    call, line = talk(lab)
    killed()
    hands_over(lab, line, "dialled")
    at_his = lab.phone("130").ringing()
    killed()
    at_his.reject(603)
    line = lab.phone("131").ringing(8)
    answered(call, line)
    killed()
    his = joins(lab, call, line)
    killed()
    his.hang_up()
    eventually(lambda: lab.switch.api("conference json_list").strip() in ("[]", ""), "nobody has connected them", 5)
    killed()
    his = takes_over(lab, call, line)
    killed()
    his.transfer("102")
    his.wait_ended()
    third = lab.phone("102").ringing()
    answered(call, third)
    over(controller, call, third)
    killed()
    call = lab.phone("131").call("#64130102")
    answered(call, lab.phone("102").ringing())


def test_status_and_journal_know_for_whom_she_talks(lab, controller, killed):
    call, line = talk(lab)

    def told():
        rows = json.loads(controller.fsctl("status", "131", "--json"))
        return rows[0]["for"]

    eventually(lambda: told() == "130", "status does not know", 5)
    killed()
    eventually(lambda: told() == "130", "status does not know", 5)
    over(controller, call, line)
    (ring,) = [step for step in journal(controller, caller=CALLER)["steps"] if step["action"] == "ring"]
    assert ring["for"] == "130"
