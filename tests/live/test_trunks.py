"""Trunks as providers have them: the examples of docs/freeswitch.md, with a second FreeSWITCH as the provider, and sipp
where it matters what exactly stands in a message.
"""

import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from fsctl.policies.outbound import PROGRESS_SECONDS
from tests.live import offices
from tests.live.clients import sipp
from tests.live.clients.scenario import cancel, until
from tests.live.lab import Lab
from tests.live.provider import REALM, Provider, trunks
from tests.live.sip_phone import SipLine
from tests.live.test_failsafe import HOSTILE
from tests.live.test_features import steps
from tests.live.test_sip import answered

CALLER, MOBILE, VERIFIED, CLAIMED = "+4915112345678", "+491701234567", "+4915100000001", "+4915100000002"

ACCOUNT = "1234567e0"

#: A call that comes by the contact of the gateway ``account``.
BY_CONTACT = "sip:gw+account@127.0.0.1"

#: The profile's timer-T1X64, in seconds.
SILENT_SECONDS = 6


def with_trunks(trunks: str) -> str:
    """The office of the scenarios with these trunks."""
    text, count = re.subn(r"^\[trunks\.provider\].*\n(?:\S.*\n)+", lambda _: trunks, offices.OFFICE, flags=re.M)
    assert count == 1
    return text


OFFICE = with_trunks(trunks("provider"))


@pytest.fixture(scope="module")
def provider() -> Provider:
    made = Provider()
    made.another("refused", "account", {"secret-of-1234567e0": "wrong"})
    made.another("single", "by-pai", {
        'name="fsctl_caller" value="pai"': 'name="fsctl_called" value="request"',
        "<variables>": '<param name="extension" value="+49305550101"/><variables>'})
    made.another("watched", "first", {'"3600"': '"5"'})
    return made


@pytest.fixture(scope="module")
def _lab(provider: Provider) -> Iterator[Lab]:
    lab = Lab(Path(os.environ["FREESWITCH"]), provider=provider)
    lab.switch.api("sofia profile trunk register all")  # it was there before its provider
    yield lab
    lab.close()


@pytest.fixture
def office(controller):
    """Other trunks in the office file, until the end of the test."""
    yield lambda *names: controller.apply(with_trunks(trunks(*names)))
    controller.apply(OFFICE)


@pytest.fixture(autouse=True)
def phones(lab):
    """Who is at work in these tests."""
    lab.phones("101", "120")


def registered(lab, gateway):
    lab.wait(lambda: re.search(r"^State\s+REGED$", lab.switch.api(f"sofia status gateway {gateway}"), re.M) is not None,
             10, f"{gateway} does not register")


def contact_of(lab, account):
    """Where an account of the provider is registered."""
    contact = lab.exchange.api(f"sofia_contact accounts/{account}@{REALM}").strip().partition(",")[0]
    assert contact.startswith("sofia/accounts/sip:gw+"), contact
    return contact


def by_account(lab, account, called, **told):
    """The provider calls an account where it is registered, and names in To which number was called."""
    line = SipLine(lab, str(uuid4()))
    lab.place(line, contact_of(lab, account), {
        "sip_invite_to_uri": f"<sip:{called}@{REALM}>", "origination_caller_id_number": CALLER, **told})
    return line


def by_sipp(lab, request, to, *headers, caller=CALLER):
    """A call that is given up as soon as it rings."""
    return sipp.trunk(lab, caller, request, until(180), cancel(), headers=headers, to=to)


def calls_out(lab, caller, number):
    """Somebody calls outside and is answered there; the line of who was called."""
    call = lab.phone(caller).call(number)
    line = lab.outside(number).ringing()
    line.answer()
    call.wait_answered()
    return line


def sip_user(header):
    found = re.search(r"<sip:([^@]*)@", header)
    assert found, header
    return found[1]


# ---- a fixed address ------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "extension"), [
    ("+49305550101", "101"), ("49305550101", "101"), ("0049305550101", "101"), ("0305550101", "101"),
    ("+442079460120", "120"), ("+442079460100", "120"),
])
def test_each_number_arrives_where_it_belongs(lab, controller, number, extension):
    call = lab.outside(CALLER).call(number)
    line = lab.phone(extension).ringing()
    assert line.shown_number == CALLER
    line.answer()
    call.wait_answered()


