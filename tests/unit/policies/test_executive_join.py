"""Executives join talks that their assistants have for them, and end them. Which talk: test_executive_take_over."""

from dataclasses import replace

import pytest

from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.outcomes import Answered, CallerGone, Failed, Moved, Performed, Taken, Won
from fsctl.policies import executive_join
from tests.unit.builders import a_call
from tests.unit.drive import drive
from tests.unit.policies.test_executive_rules import office
from tests.unit.policies.test_executive_take_over import NOTHING, STAR, TOLD, UNKNOWN, channel, handles

TALK = Answered(Destination("join", "131"))
HANDLES = "because Fatma Fuchs handles a call for Erika Ernst"


def dial(dialled="*15", user="130", live=Live(handles()), outcomes=(Won(), TALK), tone=True):
    here = office("all")
    here = replace(here, office=replace(here.office, barge_tone=tone))
    return drive(STAR, a_call("code:join", user, dialled), here, outcomes, live)


def three(room="join-lee", user="130"):
    """He is with them."""
    return (*(replace(each, room=room, peer=None) for each in handles()), channel("his", user=user, room=room))


@pytest.mark.parametrize("claimed", [Won(), Failed()])  # without a database the switch alone decides
@pytest.mark.parametrize("last", [TALK, CallerGone(), Moved("u")])
@pytest.mark.parametrize(("dialled", "tone"), [("*15", True), ("*15131", False)])
def test_he_joins(claimed, last, dialled, tone):
    assert dial(dialled, outcomes=[claimed, last], tone=tone) == [
        HANDLES, "claim call:lee", "because Erika Ernst joins it",
        f"join lee and of-lee of 131 by 130{', all hear it' if tone else ''}", "done"]


@pytest.mark.parametrize("outcomes", [[Taken()], [Won(), Taken()]])
def test_somebody_is_faster(outcomes):
    assert dial(outcomes=[*outcomes, *TOLD])[-4:] == [
        "because that talk is over, or somebody else was faster", *NOTHING]


def test_dialled_again_it_ends_for_all():
    assert dial(live=Live((*three(), *handles("132", "max"))), outcomes=[Performed()] * 3 + [CallerGone()]) == [
        "because Erika Ernst ends the talk of the three", "end lee of-lee his", "answer", "play talk-ended de",
        "hangup normal", "done"]


@pytest.mark.parametrize("calls", [
    three(room="crew"),  # a conference of another kind
    (channel("his", user="130"), *handles()),
    (*three(user="140"), *handles()),
])
def test_who_is_with_nobody_ends_nothing(calls):
    assert not any(line.startswith("end ") for line in dial(live=Live(calls), outcomes=[Won(), TALK, *TOLD]))


ENDS = ["because Erika Ernst ends the talk of the three", "end lee of-lee his"]


def in_talk(live, *outcomes, dialled="*15"):
    return drive(STAR, replace(a_call("code:join", "130", dialled), talk="his"), office("all"), outcomes, Live(live))


def test_dialled_in_the_talk_of_three_it_ends_that_and_says_nothing():
    """Who would hear it is gone."""
    assert in_talk(three(), Performed()) == [*ENDS, "done"]


def test_dialled_in_the_talk_of_three_it_says_that_it_could_not_be_ended():
    assert in_talk(three(), Failed(), Performed()) == [
        *ENDS, "because it could not be ended now", "play not-available de", "done"]


def test_dialled_in_another_talk_it_does_not_end_that_of_the_three():
    """He is with them by another of his phones."""
    other = (channel("his", user="130", peer="max"), channel("max", peer="his"))
    joined = tuple(replace(each, uuid="desk") if each.uuid == "his" else each for each in three())
    assert in_talk((*joined, *other), Performed()) == [
        "because Erika Ernst holds no call", "play nothing-held de", "done"]


def test_dialled_in_a_talk_of_three_that_one_has_joined_otherwise_it_ends_nothing():
    for room in ("three-way-lee", "barge-in-lee"):
        assert in_talk(three(room), Performed()) == [
            "because Erika Ernst holds no call", "play nothing-held de", "done"]


def test_dialled_in_a_talk_it_joins_no_other_one():
    """Though an assistant talks for him, whom he could join by a call of his own."""
    calls = (channel("his", user="130", peer="max"), channel("max", peer="his"), *handles())
    assert in_talk(calls, Performed(), dialled="*15131") == [
        "because *15131 does nothing in a talk", "play not-possible de", "done"]


@pytest.mark.parametrize(("user", "live", "why", "announcement"), [
    ("101", Live(handles()), "Anna Adler is no executive", "nothing-to-take-over"),
    ("130", Live(), "no assistant talks for Erika Ernst", "nothing-to-take-over"),
    ("130", Live(known=False), UNKNOWN, "not-available"),
])
def test_nothing_to_join(user, live, why, announcement):
    assert dial(user=user, live=live, outcomes=TOLD) == [
        f"because {why}", f"play {announcement} de", "hangup rejected", "done"]


@pytest.mark.parametrize(("user", "through"), [("130", "user 130"), ("131", ""), ("101", "")])
def test_to_whom_it_applies(user, through):
    here = office("all")
    assert executive_join.FEATURE.through(here.users[user], here) == through


def test_explain_assumes_that_each_assistant_handles_a_call():
    call = a_call("code:join", "130", "*15")
    live = executive_join.FEATURE.codes["join"].acts_on(call, office("all"))
    assert dial(live=live)[3].startswith("join caller-131 and at-131 of 131 by 130")
