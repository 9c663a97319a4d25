"""A FreeSWITCH behind a NAT: which address it tells whom. test_external_address.py runs this."""

import os
import re
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.live.clients.behind_nat import TONE, BehindNat
from tests.live.clients.plain_trunk import PlainTrunk
from tests.live.lab import Lab
from tests.ports import free_port

#: Of the networks for examples (RFC 5737).
OUTSIDE, EXTERNAL = "198.51.100.7", "203.0.113.5"
INSIDE = "127.0.0.1"


class _Lab(Lab):
    """Its trunk leads outside. ``told_inside`` is the address that phones in its network find in Contact."""

    told_inside = ""

    def _gateways(self) -> Mapping[str, str]:
        return {name: text.replace(INSIDE, OUTSIDE) for name, text in super()._gateways().items()}


@pytest.fixture(scope="module", params=["autonat:", ""], ids=["outside alone", "everybody"])
def _lab(request) -> Iterator[Lab]:
    lab = _Lab(Path(os.environ["FREESWITCH"]), trunks={"provider": free_port()}, environment={
        "FSCTL_NAT": "true", "FSCTL_EXTERNAL_IP": f"{request.param}{EXTERNAL}"})
    lab.told_inside = INSIDE if request.param else EXTERNAL
    yield lab
    lab.close()


@pytest.fixture(autouse=True)
def _clients(lab):
    lab.phone("101")
    lab.withdraw("103")


def told(message):
    """The addresses in Contact and SDP."""
    return tuple(re.search(pattern, message, re.M)[1] for pattern in (r"^Contact: .*@([\d.]+)", r"^c=IN IP4 ([\d.]+)"))


def test_a_phone_outside_is_called(lab):
    desk = BehindNat(lab, "103", OUTSIDE)
    call = lab.phone("101").call("103")
    call.wait_answered()
    assert told(desk.wait_request("INVITE")) == (EXTERNAL, EXTERNAL)
    lab.wait(lambda: call.heard() == TONE, 5, "it is not heard")
    answers = [text for way, text in lab.sip() if way == "received" and call.sip_call_id in text]
    assert told(next(text for text in answers if text.startswith("SIP/2.0 200"))) == (lab.told_inside, INSIDE)


def test_a_phone_outside_calls(lab):
    desk, answers = BehindNat(lab, "103", OUTSIDE), []
    calling = threading.Thread(target=lambda: answers.append(desk.call("101")))
    calling.start()
    line = lab.phone("101").ringing()
    line.answer()
    calling.join()
    assert told(answers[0]) == (EXTERNAL, EXTERNAL)
    [offer] = [text for _, text in lab.sip() if text.startswith("INVITE ") and line.call_id in text]
    assert told(offer) == (lab.told_inside, INSIDE)


def test_a_trunk_outside_is_called(lab):
    trunk = PlainTrunk(lab, lab.trunks["provider"], 488, OUTSIDE)
    call = lab.phone("101").call("112")
    call.wait_answered()
    assert told(trunk.offers[0][1]) == (EXTERNAL, EXTERNAL)
    lab.wait(lambda: call.heard() == call.tone, 5, "it is not heard")
