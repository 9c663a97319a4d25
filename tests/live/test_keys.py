"""Keys of a line that has nothing but their sounds, and those that a trunk sends by INFO, wherever keys are asked for."""

from contextlib import suppress

import pytest

from tests.live.clients import sipp
from tests.live.clients.scenario import ack, cue, info, until, until_bye
from tests.live.test_clients import asked
from tests.wire.peer import eventually

pytestmark = pytest.mark.parametrize("_lab", ["freeswitch"], indirect=True, scope="session")

CALLER, DEVICE, BERLIN = "+4915112345678", "+491709876543", "+49305550100"


@pytest.fixture(autouse=True)
def _phones(controller, lab):
    lab.phones("101", "102", "103")
    controller.forget_settings()


@pytest.fixture
def night(controller):
    """Callers from outside hear the attendant."""
    controller.fsctl("night", "on", "berlin")


def sung(lab, call, key, extension):
    """Who rings then; a sound that is torn on its way is sung again, before the attendant's patience is over."""
    asked(lab)
    for _ in range(3):
        call.sing(key)
        with suppress(TimeoutError):
            return lab.phone(extension).ringing(4.5)
    raise TimeoutError(f"{extension} does not ring")


@pytest.mark.parametrize("kind", ["dtmf-relay", "dtmf"])
@pytest.mark.parametrize("events", [False, True])
def test_an_attendant_hears_what_a_trunk_sends_by_info(lab, controller, night, kind, events):
    call = sipp.trunk(lab, CALLER, BERLIN, until(200), ack(), cue(), info("102#", kind), until_bye(), events=events)
    asked(lab)
    call.cue()
    lab.phone("102").ringing(3)


@pytest.mark.parametrize("sounds", [False, True])
def test_who_is_asked_for_a_1(lab, controller, sounds):
    device = lab.outside(DEVICE)
    call = lab.phone("103").call("101")
    lab.phone("101").ringing()
    mobile = device.ringing()
    if sounds:
        mobile.has_no_keys()
    mobile.answer()  # and its phone speaks its own tone again
    for _ in range(5):  # whoever presses while he is still being asked presses again
        (mobile.sing if sounds else mobile.press)("1")
        with suppress(TimeoutError):
            call.wait_answered(1.5)
            break
    mobile.answer()  # and its phone speaks its own tone again
    eventually(lambda: call.hears(mobile) and mobile.hears(call), "they do not hear each other", 5)


def test_an_attendant_hears_sounds_and_who_talks_then_does_not(lab, controller, night):
    """In a talk they come through as they are; keys beside them would be a second time the same."""
    call = lab.outside(CALLER).call(BERLIN, keys=False)
    call.wait_answered()
    asked(lab)
    uuid = controller.calls(1)[0]["uuid"]
    assert "inband_dtmf" in lab.switch.api(f"uuid_buglist {uuid}")
    line = sung(lab, call, "0", "101")
    line.answer()
    controller.wait_for_call(state="talking", result="user:101")
    eventually(lambda: call.hears(line) and line.hears(call), "they do not hear each other", 5)
    assert "inband_dtmf" not in lab.switch.api(f"uuid_buglist {uuid}")
