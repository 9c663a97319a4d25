"""The walk through the policies."""

from contextlib import suppress
from dataclasses import replace

import pytest

from fsctl.explain import explain
from fsctl.model.actions import (
    OFFICE,
    Answer,
    Ask,
    Because,
    Change,
    Claim,
    Done,
    Hangup,
    Mailbox,
    NotTaken,
    Party,
    Pass,
    Pickup,
    Play,
    Reroute,
    Reserve,
    Ring,
    Survey,
    Wait,
)
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.outcomes import Answered, Busy, CallerGone, Failed, Performed, Won
from fsctl.model.reasons import plain, reason
from fsctl.policies import reception
from fsctl.policies.feature import Feature
from fsctl.route import HOP_LIMIT, Result, Step, walk
from tests.unit.builders import LONDON, SALES, a_call, an_office

#: Of a member outside, where no trunk carries callers from outside on.
NOT_OUTSIDE = "+491701234567 cannot be called: outside callers may not be sent on to the outside"


def asked(**runs):
    """A pipeline of these policies, in this order."""
    return [Feature(name, "").stage(run) for name, run in runs.items()]



def told(step):
    """The step with its reason in words."""
    return replace(step, reason=str(step.reason))


def test_a_reroute_is_a_step_and_the_policies_are_asked_again():
    explanation = explain(a_call("site:berlin", user=None), an_office())
    assert [told(step) for step in explanation.steps] == [
        Step("reception", "reroute", "hunt:sales", "reception of Berlin"),
        Step("hunt_group", "ring", "user:101, user:102", f"all members of Verkauf at once; {NOT_OUTSIDE}"),
    ]
    assert explanation.result == "user:101"


def test_on_whose_behalf_it_is_stays_so():
    """Whoever sends the call on from there; unless it is made on somebody else's behalf by then."""
    seen = []

    def sends_on(call, office, live):
        yield from ()
        seen.append(call.on_behalf)
        ways = {"103": Reroute(Destination("user", "102"), on_behalf="130"),
                "102": Reroute(Destination("user", "101"), by="102"),
                "101": Reroute(Destination("user", "120"), on_behalf="140")}
        return ways.get(call.to.name, Done())

    assert list(walk(a_call("user:103"), an_office(), Live(), asked(sends=sends_on)))
    assert seen == ["", "130", "130", "140"]


def test_policies_are_handed_the_call_the_office_and_the_live_calls():
    seen = []

    def look(call, office, live):
        seen.append((call, office, live))
        return Done()
        yield

    call, office, live = a_call("user:101"), an_office(), Live()
    assert list(walk(call, office, live, asked(look=look))) == []
    assert [(one is call, two is office, three is live) for one, two, three in seen] == [(True, True, True)]


def test_a_reason_is_not_carried_to_a_later_action():
    def chatty(call, office, live):
        yield Because("first")
        yield Play("a", "de")
        yield Play("b", "de")
        return Done()

    steps = [planned.step for planned in walk(a_call("user:101"), an_office(), Live(), asked(chatty=chatty))]
    assert [str(step.reason) for step in steps] == ["first", ""]


def test_a_loop_ends_with_an_announcement():
    def ping(call, office, live):
        return Reroute(Destination("user", "102" if call.to.name == "101" else "101"))
        yield

    plan = list(walk(a_call("user:101"), an_office(), Live(), asked(ping=ping)))
    assert [planned.action for planned in plan] == [
        Reroute(Destination("user", "102")), Play("not-available", "en"), Hangup("offline")]
    steps = [told(planned.step) for planned in plan]
    reason = "user:101 was already tried: the call goes round in circles"
    assert steps == [
        Step("ping", "reroute", "user:102", ""),
        Step("route", "play", "announcement:not-available", reason),
        Step("route", "hangup", "hangup:offline", ""),
    ]


def test_a_caller_may_come_back_to_an_attendant_but_not_for_ever():
    def back(call, office, live):
        return Reroute(Destination("attendant", "b" if call.to.name == "a" else "a"))
        yield

    steps = [planned.step for planned in walk(a_call("attendant:a"), an_office(), Live(), asked(back=back))]
    assert [step.action for step in steps] == ["reroute"] * HOP_LIMIT + ["play", "hangup"]


