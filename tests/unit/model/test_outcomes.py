"""Outcomes as words."""

from typing import get_args

import pytest

from fsctl.model.destination import Destination
from fsctl.model.hunting import Standing
from fsctl.model.live import Live
from fsctl.model.outcomes import (
    Answered,
    CallerGone,
    Digits,
    Moved,
    NoAnswer,
    Outcome,
    Parked,
    Recorded,
    Redirected,
    Surveyed,
    word,
)
from tests.unit.builders import AT


@pytest.mark.parametrize(("outcome", "text"), [
    (Answered(Destination("user", "101")), "answered"), (NoAnswer(), "no-answer"), (Digits("12*"), "digits:12*"),
    (Redirected("101"), "redirected"), (Moved("u"), "moved"), (CallerGone(), "gone"), (Parked("701"), "parked"),
    (Recorded("a.wav"), "recorded"),
])
def test_words(outcome, text):
    assert word(outcome) == text


def test_each_kind_has_a_word_of_its_own():
    needs = {Answered: (Destination("user", "1"),), Redirected: ("1",), Digits: ("1",), Moved: ("u",),
             Surveyed: (Standing(), Live(), AT), Parked: ("701",), Recorded: ("a.wav",)}
    words = [word(kind(*needs.get(kind, ()))) for kind in get_args(Outcome)]
    assert len(set(words)) == len(words)
