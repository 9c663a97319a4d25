"""What phones register as: foreign text, of which nothing but a SIP address is rung, and which brings nobody down."""

import os
import signal
import time

import pytest

from tests.live import offices
from tests.live.clients import Baresip, sipp
from tests.live.clients.scenario import answer, called, pause, until_bye, until_cancel
from tests.live.controller import WITH_AND_WITHOUT
from tests.live.test_clients import MOBILE, steps, talk

pytestmark = pytest.mark.parametrize("_lab", ["freeswitch"], indirect=True, scope="session")

_TOKEN = "0123456789ABCDEF" * 4


@pytest.fixture(autouse=True)
def _clients(controller, lab):
    lab.withdraw("103", "104")
    controller.forget_settings()


@pytest.mark.apart
@pytest.mark.parametrize("contacts", [
    ["sip:103@127.0.0.1:9;x=${{create_uuid()}}"], ["sip:103@127.0.0.1:9;a=:_:"], ["sip:103@127.0.0.1:9;a='b"],
    ["sip:[a=b]103@127.0.0.1:9"], [f"sip:103@127.0.0.1:9;y={'a' * 400};z='"], [f"sip:103@127.0.0.1:9;y={'a' * 900};z='"],
    [f"sip:103@127.0.0.1:9;i={number};y={'a' * 100};z='" for number in range(5)],
    ["sip:103@127.0.0.1:9" + ";a" * 400],
    [f"sip:103@127.0.0.1:9;i={number};y={'a' * 250}" for number in range(8)],
], ids=lambda contacts: f"{len(contacts)} {contacts[0][4:30]} {len(contacts[0])}")
@WITH_AND_WITHOUT
def test_the_other_phone_rings_and_nobody_else(lab, controller, contacts, alive):
    """Whatever else is registered, and however long it is. A comma or a bar FreeSWITCH itself refuses in a contact."""
    for contact in contacts:
        sipp.register(lab, "103", f"<{contact}>")
    soft, mobile = Baresip(lab, "103", "tcp"), lab.outside(MOBILE)
    if not alive:
        controller.kill()
    call = lab.phone("101").call("103")
    talk(lab, call, soft.ringing())
    mobile.quiet(0.2)


@pytest.mark.apart
@pytest.mark.parametrize("contact", [
    f"sip:103@127.0.0.1:{{}};pn-provider=apns;pn-param=AB.org.linphone.voip&remote;pn-prid={_TOKEN}:remote&{_TOKEN}:voip",
    "sip:(103)@127.0.0.1:{}", "sip:103;line=1@127.0.0.1:{}", "sip:a/b@127.0.0.1:{}", "sip:127.0.0.1:{}",
    "sip:%31%30%33@127.0.0.1:{};ob", f"sip:{'a' * 150}@127.0.0.1:{{}}", f"sip:103@127.0.0.1:{{}};x={'y' * 600}",
], ids=lambda contact: contact[4:24])
@WITH_AND_WITHOUT
def test_what_is_an_address_is_rung(lab, controller, contact, alive):
    desk = sipp.Sipp(lab, lab.sip_port, called(answer(180), until_cancel()), {}, once=False)
    sipp.register(lab, "103", f"<{contact.format(desk.port)}>")
    if not alive:
        controller.kill()
    call = lab.phone("101").call("103")
    desk.wait_request("INVITE", 3)
    call.hang_up()
    desk.wait_request("CANCEL", 3)


def test_a_contact_with_which_another_begins(lab, controller):
    """FreeSWITCH leaves out the shorter one, asked for all profiles at once."""
    sipp.register(lab, "103", "<sip:103@127.0.0.1:9;transport=udp;ob>")
    desk = sipp.Sipp(lab, lab.sip_port, called(answer(180), until_cancel()), {}, once=False)
    sipp.register(lab, "103", f"<sip:103@127.0.0.1:{desk.port}1>")
    sipp.register(lab, "103", f"<sip:103@127.0.0.1:{desk.port}>")
    call = lab.phone("101").call("103")
    desk.wait_request("INVITE", 3)
    call.hang_up()


# ---- while they ring ------------------------------------------------------------------------------


@pytest.mark.parametrize("later", [-0.012, -0.004, 0, 0.002, 0.004, 0.008])
def test_who_has_answered_is_not_cut_by_who_declines(lab, controller, later):
    sipp.phone(lab, "104", answer(180), pause(0.5), answer(603))
    sipp.phone(lab, "104", answer(180), pause(0.5 + later), answer(200), until_bye())
    call = lab.phone("101").call("104")
    lab.wait(lambda: call.answered or call.ended, 3, "nothing becomes of it")
    time.sleep(0.5)  # longer than anything of it takes
    assert call.answered is not call.ended


@pytest.mark.apart
@pytest.mark.parametrize("answers", [True, False])
def test_a_controller_that_stood_still_stops_no_living_phone(lab, controller, answers):
    """It wakes when four seconds are over, and has not heard that the phone rings."""
    then = (pause(1), answer(200), until_bye()) if answers else (until_cancel(),)
    desk = sipp.phone(lab, "104", pause(0.8), answer(180), *then)
    call = lab.phone("101").call("104")
    desk.wait_request("INVITE")
    time.sleep(0.25)
    os.kill(controller.process.pid, signal.SIGSTOP)
    time.sleep(5)
    os.kill(controller.process.pid, signal.SIGCONT)
    time.sleep(2)
    assert call.answered is answers and not call.ended
    call.hang_up()
    desk.wait_request("BYE" if answers else "CANCEL")


def test_a_recall_answered_at_another_phone_than_the_one_that_holds(lab, controller):
    """Some phones take their call off hold by themselves when the other one stops ringing."""
    controller.apply(offices.OFFICE.replace("hold_recall_seconds = 0 ", "hold_recall_seconds = 1 "))
    desk, soft = Baresip(lab, "103"), Baresip(lab, "103", "tcp")
    call = lab.phone("101").call("103")
    line, other = desk.ringing(), soft.ringing()
    line.answer()
    call.wait_answered()
    other.wait_ended()
    line.hold()
    desk.ringing(5)
    back = soft.ringing(5)
    back.answer()
    lab.wait(lambda: call.hears(back), 5, "who answered the recall is not connected")
    call.hang_up()
    controller.wait_for_call(state="ended")
    controller.apply(offices.OFFICE)
    assert [step[3] for step in steps(controller.calls(1)[0])][-1] == "answered"