def test_policies_that_a_reroute_leaves_out_are_not_asked_again():
    def once(call, office, live):
        return Reroute(Destination("user", "102"), skips=("once",))
        yield

    def twice(call, office, live):
        return Reroute(Destination("user", "120"), skips=("twice",)) if call.to.name == "102" else Pass()
        yield

    plan = walk(a_call("user:101"), an_office(), Live(), asked(once=once, twice=twice))
    steps = [planned.step for planned in plan]
    assert [step.target for step in steps] == ["user:102", "user:120"]


def test_a_loop_that_leaves_out_the_beginning_ends_as_soon():
    def onward(call, office, live):
        return Reroute(Destination("user", {"1": "2", "2": "3", "3": "2"}[call.to.name]))
        yield

    steps = [planned.step for planned in walk(a_call("user:1"), an_office(), Live(), asked(onward=onward))]
    assert [step.target for step in steps] == ["user:2", "user:3", "announcement:not-available", "hangup:offline"]


def test_a_number_of_the_office_that_leads_nowhere_is_unknown_and_no_loop():
    london = replace(LONDON, numbers=("+442079460100",))
    call = a_call("site:london", user=None, dialled="+442079460100")
    explanation = explain(call, an_office(sites={"london": london}))
    assert [(step.target, str(step.reason)) for step in explanation.steps] == [
        ("unknown:+442079460100", "London has no reception"),
        ("announcement:unknown-number", "+442079460100 is not a number of the office"),
        ("hangup:unknown-number", ""),
    ]


def test_an_endless_chain_ends_too():
    def onward(call, office, live):
        return Reroute(Destination("user", str(int(call.to.name) + 1)))
        yield

    steps = [planned.step for planned in walk(a_call("user:1"), an_office(), Live(), asked(onward=onward))]
    assert [step.action for step in steps] == ["reroute"] * HOP_LIMIT + ["play", "hangup"]


def test_a_policy_that_is_done_ends_the_walk_and_so_does_the_last_one():
    def done(call, office, live):
        return Done()
        yield

    assert list(walk(a_call("user:101"), an_office(), Live(), asked(done=done, never=None))) == []
    assert list(walk(a_call("user:101"), an_office(), Live(), ())) == []


def test_a_reason_counts_for_the_next_action_only():
    explanation = explain(a_call("hunt:sales", user=None), an_office(), ["busy"] * 2 + ["no-answer"])
    assert [(step.action, step.target, str(step.reason)) for step in explanation.steps[1:]] == [
        ("reroute", "user:120", f"all members of Verkauf are busy; {NOT_OUTSIDE}"),
        ("ring", "user:120", "120 is Hannah Hill"),
        ("hangup", "hangup:no-answer", "Hannah Hill did not answer within 20 s"),
    ]
    assert SALES.hunt is not None


def test_what_the_caller_cannot_notice_is_no_step_and_takes_no_reason():
    def looks(call, office, live):
        yield Because("the first one")
        yield Survey("sales", ("101",))
        yield Reserve("sales", "101", 0)
        yield Wait("sales", ("101",), (), 5)
        return Done()

    plan = walk(a_call("hunt:sales"), an_office(), Live(), asked(before=reception.run, looks=looks))
    planned = [next(plan), plan.send(Won()), plan.send(Won())]
    assert [each.step and told(each.step) for each in planned] == [
        None, None, Step("looks", "wait", "hunt:sales", "the first one")]
    assert [len(each.passed) for each in planned] == [0, 0, 1], "what was passed is told with the next step"


def test_a_result_is_empty_until_something_happened():
    result = Result()
    assert result.text == ""
    result.note(Reroute(Destination("user", "101")), None)
    assert result.text == ""
    result.note(Play("blocked", "de"), None)
    result.note(Hangup("rejected"), None)
    assert result.text == "announcement:blocked"


def test_what_became_of_ringing_is_told_to_those_asked_next():
    def rang(call, office, live):
        return Pass(Busy(), plain("on the phone")) if call.outcome is None else Pass()
        yield

    def after(call, office, live):
        yield Because(f"{type(call.outcome).__name__}: {call.why}")
        yield Play("a", "de")
        return Reroute(Destination("user", "102")) if call.to.name == "101" else Done()

    steps = [planned.step for planned in
             walk(a_call("user:101"), an_office(), Live(), asked(rang=rang, again=rang, after=after))]
    assert [(step.action, str(step.reason)) for step in steps] == [
        ("play", "Busy: on the phone"), ("reroute", ""), ("play", "Busy: on the phone")]


