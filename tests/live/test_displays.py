"""What both phones show, by name and number: while it rings, when somebody answers, and whoever has the call then."""

import time

import pytest

from tests.live import offices
from tests.live.displays import internal_words, seen
from tests.live.test_park import commands as commands
from tests.live.test_park import time_is_over, waits

CALLER, MOBILE, DEVICE, FAX = "+4915112345678", "+491701234567", "+491709876543", "+49305551234"
BERLIN, ANNAS = "+49305550100", "+49305550101"
ANNA, BERND, CLARA, DAVID = (
    ("Anna Adler", "101"), ("Bernd Brandt", "102"), ("Clara Conrad", "103"), ("David Dorn (left)", "104"))
LEE = ("Lee", CALLER)

#: The sample office with a group that rings all its people at once, and one that rings them in turn, somebody outside
#: among them; whoever calls from outside may be sent there.
OFFICE = offices.OFFICE.replace('policy = "circular"', 'policy = "simultaneous"').replace(
    'caller_name = "Verkauf: {caller}"\n', "").replace(
    "allow_transit = false", "allow_transit = true") + f"""
[groups.turn]
name = "Reihum"
site = "berlin"
members = ["{MOBILE}", "102"]
hunt = {{ extension = "301", policy = "linear", ring_seconds = 15, confirm = false }}
"""


@pytest.fixture(autouse=True)
def _displays(controller, lab):
    lab.phones("101", "102", "103", "104", "120")
    controller.forget_settings()
    before = internal_words(lab)[1]
    yield
    assert internal_words(lab, before)[0] == []


def both(call, called, line, caller):
    """Who calls sees ``called``, and who was called ``caller``."""
    seen(call, *called)
    seen(line, *caller)


def test_a_colleague(lab, controller):
    call = lab.phone("104").call("102")
    line = lab.phone("102").ringing()
    both(call, BERND, line, DAVID)
    line.answer()
    call.wait_answered()
    both(call, BERND, line, DAVID)


def test_who_calls_from_outside(lab, controller):
    call = lab.outside(CALLER).call(ANNAS, name="Lee")
    line = lab.phone("101").ringing()
    both(call, ANNA, line, LEE)
    line.answer()
    both(call, ANNA, line, LEE)


def test_a_number_outside_that_one_dials_oneself(lab, controller):
    phone = lab.outside(FAX)
    call = lab.phone("104").call("0030555" + FAX[-4:])
    line = phone.ringing()
    both(call, (FAX, FAX), line, (BERLIN, BERLIN))
    line.answer()
    both(call, (FAX, FAX), line, (BERLIN, BERLIN))


@pytest.mark.parametrize("who", ["102", "103"])
def test_a_group_until_somebody_answers(lab, controller, who):
    call = lab.phone("104").call("300")
    lines = {extension: lab.phone(extension).ringing() for extension in ("101", "102", "103")}
    both(call, ("Verkauf", "300"), lines[who], DAVID)
    lines[who].answer()
    both(call, {"102": BERND, "103": CLARA}[who], lines[who], DAVID)


def test_who_answers_outside_for_a_group_is_the_group(lab, controller):
    phone = lab.outside(MOBILE)
    call = lab.phone("104").call("301")
    line = phone.ringing()
    seen(call, "Reihum", "301")
    line.answer()
    call.wait_answered()
    seen(call, "Reihum", "301")


@pytest.mark.parametrize("caller", ["104", CALLER])
def test_a_phone_outside_is_its_person(lab, controller, caller):
    device = lab.outside(DEVICE)
    call = lab.phone("104").call("101") if caller == "104" else lab.outside(CALLER).call(ANNAS)
    line = device.ringing()
    seen(call, *ANNA)
    line.answer()
    time.sleep(0.5)
    line.press("1")
    call.wait_answered()
    seen(call, *ANNA)
    assert not any(DEVICE.removeprefix("+") in part for part in call.display)


@pytest.mark.parametrize("caller", ["104", CALLER])
def test_where_somebody_sends_his_calls_is_nobodys_business(lab, controller, caller):
    mobile = lab.outside(MOBILE)
    assert lab.phone("101").call("*7200" + MOBILE.removeprefix("+49")).wait_ended(15) == "NORMAL_CLEARING"
    call = lab.phone("104").call("101") if caller == "104" else lab.outside(CALLER).call(ANNAS)
    line = mobile.ringing()
    seen(call, *ANNA)
    line.answer()
    call.wait_answered()
    seen(call, *ANNA)


