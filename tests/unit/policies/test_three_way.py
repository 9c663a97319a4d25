"""Whoever holds one and talks with another brings the three together."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import CallerGone, Failed, Moved, Performed, Taken, Won
from fsctl.model.sections import Defaults
from fsctl.policies.stages import PIPELINE
from tests.unit.builders import AT, a_call, an_office
from tests.unit.drive import drive

STAR = next(stage.run for stage in PIPELINE if stage.name == "star_codes")


def channel(uuid, user=None, peer=None, **changes):
    return replace(LiveCall(uuid, user, peer, "inbound", "talking", AT, node="a"), **changes)


OWN, LEE = channel("own", "101", "lee"), channel("lee", None, "own", number="+4915")
HOLDS, MAX = channel("holds", "101", "max", state="held"), channel("max", None, "holds", number="+4930")
ALL = (OWN, LEE, HOLDS, MAX)
THREE = "three talk: own, lee and max, whom 101 holds by holds"
CLAIMS = ["claim call:lee", "claim call:max"]
OVER = ["because one of the two is gone, or somebody else was faster", "play not-possible de", "done"]


def dial(calls=ALL, outcomes=(Won(), Won(), Performed()), user="101", tone=True, known=True, dialled="*15"):
    call = replace(a_call("code:join", user, dialled), talk="own")
    return drive(STAR, call, an_office(office=Defaults(barge_tone=tone)), outcomes, Live(calls, known))


def with_(*changed):
    """All four, but for these."""
    new = {each.uuid: each for each in changed}
    return tuple(new.get(each.uuid, each) for each in ALL)


@pytest.mark.parametrize("claimed", [Won(), Failed(), Performed()])  # without a database the switch alone decides
@pytest.mark.parametrize("tone", [True, False])
@pytest.mark.parametrize("known", [True, False])
def test_three_talk(claimed, tone, known):
    assert dial(outcomes=[claimed, claimed, Performed()], tone=tone, known=known) == [
        *CLAIMS, "because Anna Adler talks with both", THREE + ", all hear it" * tone, "done"]


@pytest.mark.parametrize(("calls", "held"), [
    (ALL[::-1], "max"),
    (with_(replace(LEE, user="120", number="120")), "max"),
    (with_(replace(LEE, number="999")), "max"),  # an emergency number elsewhere
    ((*ALL, channel("older", "101", "eve", state="held", since=AT - timedelta(seconds=1)), channel("eve")), "max"),
    ((channel("older", "101", "eve", state="held", since=AT + timedelta(seconds=1)), channel("eve", peer="older"),
      *ALL), "eve"),  # whom he put on hold last
    ((*ALL, channel("hers", "102", "eve", state="held"), channel("eve")), "max"),
    ((*ALL, channel("hers", "102", "own2", state="held")), "max"),
])
def test_whom_it_brings_together(calls, held):
    lines = dial(calls)
    assert lines[1] == f"claim call:{held}" and f" and {held}, whom 101 holds" in lines[3]


def test_a_held_call_that_talks_with_nobody_by_now_is_for_the_switch_to_refuse():
    assert dial(with_(replace(MAX, peer=None)), [Won(), Won(), Taken(), Performed()])[3:] == [
        "three talk: own, lee and max, whom 101 holds by nothing, all hear it", *OVER]


@pytest.mark.parametrize("outcomes", [
    [Taken()], [Won(), Taken()], [Failed(), Taken()], [Won(), Won(), Taken()], [Won(), Won(), Failed()],
    [Won(), Won(), CallerGone()], [Won(), Won(), Moved("u")],
])
def test_one_is_gone_or_somebody_was_faster(outcomes):
    lines = dial(outcomes=[*outcomes, Performed()])
    assert lines[-3:] == OVER
    assert len([line for line in lines if line.startswith(("claim", "three"))]) == len(outcomes)


@pytest.mark.parametrize(("calls", "why", "announcement"), [
    *((calls, "Anna Adler holds no call", "nothing-held") for calls in (
        (), (OWN, LEE), (OWN, LEE, HOLDS), with_(replace(HOLDS, user="102")), with_(replace(HOLDS, state="talking")))),
    *((calls, "Anna Adler is not in a talk of two", "not-possible") for calls in (
        (HOLDS, MAX), (LEE, HOLDS, MAX), (OWN, HOLDS, MAX), with_(replace(OWN, peer=None, room="group-380")),
        with_(replace(LEE, peer=None)), with_(replace(LEE, peer="else")))),
    *((calls, "somebody else has the talk, or that of the other, on hold", "not-possible") for calls in (
        with_(replace(LEE, state="held")), with_(replace(MAX, state="held")),
        with_(replace(LEE, state="held", number="112")))),
    *((calls, "nobody disturbs an emergency call", "not-possible") for calls in (
        with_(replace(LEE, number="112")), with_(replace(MAX, number="112")),
        with_(replace(MAX, number="112", node="b")))),
    (with_(replace(MAX, node="b")), "whom Anna Adler holds is at another switch", "not-possible"),
    (with_(replace(HOLDS, node="b"), replace(MAX, node="b")), "whom Anna Adler holds is at another switch",
     "not-possible"),
])
def test_what_cannot_be(calls, why, announcement):
    assert dial(calls, [Performed()]) == [f"because {why}", f"play {announcement} de", "done"]


def test_emergency_numbers_are_those_of_where_he_is():
    calls = (replace(OWN, user="120"), replace(LEE, number="999"), replace(HOLDS, user="120"), MAX)
    assert dial(calls, [Performed()], user="120") == [
        "because nobody disturbs an emergency call", "play not-possible en", "done"]
    calls = (replace(OWN, user="120"), replace(LEE, number="112"), replace(HOLDS, user="120"), MAX)
    assert dial(calls, user="120")[-1] == "done"


@pytest.mark.parametrize("calls", [ALL, (OWN, LEE), ()])
def test_whom_to_bring_in_is_not_dialled(calls):
    """What is held is clear; a talk of others is joined by a call of one's own."""
    assert dial(calls, [Performed()], dialled="*15102") == [
        "because *15102 does nothing in a talk", "play not-possible de", "done"]
