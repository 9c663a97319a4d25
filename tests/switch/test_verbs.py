"""Every verb says what others have to know of it, and has a performer that answers as the verb says it can.

Whoever adds a verb or an outcome learns here, and from mypy, what it lacks.
"""

import inspect
from datetime import UTC, datetime
from types import UnionType
from typing import get_args, get_type_hints

import pytest

from fsctl.model import actions, outcomes
from fsctl.model.actions import Action, Leg, Party, Verb
from fsctl.model.actions.verb import Certain
from fsctl.model.destination import Destination
from fsctl.model.hunting import Standing
from fsctl.model.live import Live
from fsctl.model.outcomes import CallerGone, Moved, Outcome, word
from fsctl.switch.calls.verbs import PERFORMERS
from fsctl.switch.in_talk import performing as in_talk

VERBS = get_args(Action)

#: One of each.
EXAMPLES = {
    actions.Ring: actions.Ring((tuple(Leg(Destination("user", each), 20) for each in ("101", "102")),), Party("", "")),
    actions.Answer: actions.Answer(),
    actions.Play: actions.Play("blocked", "en"),
    actions.Ask: actions.Ask("enter-number", "en", 20, keys=("1",)),
    actions.Mailbox: actions.Mailbox("101", "en"),
    actions.Change: actions.Change("code:dnd_on", "dnd.101", "on"),
    actions.Claim: actions.Claim("slot:701"),
    actions.Pickup: actions.Pickup("c0ffee", "101"),
    actions.Park: actions.Park("701", "101", 45),
    actions.Unpark: actions.Unpark("701"),
    actions.Connect: actions.Connect("c0ffee", "701"),
    actions.Push: actions.Push("130", "131", 20, "130"),
    actions.TakeOver: actions.TakeOver("c0ffee", "f00d", "131"),
    actions.Join: actions.Join("c0ffee", "f00d", "131", "130"),
    actions.ThreeWay: actions.ThreeWay("c0ffee", "f00d", "beef", "babe", "101"),
    actions.Record: actions.Record("c0ffee", on=True),
    actions.EndJoined: actions.EndJoined(("c0ffee", "f00d")),
    actions.Gather: actions.Gather("crew", ((Leg(Destination("user", "101"), 30),),), Party("", ""), 30),
    actions.Enter: actions.Enter("crew"),
    actions.Survey: actions.Survey("sales", ("101",)),
    actions.Reserve: actions.Reserve("sales", "101", 1),
    actions.Wait: actions.Wait("sales", ("101",), (), 5.0),
    actions.Leave: actions.Leave("1000"),
    actions.Hangup: actions.Hangup("busy"),
}

#: What may come of anything that takes time, however it is meant.
AT_ANY_TIME = {Moved, CallerGone}


class World:
    live, at = Live(), datetime(2026, 11, 23, 10, tzinfo=UTC)

    def __init__(self, *words):
        self.words = iter(words)

    def next_word(self, otherwise):
        return next(self.words, otherwise)

    def standing(self, hunt, members, idle):
        return Standing()

    def extensions(self):
        return iter(("104",))


def members(union):
    """The classes of a union, or of a class."""
    return set(get_args(union)) if isinstance(union, UnionType) else {union}


def became(verb):
    """What a verb says can become of it."""
    (said,) = (base for base in verb.__orig_bases__ if base.__origin__ in (Verb, Certain))
    return members(get_args(said)[0])


def concrete(cls):
    """All classes below one that can be made."""
    return {found for each in cls.__subclasses__() for found in ({each} - {Certain}) | concrete(each)}


def test_all_verbs_are_in_the_union():
    assert {verb.__name__ for verb in concrete(Verb) if verb.__module__.startswith("fsctl.")} == {
        verb.__name__ for verb in VERBS}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_told_and_assumed(verb):
    assert verb in EXAMPLES, "an example of it is missing here"
    example = EXAMPLES[verb]
    assert example.name == verb.__name__.lower() and example.target
    assert type(example.assumed(World())) in became(verb)
    told = list(example.choices(World()))
    assert {type(outcome) for _, outcome in told} <= became(verb)
    assert len({label for label, _ in told}) == len(told) != 1
    for outcome in (None, example.assumed(World()), *(outcome for _, outcome in told)):
        assert example.lasts(outcome) >= 0
        weight, text = example.leaves(outcome)
        assert isinstance(weight, actions.Weight) and isinstance(text, str)


#: What a code does beside the talk in which it was dialled.
IN_TALK = {
    actions.Play, actions.Claim, actions.Park, actions.Push, actions.ThreeWay, actions.EndJoined, actions.Record}


def test_each_verb_is_performed():
    assert set(in_talk.PERFORMERS) == IN_TALK
    assert set(PERFORMERS) == set(VERBS) - {actions.ThreeWay, actions.Record}


@pytest.mark.parametrize(("verb", "performer"), [*PERFORMERS.items(), *in_talk.PERFORMERS.items()])
def test_a_verb_is_performed_as_it_says(verb, performer):
    hints = get_type_hints(performer)
    assert members(hints["return"]) - AT_ANY_TIME <= became(verb)
    assert hints[list(inspect.signature(performer).parameters)[1]] is verb


def test_every_outcome_is_of_some_verb_and_has_a_word_of_its_own():
    made = {each for _, each in inspect.getmembers(outcomes, inspect.isclass)
            if each.__module__ == outcomes.__name__ and hasattr(each, "word")}
    assert made == set(get_args(Outcome))
    assert set().union(*map(became, VERBS)) | AT_ANY_TIME == made
    assert len({each.word for each in made}) == len(made)


@pytest.mark.parametrize(("words", "came_to"), [
    ((), "answered"), (("busy", "answered"), "answered"), (("busy", "no-answer"), "no-answer"), (("gone",), "gone"),
    (("rejected", "busy"), "busy"), (("offline", "rejected"), "rejected"), (("offline", "offline"), "offline"),
])
def test_of_several_legs_the_outcome_that_says_most(words, came_to):
    assert word(EXAMPLES[actions.Ring].assumed(World(*words))) == came_to


@pytest.mark.parametrize(("example", "wrong"), [
    (EXAMPLES[actions.Ring], "silence"), (EXAMPLES[actions.Ask], "busy"),
])
def test_a_word_that_cannot_become_of_it(example, wrong):
    with pytest.raises(ValueError, match=wrong):
        example.assumed(World(wrong))