def test_nor_where_his_phone_does(lab, controller):
    mobile = lab.outside(MOBILE)
    call = lab.phone("104").call("102")
    lab.phone("102").ringing().redirect("00" + MOBILE.removeprefix("+49"))
    line = mobile.ringing()
    line.answer()
    call.wait_answered()
    seen(call, *BERND)


# ---- transfers --------------------------------------------------------------------------------------------


def talk(lab, called="102"):
    call = lab.phone("104").call(called)
    line = lab.phone(called).ringing()
    line.answer()
    call.wait_answered()
    return call, line


def test_who_was_called_transfers(lab, controller):
    call, line = talk(lab)
    line.transfer("103")
    third = lab.phone("103").ringing()
    both(call, CLARA, third, DAVID)
    third.answer()
    both(call, CLARA, third, DAVID)
    third.transfer("300")
    last = lab.phone("101").ringing()
    both(call, ("Verkauf", "300"), last, DAVID)
    last.answer()
    both(call, ANNA, last, DAVID)


def test_who_calls_transfers(lab, controller):
    call, line = talk(lab)
    call.transfer("103")
    third = lab.phone("103").ringing()
    both(line, CLARA, third, BERND)
    third.answer()
    both(line, CLARA, third, BERND)


def test_somebody_outside_is_transferred(lab, controller):
    call = lab.outside(CALLER).call(ANNAS, name="Lee")
    line = lab.phone("101").ringing()
    line.answer()
    call.wait_answered()
    line.transfer("103")
    third = lab.phone("103").ringing()
    both(call, CLARA, third, LEE)
    third.answer()
    both(call, CLARA, third, LEE)


def test_somebody_who_was_called_outside_is_transferred(lab, controller):
    phone = lab.outside(FAX)
    call = lab.phone("104").call("0030555" + FAX[-4:])
    line = phone.ringing()
    line.answer()
    call.wait_answered()
    call.transfer("103")
    third = lab.phone("103").ringing()
    seen(third, FAX, FAX)
    third.answer()
    both(line, CLARA, third, (FAX, FAX))


@pytest.mark.parametrize("answered", [True, False], ids=["after-a-talk", "while-ringing"])
def test_an_attended_transfer(lab, controller, answered):
    call, line = talk(lab)
    line.hold()
    consultation = lab.phone("102").call("103")
    third = lab.phone("103").ringing()
    both(consultation, CLARA, third, BERND)
    if answered:
        third.answer()
        consultation.wait_answered()
        both(consultation, CLARA, third, BERND)
    line.transfer_to(consultation)
    line.wait_ended()
    if not answered:
        third.answer()
    both(call, CLARA, third, DAVID)


# ---- who takes a call, and parked calls -----------------------------------------------------------------


@pytest.mark.parametrize("code", ["*98", "**102"])
def test_who_picks_up(lab, controller, code):
    call = lab.phone("104").call("102")
    lab.phone("102").ringing()
    time.sleep(0.3)
    picker = lab.phone("103").call(code)
    call.wait_answered()
    both(call, CLARA, picker, DAVID)


def parked(lab, controller, commands):
    call, line = talk(lab)
    line.transfer("701")
    line.wait_ended()
    return call, waits(controller, "701", commands)


def test_who_fetches(lab, controller, commands):
    call, _ = parked(lab, controller, commands)
    fetched = lab.phone("103").call("701")
    fetched.wait_answered()
    both(call, CLARA, fetched, DAVID)


def test_who_takes_a_call_back(lab, controller, commands):
    call, row = parked(lab, controller, commands)
    time_is_over(commands, row)
    again = lab.phone("102").ringing()
    both(call, BERND, again, ("Wiederanruf 701 - David Dorn (left)", "104"))
    again.answer()
    seen(call, *BERND)


# ---- without a controller ---------------------------------------------------------------------------------


@pytest.fixture
def alone(lab, controller):
    """Nobody decides, and the dialplan rings by itself."""
    controller.kill()


@pytest.mark.apart
@pytest.mark.parametrize(("dialled", "while_ringing"), [("102", BERND), ("300", ("Verkauf", "300"))])
def test_in_the_fail_safe(lab, controller, alone, dialled, while_ringing):
    call = lab.phone("104").call(dialled)
    line = lab.phone("102").ringing(10)
    both(call, while_ringing, line, DAVID)
    line.answer()
    both(call, BERND, line, DAVID)


@pytest.mark.apart
def test_who_calls_a_site_in_the_fail_safe(lab, controller, alone):
    call = lab.outside(CALLER).call(BERLIN, name="Lee")
    line = lab.phone("102").ringing(10)
    both(call, ("Berlin", BERLIN), line, LEE)
    line.answer()
    both(call, BERND, line, LEE)
