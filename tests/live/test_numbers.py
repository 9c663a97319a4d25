"""Numbers as people write them and trunks show them. Without a controller: test_failsafe.py."""

import json

import pytest

from tests.live import offices
from tests.live.writings import CALLED, EMERGENCY, MOBILE, SHOWN
from tests.names import NAMES
from tests.wire.peer import eventually

OFFICE = offices.OFFICE
NATIONAL = OFFICE.replace('show_callers = "e164"', 'show_callers = "national"')


@pytest.fixture(autouse=True)
def phones(lab):
    """Who is at work in these tests."""
    lab.phones("101", "103", "104", "120")


@pytest.mark.parametrize("dialled", EMERGENCY)
def test_an_emergency_number_is_dialled_however_it_is_written(lab, controller, dialled):
    services = lab.outside("112")
    call = lab.phone("104").call(dialled)
    services.ringing(2).answer()
    call.wait_answered()
    controller.wait_for_call(state="talking", result="number:112", caller="104")
    call.hang_up()
    controller.wait_for_call(state="ended", result="number:112", caller="104")


@pytest.mark.parametrize("dialled", CALLED)
def test_a_trunk_may_write_the_called_number_so(lab, controller, dialled):
    call = lab.outside(MOBILE).call(dialled)
    lab.phone("101").ringing()
    controller.wait_for_call(state="ringing", caller=MOBILE)
    call.hang_up()


def rings(lab, number):
    """A subscriber of the network may have been made by the way in which a trunk shows him."""
    phones = [lab.outside(each) for each in dict.fromkeys((number, number.removeprefix("+")))]
    eventually(lambda: any(phone.arrived for phone in phones), f"{number} does not ring", 5)


@pytest.mark.parametrize("shown", SHOWN)
def test_who_missed_a_call_calls_back_what_the_display_shows(lab, controller, shown):
    call = lab.outside(shown).call("+49305550101")
    missed = lab.phone("101").ringing()
    controller.wait_for_call(state="ringing", caller=MOBILE)
    assert (missed.shown_number, missed.shown_name) == (MOBILE, MOBILE)
    call.hang_up()
    missed.wait_ended()
    back = lab.phone("101").call(missed.shown_number)
    rings(lab, MOBILE)
    back.hang_up()


@pytest.mark.parametrize(("shown", "inside", "in_london"), [
    (MOBILE, "0015112345678", "9004915112345678"), ("+447911123456", "000447911123456", "907911123456"),
    ("+12125550123", "00012125550123", "90012125550123"),
])
def test_displays_may_show_what_one_dials_at_the_site_of_the_phone(lab, controller, shown, inside, in_london):
    controller.apply(NATIONAL)
    mobile = lab.outside(shown)
    try:
        for number, extension, display in (
                ("+49305550101", "101", inside), ("+442079460120", "120", in_london)):
            call = mobile.call(number)
            missed = lab.phone(extension).ringing()
            assert missed.shown_number == display
            call.hang_up()
            missed.wait_ended()
            back = lab.phone(extension).call(display)
            if extension == "101":
                rings(lab, shown)
            else:  # 120 may call no mobiles abroad; it is read as that number all the same
                back.wait_ended(15)
                assert controller.wait_for_call(caller="120", state="ended")["dialled"] == display
            back.hang_up()
    finally:
        controller.apply(OFFICE)


def test_the_dialplan_refuses_nothing_unseen(lab, controller):
    for dialled, reason in (("alice", "alice is no number that can be dialled"),
                            ("1" * 31, "1" * 31 + " is longer than any number"),
                            ("\u0661\u0661\u0662", "\u0661\u0661\u0662 is no number that can be dialled")):
        lab.phone("104").call(dialled).wait_ended()
        found = controller.wait_for_call(state="ended", dialled=dialled, caller="104", result="hangup:unknown-number")
        assert [step["reason"] for step in found["steps"]] == [reason]


def test_digits_after_a_code_are_read_so_too(lab, controller):
    call = lab.phone("104").call("*72 0 (0)151-12345678#")
    call.wait_answered()
    call.hang_up()
    controller.wait_for_call(caller="104", state="ended")
    assert [row["to"] for row in json.loads(controller.fsctl("forward", "list", "104", "--json"))] == [f"number:{MOBILE}"]
    controller.forget_settings()


def test_a_phone_sends_its_calls_to_a_number_as_people_write_it(lab, controller):
    call = lab.phone("101").call("103")
    lab.phone("103").ringing().redirect("0 (0)151-12345678")
    rings(lab, MOBILE)
    call.hang_up()


def test_names_of_every_script_are_shown(lab, controller):
    for name in NAMES:
        call = lab.outside(MOBILE).call("+49305550101", name)
        assert lab.phone("101").ringing().shown_name == name
        call.hang_up()
