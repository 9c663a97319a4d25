"""With telephones that nobody here wrote: baresip, and sipp, which says what no phone of the exchange would say."""

import json
import re

import pytest

from tests.live import offices
from tests.live.clients import Baresip, sipp
from tests.live.clients.scenario import (
    ack,
    answer,
    bye,
    cancel,
    confirmed,
    cue,
    hang_up,
    info,
    pause,
    reliably,
    until,
    until_bye,
    until_cancel,
)
from tests.live.test_failsafe import HOSTILE
from tests.live.test_features import steps

pytestmark = pytest.mark.parametrize("_lab", ["freeswitch"], indirect=True, scope="session")

CALLER, MOBILE = "+4915112345678", "+491701234567"

#: What tries something with the quotes of SIP itself, as it stands on the wire, and what is shown of it.
QUOTES = {'Quo\\"te <sip:999@evil>': "Quote sip999"}

#: The sample office with a group that rings all its people at once, and an attendant at an extension.
OFFICE = offices.OFFICE.replace('policy = "circular"', 'policy = "simultaneous"').replace(
    '[users.132]\nname = "Georg Graf"\n', '[users.132]\nname = "Georg Graf"\nforward = { always = "attendant:after-hours" }\n')


@pytest.fixture(autouse=True)
def _clients(controller, lab):
    """They are Clara's, who can be picked up, and David's, who cannot."""
    lab.withdraw("103", "104")
    controller.forget_settings()


def talk(lab, call, line):
    """The called phone is answered, and both hear each other."""
    line.answer()
    call.wait_answered()
    hear(lab, call, line)


def hear(lab, one, other):
    lab.wait(lambda: one.hears(other) and other.hears(one), 5, "they do not hear each other")


# ---- calls ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_it_is_called(lab, controller, transport):
    desk = Baresip(lab, "103", transport)
    call = lab.phone("101").call("103")
    line = desk.ringing()
    assert (line.shown_name, line.shown_number) == ("Anna Adler", "101")
    talk(lab, call, line)
    call.hang_up()
    line.wait_ended()
    assert steps(controller.wait_for_call(state="ended")) == [("extension", "ring", "user:103", "answered")]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_it_calls(lab, controller, transport):
    desk = Baresip(lab, "103", transport, name="No matter")
    call = desk.call("101")
    line = lab.phone("101").ringing()
    assert (line.shown_name, line.shown_number) == ("Clara Conrad", "103")
    assert call.wait_progress() == "ringing"
    talk(lab, call, line)
    call.hang_up()
    assert line.wait_ended() == "NORMAL_CLEARING"
    controller.wait_for_call(state="ended", caller="103", result="user:101")


def test_two_of_them_talk(lab, controller):
    desk, soft = Baresip(lab, "103"), Baresip(lab, "104", "tcp")
    call = soft.call("103")
    line = desk.ringing()
    talk(lab, call, line)
    line.hang_up()
    call.wait_ended()
    controller.wait_for_call(state="ended", caller="104", result="user:103")


def test_who_called_gives_up(lab, controller):
    desk = Baresip(lab, "103")
    call = lab.phone("101").call("103")
    line = desk.ringing()
    call.hang_up()
    line.wait_ended()
    assert not line.answered
    controller.wait_for_call(state="ended", caller="101", result="gone")
    call = desk.call("101")
    line = lab.phone("101").ringing()
    call.hang_up()
    line.wait_ended()
    assert not line.answered
    controller.wait_for_call(state="ended", caller="103", result="gone")


def test_it_is_busy(lab, controller):
    desk = Baresip(lab, "103")
    call = lab.phone("101").call("103")
    desk.ringing().reject()
    assert call.wait_ended() == "USER_BUSY"
    controller.wait_for_call(state="ended", result="hangup:busy")


@pytest.mark.parametrize(("status", "outcome", "told"), [
    (486, "busy", "486 Busy Here"), (600, "busy", "486 Busy Here"), (603, "rejected", "603 Decline"),
])
def test_what_a_refusal_becomes(lab, controller, status, outcome, told):
    desk = sipp.phone(lab, "103", answer(180), answer(status))
    assert Baresip(lab, "104").call("103").wait_ended() == told
    assert desk.requests == ["INVITE", "ACK"]
    found = controller.wait_for_call(state="ended", result=f"hangup:{outcome}")
    assert steps(found)[0] == ("extension", "ring", "user:103", outcome)


