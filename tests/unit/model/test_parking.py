"""Where calls can be parked, and by whom they are fetched."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.parking import all_held_by, group_for, group_of, held_by, may_fetch, may_park, parked_at, terms
from fsctl.model.sections import GroupPark, ParkTerms
from tests.unit.builders import ANNA, AT, BERLIN, BERND, CREW, HANNAH, LONDON, SALES, an_office

#: Anna and Bernd are in two groups with slots, and Anna before that in two without any. Carl is in none.
CARL = replace(BERND, extension="103", name="Carl Cohn")
GROUPS = {
    "crew": replace(CREW, members=("101",)),
    "bare": replace(CREW, key="bare", members=("101",), park=GroupPark(recall_seconds=99)),
    "sales": replace(SALES, park=GroupPark(extensions=("701", "702"), recall_seconds=30)),
    "service": replace(
        SALES, key="service", members=("101", "120"), park=GroupPark(extensions=("711",), recall_seconds=31)),
    "thames": replace(SALES, key="thames", site="london", members=("120", "199"), park=GroupPark(extensions=("721",))),
}
OFFICE = an_office(
    sites={"berlin": replace(BERLIN, park=ParkTerms(recall_seconds=41)),
           "london": replace(LONDON, park=ParkTerms(recall_seconds=42, alternate=Destination("user", "120")))},
    users={"101": ANNA, "102": BERND, "103": CARL, "120": HANNAH}, groups=GROUPS)


def a_channel(uuid="u", **changes):
    return replace(LiveCall(uuid, None, None, "inbound", "talking", AT), **changes)


@pytest.mark.parametrize(("slot", "group"), [
    ("701", "sales"), ("702", "sales"), ("711", "service"), ("721", "thames"), ("101", None), ("300", None), ("", None),
])
def test_the_group_of_a_slot(slot, group):
    found = group_of(slot, OFFICE)
    assert (found and found.key) == group


@pytest.mark.parametrize(("user", "group"), [
    ("101", "sales"), ("102", "sales"), ("120", "service"), ("199", "thames"), ("103", None), ("", None),
])
def test_the_group_of_who_parks_is_his_first_that_has_slots(user, group):
    found = group_for(user, OFFICE)
    assert (found and found.key) == group


@pytest.mark.parametrize(("slot", "parker", "seconds"), [
    ("701", "120", 30), ("711", "101", 31),
    ("101", "120", 41), ("120", "101", 42),  # that of the person on whom it is parked, not of who did so
    ("799", "101", 41), ("799", "120", 42),  # no slot any more
    ("799", "199", 45), ("799", "", 45),  # nor is its parker there
])
def test_the_terms(slot, parker, seconds):
    assert terms(slot, parker, OFFICE).recall_seconds == seconds


def test_a_site_that_is_not_there_has_no_terms():
    assert terms("101", "101", replace(OFFICE, sites={})) == ParkTerms()


@pytest.mark.parametrize(("user", "slot", "may"), [
    ("101", "701", True), ("103", "701", True), ("120", "701", False),  # of the site, whether a member or not
    ("120", "711", False),  # nor by being a member
    ("120", "721", True), ("101", "721", False),
    ("101", "102", True), ("101", "101", True), ("120", "101", True), ("101", "120", True),
    ("101", "799", False), ("101", "300", False), ("101", "", False),
])
def test_who_may_park(user, slot, may):
    assert may_park(user, slot, OFFICE) is may


@pytest.mark.parametrize(("user", "slot", "parker", "may"), [
    ("101", "701", "103", True), ("102", "701", "103", True),
    ("103", "701", "103", True), ("103", "701", "101", False), ("103", "701", None, False),
    ("120", "701", "101", False), ("120", "701", "120", True),
    ("120", "711", "101", True),  # a member of another site
    ("199", "721", None, True), ("199", "101", None, False),  # a member who is no user
    ("102", "101", "103", True), ("101", "101", "103", True), ("120", "101", "103", False), ("120", "101", "120", True),
    ("101", "120", "120", False), ("120", "120", None, True),
    ("101", "799", "101", True), ("101", "799", "102", False),
    ("101", None, "101", True), ("101", None, None, False), ("", None, None, False),
    ("", "701", None, False), ("", "101", None, False),
])
def test_who_may_fetch(user, slot, parker, may):
    assert may_fetch(user, a_channel(slot=slot, parker=parker, state="parked"), OFFICE) is may


WAITS = a_channel("waits", slot="701", state="parked")


@pytest.mark.parametrize(("calls", "found"), [
    ([WAITS], "waits"),
    ([a_channel("other", slot="702", state="parked"), a_channel(), WAITS], "waits"),
    ([WAITS, a_channel("later", slot="701", state="parked")], "waits"),
    ([replace(WAITS, state="talking"), a_channel("u", slot="701", state="held")], None),
    ([replace(WAITS, slot=None)], None),
    ([], None),
])
def test_who_waits_in_a_slot(calls, found):
    call = parked_at("701", Live(tuple(calls)))
    assert (call and call.uuid) == found


def holds(peer, seconds=0, **changes):
    values = {"user": "101", "peer": peer, "state": "held", "since": AT - timedelta(seconds=seconds)} | changes
    return a_channel(f"of-{peer}", **values)


A, B = a_channel("a", peer="of-a"), a_channel("b", peer="of-b", user="102")


@pytest.mark.parametrize(("calls", "held"), [
    ([A, holds("a")], "a"),
    ([holds("b"), B], "b"),  # a colleague
    ([A, holds("a", 9), B, holds("b", 5)], "b"), ([A, holds("a", 5), B, holds("b", 9)], "a"),
    ([A, holds("a", 9), holds("gone", 5)], "a"),
    ([holds("gone")], None),
    ([holds(None)], None),
    ([A, holds("a", state="talking")], None),
    ([A, holds("a", user="102")], None),
    ([A, holds("a", user=None)], None),
    ([], None),
])
def test_whom_somebody_holds(calls, held):
    call = held_by("101", Live(tuple(calls)))
    assert (call and call.uuid) == held


@pytest.mark.parametrize(("calls", "held"), [
    ([A, holds("a", 9), B, holds("b", 5)], ["b", "a"]), ([B, holds("b", 9), A, holds("a", 5)], ["a", "b"]),
    ([A, holds("a", 5), B, holds("b", 9)], ["a", "b"]), ([A, holds("a"), holds("gone"), holds(None)], ["a"]),
    ([A, holds("a", user="102"), B, holds("b", state="talking")], []),
])
def test_all_whom_somebody_holds_the_last_first(calls, held):
    assert [call.uuid for call in all_held_by("101", Live(tuple(calls)))] == held


def test_nobody_holds_nothing():
    assert held_by("", Live((A, holds("a", user=None)))) is None
