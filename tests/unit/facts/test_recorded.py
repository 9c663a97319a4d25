"""What is written of a call reads back the same, whatever fields it has."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsctl.facts.recorded import (
    MOST_SEEN,
    call_of,
    kept_call,
    kept_look,
    kept_outcome,
    kept_step,
    kept_view,
    live_of,
    of_members,
    outcome_of,
    step_of,
    unnamed,
)
from fsctl.model.actions import Reserve, Survey
from fsctl.model.call import Call
from fsctl.model.destination import DIALLED_KINDS, FILE_KINDS, Destination
from fsctl.model.hunting import Standing
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import Digits, Outcome, Surveyed, Won, word
from fsctl.model.reasons import Reason, reason
from fsctl.route import Step
from tests.unit.builders import AT, a_call

TEXT = st.text(max_size=8)
NAMED = st.builds(lambda name, values: reason(name, **values), st.text(min_size=1, max_size=8), st.dictionaries(
    st.sampled_from(["who", "site"]), st.text(max_size=8) | st.integers(), max_size=2))
NESTED = st.builds(lambda name, one, more: reason(name, one=one, more=more), st.text(min_size=1, max_size=8), NAMED,
                   st.tuples(NAMED, NAMED) | st.tuples())
ZONES = st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-720, 840)) | st.just(UTC)
st.register_type_strategy(Reason, st.just(Reason()) | NAMED | NESTED)
st.register_type_strategy(Destination, st.builds(Destination, st.sampled_from([*FILE_KINDS, *DIALLED_KINDS]), TEXT))
st.register_type_strategy(datetime, st.datetimes(timezones=ZONES))
st.register_type_strategy(str, TEXT)
st.register_type_strategy(float, st.floats(0, 1, exclude_max=True))
st.register_type_strategy(Digits, st.builds(Digits, st.text("0123456789*", min_size=1)))


def through_json(kept):
    """As the database gives it back."""
    return json.loads(json.dumps(kept, ensure_ascii=False))


@given(st.from_type(Call))
def test_a_call_reads_back_with_all_its_facts(call):
    assert call_of(through_json(kept_call(call))) == call


@pytest.mark.parametrize("cls", get_args(Outcome))
def test_there_is_a_word_for_every_outcome(cls):
    assert cls.word


@given(st.from_type(Outcome))
def test_every_outcome_reads_back(outcome):
    kept = through_json(kept_outcome(outcome))
    found = outcome_of(kept)
    assert found == outcome and getattr(found, "legs", ()) == getattr(outcome, "legs", ())
    assert kept["outcome"] == word(outcome)


@given(st.builds(Step, TEXT, TEXT, TEXT, st.from_type(Reason)))
def test_every_step_reads_back(step):
    assert step_of(through_json(kept_step(step))) == step


@given(st.from_type(Surveyed), st.lists(TEXT, max_size=3))
def test_of_a_survey_what_is_kept_reads_back(seen, members):
    kept = through_json(kept_look(Survey("sales", tuple(members)), seen))
    assert outcome_of(kept) == of_members(seen, members)


def test_of_a_survey_only_the_members_are_kept_and_nobodys_name():
    live = Live((a_live_call("a", "101", "101"), a_live_call("b", None, "+4917"), a_live_call("c", None, "+4930"),
                 a_live_call("d", "102", "102")))
    kept = of_members(Surveyed(Standing(), live, AT), ("101", "+4917"))
    assert [(call.uuid, call.number, call.name) for call in kept.live.calls] == [("a", "101", ""), ("b", "+4917", "")]
    assert [kept.live.at(member) != () for member in ("101", "+4917")] == [True, True]


def test_who_was_reserved():
    assert kept_look(Reserve("sales", "101", 1), Won()) == {"reserve": "101", "outcome": "won", "detail": ""}


@given(st.lists(st.from_type(LiveCall), max_size=3), st.booleans())
def test_other_calls_read_back_without_names_and_numbers(calls, known):
    part = through_json({"switch_known": known} | kept_view(Live(tuple(calls), known)))
    assert live_of(part) == Live(tuple(map(unnamed, calls)), known)


@pytest.mark.parametrize(("number", "known", "kept"), [
    ("112", (), True), ("101", (), True), ("110110", (), True), ("1101101", (), False), ("+491", (), False),
    ("+4917", ("+4917",), True), ("12a", (), False), ("anonymous", (), False), ("1234567", ("1234567",), True),
])
def test_of_other_calls_only_short_numbers_are_kept(number, known, kept):
    """That a call was for an emergency service decides what others may do; and an extension tells of nobody outside."""
    call = a_live_call("a", None, number)
    assert unnamed(call, known) == replace(call, name="", number=number if kept else "")


def test_too_many_other_calls_are_not_kept():
    calls = tuple(a_live_call(str(number), None, "1") for number in range(MOST_SEEN + 1))
    assert live_of({"switch_known": True} | kept_view(Live(calls))) is None
    assert live_of({"switch_known": False, "saw_others": False}) == Live(known=False)


def test_an_older_steps_reason_is_text_and_a_pickup_an_answer():
    step = {"policy": "hunt_group", "action": "ring", "target": "user:101", "reason": "all members"}
    assert str(step_of(step).reason) == "all members"
    assert word(outcome_of({"outcome": "picked-up", "detail": "user:101"})) == "answered"
    assert outcome_of({"outcome": "", "detail": ""}) is None


def test_what_is_at_its_default_is_not_written():
    assert {"skips", "why", "outcome", "shown"}.isdisjoint(kept_call(a_call("user:101")))


def a_live_call(uuid, user, number):
    return LiveCall(uuid, user, None, "outbound", "ringing", AT, number=number, name="Eve")