def test_it_holds(lab, controller):
    desk = Baresip(lab, "103")
    call = lab.phone("101").call("103")
    line = desk.ringing()
    talk(lab, call, line)
    line.hold()
    lab.wait(lambda: not call.hears(line), 3, "who is held hears on")
    line.unhold()
    lab.wait(lambda: call.hears(line), 3, "who was held hears nothing")


def test_it_is_held(lab, controller):
    call = Baresip(lab, "103").call("101")
    line = lab.phone("101").ringing()
    talk(lab, call, line)
    line.hold()
    lab.wait(lambda: not call.hears(line), 3, "who is held hears on")
    line.unhold()
    lab.wait(lambda: call.hears(line), 3, "who was held hears nothing")


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_it_transfers(lab, controller, transport):
    desk = Baresip(lab, "103", transport)
    call = lab.outside(CALLER).call("103")
    line = desk.ringing()
    talk(lab, call, line)
    line.transfer("102")
    third = lab.phone("102").ringing()
    line.wait_ended()
    third.answer()
    call.wait_answered()
    hear(lab, call, third)
    third.hang_up()
    assert steps(controller.wait_for_call(state="ended", result="user:102")) == [
        ("extension", "ring", "user:103", "answered"), ("transfer", "transfer", "user:102", ""),
        ("extension", "ring", "user:102", "answered")]


def test_it_is_transferred(lab, controller):
    call = Baresip(lab, "103").call("102")
    line = lab.phone("102").ringing()
    talk(lab, call, line)
    desk = Baresip(lab, "104")
    line.transfer("104")
    talk(lab, call, desk.ringing())


def asked(lab):
    """The attendant listens: keys that came before would be forgotten."""
    lab.wait(lambda: "play_and_get_digits" in lab.switch.api("show channels"), 5, "nobody asks for keys")


def test_keys(lab, controller):
    call = Baresip(lab, "103").call("132")
    call.wait_answered()
    asked(lab)
    call.press("102#")
    talk(lab, call, lab.phone("102").ringing())
    call.hang_up()
    found = controller.wait_for_call(state="ended", result="user:102")
    assert ("attendant", "ask", "announcement:after-hours", "digits:102") in steps(found)


# ---- registrations --------------------------------------------------------------------------------


def rings(lab, desk):
    """Somebody calls it, and gives up."""
    call = lab.phone("101").call(desk.extension)
    line = desk.ringing()
    call.hang_up()
    line.wait_ended()


def test_who_registers_again_stays_reachable(lab, controller):
    desk = Baresip(lab, "103", expires=1)
    desk.renew()
    desk.renew()
    rings(lab, desk)


def test_after_a_reboot_it_rings_where_it_is_now(lab, controller):
    desk = Baresip(lab, "104")
    desk.register()
    assert len(lab.contacts("104")) == 2
    rings(lab, desk)


def test_two_phones_of_one_person(lab, controller):
    """Of somebody whom nobody can pick up."""
    desk, soft = Baresip(lab, "104"), Baresip(lab, "104", "tcp")
    call = lab.phone("101").call("104")
    line, other = desk.ringing(), soft.ringing()
    talk(lab, call, line)
    other.wait_ended()


@pytest.mark.parametrize("dialled", ["103", "300"])
def test_all_phones_of_a_person_ring_beside_others(lab, controller, dialled):
    """One that refuses does not end the ringing of the other."""
    desk, soft = Baresip(lab, "103"), Baresip(lab, "103", "tcp")
    call = lab.outside(CALLER).call(dialled)
    first, second = desk.ringing(), soft.ringing()
    first.reject()
    first.wait_ended()
    assert not second.ended
    talk(lab, call, second)


def test_after_a_reboot_a_member_of_a_group_rings(lab, controller):
    desk = Baresip(lab, "103")
    desk.register()
    lab.phone("101").call("103")
    desk.ringing()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_one_phone_of_two_has_no_power(lab, controller, transport):
    desk, soft = Baresip(lab, "104", transport), Baresip(lab, "104")
    desk.die()
    call = lab.phone("101").call("104")
    talk(lab, call, soft.ringing())


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_who_has_no_power_is_offline(lab, controller, transport):
    """Without a sign of life for four seconds."""
    Baresip(lab, "103", transport).die()
    call = lab.phone("101").call("103")
    assert call.wait_ended(6) == "SUBSCRIBER_ABSENT"
    assert steps(controller.wait_for_call(state="ended"))[0] == ("extension", "ring", "user:103", "offline")


