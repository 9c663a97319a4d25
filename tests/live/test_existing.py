"""fsctl in a FreeSWITCH that has a configuration of its own: what was there still works, and so does fsctl."""

import json
import os
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from fsctl.schema import structure
from tests.live import offices
from tests.live.controller import WITH_AND_WITHOUT
from tests.live.existing import Existing
from tests.live.lab import Lab
from tests.live.test_features import steps

MOBILE = "+491701234567"
OFFICE = offices.changed(offices.OFFICE, ('own_context = ""', 'own_context = "default"'))


@pytest.fixture(scope="module")
def _lab() -> Iterator[Lab]:
    lab = Lab(Path(os.environ["FREESWITCH"]), structure(tomllib.loads(OFFICE)), existing=Existing("1000", "1001"))
    yield lab
    lab.close()


@pytest.fixture(autouse=True)
def _phones(lab, controller):
    lab.phones("1000", "1001", "103")
    controller.forget_settings()


def connected(lab, caller, dialled, called):
    """The two lines of a call that was answered."""
    call = (lab.outside(caller) if caller == MOBILE else lab.phone(caller)).call(dialled)
    talks = lab.phone(called).ringing()
    talks.answer()
    call.wait_answered()
    return call, talks


def hear(lab, one, other):
    lab.wait(lambda: one.hears(other) and other.hears(one), 5, "they do not hear one another")


def answers(lab, called):
    rings = lab.phone(called).ringing()
    rings.answer()
    return rings


def talk(lab, caller, dialled, called):
    """Both hear one another; what the called phone shows."""
    call, rings = connected(lab, caller, dialled, called)
    hear(lab, call, rings)
    call.hang_up()
    rings.wait_ended()
    return rings.shown_name, rings.shown_number


@pytest.mark.apart
@WITH_AND_WITHOUT
@pytest.mark.parametrize(("caller", "dialled", "called", "shown"), [
    ("1000", "1001", "1001", ("Extension 1000", "1000")),
    ("101", "102", "102", ("Anna Adler", "101")),
    ("101", "1001", "1001", ("Anna Adler", "101")),
    ("1001", "102", "102", ("Extension 1001", "1001")),
    ("101", "operator", "1000", ("Anna Adler", "101")),
    (MOBILE, "+493055599", "1000", None),
    (MOBILE, "+49305550101", "101", (MOBILE, MOBILE)),
    (MOBILE, "0305550101", "101", (MOBILE, MOBILE)),
])
def test_everybody_reaches_whom_he_dials(lab, controller, alive, caller, dialled, called, shown):
    if not alive:
        controller.kill()
    assert shown in (None, talk(lab, caller, dialled, called))


def test_a_star_code_that_the_office_has_not_is_one_of_the_own_dialplan(lab, controller):
    assert talk(lab, "101", "*55", "1000") == ("Anna Adler", "101")


def test_the_journal_says_what_went_on_elsewhere_and_for_how_long(lab, controller):
    talk(lab, "101", "1001", "1001")
    row = controller.wait_for_call(state="ended", caller="101", dialled="1001")
    assert row["result"] == "own:1001"
    assert steps(row) == [("own_dialplan", "leave", "own:1001", "done")]


@pytest.mark.parametrize(("caller", "transferor", "to"), [("1000", "101", "1001"), ("101", "1000", "102")])
def test_each_transfers_the_other_to_its_own(lab, controller, caller, transferor, to):
    call, talks = connected(lab, caller, transferor, transferor)
    talks.transfer(to)
    hear(lab, call, answers(lab, to))


def test_a_colleague_at_an_own_extension_is_no_outside_caller(lab, controller):
    controller.fsctl("night", "on", "berlin")
    call = lab.phone("1000").call("101")
    rings = lab.phone("101").ringing()
    row = controller.wait_for_call(state="ringing", caller="1000")
    assert "night" not in json.dumps(row["steps"])
    call.hang_up()
    rings.wait_ended()


