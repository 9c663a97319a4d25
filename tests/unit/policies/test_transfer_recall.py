"""A call that was transferred and that nobody takes: how it comes back to who transferred it."""

from dataclasses import replace

import pytest

from fsctl.explain import explain
from fsctl.model.actions import NotTaken, Party
from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.sections import Defaults, Forward
from fsctl.policies import transfer_recall
from tests.unit.builders import ANNA, AT, BERND, a_call, an_office
from tests.unit.drive import drive

OFFICE = an_office()


def way(to, *outcomes, office=OFFICE, by="101", **changes):
    """The steps of a call that ``by`` has transferred, with whom they lead to, and its result."""
    call = replace(a_call(to, user=None), transferred_by=by, by=by, **changes)
    found = explain(call, office, outcomes)
    return [f"{step.action} {step.target}" for step in found.steps], found.result


def with_users(**users):
    return replace(OFFICE, users=OFFICE.users | users)


BACK, RINGS = "reroute user:101", "ring user:101"


@pytest.mark.parametrize("outcome", ["busy", "no-answer", "rejected", "offline"])
def test_a_person_who_does_not_take_it(outcome):
    assert way("user:102", outcome) == (["ring user:102", BACK, RINGS], "user:101")


@pytest.mark.parametrize("to", ["unknown:199", "slot:777", "hangup:busy"])
def test_where_nobody_can_be(to):
    assert way(to) == ([BACK, RINGS], "user:101")


def test_a_number_that_the_transferor_may_not_call():
    office = with_users(**{"101": replace(ANNA, outside=("internal",))})
    assert way("number:+442079460999", office=office) == ([BACK, RINGS], "user:101")


def test_a_loop():
    office = with_users(**{"102": replace(BERND, forward=Forward(always=a_call("user:120").to)),
                           "120": replace(OFFICE.users["120"], forward=Forward(always=a_call("user:102").to))})
    assert way("user:102", office=office) == (["reroute user:120", BACK, RINGS], "user:101")


@pytest.mark.parametrize(("changes", "end"), [
    ({"forward": Forward(no_answer=a_call("user:120").to)}, ["reroute user:120", "ring user:120"]),
    ({"mailbox": True}, ["reroute mailbox:102", "mailbox mailbox:102"]),
])
def test_what_the_called_one_wants_comes_first(changes, end):
    office = with_users(**{"102": replace(BERND, **changes)})
    assert way("user:102", "no-answer", office=office)[0] == ["ring user:102", *end]


@pytest.mark.parametrize(("outcome", "forward"), [
    ("busy", Forward(busy=a_call("user:120").to)), ("rejected", Forward(busy=a_call("user:120").to)),
    ("no-answer", Forward(no_answer=a_call("user:120").to)), ("offline", Forward(offline=a_call("user:120").to)),
])
def test_a_transferor_who_does_not_take_it_has_his_own_ways(outcome, forward):
    office = with_users(**{"101": replace(ANNA, forward=forward, mailbox=False)})
    steps, result = way("user:102", "busy", outcome, office=office)
    assert (steps, result) == (["ring user:102", BACK, RINGS, "reroute user:120", "ring user:120"], "user:120")


def test_at_last_there_is_an_announcement():
    office = with_users(**{"101": replace(ANNA, forward=Forward(), mailbox=False)})
    assert way("user:102", "busy", "no-answer", office=office) == ([
        "ring user:102", BACK, RINGS, "play announcement:not-available", "hangup hangup:no-answer"],
        "announcement:not-available")


def test_what_he_has_set_for_all_calls_plays_no_part():
    office = with_users(**{"101": replace(ANNA, forward=Forward(always=a_call("user:120").to))})
    assert way("user:102", "busy", office=office) == (["ring user:102", BACK, RINGS], "user:101")


def test_who_has_no_call_waiting_is_busy():
    call = replace(a_call("user:101", user=None), transferred_by="101", by="101", recalled=True)
    talks = Live((LiveCall("t", "101", "u", "inbound", "talking", AT),))
    office = with_users(**{"101": replace(ANNA, call_waiting=False)})
    assert drive(transfer_recall.run, call, office, live=talks)[-1].startswith("pass Busy")


@pytest.mark.parametrize(("office", "by"), [
    (OFFICE, None), (OFFICE, "199"), (replace(OFFICE, office=Defaults(transfer_recall=False)), "101"),
])
def test_a_call_that_comes_back_to_nobody(office, by):
    assert way("user:102", "busy", office=office, by=by) == (["ring user:102", "hangup hangup:busy"], "hangup:busy")


HANDED = replace(a_call("unknown:1", None), to=Destination("push", "130"))


@pytest.mark.parametrize(("by_file", "anyway", "back"), [
    (True, False, True), (True, True, True), (False, True, True), (False, False, False),
])
def test_what_was_handed_over_comes_back_whatever_is_set(by_file, anyway, back):
    call, here = replace(HANDED, transferred_by="101"), replace(OFFICE, office=Defaults(transfer_recall=by_file))
    found = transfer_recall.comes_back(call, here, NotTaken("busy", comes_back=anyway), a_reason())
    assert (found is not None) is back


@pytest.mark.parametrize("changes", [{"recalled": True}, {"transferred_by": None}, {"transferred_by": "199"}])
def test_nor_twice_or_to_nobody(changes):
    call = replace(HANDED, **{"transferred_by": "101"} | changes)
    assert transfer_recall.comes_back(call, OFFICE, NotTaken("busy", comes_back=True), a_reason()) is None


def test_it_comes_back_once():
    call = replace(a_call("user:102", user=None), transferred_by="101", recalled=True)
    assert transfer_recall.comes_back(call, OFFICE, NotTaken("busy"), None) is None


@pytest.mark.parametrize(("user", "caller", "shown"), [
    (None, Party("Lee", "+4915"), "Wiederanruf - Lee"), (None, Party("", "+4915"), "Wiederanruf - +4915"),
    ("102", Party("", "102"), "Wiederanruf - Bernd Brandt"),
])
def test_what_he_sees(user, caller, shown):
    call = replace(a_call("unknown:1", user=user), caller=caller, transferred_by="101", shown=Party("x", "y"))
    back, reroute, _ = transfer_recall.comes_back(call, OFFICE, NotTaken("busy"), a_reason())
    assert back.shown == reroute.show == Party(shown, caller.number)


def test_nobody_sees_who_withholds_that():
    call = replace(a_call("unknown:1", user=None), transferred_by="120", withheld=True)
    back, *_ = transfer_recall.comes_back(call, OFFICE, NotTaken("busy"), a_reason())
    assert back.shown.name == "Recall - Anonymous"


def test_the_transferor_hears_why_it_could_not_be_parked():
    told = NotTaken("rejected", "slot-occupied", "de", tell=True)
    call, *_ = transfer_recall.comes_back(replace(a_call("slot:1"), transferred_by="101"), OFFICE, told, a_reason())
    assert "hearing slot-occupied de" in drive(transfer_recall.run, call, OFFICE, [])[1]


def test_who_was_rung_for_the_transferor_is_not_rung_again():
    assert way("user:102", rang=True) == ([BACK, RINGS], "user:101")


def a_reason():
    return transfer_recall.reason("route.once")