def test_after_a_loss_of_power_it_is_reached_where_it_is_now(lab, controller):
    """The old contact answers nothing, and does not speak for who is back."""
    desk = Baresip(lab, "103")
    desk.register()
    assert len(lab.contacts("103")) == 2
    call = lab.phone("101").call("103")
    desk.ringing(1).reject()
    assert call.wait_ended(6) == "USER_BUSY"
    controller.wait_for_call(state="ended", result="hangup:busy")


def test_the_busy_lamp_of_two_phones(lab, controller):
    """It blinks until both have stopped, and is lit while one talks."""
    watch = lab.phone("101").watch("103")
    try:
        desk, soft = Baresip(lab, "103"), Baresip(lab, "103", "tcp")
        call = lab.phone("102").call("103")
        line, other = desk.ringing(), soft.ringing()
        watch.wait("early")
        line.reject()
        line.wait_ended()
        other.answer()
        call.wait_answered()
        watch.wait("confirmed")
        other.hang_up()
        watch.wait("terminated")
    finally:
        watch.close()


@pytest.mark.apart
def test_and_without_a_controller(lab, controller):
    controller.kill()
    test_the_busy_lamp_of_two_phones(lab, controller)


def test_the_phones_of_a_person_are_told(lab, controller):
    Baresip(lab, "103"), Baresip(lab, "103", "tcp")
    switch = ("--switch", f"127.0.0.1:{lab.esl_port}")
    row = json.loads(controller.fsctl("status", "103", "--json", *switch))[0]
    assert sorted(phone["transport"] for phone in row["phones"]) == ["tcp", "udp"]
    assert all(phone["client"].startswith("baresip") for phone in row["phones"])
    assert all(500 < phone["expires_seconds"] <= 700 and "address" not in phone for phone in row["phones"])
    (found, _) = json.loads(controller.fsctl("status", "103", "--addresses", "--json", *switch))[0]["phones"]
    assert found["address"].startswith("sip:103")


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_who_is_switched_off_is_offline(lab, controller, transport):
    desk = Baresip(lab, "103", transport)
    desk.unregister()
    assert lab.phone("101").call("103").wait_ended() == "SUBSCRIBER_ABSENT"
    assert steps(controller.wait_for_call(state="ended"))[0] == ("extension", "ring", "user:103", "offline")
    controller.fsctl("forward", "set", "103", MOBILE, "--when", "offline")
    call, far = lab.phone("101").call("103"), lab.outside(MOBILE)
    far.ringing()
    call.hang_up()
    desk.register()
    rings(lab, desk)


def test_it_takes_its_contact_back(lab, controller):
    for expires in (600, 600, 0):
        sipp.register(lab, "103", "<sip:103@127.0.0.1:9>", expires)
    assert lab.phone("101").call("103").wait_ended() == "SUBSCRIBER_ABSENT"


# ---- answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [
    (), (100,), (100, 180), (180, 180), (183, 180), (180, 183),
], ids=lambda statuses: "-".join(map(str, statuses)) or "at once")
def test_what_comes_before_the_answer(lab, controller, before):
    desk = sipp.phone(lab, "103", *(answer(status, sdp=status == 183) for status in before), answer(200), until_bye())
    call = Baresip(lab, "104").call("103")
    call.wait_answered()
    controller.wait_for_call(state="talking", result="user:103")
    call.hang_up()
    desk.wait_request("BYE")
    controller.wait_for_call(state="ended", result="user:103")


def test_the_caller_is_told_that_it_rings(lab, controller):
    desk = sipp.phone(lab, "103", answer(180), until_cancel())
    call = Baresip(lab, "104").call("103")
    assert call.wait_progress() == "ringing"
    call.hang_up()
    assert desk.wait_request("CANCEL").header("Reason").startswith(("SIP", "Q.850"))
    desk.wait_request("ACK")


def test_the_called_phone_hangs_up(lab, controller):
    desk = sipp.phone(lab, "103", answer(180), answer(200), cue(), hang_up())
    call = lab.phone("101").call("103")
    call.wait_answered()
    controller.wait_for_call(state="talking", result="user:103")
    desk.cue()
    assert call.wait_ended() == "NORMAL_CLEARING"
    controller.wait_for_call(state="ended", result="user:103")


