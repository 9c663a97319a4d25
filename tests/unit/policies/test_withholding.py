"""Calls that do not show who makes them."""

from dataclasses import replace

import pytest

from fsctl.explain import explain
from fsctl.facts.arriving import identity, read_call
from fsctl.facts.assumed import assumed_call
from fsctl.model.actions import ANONYMOUS, Ring
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.policies.caller_id import shown_inside
from fsctl.route import walk
from tests.unit.builders import AT, a_call, an_office

OFFICE = an_office()


def explained(caller, dialled):
    call = assumed_call(caller, dialled, OFFICE, lambda zone: AT)
    return explain(call, OFFICE)


@pytest.mark.parametrize(("dialled", "result"), [
    ("#31102", "user:102"), ("#31#102", "user:102"), ("#31 0 030 1234567", "number:+49301234567"),
    ("#31#+49 (0)170 1234567", "number:+491701234567"), ("#31#0 112", "number:112"), ("#31112", "number:112"),
    ("#31300", "user:102"), ("#31*98", "announcement:unknown-number"), ("#3177", "announcement:unknown-number"),
])
def test_what_is_dialled_after_the_code(dialled, result):
    assert explained("101", dialled).result == result


def test_without_digits_they_are_asked_for():
    call = assumed_call("101", "#31", OFFICE, lambda zone: AT)
    assert explain(call, OFFICE, ["digits:102"]).result == "user:102"


def rings(dialled):
    """The first ringing of a call by 101."""
    plan = walk(assumed_call("101", dialled, OFFICE, lambda zone: AT), OFFICE, Live())
    return next(planned.action for planned in plan if isinstance(planned.action, Ring))


def test_colleagues_see_nobody():
    assert rings("#31102").show == ANONYMOUS and rings("102").show != ANONYMOUS


def test_an_emergency_call_shows_who_calls_for_help():
    ring = rings("#31112")
    assert (ring.show.number, ring.legs[0].target) == ("+49305550101", Destination("number", "112"))


FACTS = {"Unique-ID": "c0ffee", "Caller-Destination-Number": "101", "Caller-Caller-ID-Name": "Anonymous",
         "Caller-Caller-ID-Number": "anonymous", "variable_fsctl_external": "true", "variable_fsctl_withheld": "true",
         "variable_fsctl_identity": "0151 12345678"}


def test_rules_see_an_anonymous_caller_and_the_journal_who_it_is_where_the_office_keeps_that():
    call = read_call(FACTS, OFFICE, AT, 0.0)
    assert (call.withheld, call.caller.number, shown_inside(call, OFFICE)) == (True, "", ANONYMOUS)
    keeps = replace(OFFICE, office=replace(OFFICE.office, keep_withheld=True))
    assert (identity(FACTS, OFFICE, call), identity(FACTS, keeps, call)) == ("anonymous", "+4915112345678")
    assert read_call(FACTS, keeps, AT, 0.0) == call


def test_somebody_of_the_office_is_known_to_the_journal():
    call = replace(a_call("user:102", user="101"), withheld=True)
    assert identity({}, OFFICE, call) == "101"
