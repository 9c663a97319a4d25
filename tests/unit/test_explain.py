"""Explaining a call."""

from dataclasses import replace

import pytest

from fsctl.errors import FsctlError
from fsctl.explain import explain
from fsctl.model.codes import Codes
from fsctl.model.live import Live
from tests.unit.builders import ANNA, PROVIDER, SALES, a_call, an_office

#: Outside callers may be sent outside; Anna has a mailbox and a phone outside.
OFFICE = an_office(
    trunks={"provider": replace(PROVIDER, allow_transit=True)},
    groups=an_office().groups | {"sales": replace(SALES, pickup=True)},
    users=an_office().users | {"101": replace(ANNA, mailbox=True), "130": replace(
        ANNA, extension="130", name="Ida Igel", numbers=(), devices=("+491709876543",))},
)

@pytest.mark.parametrize(
    ("to", "user", "outcomes", "result", "actions"),
    [
        ("user:101", "102", [], "user:101", ["ring"]),
        ("user:102", "101", ["busy"], "hangup:busy", ["ring", "hangup"]),
        ("user:102", "101", ["rejected"], "hangup:rejected", ["ring", "hangup"]),
        ("user:102", "101", ["offline"], "hangup:offline", ["ring", "hangup"]),
        ("user:101", "102", ["busy"], "mailbox:101", ["ring", "reroute", "mailbox"]),
        ("user:130", "102", ["no-answer", "digits:1"], "number:+491709876543", ["ring"]),
        ("user:130", "102", ["no-answer", "silence"], "hangup:no-answer", ["ring", "hangup"]),
        ("user:130", "102", ["offline", "digits:2"], None, []),
        ("code:forward_always", "102", ["digits:101"], "code:forward_always",
         ["answer", "ask", "change", "answer", "play", "hangup"]),
        ("code:forward_always", "102", [], "announcement:not-possible", ["answer", "ask", "play", "hangup"]),
        ("code:forward_always", "102", ["gone"], "gone", ["answer", "ask"]),
        ("code:forward_always", "102", ["busy"], None, []),
        ("code:mailbox", "101", [], "code:mailbox", ["mailbox"]),
        ("code:dnd_on", "101", [], "code:dnd_on", ["change", "answer", "play", "hangup"]),
        ("code:pickup", "101", [], "pickup:102", ["claim", "pickup"]),
        ("code:pickup", "120", [], "announcement:not-possible", ["play", "hangup"]),
        ("code:pickup_directed", "101", ["digits:102"], "pickup:102", ["answer", "ask", "claim", "pickup"]),
        ("code:pickup_directed", "102", ["digits:102"], "announcement:not-possible",
         ["answer", "ask", "play", "hangup"]),
        ("user:101", "102", ["gone"], "gone", ["ring"]),
        ("unknown:9", "102", [], "announcement:unknown-number", ["play", "hangup"]),
        ("number:+442079460100", "102", [], "announcement:blocked", ["play", "hangup"]),
        ("number:+491701234567", "102", [], "number:+491701234567", ["ring"]),
        ("emergency:112", "102", [], "number:112", ["ring"]),
        ("hunt:sales", None, ["busy", "answered"], "user:102", ["ring"]),
        ("hunt:sales", None, ["busy", "gone"], "gone", ["ring"]),
        ("hunt:sales", None, ["busy", "offline", "busy"], "user:120", ["ring", "reroute", "ring"]),
        ("hunt:sales", None, ["offline", "rejected", "offline"], "user:101", ["ring", "reroute", "ring"]),
        ("hunt:sales", None, ["offline", "offline", "no-answer"], "user:101", ["ring", "reroute", "ring"]),
        ("hunt:sales", None, ["offline"] * 3, "number:+491701234567", ["ring", "reroute", "ring"]),
    ],
)
def test_outcomes_are_used_one_a_leg_or_question_and_then_all_answer(to, user, outcomes, result, actions):
    code = getattr(Codes(), to.removeprefix("code:")) if to.startswith("code:") else ""
    call = a_call(to, user=user, dialled=code)
    if result is None:
        with pytest.raises(FsctlError, match=f"'{outcomes[-1]}'"):
            explain(call, OFFICE, outcomes)
    else:
        explanation = explain(call, OFFICE, outcomes)
        assert (explanation.result, [step.action for step in explanation.steps]) == (result, actions)


DAVID = replace(ANNA, extension="104", name="David Dorn", numbers=())
PARKS, FETCHES = ["park"], ["claim", "connect"]


@pytest.mark.parametrize(("to", "dialled", "user", "result", "actions"), [
    ("code:park", "*68104", "101", "park:104", PARKS),
    ("code:park", "*68", "101", "park:101", PARKS),
    ("code:park", "*68701", "101", "park:701", PARKS),
    ("code:park", "*68701", "120", "announcement:not-possible", ["play", "hangup"]),
    ("code:group_park", "*58", "101", "park:701", PARKS),
    ("code:group_park", "*58", "120", "announcement:not-possible", ["play", "hangup"]),
    ("code:slot_key", "slot+701", "101", "park:701", PARKS),
    ("code:retrieve", "*88104", "101", "retrieve:104", FETCHES),
    ("code:retrieve", "*88", "101", "retrieve:101", FETCHES),
    ("code:retrieve", "*88104", "120", "announcement:not-possible", ["play", "hangup"]),
    ("slot:701", "701", "101", "retrieve:701", FETCHES),
    ("slot:701", "701", "104", "announcement:not-possible", ["play", "hangup"]),
])
def test_call_park_with_a_call_on_hold_and_one_in_every_slot(to, dialled, user, result, actions):
    office = replace(OFFICE, users=OFFICE.users | {"104": DAVID})
    call = a_call(to, user=user, dialled=dialled)
    explanation = explain(call, office)
    assert (explanation.result, [step.action for step in explanation.steps]) == (result, actions)


@pytest.mark.parametrize(("to", "dialled", "result", "reason"), [
    ("code:park", "*68104", "announcement:nothing-held", "Anna Adler holds no call"),
    ("code:group_park", "*58", "announcement:nothing-held", "Anna Adler holds no call"),
    ("code:retrieve", "*88104", "announcement:nothing-parked", "no call waits in 104"),
    ("slot:701", "701", "announcement:nothing-parked", "no call waits in 701"),
    ("code:slot_key", "slot+701", "announcement:nothing-parked", "no call waits in 701"),
])
def test_call_park_with_no_call_but_ones_own(to, dialled, result, reason):
    explanation = explain(a_call(to, user="101", dialled=dialled), OFFICE, live=Live())
    assert (explanation.result, str(explanation.steps[0].reason)) == (result, reason)


def test_a_pickup_with_what_really_rings():
    explanation = explain(a_call("code:pickup", user="101", dialled="*98"), OFFICE, live=Live())
    told = explanation.result, str(explanation.steps[0].reason)
    assert told == ("announcement:nothing-to-pick-up", "nothing rings there")


def test_the_next_trunk_takes_one_word_more():
    explanation = explain(a_call("emergency:112", user="120"), an_office(), ["offline", "answered"])
    assert (explanation.result, [step.action for step in explanation.steps]) == ("number:112", ["ring", "ring"])


def test_a_word_that_is_no_outcome():
    with pytest.raises(FsctlError, match="'asleep' is no outcome; known are answered, busy"):
        explain(a_call("user:101"), an_office(), ["busy", "asleep"])
