"""Nobody is lost: a call that was transferred and that nobody takes comes back to who transferred it."""

import pytest

from tests.live import offices
from tests.wire.peer import eventually

CALLER, SALES = "+4915112345678", "+49305550150"

#: People answer soon or not at all. 103 and 104 have no way of their own for calls that they do not take.
OFFICE = offices.OFFICE.replace("ring_seconds = 20", "ring_seconds = 4")


def call_from(lab, caller, called):
    return lab.phone(caller).call(called) if caller.isdigit() else lab.outside(caller).call(called)


def talk(lab, caller, called):
    call = call_from(lab, caller, called)
    line = lab.phone(called).ringing()
    line.answer()
    call.wait_answered()
    eventually(lambda: call.hears(line), "they do not hear each other", 5)
    return call, line


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
    return "105"  # who has no phone


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
    back = lab.phone("103").ringing(12)
    assert back.shown_name == f"Wiederanruf - {'Anna Adler' if caller == '101' else CALLER}"
    back.answer()
    eventually(lambda: call.hears(back) and back.hears(call), "they do not hear each other", 5)
    back.hang_up()
    call.wait_ended()
    found = controller.wait_for_call(state="ended", caller=caller, result="user:103")
    assert ("transfer_recall", "reroute", "user:103") in [
        (step["policy"], step["action"], step["target"]) for step in found["steps"]]