def test_a_call_out_by_a_fixed_address(lab, controller):
    line = calls_out(lab, "101", MOBILE)
    assert sip_user(line.headers["From"]) == "+49305550101"


# ---- an account -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "extension"), [("+49305550101", "101"), ("0049305550101", "101"), ("+442079460120", "120")])
def test_each_number_of_an_account_arrives_where_it_belongs(lab, controller, number, extension):
    registered(lab, "account")
    call = by_account(lab, ACCOUNT, number)
    line = lab.phone(extension).ringing()
    assert line.shown_number == CALLER
    line.answer()
    call.wait_answered()
    line.hang_up()
    call.wait_ended()


@pytest.mark.apart
def test_and_without_a_controller(lab, controller):
    controller.kill()
    test_each_number_of_an_account_arrives_where_it_belongs(lab, controller, "+49305550101", "101")


def test_a_call_out_by_an_account(lab, controller, office):
    """The provider asks for the password, gets it, and finds the account in From and the caller's number beside it."""
    office("account")
    registered(lab, "account")
    line = calls_out(lab, "101", MOBILE)
    assert sip_user(line.headers["From"]) == ACCOUNT
    assert sip_user(line.headers["P-Asserted-Identity"]) == "+49305550101"


@pytest.mark.parametrize("request_", ["gw+account", ACCOUNT, "gw+account;x=y"])
@pytest.mark.parametrize(("to", "header"), [
    ("+442079460120", ""),
    ("+442079460120;npdi", ""),
    ("+44-20-7946-0120", ""),
    ("+49305550101", "P-Called-Party-ID: <tel:+44-20-7946-0120>"),
    (ACCOUNT, "P-Called-Party-ID: <sip:+442079460120@provider.example;user=phone>"),
    ("+49305550101", 'P-Called-Party-ID: "No <sip:+49305550101@x>" <sip:+442079460120@provider.example>'),
    ("+49305550101", "P-Called-Party-ID: sip:+442079460120@provider.example"),
    ("+49305550101", "P-Called-Party-ID: <tel:+442079460120>"),
    ("+442079460120", "P-Called-Party-ID: <sip:anonymous@provider.example>"),
])
def test_where_an_account_finds_the_called_number(lab, controller, request_, to, header):
    by_sipp(lab, f"sip:{request_}@127.0.0.1", to, *filter(None, [header]))
    line = lab.phone("120").ringing()
    line.wait_ended()
    found = controller.wait_for_call(state="ended", result="gone")
    assert (found["dialled"], found["caller"]) == ("+442079460120", CALLER)


@pytest.mark.parametrize(("request_", "to", "headers", "dialled"), [
    ("+442079460120", "+49305550101", [], "+442079460120"),
    ("+49305550101", "+49305550101", ["P-Called-Party-ID: <sip:+442079460120@provider.example>"], "+442079460120"),
    ("120", "+49305550101", [], "120"),
    ("+44(20)7946.0120", "+49305550101", [], "+442079460120"),
    ("tel:+44-20-7946-0120", "+49305550101", [], "+442079460120"),
])
def test_a_request_that_names_a_number_counts_before_to(lab, controller, request_, to, headers, dialled):
    """A call that somebody outside has sent on to us has in To what was dialled there."""
    by_sipp(lab, request_, to, *headers)
    lab.phone("120").ringing().wait_ended()
    assert controller.wait_for_call(state="ended")["dialled"] == dialled


@pytest.fixture
def nobody(lab):
    """After the test: neither the office's phones were rung, nor anybody outside."""
    outside = [lab.outside(number) for number in ("112", "110", MOBILE)]
    yield
    assert not any(phone.arrived for phone in (*outside, lab.phone("101"), lab.phone("120")))


def say(lab, where, text):
    """A call by the account's contact that names this as the called number; the answers."""
    named = [f"P-Called-Party-ID: <sip:{text}@provider.example>"] if where == "P-Called-Party-ID" else []
    return by_sipp(lab, BY_CONTACT, ACCOUNT if named else text, *named).wait_ended()


@pytest.mark.parametrize("number", ["112", "0112", "110", "+491701234567", "00491701234567", "701"])
@pytest.mark.parametrize("where", ["To", "P-Called-Party-ID"])
def test_only_the_offices_numbers_are_reached(lab, controller, nobody, where, number):
    """No emergency number, outside number or slot."""
    assert say(lab, where, number)[-1] == 404
    controller.wait_for_call(state="ended", dialled=number, result="announcement:unknown-number")


