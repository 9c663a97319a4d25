"""What only SIP can show: requests that are refused, headers on the wire, transfers by phones that still ring."""

import dataclasses
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from fsctl.model.sections import Trunk
from fsctl.policies.emergency import SILENT_TRUNK_SECONDS
from tests.live.lab import Lab
from tests.live.test_failsafe import CALLER, HOSTILE
from tests.ports import free_port

pytestmark = pytest.mark.parametrize("_lab", ["freeswitch"], indirect=True, scope="session")

#: What tries something with the quotes of SIP itself, and what may be shown of it.
QUOTES = {'Quo\\"te <sip:999@evil>': "te sip999evil"}


@pytest.fixture(autouse=True)
def phones(lab: Lab) -> None:
    """Who is at work in these tests."""
    lab.phones("101", "102", "103", "104", "120")


@pytest.fixture
def stalled(lab: Lab) -> Iterator[None]:
    """A controller that was stopped: the kernel takes its connections, nobody reads."""
    with socket.create_server(("127.0.0.1", lab.socket_port)):
        yield


# ---- transfers ------------------------------------------------------------------------------------


def test_a_transfer_to_a_ringing_phone(lab):
    call = lab.phone("101").call("102")
    line = lab.phone("102").ringing()
    line.answer()
    call.wait_answered()
    consultation = lab.phone("102").call("103")
    ringing = lab.phone("103").ringing()
    line.transfer_to(consultation)
    consultation.wait_ended()
    ringing.answer()
    assert call.hears(ringing) and ringing.hears(call)
    ringing.hang_up()
    assert call.wait_ended() == "NORMAL_CLEARING"


@pytest.mark.parametrize("caller", ["101", CALLER])
@pytest.mark.parametrize("stall", [False, True])
def test_a_transfer_to_a_ringing_phone_that_nobody_answers(lab, request, caller, stall):
    if stall:
        request.getfixturevalue("stalled")
    call = (lab.outside(caller) if caller == CALLER else lab.phone(caller)).call("102")
    line = lab.phone("102").ringing()
    line.answer()
    call.wait_answered()
    consultation = lab.phone("102").call("103")
    ringing = lab.phone("103").ringing()
    line.transfer_to(consultation)
    consultation.wait_ended()
    ringing.reject(486)
    again = lab.phone("103").ringing()
    again.answer()
    assert call.hears(again) and again.hears(call)
    again.hang_up()
    assert call.wait_ended() == "NORMAL_CLEARING"


def test_the_far_end_of_the_trunk_cannot_transfer(lab):
    call = lab.outside(CALLER).call("101")
    lab.phone("101").ringing().answer()
    call.wait_answered()
    call.transfer("102")
    lab.wait(lambda: any(re.match(r"SIP/2.0 405[^~]*^CSeq: \d+ REFER", message, re.M) for _, message in lab.sip()), 5, "")
    lab.phone("102").quiet(0.2)


# ---- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["inside", "trunk"])
@pytest.mark.parametrize(("name", "shown"), [*HOSTILE.items(), *QUOTES.items()], ids=lambda text: text[:20])
def test_no_name_becomes_a_header(lab, origin, name, shown):
    phone = lab.phone("103") if origin == "inside" else lab.outside(CALLER)
    call = phone.call("101", name)
    line = lab.phone("101").ringing()
    assert line.shown_name == ("Clara Conrad" if origin == "inside" else shown)
    line.answer()
    call.wait_answered()
    call.hang_up()
    line.wait_ended()
    for direction, message in lab.sip():
        if direction == "received":
            assert not re.search(r"^X-Forged", message, re.M | re.I), message


def test_headers_of_the_caller_stay_with_us(lab):
    lab.outside(CALLER).call("101", headers={"X-Evil": "1", "Alert-Info": "evil"})
    sent = lab.phone("101").ringing().headers
    assert "X-Evil" not in sent
    assert "Alert-Info" not in sent


# ---- trunks ---------------------------------------------------------------------------------------


def test_emergency_takes_the_next_trunk(lab):
    """The first trunk says nothing at all, nobody is at the second one's address, the third takes the call."""
    with socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        trunks = {name: Trunk(key=name, dial=f"sofia/gateway/{name}/{{number}}") for name in ("mute", "gone", "provider")}
        office = dataclasses.replace(lab.office, trunks=trunks)
        another = Lab(Path(os.environ["FREESWITCH"]), office, trunks={"mute": silent.getsockname()[1], "gone": free_port()})
        try:
            another.outside("112")
            call = another.phone("101").call("0112")
            line = another.outside("112").ringing(SILENT_TRUNK_SECONDS + 3)
            assert line.shown_number == "+49305550101"
            line.answer()
            call.wait_answered()
        finally:
            another.close()


def answered(method: str, uri: str, source: str, port: int, extra: str = "", to: str = "101") -> str:
    """One request from a raw socket; the status of the final answer."""
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.bind((source, 0))
        udp.settimeout(5)
        host, own = udp.getsockname()
        udp.sendto(
            f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {host}:{own};branch=z9hG4bK{own}\r\nMax-Forwards: 70\r\n"
            f"From: <sip:101@{host}>;tag=1\r\nTo: <sip:{to}@127.0.0.1>\r\nCall-ID: {own}@{host}\r\nCSeq: 1 {method}\r\n"
            f"Contact: <sip:101@{host}:{own}>\r\n{extra}Content-Length: 0\r\n\r\n".encode(), ("127.0.0.1", port),
        )
        while True:
            status = udp.recv(4096).decode().split()[1]
            if status != "100":
                return status


def test_who_is_let_in(lab):
    assert answered("INVITE", "sip:101@127.0.0.1", "127.0.0.2", lab.trunk_port) == "403"
    assert answered("REGISTER", "sip:127.0.0.1", "127.0.0.1", lab.trunk_port) in ("403", "405")
    assert answered("INVITE", "sip:102@127.0.0.1", "127.0.0.1", lab.sip_port) == "407"
    assert answered("REGISTER", "sip:127.0.0.1", "127.0.0.1", lab.sip_port) == "401"
    assert answered("SUBSCRIBE", "sip:101@127.0.0.1", "127.0.0.1", lab.sip_port, "Event: dialog\r\n") == "407"
    lab.phone("101").quiet(0.1)