def test_where_a_call_goes_next_nobody_was_rung_yet():
    seen = []

    def rang(call, office, live):
        seen.append((call.outcome, str(call.why)))
        return Pass(Busy(), plain("on the phone"))
        yield

    def onward(call, office, live):
        return Reroute(Destination("user", "102")) if call.to.name == "101" else Done()
        yield

    list(walk(a_call("user:101"), an_office(), Live(), asked(rang=rang, onward=onward)))
    assert seen == [(None, ""), (None, "")]


@pytest.mark.parametrize(("by", "then"), [("101", "101"), (OFFICE, ""), (None, "102")])
def test_who_caused_a_reroute_is_responsible_for_what_follows(by, then):
    seen = []

    def onward(call, office, live):
        seen.append(call.by)
        return Reroute(Destination("user", "120"), by) if call.to.name == "101" else Done()
        yield

    list(walk(a_call("user:101", user="102"), an_office(), Live(), asked(onward=onward)))
    assert seen == ["102", then]


def test_a_number_of_the_office_does_not_leave_the_house():
    def onward(call, office, live):
        return Reroute(Destination("number", "+49305550300")) if call.to.kind == "user" else Done()
        yield

    steps = [planned.step for planned in walk(a_call("user:101"), an_office(), Live(), asked(onward=onward))]
    assert [step.target for step in steps] == ["hunt:sales"]


@pytest.mark.parametrize(("events", "text", "settled"), [
    ([(Change("code:dnd_on", "dnd.101", "on"), Performed()), (Play("dnd-on", "de"), Performed())], "code:dnd_on", True),
    ([(Change("code:dnd_on", "dnd.101", "on"), Failed()), (Play("not-available", "de"), Performed())],
     "announcement:not-available", True),
    ([(Mailbox("101", "de"), CallerGone())], "mailbox:101", True),
    ([(Mailbox("101", "de", fetch=True), CallerGone()), (Hangup("normal"), CallerGone())], "code:mailbox", True),
    ([(Play("welcome", "de"), Performed()), (Ring((), Party("", "")), Answered(Destination("user", "101")))],
     "user:101", True),
    ([(Answer(), Performed()), (Hangup("busy"), CallerGone())], "hangup:busy", False),
    ([(Hangup("busy"), CallerGone()), (Play("blocked", "de"), Performed())], "announcement:blocked", True),
])
def test_what_a_caller_got(events, text, settled):
    result = Result()
    for action, outcome in events:
        result.note(action, outcome)
    assert (result.text, result.settled) == (text, text if settled else "")


@pytest.mark.parametrize(("action", "shown"), [
    (Answer(), ("answer", "caller")),
    (Ask("enter-number", "de", 4), ("ask", "announcement:enter-number")),
    (Claim("slot:701"), ("claim", "slot:701")),
    (Pickup("c0ffee", "102"), ("pickup", "pickup:102")),
    (Reserve("sales", "101", 1), ("reserve", "hunt:sales")),
    (Mailbox("101", "de"), ("mailbox", "mailbox:101")),
    (Change("code:dnd_on", "dnd.101", "on"), ("change", "code:dnd_on")),
])
def test_how_actions_appear_in_a_trace(action, shown):
    assert (action.name, action.target) == shown


def ends(call, ending):
    """What is done for a call that one policy ends so."""
    def run(call, office, live):
        yield Because(reason("star_codes.nothing_dialled"))
        return ending

    plan, done = walk(call, an_office(), Live(), asked(ends=run)), []
    with suppress(StopIteration):
        planned = next(plan)
        while True:
            done.append(f"{planned.step.action} {planned.step.target} {planned.step.reason}".rstrip())
            planned = plan.send(Performed())
    return done


@pytest.mark.parametrize(("talk", "announcement", "done"), [
    ("own", "not-possible", ["play announcement:not-possible nothing was dialled after it"]), ("own", "", []),
    ("", "not-possible", ["play announcement:not-possible nothing was dialled after it", "hangup hangup:rejected"]),
    ("", "", ["hangup hangup:rejected nothing was dialled after it"]),
])
def test_what_is_refused_in_a_talk_does_not_end_it(talk, announcement, done):
    call = replace(a_call("code:record"), talk=talk)
    assert ends(call, NotTaken("rejected", announcement, "de")) == done


def test_round_in_circles_a_talk_goes_on_as_well():
    call = replace(a_call("user:101"), talk="own")
    assert ends(call, Reroute(Destination("user", "101"))) == [
        "play announcement:not-available user:101 was already tried: the call goes round in circles"]