@pytest.mark.parametrize("text", [
    "*98", "%2A98", "*280", "%2361", "slot%2B701", "park%2B701", "failsafe_101", "gw%2Baccount", "9" * 31,
    "9" * 2000, "user/101", "101,102", "101%0A102", "%24%7Bsystem(touch%20/tmp/fsctl-x)%7D", "101%24%7Bsystem(touch%20/tmp/fsctl-x)%7D",
    "%2524%257Bsystem(touch%20/tmp/fsctl-x)%257D",
], ids=lambda text: text[:20])
@pytest.mark.parametrize("where", ["To", "P-Called-Party-ID"])
def test_what_is_no_number_is_not_asked_for(lab, controller, nobody, where, text):
    """Star codes, what the dialplan itself calls things, and what would be run where texts are expanded.

    What is no number there leaves what the request names, which is the account; the journal has it with its reason.
    """
    assert say(lab, where, text)[-1] == (484 if text == "9" * 31 else 404)
    found = controller.wait_for_call(state="ended", caller=CALLER, result="hangup:unknown-number")
    assert [(step["action"], step["target"]) for step in found["steps"]] == [("hangup", "hangup:unknown-number")]
    assert not Path("/tmp/fsctl-x").exists()


@pytest.mark.parametrize("uri", ["sip:gw+account@127.0.0.1", "sip:x@127.0.0.1;gw=account", "sip:+49305550101@127.0.0.1"])
def test_a_stranger_is_refused_whatever_he_names(lab, controller, uri):
    header = "P-Called-Party-ID: <sip:+49305550101@provider.example>\r\n"
    for extra in ("", header):
        assert answered("INVITE", uri, "127.0.0.2", lab.trunk_port, extra, to="+49305550101") == "403"
    lab.phone("101").quiet(0.1)


def test_calls_by_a_gateways_contact_come_from_outside(lab, controller, nobody):
    """Whichever way a request names it, its context is that of the profile, where no emergency number is known."""
    for number in ("112", "*98"):
        assert by_sipp(lab, f"sip:{number}@127.0.0.1;gw=account", "112").wait_ended()[-1] == 404
        controller.wait_for_call(state="ended", dialled=number, result="announcement:unknown-number")


def test_an_account_with_a_single_number(lab, controller):
    """Its requests name the number nowhere, and in To an account of digits: the gateway names it."""
    by_sipp(lab, "sip:gw+single@127.0.0.1", "7654321")
    lab.phone("101").ringing().wait_ended()


def test_settings_for_all_trunks():
    """An account of digits in the request, and the caller's number in P-Asserted-Identity; without a controller."""
    lab = Lab(Path(os.environ["FREESWITCH"]), environment={"FSCTL_TRUNK_CALLED": "to", "FSCTL_TRUNK_CALLER": "pai"})
    try:
        phone = lab.phone("101")
        by_sipp(lab, "7654321", "+49305550101", *asserting("pai"), caller=FROM)
        line = phone.ringing()
        assert (line.shown_name, line.shown_number) == BY_PAI
        line.wait_ended()
    finally:
        lab.close()


# ---- several accounts -----------------------------------------------------------------------------


@pytest.mark.parametrize(("account", "number", "extension"), [
    ("berlin-1", "+49305550101", "101"), ("442079460100", "+442079460120", "120"), ("442079460100", "+49305550101", "101"),
])
def test_calls_to_several_accounts(lab, controller, account, number, extension):
    registered(lab, "berlin")
    registered(lab, "london")
    by_account(lab, account, number)
    assert lab.phone(extension).ringing().shown_number == CALLER


@pytest.mark.parametrize(("caller", "number", "account"), [
    ("101", MOBILE, "berlin-1"), ("120", "+447400123456", "442079460100"),
])
def test_each_site_calls_by_its_account(lab, controller, office, caller, number, account):
    office("berlin", "london")
    registered(lab, "berlin")
    registered(lab, "london")
    line = calls_out(lab, caller, number)
    assert sip_user(line.headers["From"]) == account


# ---- a second trunk -------------------------------------------------------------------------------


