"""Calls that come back from outside."""

from dataclasses import replace

import pytest

from fsctl.facts.arriving import read_call
from fsctl.model.actions import Because, Party, Ring
from fsctl.model.destination import Destination
from fsctl.model.hunting import Standing
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import Surveyed
from fsctl.policies import extension, outbound
from fsctl.policies.hunt_members import hindrance
from fsctl.policies.outside_loops import refusal
from tests.unit.builders import ANNA, AT, SALES, a_call, an_office

OFFICE = an_office()
MOBILE, USER = "+491701234567", Destination("user", "101")


def leg(caller, *, sent_by="user:101", state="ringing"):
    return LiveCall(f"leg of {caller}", None, caller, "outbound", state, AT, sent_by=sent_by)


def told(calls, cause=USER, call=None, to=MOBILE):
    return str(refusal(call or a_call("number:" + MOBILE, user=None), cause, to, OFFICE, Live(tuple(calls))))


TOO_MANY = "3 calls from user:101 ring outside already: they may be going round in circles"


@pytest.mark.parametrize(("calls", "says"), [
    ([], ""), ([leg("a"), leg("b")], ""), ([leg("a"), leg("b"), leg("c")], TOO_MANY),
    ([leg("a"), leg("b"), leg("c", state="talking")], ""), ([leg("a"), leg("b"), leg("c", sent_by="user:102")], ""),
    ([leg("a"), leg("a"), leg("a"), leg("b")], ""),  # several telephones for one call
    ([leg("a"), leg("b"), leg("c0ffee")], ""),  # its own
])
def test_so_many_may_ring_at_once(calls, says):
    assert told(calls) == says


def test_of_calls_that_show_a_number_of_the_office_the_answered_ones_count_too():
    answered = [leg(each, state="talking") for each in "abc"]
    ours = replace(a_call("number:" + MOBILE, user=None), caller=Party("", "+49305550100"))
    assert (told(answered), told(answered, call=ours)) == ("", TOO_MANY)


@pytest.mark.parametrize("cause", [None, Destination("number", MOBILE), Destination("code", "withhold")])
def test_who_dials_himself_is_not_counted(cause):
    assert told([leg("a"), leg("b"), leg("c")], cause) == ""


@pytest.mark.parametrize("headers", [
    {"variable_sip_h_Diversion": f"<sip:{MOBILE}@x>;reason=unconditional"},
    {"variable_sip_h_Diversion": '"M" <tel:0170-1234567>'},
    {"variable_sip_history_info":
        f"<sip:+493011@x>;index=1, <sip:{MOBILE}@x;cause=302>;index=1.1, <sip:+49305550101@x>;index=1.2"},
])
def test_a_call_does_not_go_back_where_it_came_from(headers):
    facts = {"Caller-Destination-Number": "+49305550101", "variable_fsctl_external": "true"} | headers
    call = read_call(facts, OFFICE, AT, 0.0)
    assert MOBILE in call.diverted and "+49305550101" not in call.diverted
    assert told([], call=call) == f"the call came from {MOBILE}, which sends its calls on to here"
    assert told([], call=call, to="+493012345") == ""
    inside = facts | {"variable_fsctl_external": "", "variable_user_name": "101"}
    assert read_call(inside, OFFICE, AT, 0.0).diverted == ()


FULL = Live(tuple(leg(each) for each in "abc"))


def test_a_forwarded_call_ends_in_words():
    office = replace(OFFICE, trunks={key: replace(trunk, allow_transit=True) for key, trunk in OFFICE.trunks.items()})
    call = replace(a_call("number:" + MOBILE, user=None), by="101", sent_by=USER)
    policy = outbound.run(call, office, FULL)
    first = next(policy)
    assert isinstance(first, Because) and str(first.reason) == TOO_MANY
    policy = outbound.run(call, office, Live())
    next(policy)
    assert next(policy).legs[0].sent_by == USER


def test_a_phone_outside_stays_quiet_while_the_desk_rings():
    office = replace(OFFICE, users=OFFICE.users | {"101": replace(ANNA, devices=(MOBILE,))})
    for live, rung, says in ((Live(), 2, ""), (FULL, 1, f", at the desk alone: {TOO_MANY}")):
        policy = extension.run(a_call("user:101", user="102"), office, live)
        because, ring = next(policy), next(policy)
        assert isinstance(ring, Ring) and (len(ring.legs), str(because.reason)) == (rung, "101 is Anna Adler" + says)


def test_a_member_outside_is_passed_over():
    ringing = Live(tuple(leg(each, sent_by="hunt:sales") for each in "abc"))
    hunt = replace(SALES.hunt, skip_busy=False)
    seen = Surveyed(Standing(), ringing, AT)
    assert "hunt:sales ring outside" in str(hindrance(MOBILE, a_call("hunt:sales"), SALES, hunt, OFFICE, seen).why)
    assert hindrance("102", a_call("hunt:sales"), SALES, hunt, OFFICE, seen) is None
    assert hindrance(MOBILE, a_call("hunt:sales"), SALES, hunt, OFFICE, replace(seen, live=Live())) is None


