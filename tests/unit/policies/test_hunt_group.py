"""Calls to a hunt group whose members ring all at once, and what all groups have in common."""

from dataclasses import replace

import pytest

from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, Busy, CallerGone, NoAnswer, Offline, Redirected, Rejected
from fsctl.policies import hunt_group
from tests.unit.builders import CREW, PROVIDER, SALES, THAMES, a_call, an_office
from tests.unit.drive import drive

RING = [
    "because all members of Verkauf at once",
    "ring user:101 40 s & user:102 40 s & number:+491701234567 40 s by provider confirmed in de as |+49305550300"
    " showing Verkauf: Lee|+4915112345678",
]
OVERFLOW = ["because nobody of Verkauf took the call within 40 s", "reroute user:101 by the office"]


@pytest.mark.parametrize(
    ("outcome", "after"),
    [
        (Answered(Destination("user", "102")), ["done"]),
        (CallerGone(), ["done"]),
        (Busy(), ["because all members of Verkauf are busy", "reroute user:120 by the office"]),
        (Offline(), ["because no member of Verkauf can be reached", "reroute number:+491701234567 by the office"]),
        (NoAnswer(), OVERFLOW),
        (Rejected(), ["because nobody of Verkauf took the call", "reroute user:101 by the office"]),
        (Redirected("120"), ["because nobody of Verkauf took the call", "reroute user:101 by the office"]),
    ],
)
def test_what_follows_the_ring(outcome, after):
    assert drive(hunt_group.run, a_call("hunt:sales", user=None), transit(), [outcome]) == RING + after


def transit():
    """An office whose trunk carries outside callers to outside numbers."""
    return an_office(trunks={"provider": replace(PROVIDER, allow_transit=True)})


def test_outside_callers_do_not_ring_outside_members_without_transit():
    line = drive(hunt_group.run, a_call("hunt:sales", user=None), an_office(), [CallerGone()])[1]
    assert line.startswith("ring user:101 40 s & user:102 40 s showing")


@pytest.mark.parametrize(("changes", "leg"), [
    ({"confirm": False}, "+491701234567 40 s by provider as |+49305550300"),
    ({"numbers": ()}, "+491701234567 40 s by provider confirmed in de as |+49305550100"),
])
def test_how_outside_members_are_called(changes, leg):
    office = an_office(groups={"sales": replace(SALES, hunt=replace(SALES.hunt, **changes))})
    assert f"number:{leg} showing" in drive(hunt_group.run, a_call("hunt:sales"), office, [CallerGone()])[1]


def bare(**changes):
    """The group with no destinations of its own."""
    hunt = replace(SALES.hunt, busy=None, unreachable=None, overflow=None)
    return an_office(groups={"sales": replace(SALES, hunt=hunt, **changes)})


@pytest.mark.parametrize(("outcome", "because", "hangup"), [
    (Busy(), "all members of Verkauf are busy", "busy"),
    (Offline(), "no member of Verkauf can be reached", "offline"),
    (Rejected(), "nobody of Verkauf took the call", "no-answer"),
    (NoAnswer(), "nobody of Verkauf took the call", "no-answer"),
])
def test_a_group_that_names_no_other_destination(outcome, because, hangup):
    lines = drive(hunt_group.run, a_call("hunt:sales"), bare(members=("101",)), [outcome, CallerGone()])
    assert lines == [
        "because all members of Verkauf at once", "ring user:101 15 s showing Verkauf: Bernd Brandt|102",
        f"because {because}", f"hangup {hangup}", "done"]


def test_unreachable_falls_to_the_overflow_at_once():
    hunt = replace(SALES.hunt, unreachable=None)
    office = an_office(groups={"sales": replace(SALES, hunt=hunt)})
    lines = drive(hunt_group.run, a_call("hunt:sales"), office, [Offline()])
    assert lines[-2:] == ["because no member of Verkauf can be reached; 102 calls", "reroute user:101 by the office"]


def test_nobody_to_ring_is_unreachable_at_once():
    office = an_office(groups={"sales": replace(SALES, members=())})
    assert drive(hunt_group.run, a_call("hunt:sales"), office) == [
        "because no member of Verkauf can be reached", "reroute number:+491701234567 by the office"]


def test_outside_members_are_left_out_without_a_trunk():
    office = an_office(trunks={"thames": THAMES}, groups={"sales": replace(SALES, members=("101", "+491701234567"))})
    assert "ring user:101 40 s showing" in drive(hunt_group.run, a_call("hunt:sales"), office, [CallerGone()])[1]


def test_outside_members_are_called_by_the_groups_own_trunk():
    group = replace(SALES, site="london", members=("+491701234567",))
    line = drive(hunt_group.run, a_call("hunt:sales"), an_office(groups={"sales": group}), [CallerGone()])[1]
    assert "number:+491701234567 40 s by thames" in line


def test_an_overflow_at_once_still_rings_for_a_second():
    hunt = replace(SALES.hunt, overflow=replace(SALES.hunt.overflow, after_seconds=0))
    office = an_office(groups={"sales": replace(SALES, members=("101",), hunt=hunt)})
    assert "user:101 1 s" in drive(hunt_group.run, a_call("hunt:sales"), office, [CallerGone()])[1]


def test_a_nameless_caller_is_shown_by_number():
    call = a_call("hunt:sales", user=None)
    nameless = replace(call, caller=replace(call.caller, name=""))
    line = drive(hunt_group.run, nameless, bare(members=("101",)), [CallerGone()])[1]
    assert line.endswith("showing Verkauf: +4915112345678|+4915112345678")


def test_other_destinations_are_left_to_others():
    office = an_office(groups={"crew": CREW})
    assert drive(hunt_group.run, a_call("user:101"), office) == ["pass"]
    assert drive(hunt_group.run, a_call("hunt:crew"), office) == ["pass"]
