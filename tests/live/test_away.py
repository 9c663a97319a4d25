"""Away from the office's own wire: TLS and SRTP, and phones behind a NAT."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.clients import Baresip
from tests.live.clients.behind_nat import PRIVATE, TONE, BehindNat
from tests.live.controller import WITH_AND_WITHOUT, Controller
from tests.live.lab import Lab
from tests.live.test_clients import MOBILE, hear, talk


@pytest.fixture(scope="module")
def _lab(certificates) -> Iterator[Lab]:
    lab = Lab(Path(os.environ["FREESWITCH"]), environment={
        "FSCTL_TLS": "true", "FSCTL_TLS_CERTIFICATES": f"{certificates}", "FSCTL_SRTP": "optional", "FSCTL_NAT": "true"})
    yield lab
    lab.close()


@pytest.fixture(autouse=True)
def _clients(controller, lab):
    lab.withdraw("103", "104")
    controller.forget_settings()


def encrypted(lab, line) -> bool:
    """Whether the audio between this client and the switch is."""
    found = [row.partition(",")[0] for row in lab.switch.api("show channels").splitlines()
             if lab.switch.api(f"uuid_getvar {row.partition(',')[0]} sip_call_id").strip() == line.sip_call_id]
    assert len(found) == 1, line.sip_call_id
    return lab.switch.api(f"uuid_getvar {found[0]} rtp_secure_audio_confirmed").strip() == "true"


def without_keys(lab, controller):
    """None is in a log."""
    log = lab.switch.log.read_text("utf-8", "replace")
    assert "103" in log and "inline:" not in log
    assert "inline" not in "".join(controller.log) + str(controller.calls(1))


@pytest.mark.apart
@pytest.mark.parametrize("transport", ["tls", "udp"])
@WITH_AND_WITHOUT
def test_a_phone_with_srtp_is_called_by_one_without(lab, controller, alive, transport):
    desk = Baresip(lab, "103", transport, encryption="srtp-mand")
    if not alive:
        controller.kill()
    call = lab.phone("101").call("103")
    line = desk.ringing()
    talk(lab, call, line)
    assert encrypted(lab, line)
    without_keys(lab, controller)


@pytest.mark.apart
@WITH_AND_WITHOUT
def test_and_calls_one(lab, controller, alive):
    desk, soft = Baresip(lab, "103", "tls", encryption="srtp-mand"), Baresip(lab, "104")
    if not alive:
        controller.kill()
    call = desk.call("104")
    line = soft.ringing()
    talk(lab, call, line)
    assert encrypted(lab, call) and not encrypted(lab, line)


def test_a_trunk_is_not_offered_what_phones_are(lab, controller):
    desk = Baresip(lab, "103", "tls", encryption="srtp-mand")
    call = desk.call(MOBILE)
    line = lab.outside(MOBILE).ringing()
    talk(lab, call, line)
    assert encrypted(lab, call) and not encrypted(lab, line)
    [offer] = [text for way, text in lab.sip() if way == "received" and text.startswith("INVITE ") and line.call_id in text]
    assert "RTP/SAVP" not in offer and "a=crypto" not in offer


def test_it_is_transferred(lab, controller):
    desk, soft = Baresip(lab, "103", "tls", encryption="srtp-mand"), Baresip(lab, "104", "tls", encryption="srtp-mand")
    call = lab.phone("101").call("103")
    line = desk.ringing()
    talk(lab, call, line)
    line.transfer("104")
    other = soft.ringing()
    other.answer()
    hear(lab, call, other)
    assert encrypted(lab, other)


def test_it_picks_up(lab, controller):
    desk = Baresip(lab, "103", "tls", encryption="srtp-mand")
    call = lab.phone("101").call("102")
    lab.phone("102").ringing()
    picker = desk.call("*97102")
    picker.wait_answered()
    call.wait_answered()
    hear(lab, call, picker)
    assert encrypted(lab, picker)


def test_doctor_says_why_nobody_can_call(tmp_path):
    """FreeSWITCH starts no profile without the certificates."""
    lab = Lab(Path(os.environ["FREESWITCH"]), environment={
        "FSCTL_TLS": "true", "FSCTL_TLS_CERTIFICATES": f"{tmp_path / 'missing'}"})
    try:
        lab.wait(lambda: lab.switch.log.read_text("utf-8", "replace").count("WSS.PEM") == 2, 10, "the profiles start")
        _, printed, _ = Controller(lab, tmp_path).run("doctor", "--json")
        [found] = [each for each in json.loads(printed) if each["check"].startswith("SIP of")]
        assert not found["ok"] and "FSCTL_TLS_CERTIFICATES" in found["detail"]
    finally:
        lab.close()


# ---- phones behind a NAT --------------------------------------------------------------------------


@pytest.mark.apart
@WITH_AND_WITHOUT
def test_it_is_called_where_it_sends_from(lab, controller, alive):
    """Two of a person: both ring, at the ports from which they have registered last."""
    desks = [BehindNat(lab, "103"), BehindNat(lab, "103")]
    desks[0].register()
    if not alive:
        controller.kill()
    call = lab.phone("101").call("103")
    for desk in desks:
        assert f"@{PRIVATE}:5060" in desk.wait_request("INVITE").splitlines()[0]
    call.wait_answered()
    lab.wait(lambda: call.heard() == TONE, 5, "it is not heard")
    lab.wait(lambda: any(desk.heard > 20 for desk in desks), 5, "it hears nothing")


def called_by(desk, soft):
    """It calls 104 and is answered there."""
    calling = threading.Thread(target=desk.call, args=("104",))
    calling.start()
    line = soft.ringing()
    line.answer()
    calling.join()
    return line


@pytest.mark.apart
@WITH_AND_WITHOUT
def test_it_calls(lab, controller, alive):
    desk = BehindNat(lab, "103")
    soft = Baresip(lab, "104")
    if not alive:
        controller.kill()
    line = called_by(desk, soft)
    lab.wait(lambda: line.heard() == TONE, 5, "it is not heard")
    lab.wait(lambda: desk.heard > 20, 5, "it hears nothing")
    line.hang_up()
    desk.wait_request("BYE")


def test_the_way_stays_open(lab, controller):
    BehindNat(lab, "103").wait_request("OPTIONS", 60)


@pytest.mark.parametrize("called", [True, False], ids=["called", "calling"])
def test_it_holds_and_hangs_up(lab, controller, called):
    desk = BehindNat(lab, "103")
    if called:
        line = lab.phone("101").call("103")
        line.wait_answered()
    else:
        line = called_by(desk, Baresip(lab, "104"))
    lab.wait(lambda: line.heard() == TONE, 5, "it is not heard")
    lab.holding(1, desk.hold)
    assert line.heard() != TONE
    lab.holding(-1, desk.resume)
    lab.wait(lambda: line.heard() == TONE, 5, "it is not heard again")
    before = desk.heard
    lab.wait(lambda: desk.heard > before + 20, 5, "it hears nothing more")
    desk.hang_up()
    line.wait_ended()


def test_the_other_one_hangs_up(lab, controller):
    desk = BehindNat(lab, "103")
    call = lab.phone("101").call("103")
    call.wait_answered()
    desk.wait_request("ACK")
    call.hang_up()
    desk.wait_request("BYE")


def test_its_lamp(lab, controller):
    desk = BehindNat(lab, "103")
    desk.subscribe("101")
    desk.wait_request("NOTIFY")
    lab.phone("101").call("102")
    lab.wait(lambda: "<state>" in desk.requests[-1] and "terminated" not in desk.requests[-1], 5, f"{desk.requests}")


@pytest.mark.apart
@WITH_AND_WITHOUT
def test_it_is_called_only_where_it_has_moved_to(lab, controller, alive):
    """Another phone of the same person stays where it is."""
    desk, soft = BehindNat(lab, "103"), Baresip(lab, "103")
    before = desk.port
    desk.register()
    if not alive:
        controller.kill()
    found = lab.switch.api("sofia_contact 103")
    assert f"%3A{desk.port}" in found and f"%3A{before}" not in found and found.count("sofia/") == 2
    lab.phone("101").call("103").wait_answered()
    soft.ringing()
    desk.wait_request("INVITE")
