"""All that can happen to a call."""

from dataclasses import replace

import pytest

from fsctl.model.codes import Codes
from fsctl.model.destination import Destination
from fsctl.model.sections import Attendant, Forward, GroupPark, Intercept, InterceptRule, Silence
from fsctl.possibilities import possibilities
from tests.unit.builders import ANNA, PROVIDER, SALES, a_call, an_office

MENU = Attendant(
    key="menu", greeting={"de": "menu.wav"}, menu={"1": Destination("user", "102")}, extensions=True,
    silence=Silence(after_seconds=5, to=Destination("hangup", "normal")), invalid=Destination("hangup", "rejected"))
OFFICE = an_office(
    trunks={"provider": replace(PROVIDER, allow_transit=True)}, attendants={"menu": MENU},
    users=an_office().users | {"101": replace(ANNA, mailbox=True, forward=Forward(busy=Destination("user", "102")))})


def results(branch):
    """Each way through the branches as its outcomes and where it ends."""
    if not branch.outcomes:
        return {(): "cut" if branch.cut else branch.result}
    return {(words, *ways): result for words, then in branch.outcomes for ways, result in results(then).items()}


@pytest.mark.parametrize(("to", "expected"), [
    ("user:102", {
        (("answered",),): "user:102", (("busy",),): "hangup:busy", (("no-answer",),): "hangup:no-answer",
        (("offline",),): "hangup:offline", (("rejected",),): "hangup:rejected"}),
    ("user:101", {
        (("answered",),): "user:101", (("no-answer",),): "mailbox:101", (("offline",),): "mailbox:101",
        **{((first,), (then,)): result for first in ("busy", "rejected") for then, result in (
            ("answered", "user:102"), ("busy", "hangup:busy"), ("no-answer", "hangup:no-answer"),
            ("offline", "hangup:offline"), ("rejected", "hangup:rejected"))}}),
    ("hangup:busy", {(): "hangup:busy"}),
    ("code:dnd_on", {(("done",),): "code:dnd_on", (("failed",),): "announcement:not-available"}),
])
def test_each_outcome_that_makes_a_difference(to, expected):
    code = getattr(Codes(), to.removeprefix("code:")) if to.startswith("code:") else ""
    assert results(possibilities(a_call(to, user="120", dialled=code), OFFICE)) == expected


FETCHED = {
    (("taken",),): "announcement:nothing-parked", (("won",), ("answered",)): "retrieve:{}",
    (("won",), ("taken",)): "announcement:nothing-parked"}


@pytest.mark.parametrize(("to", "dialled", "expected"), [
    ("code:park", "*68104", {(("parked",),): "park:104", (("taken",),): "announcement:slot-occupied"}),
    ("code:park", "*68", {(("parked",),): "park:101", (("taken",),): "announcement:slot-occupied"}),
    ("code:slot_key", "slot+701", {(("parked",),): "park:701", (("taken",),): "announcement:slot-occupied"}),
    ("code:group_park", "*58", {
        (("parked",),): "park:701", (("taken",), ("parked",)): "park:702",
        (("taken",), ("taken",)): "announcement:slots-occupied"}),
    ("code:retrieve", "*88104", {ways: result.format(104) for ways, result in FETCHED.items()}),
    ("slot:701", "701", {ways: result.format(701) for ways, result in FETCHED.items()}),
])
def test_call_park(to, dialled, expected):
    office = replace(
        OFFICE, users=OFFICE.users | {"104": replace(ANNA, extension="104", name="David Dorn")},
        groups={"sales": replace(SALES, park=GroupPark(extensions=("701", "702")))})
    assert results(possibilities(a_call(to, user="101", dialled=dialled), office)) == expected


def test_outcomes_that_lead_to_the_same_are_one_branch():
    group = replace(SALES, hunt=replace(SALES.hunt, overflow=None))
    branches = dict(possibilities(a_call("hunt:sales"), replace(OFFICE, groups={"sales": group})).outcomes)
    assert ("no-answer", "rejected") in branches and ("busy",) in branches
    assert str(branches["no-answer", "rejected"].steps[0].reason) == "nobody of Verkauf took the call"


def test_time_goes_by_while_a_group_is_rung():
    """A group's overflow comes after its time, whatever else can happen meanwhile."""
    hunt = possibilities(a_call("hunt:sales"), OFFICE)
    then = dict(hunt.outcomes)["no-answer",]
    assert str(then.steps[0].reason) == "nobody of Verkauf took the call within 40 s"


def test_a_menu_has_its_keys_an_extension_and_a_wrong_one_which_is_pressed_until_the_end():
    menu = possibilities(a_call("attendant:menu"), OFFICE)
    branches = dict(menu.outcomes)
    assert list(branches) == [("digits:1",), ("digits:101",), ("digits:2",), ("silence",)]
    assert branches["digits:2",].result == "hangup:rejected"
    assert [step.action for step in branches["digits:2",].steps] == [
        "play", "ask", "play", "ask", "play", "reroute", "hangup"]
    assert branches["silence",].result == "hangup:normal"
    assert [words for words, _ in branches["digits:1",].outcomes][0] == ("answered",)


def test_the_key_that_leads_from_an_announcement_to_somebody():
    zero = InterceptRule(calls=("all",), zero=Destination("hangup", "busy"), mailbox=Destination("mailbox", "101"))
    anna = replace(OFFICE.users["101"], intercept=Intercept(inbound=(zero,)))
    found = possibilities(a_call("user:101", user=None), replace(OFFICE, users=OFFICE.users | {"101": anna}))
    assert results(found) == {(("digits:0",),): "hangup:busy", (("digits:1", "silence"),): "mailbox:101"}


def test_a_question_for_anything_is_answered_by_a_colleagues_extension():
    asked = possibilities(a_call("code:forward_always", user="101", dialled="*72"), OFFICE)
    assert [words for words, _ in asked.outcomes] == [("digits:102",), ("silence",)]


@pytest.mark.parametrize(("limit", "cut"), [({"depth": 1}, ("busy",)), ({"branches": 6}, ("busy",)), ({}, None)])
def test_what_is_cut_is_marked(limit, cut):
    ways = results(possibilities(a_call("user:101", user="120"), OFFICE, **limit))
    found = {outcomes[0] for outcomes, result in ways.items() if result == "cut"}
    assert found == ({cut, ("rejected",)} if cut else set())


def test_a_branch_goes_on_where_the_one_before_it_ended():
    tree = possibilities(a_call("user:101", user="120"), OFFICE)
    assert [step.action for step in tree.steps] == ["ring"]
    assert {step.policy for _, step in tree.passed} >= {"emergency", "forwarding"}
    busy = dict(tree.outcomes)["busy",]
    assert [(step.policy, step.action) for step in busy.steps] == [("forwarding", "reroute"), ("extension", "ring")]
    assert busy.passed[0] == (0, busy.passed[0][1]) and busy.passed[-1][0] == 1