@pytest.mark.parametrize("dialled", ["*98", "701", "00301234567"])
def test_an_own_extension_dials_no_code_slot_or_trunk_of_the_office(lab, controller, dialled):
    call = lab.phone("1000").call(dialled)
    assert call.wait_ended() in ("NO_ROUTE_DESTINATION", "UNALLOCATED_NUMBER")


def test_who_calls_an_own_extension_that_does_not_answer_hears_why(lab, controller):
    lab.phone("1001").behaviour = "busy"
    call = lab.phone("101").call("1001")
    assert call.wait_ended() == "USER_BUSY"


def test_the_office_has_all_that_it_has_elsewhere(lab, controller):
    """Parked, fetched, and in a room of three, which has nothing of the own conferences."""
    call, held = connected(lab, "101", "102", "102")
    held.transfer("*68702")
    controller.wait_for_call(state="parked", caller="101")
    fetches = lab.phone("103").call("702")
    fetches.wait_answered()
    lab.wait(lambda: call.hears(fetches), 5, "they do not hear one another")
    joins = lab.phone("102").call("*42103")
    joins.wait_answered()
    lab.wait(lambda: call.hears(joins) and call.hears(fetches), 5, "three do not talk")
    call.press("#")
    deadline = time.monotonic() + 1
    lab.wait(lambda: call.ended or time.monotonic() > deadline, 2, "")
    assert not call.ended


@WITH_AND_WITHOUT
@pytest.mark.apart
@pytest.mark.parametrize("dialled", ["operator", "1001"])
def test_whom_an_outside_caller_transfers_gets_nowhere_else(lab, controller, alive, dialled):
    if not alive:
        controller.kill()
    call, talks = connected(lab, MOBILE, "+49305550101", "101")
    call.transfer(dialled)
    talks.wait_ended(20)
    assert not lab.phone("1000").arrived and not lab.phone("1001").arrived


def test_a_number_of_the_office_as_callers_outside_write_it_is_dialled_once(lab, controller):
    """From inside it is none; the own dialplan knows it, and sends it back."""
    lab.phone("101").call("0305550130").wait_ended(30)
    row = controller.wait_for_call(state="ended", caller="101")
    assert len(row["parts"]) <= 2


def test_what_an_own_telephone_has_answered_goes_where_it_sends_it(lab, controller):
    """Whatever the trunk's headers said of the number that was called first."""
    call, talks = connected(lab, MOBILE, "+493055599", "1000")
    talks.transfer("101")
    answers(lab, "101")
    lab.wait(lambda: controller.calls(1) and controller.calls(1)[0]["result"] == "user:101", 5, "who has it?")


def test_who_gives_up_while_an_own_telephone_rings(lab, controller):
    call = lab.phone("101").call("1001")
    lab.phone("1001").ringing()
    call.hang_up()
    row = controller.wait_for_call(state="ended", caller="101")
    assert row["result"] == "own:1001"


def test_an_emergency_call_of_the_office(lab, controller):
    services = lab.outside("112")
    call = lab.phone("101").call("112")
    services.ringing().answer()
    call.wait_answered()


def test_doctor_finds_all_in_order(lab, controller):
    _, printed, _ = controller.run("doctor", "--json")
    found = {each["check"].partition(" of ")[0].partition(" at ")[0]: each for each in json.loads(printed)}
    assert found["dialplan"]["ok"], found
    assert found["own dialplan"]["ok"], found
    assert found["office"]["ok"], found


@WITH_AND_WITHOUT
@pytest.mark.apart
@pytest.mark.parametrize(("dialled", "to"), [("1001", "1001"), ("102", "102")])
def test_whom_an_own_telephone_has_called_it_transfers_as_it_dials(lab, controller, alive, dialled, to):
    if not alive:
        controller.kill()
    call, talks = connected(lab, "1000", "101", "101")
    call.transfer(dialled)
    hear(lab, talks, answers(lab, to))


@WITH_AND_WITHOUT
@pytest.mark.apart
def test_an_outside_caller_whom_somebody_of_the_office_transfers_to_an_own_extension(lab, controller, alive):
    if not alive:
        controller.kill()
    call, talks = connected(lab, MOBILE, "+49305550101", "101")
    talks.transfer("1001")
    hear(lab, call, answers(lab, "1001"))
