"""Which calls on hold ring back, and when that becomes pointless."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fsctl.model.hold_recall import Held, answered, due, next_look, pointless, shown_of
from fsctl.model.live import Live, LiveCall
from fsctl.model.sections import Defaults
from tests.unit.builders import ANNA, AT, BERND, HANNAH, an_office

OFFICE = an_office(office=Defaults(hold_recall_seconds=30))
IMPATIENT = an_office(office=Defaults(hold_recall_seconds=30), users={
    "101": replace(ANNA, call_waiting=False), "102": BERND, "120": HANNAH})


def ago(seconds):
    return AT - timedelta(seconds=seconds)


def held(seconds=30, holder="101", uuid="h", **facts):
    """A call on hold for so many seconds: who holds it, and who is held."""
    caller = {"user": None, "state": "talking", "number": "+4915112345678", "peer": uuid} | facts
    return (
        LiveCall(uuid, holder, f"{uuid}-caller", "outbound", "held", ago(seconds)),
        LiveCall(uuid=f"{uuid}-caller", direction="inbound", since=ago(99), **caller),
    )


def recall(state="ringing", of="h", user="101", peer=None):
    return LiveCall("leg", user, peer, "outbound", state, ago(1), recalls=of)


def other(state="talking", user="101"):
    return LiveCall("other", user, "x", "inbound", state, ago(5))


def holders(calls, office=OFFICE, rung=()):
    until = {uuid: ago(seconds) for uuid, seconds in dict(rung).items()}
    return [each.holder.uuid for each in due(office, Live(tuple(calls)), AT, until)]


HOLDER, CALLER = held()


@pytest.mark.parametrize(("calls", "rung", "which"), [
    (held(30), {}, ["h"]),
    (held(29), {}, []),
    (held(90), {"h": 30}, ["h"]),
    (held(90), {"h": 29}, []),
    (held(90), {"h": -5}, []),  # it rings until then
    (held(20), {"h": 60}, []),  # that was before it was taken off hold in between
    (held(90), {"another": 1}, ["h"]),
    ((*held(40), *held(50, uuid="i")), {}, ["i"]),  # one after the other
    ((*held(40), *held(50, uuid="i")), {"i": 3}, ["h"]),
    ((*held(40), *held(40, uuid="b")), {}, ["b"]),
    ((*held(40), *held(50, holder="102", uuid="i")), {}, ["i", "h"]),
    ((*held(), recall()), {}, []),
    ((*held(), *held(40, uuid="i"), recall(of="i")), {}, []),
    ((*held(), recall(of="i", user="102")), {}, ["h"]),
    ((*held(), recall("talking", of="gone", peer="x")), {}, ["h"]),  # that one has become an ordinary call
    ((*held(), other()), {}, ["h"]),
    ((*held(), other("ringing")), {}, ["h"]),
    (held(holder=None), {}, []),  # a line outside
    (held(holder="999"), {}, []),  # who has left the office
    (held(peer="somebody"), {}, []),
    (held(peer=None), {}, []),
    (held()[:1], {}, []),
    (held(slot="701"), {}, []),
    ((replace(HOLDER, slot="701"), CALLER), {}, []),
    ((replace(HOLDER, peer=None), CALLER), {}, []),  # in a conference
    ((replace(HOLDER, state="talking"), CALLER), {}, []),
    (held(state="ringing"), {}, []),
    (held(state="parked"), {}, []),
    (held(state="held"), {}, ["h"]),  # each holds the other
    (held(number="112"), {}, []),
    (held(number="999"), {}, ["h"]),  # an emergency number elsewhere
    (held(number="999", holder="120"), {}, []),
    ((), {}, []),
])
def test_what_rings_back(calls, rung, which):
    assert holders(calls, rung=rung) == which


def test_by_default_nothing_rings_back():
    assert not holders(held(7200), office=an_office())


@pytest.mark.parametrize(("calls", "which"), [
    (held(), ["h"]),
    ((*held(), *held(1, uuid="i")), ["h"]),
    ((*held(), other()), []),
    ((*held(), other("ringing")), []),
    ((*held(), other(user="102")), ["h"]),
])
def test_who_wants_one_call_at_a_time_is_not_disturbed_by_another(calls, which):
    assert holders(calls, IMPATIENT) == which


@pytest.mark.parametrize(("calls", "found"), [
    ((*held(), recall("talking")), [("leg", Held(HOLDER, CALLER))]),
    ((*held(), recall()), []),
    ((*held(), recall("talking", peer="h-caller")), []),
    ((*held(), recall("talking", of="i")), []),
    # The phone took it back by itself, as some do when the call that rang beside it has ended.
    ((replace(HOLDER, state="talking"), CALLER, recall("talking")),
     [("leg", Held(replace(HOLDER, state="talking"), CALLER))]),
    ((replace(HOLDER, state="talking"), CALLER, recall()), []),
    (held(), []),
])
def test_what_was_answered(calls, found):
    assert [(each.leg.uuid, each.held) for each in answered(OFFICE, Live(tuple(calls)))] == found


@pytest.mark.parametrize(("calls", "taken"), [
    ((*held(), recall()), []),
    ((*held(1), recall()), []),
    ((*held(), recall("talking")), []),
    ((replace(HOLDER, state="talking"), CALLER, recall()), [True]),
    ((replace(HOLDER, state="talking"), CALLER, recall("talking")), []),
    ((replace(HOLDER, peer=None), CALLER, recall()), [True]),
    ((CALLER, recall()), [False]),
    ((CALLER, recall("talking", peer="h-caller")), []),
    (held(), []),
])
def test_what_rings_in_vain(calls, taken):
    assert [(each.leg.uuid, each.taken) for each in pointless(OFFICE, Live(tuple(calls)))] == [
        ("leg", each) for each in taken]


def test_what_rings_when_it_was_switched_off_ends():
    assert [each.taken for each in pointless(an_office(), Live((*held(), recall())))] == [True]


@pytest.mark.parametrize(("facts", "name", "number"), [
    ({"name": "Lee"}, "Hold: Lee", "+4915112345678"),
    ({}, "Hold: +4915112345678", "+4915112345678"),
    ({"number": ""}, "Hold: ", ""),
    ({"user": "102", "number": "102", "name": "somebody"}, "Hold: Bernd Brandt", "102"),
    ({"user": "999", "number": "999", "name": "Left"}, "Hold: Left", "999"),
])
def test_what_the_phone_shows(facts, name, number):
    party = shown_of(Held(*held(**facts)), OFFICE)
    assert (party.name, party.number) == (name, number)


@pytest.mark.parametrize(("calls", "rung", "seconds"), [
    ((), {}, None),
    ((other(),), {}, None),
    (held(10), {}, 20),
    ((*held(10), *held(25, "102", "g")), {}, 5),
    (held(30), {}, 0),
    (held(90), {}, 0),
    (held(10), {"h": 5}, 0),  # it has rung back, and somebody has to notice that it is off hold
    ((*held(10), recall()), {}, 0),
    ((recall(),), {}, 0),
])
def test_when_to_look_again(calls, rung, seconds):
    until = {uuid: ago(since) for uuid, since in rung.items()}
    expected = None if seconds is None else AT + timedelta(seconds=seconds)
    assert next_look(OFFICE, Live(tuple(calls)), AT, until) == expected


def test_where_nothing_rings_back_nobody_looks_again():
    assert next_look(an_office(), Live(held(90)), AT, {}) is None