@contextmanager
def trunk_that_says(port, *statuses):
    """A provider that answers each INVITE so, or by nothing at all; how many have come."""
    seen, over = [], threading.Event()

    def serve(udp):
        while not over.is_set():
            try:
                text, sender = udp.recvfrom(65536)
            except TimeoutError:
                continue
            lines = text.decode().split("\r\n")
            if lines[0].startswith("INVITE "):
                seen.append(text)
                kept = [line for line in lines if re.match("(Via|From|To|Call-ID|CSeq):", line)]
                for status in statuses:
                    tagged = [f"{line};tag=far" if line.startswith("To:") and status > 100 else line for line in kept]
                    udp.sendto("\r\n".join([f"SIP/2.0 {status} So", *tagged, "Content-Length: 0", "", ""]).encode(), sender)

    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", port))
        udp.settimeout(0.1)
        thread = threading.Thread(target=serve, args=(udp,))
        thread.start()
        try:
            yield seen
        finally:
            over.set()
            thread.join()


def falls_over(lab, controller, within):
    """A call out that the first trunk does not take and the second does; within how many seconds."""
    placed = time.monotonic()
    call = lab.phone("101").call(MOBILE)
    line = lab.outside(MOBILE).ringing(within[1] + 5)
    assert within[0] <= line.arrived_at - placed <= within[1]
    line.answer()
    call.wait_answered()
    line.hang_up()
    call.wait_ended()
    found = controller.wait_for_call(state="ended", caller="101")
    assert [step[2:] for step in steps(found)] == [(f"number:{MOBILE}", "offline"), (f"number:{MOBILE}", "answered")]


def test_nobody_is_at_the_first_trunk(lab, controller, office):
    office("first", "second")
    falls_over(lab, controller, (0, 1.5))


@pytest.mark.parametrize("statuses", [(503,), (500,), (100, 503), (408,), (504,), (501,), (407,)], ids=str)
def test_the_first_trunk_refuses(lab, controller, office, provider, statuses):
    office("first", "second")
    with trunk_that_says(provider.first_port, *statuses) as seen:
        falls_over(lab, controller, (0, 1.5))
    assert len(seen) == 1


def test_the_first_trunk_says_nothing(lab, controller, office, provider):
    office("first", "second")
    with trunk_that_says(provider.first_port):
        falls_over(lab, controller, (SILENT_SECONDS - 0.5, SILENT_SECONDS + 2))


def test_the_first_trunk_lets_nothing_ring(lab, controller, office, provider):
    office("first", "second")
    with trunk_that_says(provider.first_port, 100):
        falls_over(lab, controller, (PROGRESS_SECONDS - 1.5, PROGRESS_SECONDS + 2))


def test_the_first_trunk_is_down_by_ping(lab, controller, provider):
    """Though it says nothing, nobody waits for it."""
    with trunk_that_says(provider.first_port):
        controller.apply(with_trunks(trunks("first", "second").replace("gateway/first", "gateway/watched")))
        lab.wait(lambda: re.search(r"^Status\s+DOWN", lab.switch.api("sofia status gateway watched"), re.M) is not None, 30,
                 "nobody notices that it is dead")
        try:
            falls_over(lab, controller, (0, 1.5))
        finally:
            controller.apply(OFFICE)


def test_the_first_trunk_is_not_registered(lab, controller):
    controller.apply(with_trunks(trunks("first", "second").replace("gateway/first", "gateway/refused")))
    lab.wait(lambda: re.search(r"^State\s+(FAIL_WAIT|FAILED)", lab.switch.api("sofia status gateway refused"), re.M) is not None,
             10, "its wrong password is right")
    try:
        falls_over(lab, controller, (0, 1.5))
    finally:
        controller.apply(OFFICE)


@pytest.mark.parametrize(("status", "cause"), [(486, "USER_BUSY"), (404, "UNALLOCATED_NUMBER")])
def test_what_the_far_side_says_is_no_failure_of_the_trunk(lab, controller, office, provider, status, cause):
    office("first", "second")
    with trunk_that_says(provider.first_port, status):
        assert lab.phone("101").call(MOBILE).wait_ended() == cause
    assert not lab.outside(MOBILE).arrived


# ---- the caller's number --------------------------------------------------------------------------


def asserting(*names):
    """The headers that name somebody who calls."""
    return [{
        "pai": f'P-Asserted-Identity: "Verified" <sip:{VERIFIED}@provider.example>',
        "rpid": f'Remote-Party-ID: "Claimed" <sip:{CLAIMED}@provider.example>;party=calling',
        "ppi": "P-Preferred-Identity: <sip:+4915100000009@provider.example>",
        "anonymous": "P-Asserted-Identity: <sip:anonymous@anonymous.invalid>",
        "privacy": "Privacy: id",
        "full": f'Remote-Party-ID: "Claimed" <sip:{CLAIMED}@provider.example>;party=calling;privacy=full',
    }[name] for name in names]


