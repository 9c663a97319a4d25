"""Calls to the outside."""

from dataclasses import replace

import pytest

from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, Busy, CallerGone, LegEnd, NoAnswer, Offline, Performed, Rejected
from fsctl.policies import outbound
from tests.unit.builders import ANNA, IN_TURN, PROVIDER, THAMES, a_call, an_office
from tests.unit.drive import drive

MOBILE = "number:+491701234567"
RING = ["because outside number, by trunk provider", f"ring {MOBILE} 120 s by provider showing |+49305550100"]
NOT_TAKEN = "because +491701234567 did not take the call"


@pytest.mark.parametrize(
    ("outcome", "after"),
    [
        (Answered(Destination("number", "+491701234567")), ["done"]),
        (CallerGone(), ["done"]),
        (Busy(), [NOT_TAKEN, "hangup busy", "done"]),
        (NoAnswer(), [NOT_TAKEN, "hangup no-answer", "done"]),
        (Rejected("UNALLOCATED_NUMBER"), [NOT_TAKEN, "hangup UNALLOCATED_NUMBER", "done"]),
        (Offline(), ["because no trunk took the call", "hangup offline", "done"]),
    ],
)
def test_the_far_sides_answer_is_passed_on(outcome, after):
    assert drive(outbound.run, a_call(MOBILE), an_office(), [outcome, CallerGone()]) == RING + after


def a_leg(became, status):
    return (LegEnd(Destination("number", "+491701234567"), became, "X", status),)


def test_what_the_line_said_is_told():
    refused = Rejected("UNALLOCATED_NUMBER", legs=a_leg("rejected", 404))
    (*_, why, ending, _) = drive(outbound.run, a_call(MOBILE), an_office(), [refused, CallerGone()])
    assert (why, ending) == ("because the line to +491701234567 does not know the number (SIP 404)",
                             "hangup UNALLOCATED_NUMBER")


def test_what_each_trunk_said_is_told():
    outcomes = [Offline(legs=a_leg("offline", 503)), Offline(legs=a_leg("offline", 500)), CallerGone()]
    lines = drive(outbound.run, a_call(MOBILE, user="120"), an_office(trunks=IN_TURN), outcomes)
    assert lines[-3] == ("because no trunk took the call: thames is overloaded or out of service (SIP 503); "
                         "provider has failed (SIP 500)")


def test_the_sites_own_trunk_comes_first_and_the_next_when_it_takes_no_call():
    lines = drive(outbound.run, a_call(MOBILE, user="120"), an_office(trunks=IN_TURN), [Offline(), CallerGone()])
    assert lines == ["because outside number, by trunk thames",
                     f"ring {MOBILE} 120 s by thames or on after 20 s of silence showing |+442079460100",
                     *RING, "done"]


def test_the_own_number_is_shown_outside():
    assert drive(outbound.run, a_call(MOBILE, user="101"), an_office(), [CallerGone()])[1].endswith("|+49305550101")


@pytest.mark.parametrize(
    ("user", "to", "reason"),
    [
        ("102", "number:+442079460100", "Bernd Brandt may not make international calls"),
        ("101", "number:+499001123456", "Anna Adler may not make premium calls"),
        ("999", MOBILE, "only a user of the office may call outside"),
        (None, MOBILE, "outside callers may not be sent on to the outside"),
    ],
)
def test_nobody_gets_outside_who_may_not(user, to, reason):
    lines = drive(outbound.run, a_call(to, user=user), an_office(), [Performed(), CallerGone()])
    language = "en" if user == "102" else "de"
    assert lines == [f"because {reason}", f"play blocked {language}", "hangup rejected", "done"]


def test_transit_where_the_trunk_allows_it():
    office = an_office(trunks={"thames": THAMES, "provider": replace(PROVIDER, allow_transit=True)})
    assert drive(outbound.run, a_call(MOBILE, user=None), office, [CallerGone()]) == [*RING, "done"]


def test_an_office_without_trunks():
    office = an_office(trunks={}, users={"101": ANNA})
    assert drive(outbound.run, a_call(MOBILE, user="101"), office, [CallerGone()]) == [
        "because no trunk serves Berlin", "hangup offline", "done"]


def test_other_destinations_are_left_to_others():
    assert drive(outbound.run, a_call("user:101"), an_office()) == ["pass"]
