"""A switch that is full, or gets more calls in a second than it takes: 112 gets through, others hear why they do not."""

import re
from collections.abc import Callable

import pytest

from tests.live.lab import Lab
from tests.live.simulated import Simulated

CALLERS = ("+491701112201", "+491701112202", "+491701112203", "+491701112204")
CALLED = ("101", "102", "103", "104")
#: One phone of each site, and the number for help there.
SITES = [("103", "112"), ("104", "0110"), ("120", "999")]

FULL = "the sessions that are left are for emergency calls"
TOO_MANY = "more calls in one second than the switch takes"


@pytest.fixture(scope="module", params=["dead", "alive"])
def life(request):
    return request.param


@pytest.fixture
def told(life, lab, request) -> Callable[[str], None]:
    """Expects that fsctl, where it is alive, writes into the journal that a call was refused with these words."""
    lab.phones("101", "102", "103", "104", "120")
    if life == "dead":
        return lambda words: None
    controller = request.getfixturevalue("controller")
    before = {call["uuid"] for call in controller.calls(1000)}

    def expect(words: str) -> None:
        lab.wait(lambda: any(
            [(step["policy"], step["reason"]) for step in call["steps"]] == [("room", words)]
            for call in controller.calls(1000)
            if call["uuid"] not in before and call["state"] == "ended" and call["result"] == "hangup:switch-congestion"
        ), 5, f"the journal does not say {words!r}")

    return expect


@pytest.fixture
def tuned(lab):
    """Sets what the switch may carry; afterwards it is as before."""
    yield lab.switch.api
    for command in ("fsctl max_sessions 2000", "global_setvar FSCTL_EMERGENCY_ROOM=10",
                    "global_setvar FSCTL_CALLS_PER_SECOND=100"):
        lab.switch.api(command)


def crowd(lab):
    """Four talks, which have two sessions each."""
    lines = []
    for caller, called in zip(CALLERS, CALLED, strict=True):
        call = lab.outside(caller).call(called)
        line = lab.phone(called).ringing()
        line.answer()
        call.wait_answered()
        lines.append((call, line))
    return lines


@pytest.fixture
def full(lab, told, tuned):
    """Of ten sessions eight are in use. A phone's call needs two for a moment: it is asked for its password."""
    tuned("fsctl max_sessions 10")
    tuned("global_setvar FSCTL_EMERGENCY_ROOM=20")
    return crowd(lab)


@pytest.mark.parametrize(("phone", "dialled"), SITES)
def test_a_full_switch_carries_emergency_calls(lab, full, phone, dialled):
    services = lab.outside(dialled[-3:])
    call = lab.phone(phone).call(dialled)
    line = services.ringing(2)
    assert line.started_ringing_after < 2
    line.answer()
    call.wait_answered()
    call.hang_up()
    line.wait_ended()


def test_the_next_leg_of_an_emergency_call_begins_where_no_session_is_left(lab, full, tuned):
    lab.phone("103").call("112")
    line = lab.outside("112").ringing(2)
    tuned("fsctl max_sessions 5")
    line.reject(503)
    lab.outside("112").ringing(2)


def test_calls_that_come_at_once_leave_room_as_well(lab, told, tuned):
    """Of 20 sessions 14 are for others: seven callers, and the phones that ring for them. 120 has nobody who picks up,
    for whom each call would have one more while it rings."""
    tuned("fsctl max_sessions 20")
    tuned("global_setvar FSCTL_EMERGENCY_ROOM=30")
    calls = [lab.outside(f"+4917011123{number}").call("120") for number in range(10, 30)]
    lab.wait(lambda: sum(call.ended for call in calls) >= 13, 5, "too few were refused")
    lab.phone("103").call("112")
    assert lab.outside("112").ringing(2).started_ringing_after < 2


@pytest.mark.parametrize("origin", ["inside", "trunk"])
def test_a_full_switch_takes_no_other_calls(lab, full, told, origin):
    phone = lab.phone("120") if origin == "inside" else lab.outside("+491701112299")
    assert phone.call("103").wait_ended(2) == "SWITCH_CONGESTION"
    told(FULL)
    lab.phone("103").quiet(0.1)
    assert not any(line.ended for talk in full for line in talk)


def test_who_talks_can_be_transferred_on_a_full_switch(lab, full):
    (call, line), *_ = full
    line.transfer("120")
    lab.phone("120").ringing().answer()
    line.wait_ended()
    assert not call.ended


def test_when_the_crowd_has_gone_all_is_as_before(lab, full, told):
    assert lab.phone("120").call("101").wait_ended(2) == "SWITCH_CONGESTION"
    told(FULL)
    for call, line in full:
        call.hang_up()
        line.wait_ended()
    lab.wait(lambda: lab.switch.api("show channels count").strip().startswith("0 total"), 5, "calls go on")
    call = lab.phone("120").call("101")
    lab.phone("101").ringing().answer()
    call.wait_answered()


def test_more_calls_in_a_second_than_the_switch_takes(lab, told, tuned):
    """Of eight within two seconds of the clock six are taken at most; then calls are taken again."""
    tuned("global_setvar FSCTL_CALLS_PER_SECOND=3")
    calls = [lab.outside(f"+4917011122{number}").call("+49305550101") for number in range(10, 18)]
    lab.wait(lambda: sum(call.ended for call in calls) >= 2, 2, "nobody was refused")
    assert {call.wait_ended() for call in calls if call.ended} == {"SWITCH_CONGESTION"}
    told(TOO_MANY)
    lab.phone("120").call("999")
    assert lab.outside("999").ringing(2).started_ringing_after < 2
    lab.phone("120").quiet(1.1)
    lab.outside(CALLERS[0]).call("+442079460100")
    lab.phone("120").ringing()


@pytest.mark.parametrize(("phone", "dialled"), SITES)
def test_emergency_calls_do_not_count_among_those_of_a_second(lab, told, tuned, phone, dialled):
    tuned("global_setvar FSCTL_CALLS_PER_SECOND=0")
    assert lab.phone("101").call("102").wait_ended(2) == "SWITCH_CONGESTION"
    told(TOO_MANY)
    lab.phone(phone).call(dialled)
    assert lab.outside(dialled[-3:]).ringing(2).started_ringing_after < 2


def test_the_leg_of_an_emergency_call_passes_freeswitchs_own_limit(lab: Lab | Simulated, told, tuned):
    """Which allows one session in a second, and that is the caller's."""
    if isinstance(lab, Simulated):
        pytest.skip("the simulator has no such limit")

    def last_second(begun: str) -> None:
        lab.wait(lambda: re.search(rf"^{begun} session\(s\) per Sec", lab.switch.api("status"), re.M), 5, "no new second")

    tuned("fsctl sps 2")
    last_second(r"-\d+")  # of those that were left two are not used up
    last_second("0")
    try:
        lab.phone("103").call("112")
        assert lab.outside("112").ringing(2).started_ringing_after < 2
    finally:
        tuned("fsctl sps 2000")
        last_second(r"(?:199\d|2000)")
