"""Executives who are each other's assistants, forwards, diversions and rollovers: whatever is set, calls end."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import settings as times
from hypothesis import strategies as st

from fsctl.model.actions import Reroute, Ring, Survey
from fsctl.model.destination import Destination
from fsctl.model.hunting import Standing
from fsctl.model.live import Live
from fsctl.model.outcomes import Busy, NoAnswer, Offline, Performed, Rejected, Surveyed
from fsctl.model.sections import Executive, Forward, Overflow, User
from fsctl.route import HOP_LIMIT, walk
from tests.unit.builders import AT, a_call, an_office, settings

PEOPLE = ("131", "132", "133")
NOBODY = st.none()
PERSON = st.sampled_from(PEOPLE)
TO = st.builds(Destination, st.just("user"), PERSON)
OVERFLOW = st.builds(Overflow, after_seconds=st.sampled_from((0, 5, 10, 20)), to=TO)


@st.composite
def offices(draw):
    """Three people of whom any may be an executive, and any other his assistant."""
    users, switched = {}, {}
    for each in PEOPLE:
        others = tuple(other for other in PEOPLE if other != each)
        executive = draw(st.sampled_from((True, True, False))) and draw(st.builds(
            Executive, filter=st.just("all"), rollover=NOBODY | OVERFLOW, opt_out=st.booleans(),
            alerting=st.sampled_from(("sequential", "simultaneous")),
            assistants=st.sampled_from((others, others[::-1], others[:1], others[1:]))))
        forward = draw(st.builds(Forward, always=NOBODY | TO, busy=NOBODY | TO, no_answer=NOBODY | TO))
        users[each] = User(extension=each, name=each, site="berlin", executive=executive or None, forward=forward)
        for assistant in executive.assistants if executive else ():
            if draw(st.sampled_from((True, False, False))):
                switched[f"assistant.{each}.{assistant}"] = "out"
            if to := draw(st.sampled_from((None, None, *PEOPLE))):
                switched[f"divert.{each}.{assistant}"] = f"user:{to}"
    for each in draw(st.sets(PERSON, max_size=1)):
        switched[f"dnd.{each}"] = "on"
    return an_office(users=users, settings=settings(**switched))


CALLERS = st.sampled_from((None, *PEOPLE))
OUTCOMES = st.lists(st.sampled_from((Busy(), NoAnswer(), Offline(), Rejected())), min_size=1)


def rings(call, office, outcomes):
    """All that rings until the call has ended. AssertionError if it never does."""
    found, seconds, plan, done = [], 0, walk(call, office, Live()), 0
    try:
        planned = next(plan)
        while True:
            done += 1
            assert done < 10 * HOP_LIMIT, "it goes on and on"
            match planned.action:
                case Reroute():
                    planned = next(plan)
                    continue
                case Survey():
                    outcome = Surveyed(Standing(), Live(), AT + timedelta(seconds=seconds))
                case Ring() as ring:
                    found.append(ring)
                    outcome = outcomes[len(found) % len(outcomes)]
                    seconds += ring.lasts(outcome)
                case _:
                    outcome = Performed()
            planned = plan.send(outcome)
    except StopIteration:
        return found


@times(max_examples=300)
@given(offices(), CALLERS, PERSON, OUTCOMES)
def test_calls_end_and_are_filtered_once(office, caller, called, outcomes):
    call = replace(a_call(f"user:{called}", caller), by=caller)
    filtered = [ring for ring in rings(call, office, outcomes) if ring.executive]
    assert len({ring.executive for ring in filtered}) <= 1
    rung = [leg.target.name for ring in filtered for leg in ring.legs]
    assert len(rung) == len(set(rung))  # nobody is rung twice for it
    assert caller not in rung
    for each in rung:
        executive = office.users[filtered[0].executive]
        assert not office.settings.dnd(each)
        assert caller not in executive.executive.assistants
        if executive.executive.opt_out and each in executive.executive.assistants:
            assert not office.settings.opted_out(executive.extension, each)


@times(max_examples=300)
@given(offices(), PERSON)
def test_nobody_waits_longer_than_the_time_over_all(office, called):
    found = [ring for ring in rings(a_call(f"user:{called}", None), office, [NoAnswer()]) if ring.executive]
    assume(found)
    executive = office.users[found[0].executive].executive
    if executive.rollover and executive.rollover.after_seconds:
        assert sum(ring.lasts(NoAnswer()) for ring in found) <= executive.rollover.after_seconds