def test_it_sends_its_calls_elsewhere(lab, controller):
    sipp.phone(lab, "103", answer(302, headers=["Contact: <sip:102@127.0.0.1>"]))
    call = lab.phone("101").call("103")
    talk(lab, call, lab.phone("102").ringing())
    call.hang_up()
    assert [step[1:] for step in steps(controller.wait_for_call(state="ended", result="user:102"))] == [
        ("ring", "user:103", "redirected"), ("reroute", "user:102", ""), ("ring", "user:102", "answered")]


@pytest.mark.parametrize("contact", ["<sip:nobody@127.0.0.1>", "*", "<tel:x>"])
def test_it_sends_them_nowhere(lab, controller, contact):
    """That is no failure of ours (503)."""
    sipp.phone(lab, "103", answer(302, headers=[f"Contact: {contact}"]))
    assert Baresip(lab, "104").call("103").wait_ended() == "603 Decline"
    steps_ = controller.wait_for_call(state="ended", result="hangup:rejected")["steps"]
    assert steps_[1]["reason"] == "the phone of Clara Conrad wants the call at a place where none can be sent (SIP 302)"


def test_a_phone_that_wants_a_password(lab, controller):
    sipp.phone(lab, "103", answer(407, headers=['Proxy-Authenticate: Digest realm="x", nonce="y"']))
    assert Baresip(lab, "104").call("103").wait_ended() == "603 Decline"
    steps_ = controller.wait_for_call(state="ended", result="hangup:rejected")["steps"]
    assert steps_[1]["reason"] == "the phone of Clara Conrad wants a password"


@pytest.mark.parametrize("contacts", [
    ["<sip:101@127.0.0.1>;q=0.3, <sip:102@127.0.0.1>;q=0.7"], ["<sip:101@127.0.0.1>;q=0.9", "sip:102@127.0.0.1"],
    ["<mailto:x@example.org>;q=1", "<sip:102@127.0.0.1>;q=0.2"], ["<sip:102@127.0.0.1>;q=0.5, <sip:101@127.0.0.1>;q=0.5"],
], ids=["least first", "without q", "nothing to dial", "the same"])
def test_it_names_several_places(lab, controller, contacts):
    sipp.phone(lab, "103", answer(302, headers=[f"Contact: {each}" for each in contacts]))
    call = Baresip(lab, "104").call("103")
    lab.phone("102").ringing()
    call.hang_up()


def test_sipp_calls(lab, controller):
    call = sipp.caller(lab, "103", "102", until(180), until(200), ack(), cue(), bye())
    line = lab.phone("102").ringing()
    line.answer()
    controller.wait_for_call(state="talking", result="user:102")
    call.cue()
    assert line.wait_ended() == "NORMAL_CLEARING"
    assert call.wait_ended() == [180, 200]
    controller.wait_for_call(state="ended", caller="103", result="user:102")


@pytest.mark.parametrize("dialled", ["*98", "**101"])
def test_who_picks_up_reads_in_the_answer_who_calls(lab, controller, dialled):
    """Many phones take no UPDATE."""
    lab.phone("102").call("101")
    lab.phone("101").ringing()
    call = sipp.caller(lab, "103", dialled, until(200), ack(), until_bye())
    assert call.wait_status(200).header("Remote-Party-ID").startswith('"Bernd Brandt" <sip:102@')
    controller.wait_for_call(state="talking", caller="103")
    lab.hang_up_all()


def test_and_so_does_who_fetches(lab, controller):
    waiting = lab.phone("102").call("101")
    line = lab.phone("101").ringing()
    talk(lab, waiting, line)
    line.transfer("701")
    controller.wait_for_call(state="parked")
    call = sipp.caller(lab, "103", "701", until(200), ack(), until_bye())
    assert call.wait_status(200).header("Remote-Party-ID").startswith('"Bernd Brandt" <sip:102@')
    lab.hang_up_all()


def test_a_phone_that_insists_on_reliable_answers(lab, controller):
    headers = "Require: 100rel", "Supported: 100rel"
    call = sipp.caller(
        lab, "103", "102", reliably(180, 183), until(200), ack(number="2"), cue(), bye(), headers=headers)
    line = lab.phone("102").ringing()
    call.wait_status(200)
    line.answer()
    controller.wait_for_call(state="talking", result="user:102")
    call.cue()
    assert line.wait_ended() == "NORMAL_CLEARING"
    assert call.wait_ended() == [180, 200]
    controller.wait_for_call(state="ended", caller="103", result="user:102")


