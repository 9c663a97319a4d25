"""Encryption is insisted on, and the trunk has none: whoever calls for help gets through all the same."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.clients import Baresip
from tests.live.clients.plain_trunk import PlainTrunk
from tests.live.controller import WITH_AND_WITHOUT
from tests.live.lab import Lab
from tests.live.test_features import steps
from tests.ports import free_port

MOBILE = "+491701234567"

#: What such a trunk says to an offer of encrypted audio alone; None: it answers as if it could read it.
REFUSALS = pytest.mark.parametrize("refusal", [488, 415, 606, None])


@pytest.fixture(scope="module")
def _lab() -> Iterator[Lab]:
    lab = Lab(Path(os.environ["FREESWITCH"]), trunks={"provider": free_port()}, environment={
        "FSCTL_SRTP": "mandatory", "FSCTL_TRUNK_SRTP": "mandatory"})
    yield lab
    lab.close()


@pytest.fixture(autouse=True)
def _clients(controller, lab):
    lab.withdraw("103")
    controller.forget_settings()


@pytest.mark.apart
@WITH_AND_WITHOUT
@REFUSALS
def test_an_emergency_call(lab, controller, alive, refusal):
    """Of a phone with encryption; once more, and plain, within a second."""
    trunk, desk = PlainTrunk(lab, lab.trunks["provider"], refusal), Baresip(lab, "103", encryption="srtp-mand")
    if not alive:
        controller.kill()
    call = desk.call("112")
    call.wait_answered()
    lab.wait(lambda: trunk.encrypted == [True, False], 2, f"{trunk.offers}")
    assert trunk.offers[1][0] - trunk.offers[0][0] < 1
    lab.wait(lambda: call.heard() == desk.tone, 5, "nothing is heard")


@pytest.mark.apart
@WITH_AND_WITHOUT
def test_an_emergency_call_of_a_phone_that_has_none_either(lab, controller, alive):
    trunk = PlainTrunk(lab, lab.trunks["provider"], 488)
    phone = lab.phone("101")
    if not alive:
        controller.kill()
    call = phone.call("112")
    call.wait_answered()
    lab.wait(lambda: call.heard() == call.tone, 5, "nothing is heard")
    call.hang_up()
    lab.wait(lambda: "BYE" in trunk.requests, 5, "its end is not told")


@REFUSALS
def test_any_other_call_fails(lab, controller, refusal):
    trunk, desk = PlainTrunk(lab, lab.trunks["provider"], refusal), Baresip(lab, "103", encryption="srtp-mand")
    desk.call(MOBILE).wait_ended()
    assert trunk.encrypted == [True]
    (_, _, called, became), _ = steps(controller.wait_for_call(state="ended", caller="103"))
    assert (called, became) == (f"number:{MOBILE}", "offline")


def test_a_phone_without_encryption_makes_no_other_call(lab, controller):
    """It is refused when somebody answers."""
    call = lab.phone("101").call("102")
    lab.phone("102").ringing().answer()
    assert call.wait_ended() == "INCOMPATIBLE_DESTINATION" and not call.answered


def test_a_switch_that_has_no_setting_for_trunks_keeps_its_own(lab, controller):
    """One with a configuration of its own, into which the dialplan alone was taken; here its own is mandatory."""
    trunk, desk = PlainTrunk(lab, lab.trunks["provider"], 488), Baresip(lab, "103", encryption="srtp-mand")
    before = lab.switch.api("global_getvar fsctl_trunk_srtp")
    lab.switch.api("global_setvar fsctl_trunk_srtp=")
    try:
        desk.call(MOBILE).wait_ended()
        assert trunk.encrypted == [True]
        lab.switch.api("global_setvar fsctl_trunk_srtp=:")
        desk.call(MOBILE).wait_answered()
        assert trunk.encrypted == [True, False]
    finally:
        lab.switch.api(f"global_setvar fsctl_trunk_srtp={before}")
