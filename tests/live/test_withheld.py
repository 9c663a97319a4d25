"""Who withholds his number is shown to nobody; the network and those who help know him all the same."""

import re

import pytest

from tests.live import offices
from tests.live.lab import Lab
from tests.live.test_features import leave_message

OFFICE = offices.OFFICE
KEEPS = OFFICE.replace("keep_withheld = false", "keep_withheld = true")
MOBILE, NAME = "+4915112345678", "Lee Secret"

#: Ways in which a trunk says that somebody withholds his number.
WITHHELD = [
    {"Privacy": "id"}, {"Privacy": "user;id"}, {"P-Asserted-Identity": f"<sip:{MOBILE}@x>", "Privacy": "id"},
]


@pytest.fixture(autouse=True)
def phones(lab):
    """Who is at work in these tests."""
    lab.phones("101", "102", "103", "104")


def told(lab, line):
    """All that was sent to a phone about a call."""
    return "\n".join(text for way, text in lab.sip() if way == "received" and line.sip_call_id in text)


def is_anonymous(lab, line):
    assert line.shown_number == "anonymous" and line.shown_name.lower().removeprefix("verkauf∶ ") == "anonymous"
    if isinstance(lab, Lab):
        assert not re.search(rf"{re.escape(MOBILE[1:])}|{NAME}", told(lab, line))


@pytest.mark.parametrize("headers", WITHHELD)
def test_phones_do_not_show_him(lab, controller, headers):
    if not isinstance(lab, Lab):
        pytest.skip("no such headers in the simulator")
    call = lab.outside(MOBILE).call("+49305550101", name=NAME, headers=headers)
    line = lab.phone("101").ringing()
    is_anonymous(lab, line)
    line.answer()
    call.wait_answered()
    assert controller.wait_for_call(state="talking", result="user:101")["caller"] == "anonymous"
    call.hang_up()


@pytest.mark.parametrize("headers", WITHHELD)
def test_the_journal_keeps_who_it_was_where_the_office_says_so(lab, controller, headers):
    if not isinstance(lab, Lab):
        pytest.skip("no such headers in the simulator")
    controller.apply(KEEPS)
    try:
        call = lab.outside(MOBILE).call("+49305550101", name=NAME, headers=headers)
        is_anonymous(lab, lab.phone("101").ringing())
        controller.wait_for_call(state="ringing", caller=MOBILE)
        call.hang_up()
    finally:
        controller.apply(OFFICE)


def test_lamps_pickups_parks_and_mailboxes_do_not_show_him(lab, controller):
    if not isinstance(lab, Lab):
        pytest.skip("no such headers in the simulator")
    lamp = lab.phone("101").watch("103")
    try:
        call = lab.outside(MOBILE).call("+49305550300", name=NAME, headers=WITHHELD[0])
        lab.wait(lambda: any(lab.phone(each).arrived for each in ("101", "102")), 5, "nobody rings")
        for line in (*lab.phone("101").arrived, *lab.phone("102").arrived):
            is_anonymous(lab, line)
        taker = lab.phone("103").call("*98")
        taker.wait_answered()
        lamp.wait("confirmed")
        assert MOBILE[1:] not in "".join(lamp.bodies) and NAME not in "".join(lamp.bodies)
        assert not re.search(rf"{re.escape(MOBILE[1:])}|{NAME}", told(lab, taker))
        call.hang_up()
    finally:
        lamp.close()


def test_a_colleague_may_call_so(lab, controller):
    call = lab.phone("104").call("#31102")
    line = lab.phone("102").ringing()
    is_anonymous(lab, line)
    assert (line.shown_name, line.shown_number) == ("Anonymous", "anonymous")
    line.answer()
    call.wait_answered()
    found = controller.wait_for_call(state="talking", result="user:102")
    assert found["caller"] == "104"
    line.transfer("103")
    is_anonymous(lab, lab.phone("103").ringing())
    call.hang_up()


def test_his_call_is_picked_up_without_his_name(lab, controller):
    call = lab.phone("104").call("#31102")
    lab.phone("102").ringing()
    taker = lab.phone("103").call("*98")
    taker.wait_answered()
    if isinstance(lab, Lab):
        assert "David Dorn" not in told(lab, taker)
    call.hang_up()


@pytest.mark.parametrize("dialled", ["#31#0 0151 12345678", "#31+4915112345678"])
def test_the_network_is_told_to_keep_it(lab, controller, dialled):
    if not isinstance(lab, Lab):
        pytest.skip("no such headers in the simulator")
    mobile = lab.outside(MOBILE)
    call = lab.phone("101").call(dialled)
    headers = mobile.ringing().headers
    assert headers["From"].startswith('"Anonymous" <sip:anonymous@anonymous.invalid>'), headers
    assert headers["Privacy"] == "id" and "+49305550101" in headers["P-Asserted-Identity"]
    assert "+49305550101" not in headers["From"] + headers["Contact"]
    call.hang_up()


@pytest.mark.parametrize("dialled", ["#31112", "#31#112", "#31 0 112"])
def test_help_knows_who_calls(lab, controller, dialled):
    services = lab.outside("112")
    call = lab.phone("101").call(dialled)
    line = services.ringing(2)
    assert line.shown_number == "+49305550101"
    if isinstance(lab, Lab):
        assert line.headers.get("Privacy", "none") == "none"
    call.hang_up()


def test_a_mailbox_does_not_know_him(lab, controller):
    if not isinstance(lab, Lab):
        pytest.skip("no such headers in the simulator")
    lab.phone("101").behaviour = "busy"
    call = lab.outside(MOBILE).call("+49305550101", name=NAME, headers=WITHHELD[2])
    leave_message(lab, call)
    lab.wait(lambda: "-ERR" not in lab.switch.api("vm_list 101@127.0.0.1"), 10, "no message is there")
    kept = lab.switch.api("vm_list 101@127.0.0.1")
    assert "anonymous" in kept and MOBILE[1:] not in kept and NAME not in kept
    lab.switch.api("vm_delete 101@127.0.0.1")