def test_a_phone_that_rings_reliably(lab, controller):
    desk = sipp.phone(
        lab, "103", answer(180, headers=["Require: 100rel", "RSeq: 7"]), confirmed(), until_cancel())
    call = Baresip(lab, "104").call("103")
    assert desk.wait_request("PRACK").header("RAck").startswith("7 ")
    assert call.wait_progress() == "ringing"
    call.hang_up()
    desk.wait_request("CANCEL")
    controller.wait_for_call(state="ended", caller="104", result="gone")


def test_sipp_gives_up(lab, controller):
    call = sipp.caller(lab, "103", "102", until(180), cancel())
    lab.phone("102").ringing().wait_ended()
    assert call.wait_ended() == [180, 487]
    controller.wait_for_call(state="ended", caller="103", result="gone")


def test_a_call_that_is_cancelled_at_once_is_in_the_journal(lab, controller):
    """Some of these are gone before FreeSWITCH has asked fsctl, and some take the connection with them."""
    before = {row["uuid"] for row in controller.calls(200)}
    for seconds in (0, 0.002, 0.004, 0.006, 0.008) * 3:
        sipp.caller(lab, "103", "102", until(100), *([pause(seconds)] if seconds else []), cancel()).wait_ended()

    def noted():
        new = [(row["state"], row["result"]) for row in controller.calls(200) if row["uuid"] not in before]
        return new == [("ended", "gone")] * 15

    lab.wait(noted, 5, "not all calls are in the journal")


@pytest.mark.parametrize(("name", "shown"), [*HOSTILE.items(), *QUOTES.items()], ids=lambda text: text[:20])
def test_no_name_becomes_a_header(lab, controller, name, shown):
    desk = Baresip(lab, "103")
    call = sipp.trunk(lab, f'"{name}" <sip:{CALLER}@127.0.0.1>', "103", until(200), ack(), until_bye())
    line = desk.ringing()
    assert line.shown_name == shown[:64]
    assert not [text for text in desk.received if re.search(r"^X-Forged", text, re.M | re.I)]
    line.answer()
    line.hang_up()
    assert call.wait_ended()[-1] == 200


COMMAND = "${global_setvar(fsctl_ran=yes)}"
ENCODED = "%24%7Bglobal_setvar(fsctl_ran=yes)%7D"


@pytest.mark.parametrize("where", [
    'From: "{}" <sip:+4915@127.0.0.1>', "From: <sip:{}@127.0.0.1>", 'P-Asserted-Identity: "{}" <sip:+4916@127.0.0.1>',
    "P-Asserted-Identity: <sip:{}@127.0.0.1>", 'P-Asserted-Identity: "{}" <sip:{}@127.0.0.1>',
    "P-Asserted-Identity: <tel:{}>", 'Remote-Party-ID: "{}" <sip:{}@127.0.0.1>;party=calling;privacy=full',
    "Remote-Party-ID: <sip:{}@127.0.0.1>;party=calling", "P-Preferred-Identity: <sip:{}@127.0.0.1>",
    "Privacy: {}", "Diversion: <sip:{}@127.0.0.1>", "History-Info: <sip:{}@127.0.0.1>;index=1",
    "P-Called-Party-ID: <sip:{}@127.0.0.1>", "X-Anything: {}", "Alert-Info: <http://{}>", "User-Agent: {}", "Subject: {}",
    "Call-Info: <sip:{}@127.0.0.1>;purpose=info", "Referred-By: <sip:{}@127.0.0.1>", "Contact: <sip:{}@127.0.0.1>",
])
def test_no_header_is_a_command(lab, controller, where):
    lab.switch.api("global_setvar fsctl_ran=")
    for text in (COMMAND, ENCODED):
        name, _, value = where.replace("{}", text).partition(": ")
        caller, headers = (value, []) if name == "From" else (CALLER, [f"{name}: {value}"])
        sipp.trunk(lab, caller, "+49305550101", until(100), pause(0.1), cancel(), headers=headers).wait_ended()
    assert lab.switch.api("global_getvar fsctl_ran").strip() in ("", "_undef_", "-ERR no reply")


# ---- emergency services by name -------------------------------------------------------------------


SERVICES = [
    ("103", "urn:service:sos", "112"), ("103", "urn:service:sos.fire", "112"), ("103", "urn:service:sos.ambulance", "112"),
    ("103", "urn:service:sos.police", "110"), ("103", "URN:Service:SOS.Police", "110"), ("120", "urn:service:sos", "112"),
    ("120", "urn:service:sos.police", "112"),
]


