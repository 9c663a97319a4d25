"""A mobile whose network sends its calls back to the office: an end after a few rounds, in words."""

import pytest

from tests.live import offices
from tests.live.lab import Lab

CALLER, MOBILE, DEVICE = "+4915112345678", "+491701234567", "+491709876543"
MOST = 3
BY_NIGHT = 'night = { to = "attendant:after-hours" }'
SILENT = 'silence = { after_seconds = 8, to = "mailbox:101" }'

#: Who sends calls on: a number of the office, the telephone outside, and what the office file says for it.
CIRCLES = {
    "person": ("+49305550130", MOBILE, {}),
    "group": ("+49305550300", MOBILE, {
        'members = ["101", "102", "103"]': f'members = ["{MOBILE}"]', "confirm = true                        # outside numbers":
        "confirm = false                        # outside numbers", "skip_busy = true": "skip_busy = false",
        'policy = "circular"': 'policy = "simultaneous"'}),
    "site": ("+49305550100", MOBILE, {BY_NIGHT: f'night = {{ to = "number:{MOBILE}" }}'}),
    "attendant": ("+49305550100", MOBILE, {SILENT: f'silence = {{ after_seconds = 1, to = "number:{MOBILE}" }}'}),
    "phone outside": ("+49305550101", DEVICE, {}),
}


@pytest.mark.parametrize("kind", CIRCLES)
def test_it_ends_after_a_few_rounds(lab, controller, kind):
    number, outside, changes = CIRCLES[kind]
    office = offices.OFFICE
    for before, after in changes.items():
        assert before in office, before
        office = office.replace(before, after)
    controller.apply(office)
    if kind == "person":
        controller.fsctl("executive", "off", "130")
        controller.fsctl("forward", "set", "130", f"number:{MOBILE}")
    if kind in ("site", "attendant"):
        controller.fsctl("night", "on", "berlin")
    mobile, lines = lab.outside(outside), []
    try:
        call = lab.outside(CALLER).call(number)
        while len(lines) < 3 * MOST:
            try:
                lines.append(mobile.ringing(6))
            except TimeoutError:
                break
            call = lab.outside(lines[-1].shown_number).call(number)
            if kind == "attendant":  # which answers, so that the network answers the call before
                call.wait_answered()
                lines[-1].answer()
        assert len(lines) == MOST
        controller.wait_for_log("going round in circles")
    finally:
        lab.hang_up_all()
        controller.forget_settings()
        controller.apply(offices.OFFICE)


def test_a_call_is_not_sent_back_where_the_network_says_that_it_comes_from(lab, controller):
    if not isinstance(lab, Lab):
        pytest.skip("no such headers in the simulator")
    controller.fsctl("executive", "off", "130")
    controller.fsctl("forward", "set", "130", f"number:{MOBILE}")
    try:
        call = lab.outside(CALLER).call("+49305550130", headers={"Diversion": f"<sip:{MOBILE}@x>;reason=unconditional"})
        lab.outside(MOBILE).quiet(0.5)
        call.wait_ended(10)
        controller.wait_for_log("which sends its calls on to here")
    finally:
        controller.forget_settings()