FROM = f'"Lee" <sip:{CALLER}@127.0.0.1>'
NOBODY = '"Anonymous" <sip:anonymous@anonymous.invalid>'
WITHHELD = ("Anonymous", "anonymous")
BY_FROM, BY_PAI, BY_RPID = ("Lee", CALLER), ("Verified", VERIFIED), ("Claimed", CLAIMED)


@pytest.mark.parametrize(("gateway", "headers", "caller", "shown"), [
    ("account", (), FROM, BY_FROM),
    ("account", ("pai",), FROM, BY_FROM),
    ("account", ("rpid",), FROM, BY_FROM),
    ("account", ("rpid",), f'"Lee" <sip:{CLAIMED}@127.0.0.1>', BY_RPID),
    ("account", ("ppi", "pai", "rpid"), FROM, BY_FROM),
    ("account", ("pai",), f"<sip:{CALLER}@127.0.0.1>", (CALLER, CALLER)),
    ("account", ("pai",), NOBODY, WITHHELD),
    ("account", ("pai", "privacy"), NOBODY, WITHHELD),
    ("account", ("pai", "privacy"), FROM, WITHHELD),
    ("account", ("full",), FROM, WITHHELD),
    ("account", (), "<sip:unknown@unknown.invalid>", WITHHELD),
    ("account", (), '"Lee" <sip:+49-151-123-456-78@127.0.0.1>', BY_FROM),
    ("account", ("pai",), '"Lee" <tel:+49-151-123-456-78>', BY_FROM),
    ("by-pai", ("pai", "privacy"), NOBODY, WITHHELD),
    ("by-rpid", ("full",), NOBODY, WITHHELD),
    ("by-pai", (), FROM, BY_FROM),
    ("by-pai", ("pai",), FROM, BY_PAI),
    ("by-pai", ("pai",), NOBODY, BY_PAI),
    ("by-pai", ("rpid",), FROM, BY_FROM),
    ("by-pai", ("anonymous",), FROM, BY_FROM),
    ("by-pai", ("pai", "rpid"), FROM, BY_PAI),
    ("by-pai", ("pai", "ppi"), FROM, (VERIFIED, VERIFIED)),
    ("by-rpid", (), FROM, BY_FROM),
    ("by-rpid", ("rpid",), FROM, BY_RPID),
    ("by-rpid", ("pai",), FROM, BY_FROM),
    ("by-rpid", ("pai", "rpid"), FROM, (CLAIMED, CLAIMED)),
], ids=str)
def test_who_calls(lab, controller, gateway, headers, caller, shown):
    by_sipp(lab, f"sip:gw+{gateway}@127.0.0.1", "+49305550101", *asserting(*headers), caller=caller)
    line = lab.phone("101").ringing()
    assert (line.shown_name, line.shown_number) == shown
    if shown == WITHHELD:
        assert not re.search("Lee|Verified|Claimed|[+]49151", "".join(
            line.headers.get(name, "") for name in ("From", "P-Asserted-Identity", "Remote-Party-ID")))
    line.wait_ended()


@pytest.mark.parametrize("name", [*HOSTILE, f"a\\\\b <sip:{MOBILE}@x>"], ids=lambda text: text[:20])
@pytest.mark.parametrize("gateway", ["account", "by-pai", "by-rpid"])
def test_no_name_becomes_more_than_a_name(lab, controller, gateway, name):
    header = (f'Remote-Party-ID: "{name}" <sip:{CLAIMED}@provider.example>;party=calling' if gateway == "by-rpid" else
              f'P-Asserted-Identity: "{name}" <sip:{VERIFIED}@provider.example>')
    by_sipp(lab, f"sip:gw+{gateway}@127.0.0.1", "+49305550101", header, caller=f'"{name}" <sip:{CALLER}@127.0.0.1>')
    line = lab.phone("101").ringing()
    assert re.fullmatch(r"[\w .+()-]{1,64}", line.shown_name)
    assert line.shown_number == {"account": CALLER, "by-pai": VERIFIED, "by-rpid": CLAIMED}[gateway]
    assert "X-Forged" not in line.headers
    assert not Path("/tmp/x").exists()
    line.wait_ended()