@pytest.mark.parametrize(("extension", "service", "number"), SERVICES, ids=lambda text: text)
def test_an_emergency_service(lab, controller, extension, service, number):
    """Berlin has 110 for the police; London has 999 and 112."""
    help_ = lab.outside(number)
    call = sipp.caller(lab, extension, service, until(180, 183), until(200), ack(), cue(), bye())
    line = help_.ringing()
    line.answer()
    controller.wait_for_call(state="talking", caller=extension, dialled=number, result=f"number:{number}")
    call.cue()
    line.wait_ended()
    assert call.wait_ended()[-1] == 200
    found = controller.wait_for_call(state="ended", caller=extension, result=f"number:{number}")
    assert steps(found) == [("emergency", "ring", f"number:{number}", "answered")]


@pytest.mark.apart
def test_an_emergency_service_without_a_controller(lab, controller):
    controller.kill()
    police = lab.outside("110")
    call = sipp.caller(lab, "103", "urn:service:sos.police", until(180, 183), until(200), ack(), until_bye())
    line = police.ringing()
    line.answer()
    call.wait_status(200)
    line.hang_up()
    assert call.wait_ended()[-1] == 200


@pytest.mark.parametrize("called", [
    "urn:service:counseling", "urn:service:sosfire", "urn:service:test.sos", "urn:x:102", "urn:isbn:102", "sip:127.0.0.1"])
@pytest.mark.parametrize("origin", ["inside", "trunk"])
def test_whoever_dials_nothing_reaches_nobody(lab, controller, called, origin):
    """FreeSWITCH would ring the caller himself."""
    desk, services = Baresip(lab, "103"), [lab.outside(number) for number in ("110", "112")]
    call = sipp.caller(lab, "103", called, until(180)) if origin == "inside" else sipp.trunk(lab, "103", called, until(180))
    assert call.wait_ended() == [404]
    assert not desk.arrived and not any(phone.arrived for phone in services)


def test_an_emergency_service_is_for_phones_of_the_office(lab, controller):
    services = [lab.outside(number) for number in ("110", "112")]
    assert sipp.trunk(lab, CALLER, "urn:service:sos", until(180)).wait_ended() == [404]
    assert not any(phone.arrived for phone in services)


# ---- displays -------------------------------------------------------------------------------------


def asserted(message):
    """Name and number of whom an answer names."""
    found = re.search(r'^(?:P-Asserted-Identity|Remote-Party-ID): "(.*)" <(?:sip:)?(\w+)[@>]', message, re.M)
    return found and found.groups()


BERND, CLARA = ("Bernd Brandt", "102"), ("Clara Conrad", "103")


def test_a_phone_is_told_who_rings_and_who_answers(lab, controller):
    desk = Baresip(lab, "104")
    call = desk.call("102")
    lab.phone("102").ringing().answer()
    call.wait_answered()
    answers = {text.split()[1]: asserted(text) for text in desk.received if re.search(r"^CSeq: \d+ INVITE", text, re.M)}
    assert (answers["180"], answers["200"]) == (BERND, BERND)


@pytest.mark.parametrize(("agent", "told"), [
    ("Yealink SIP-T54W 96.86.0.70", 'P-Asserted-Identity: "Anna Adler" <sip:101@'),
    ("PolycomVVX-VVX_411-UA/6.3.1", 'P-Asserted-Identity: "Anna Adler" <sip:101@'),
    ("Grandstream GXP2170 1.0.11.64", 'P-Asserted-Identity: "Anna Adler" <sip:101@'),
    ("snomD785/10.1.101.11", 'From: "Anna Adler" 101'),
], ids=lambda text: text.split()[0])
def test_a_phone_that_takes_updates_is_told_who_has_the_call_now(lab, controller, agent, told):
    headers = f"User-Agent: {agent}", "Allow: INVITE, ACK, BYE, CANCEL, UPDATE, INFO"
    call = sipp.caller(lab, "103", "102", until(180), until(200), ack(), until_bye(), headers=headers)
    line = lab.phone("102").ringing()
    assert asserted(call.wait_status(180).text) == BERND
    line.answer()
    controller.wait_for_call(state="talking", result="user:102")
    line.transfer("101")
    lab.phone("101").ringing().answer()
    controller.wait_for_call(state="talking", result="user:101")
    method = "INFO" if agent.startswith("snom") else "UPDATE"
    lab.wait(lambda: any(told in each.text for each in call.messages if each.text.startswith(f"{method} ")), 3,
             "it is not told")


def test_no_phone_is_shown_what_another_says_that_it_is_called(lab, controller):
    """Neither when that answers, nor amid the call: it could be a number that is nobody's business, or headers."""
    said = 'P-Asserted-Identity: "Mobile%0AX-Forged: yes" <sip:01701234567@127.0.0.1>'
    sipp.phone(lab, "103", answer(180, headers=[said]), pause(0.5), answer(200, headers=[said]), until_bye())
    desk = Baresip(lab, "104")
    call = desk.call("103")
    call.wait_answered()
    controller.wait_for_call(state="talking", result="user:103")
    assert {asserted(text) for text in desk.received} - {None} == {CLARA}
    assert not [text for text in desk.received if "Forged" in text or "01701234567" in text]
    call.hang_up()


# ---- keys and causes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("events", [False, True])
@pytest.mark.parametrize("kind", ["dtmf-relay", "dtmf"])
def test_keys_by_info(lab, controller, kind, events):
    call = sipp.caller(lab, "103", "132", until(200), ack(), cue(), info("102#", kind), until_bye(), events=events)
    asked(lab)
    call.cue()
    lab.phone("102").ringing(3)


#: What a phone answers at once, what the journal says of that, and what the caller's phone is told.
ANSWERS = [
    (480, "no-answer", "is not available now (SIP 480)", "480"),
    (486, "busy", "is busy", "486"),
    (488, "offline", "has no codec in common with the caller (SIP 488)", "480"),
    (500, "offline", "has failed (SIP 500)", "480"),
    (503, "offline", "is overloaded or out of service (SIP 503)", "480"),
    (606, "offline", "has nothing in common with the caller (SIP 606)", "480"),
    (404, "rejected", "does not know the number (SIP 404)", "404"),
    (410, "rejected", "says that the number is no more (SIP 410)", "410"),
    (484, "rejected", "finds the number incomplete (SIP 484)", "484"),
    (603, "rejected", "declined", "603"),
]


@pytest.mark.parametrize(("status", "outcome", "words", "told"), ANSWERS, ids=[str(row[0]) for row in ANSWERS])
def test_what_a_phone_answers_is_told(lab, controller, status, outcome, words, told):
    sipp.phone(lab, "103", answer(status))
    assert Baresip(lab, "104").call("103").wait_ended().startswith(told)
    found = controller.wait_for_call(state="ended", caller="104", dialled="103")
    assert found["steps"][0]["legs"][0]["status"] == status and found["steps"][0]["outcome"] == outcome
    assert found["steps"][-1]["reason"].endswith(words)


# ---- numbers with parameters ----------------------------------------------------------------------


@pytest.mark.parametrize(("called", "rung"), [
    ("sip:112;phone-context=+49@127.0.0.1", "112"), ("sip:0%20112@127.0.0.1;user=phone", "112"),
    ("sip:1.1.2@127.0.0.1", "112"), ("sip:(0)112@127.0.0.1", "112"),
])
@pytest.mark.parametrize("alive", [True, pytest.param(False, marks=pytest.mark.apart)])
def test_an_emergency_number_in_an_address(lab, controller, called, rung, alive):
    if not alive:
        controller.kill()
    help_ = lab.outside(rung)
    call = sipp.caller(lab, "103", called, until(180, 183), cancel())
    help_.ringing(2)
    call.wait_ended()


@pytest.mark.parametrize("called", ["sip:104;phone-context=x.example@127.0.0.1", "sip:104;ext=1@127.0.0.1;user=phone"])
def test_a_colleague_in_an_address(lab, controller, called):
    lab.phone("104")
    call = sipp.caller(lab, "103", called, until(180), cancel())
    lab.phone("104").ringing()
    call.wait_ended()
    assert controller.wait_for_call(state="ended", caller="103")["dialled"] == "104"


def test_a_ported_number_of_the_office(lab, controller):
    call = sipp.trunk(lab, CALLER, "sip:+49305550101;npdi;rn=+4930@127.0.0.1", until(180), cancel())
    lab.phone("101").ringing()
    call.wait_ended()
    assert controller.wait_for_call(state="ended", caller=CALLER)["dialled"] == "+49305550101"
