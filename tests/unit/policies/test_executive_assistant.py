"""Filtered calls of an executive: whom they ring, what is seen there, and where they go when nobody takes them."""

from dataclasses import replace

import pytest

from fsctl.model.actions import ANONYMOUS, Hangup, Party, Reroute, Ring
from fsctl.model.destination import Destination
from fsctl.model.hunting import Standing
from fsctl.model.live import Live
from fsctl.model.outcomes import Answered, Busy, CallerGone, Moved, NoAnswer, Offline, Performed, Redirected, Rejected
from fsctl.model.sections import NightService, Overflow
from fsctl.policies import executive_assistant
from fsctl.route import walk
from tests.unit.builders import a_call, settings
from tests.unit.drive import Hunts, drive, ending, line
from tests.unit.policies.test_executive_rules import GEORG
from tests.unit.policies.test_executive_rules import office as an_executives_office

WHY = "because all calls for Erika Ernst go to the assistants"
TAKEN = [Answered(Destination("user", "131"))]
MAILBOX = Overflow(after_seconds=60, to=Destination("mailbox", "130"))
CALL = a_call("user:130", None, "+49305550130")


def office(users=(), settings_=None, trunks=None, **changes):
    """Everything goes to the assistants 131 and 132, 15 seconds each."""
    found = an_executives_office("all", **(settings_ or {}))
    user = found.users["130"]
    executive = replace(user.executive, **{"rollover": MAILBOX} | changes)
    people = found.users | {"130": replace(user, executive=executive)} | dict(users)
    return replace(found, users=people, **({"trunks": trunks} if trunks else {}))


def done(office_=None, outcomes=TAKEN, call=CALL, live=Live()):
    return drive(executive_assistant.run, call, office_ or office(), outcomes, live)


@pytest.mark.parametrize("call", [
    a_call("user:101", None), a_call("mailbox:130", None), a_call("hunt:sales", None),
    replace(CALL, outcome=Busy()), replace(CALL, outcome=NoAnswer()),
])
def test_calls_that_are_none_of_his(call):
    assert done(call=call) == ["pass"]


def test_who_is_not_filtered_is_told_why():
    found = ending(executive_assistant.run, replace(CALL, user="131", external=False), office())
    assert str(found.why) == "Fatma Fuchs is an assistant of Erika Ernst and gets through"
    assert (found.outcome, found.skips) == (None, ())


SHOWN = "showing Erika Ernst - Lee|+4915112345678"


@pytest.mark.parametrize(("changes", "rung"), [
    ({}, "user:131 15 s then user:132 15 s"),
    ({"alerting": "simultaneous"}, "user:131 15 s & user:132 15 s"),
    ({"ring_seconds": 7}, "user:131 7 s then user:132 7 s"),
    ({"assistants": ("132", "131", "132")}, "user:132 15 s then user:131 15 s"),
    ({"rollover": Overflow(after_seconds=30, to=MAILBOX.to)}, "user:131 15 s then user:132 15 s"),
    ({"rollover": Overflow(after_seconds=29, to=MAILBOX.to)}, "user:131 15 s then user:132 14 s"),
    ({"rollover": Overflow(after_seconds=16, to=MAILBOX.to)}, "user:131 15 s then user:132 1 s"),
    ({"rollover": Overflow(after_seconds=15, to=MAILBOX.to)}, "user:131 15 s"),
    ({"rollover": Overflow(after_seconds=9, to=MAILBOX.to)}, "user:131 9 s"),
    ({"rollover": Overflow(after_seconds=9, to=MAILBOX.to), "alerting": "simultaneous"}, "user:131 9 s & user:132 9 s"),
    ({"rollover": Overflow(after_seconds=0, to=MAILBOX.to)}, "user:131 15 s then user:132 15 s"),
    ({"rollover": None}, "user:131 15 s then user:132 15 s"),
])
def test_who_rings_and_how_long(changes, rung):
    assert done(office(**changes)) == [WHY, f"ring {rung} {SHOWN}", "done"]


@pytest.mark.parametrize("outcome", [Answered(Destination("user", "132")), CallerGone(), Moved("x")])
def test_what_ends_it(outcome):
    assert done(outcomes=[outcome])[-1] == "done"


def test_what_the_ring_says():
    ring = next(action for action in executive_assistant.run(CALL, office(), Live()) if hasattr(action, "branches"))
    assert (ring.executive, ring.called, ring.hunt) == ("130", Party("Erika Ernst", "130"), "")


# ---- rollover -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("outcome", "why"), [
    (NoAnswer(), "no assistant of Erika Ernst took the call"), (Busy(), "no assistant of Erika Ernst took the call"),
    (Rejected(), "no assistant of Erika Ernst took the call"),
    (Redirected("101"), "no assistant of Erika Ernst took the call"),
    (Offline(), "no assistant of Erika Ernst has a phone that can be reached"),
])
def test_nobody_took_it(outcome, why):
    assert done(outcomes=[outcome])[2:] == [f"because {why}", "reroute mailbox:130 by 130"]


ALL_OUT = {"assistant.130.131": "out", "assistant.130.132": "out"}


@pytest.mark.parametrize(("to", "end"), [
    ("mailbox:130", "reroute mailbox:130 by 130"), ("number:+491701234567", "reroute number:+491701234567 by 130"),
    ("user:101", "reroute user:101 by 130"), ("user:130", "pass"), (None, "pass"),
])
def test_at_once_where_nobody_is_left(to, end):
    kind, _, name = (to or "").partition(":")
    rollover = Overflow(after_seconds=60, to=Destination(kind, name)) if to else None
    lines = done(office(settings_=ALL_OUT, rollover=rollover), [])
    why = "no assistant of Erika Ernst can be rung: Fatma Fuchs has opted out; Georg Graf has opted out"
    assert lines == ([f"because {why}"] if end != "pass" else []) + [end]
    if end == "pass":
        found = ending(executive_assistant.run, CALL, office(settings_=ALL_OUT, rollover=rollover))
        assert (str(found.why), found.outcome) == (why, None)


@pytest.mark.parametrize("rollover", [MAILBOX, None])
def test_it_is_nobodys_filtered_call_again(rollover):
    assert ending(executive_assistant.run, CALL, office(rollover=rollover), [Busy()]).skips == ("executive_assistant",)


def test_an_executive_without_assistants():
    assert done(office(assistants=()), [])[0] == "because Erika Ernst has no assistants"


def test_what_rang_before_it_was_transferred_does_not_ring_again():
    rang = replace(CALL, rang=True, transferred_by="101", by="101")
    why = "because it rang at the assistants of Erika Ernst before it was transferred"
    assert done(outcomes=[], call=rang) == [why, "reroute mailbox:130 by 130"]
    assert done(call=replace(rang, sent_by=Destination("user", "102")))[-1] == "done"


SHORT = {"rollover": Overflow(after_seconds=20, to=MAILBOX.to)}
THREE = {"assistants": ("131", "132", "101")} | SHORT


@pytest.mark.parametrize(("outcomes", "seconds", "after"), [
    ([NoAnswer(), NoAnswer()], 5, ["because no assistant of Erika Ernst took the call", "reroute mailbox:130 by 130"]),
    ([Rejected(), *TAKEN], 15, ["done"]),
    ([Rejected(), Busy()], 15, ["because no assistant of Erika Ernst took the call", "reroute mailbox:130 by 130"]),
])
@pytest.mark.parametrize("waited", [0, 100])
def test_who_would_be_too_late_is_rung_if_others_are_faster(outcomes, seconds, after, waited):
    """Here time goes by only where nobody answers: fifteen seconds for each ring. What went by before is nobody's."""
    hunts = Hunts(lambda _: (Standing(), Live()))
    hunts.seconds = waited
    assert drive(executive_assistant.run, CALL, office(**THREE), outcomes, Live(), hunts) == [
        WHY, f"ring user:131 15 s then user:132 5 s {SHOWN}",
        "because the next assistants of Erika Ernst", f"ring user:101 {seconds} s {SHOWN}", *after]


def test_one_second_is_enough():
    lines = done(office(**THREE | {"rollover": Overflow(after_seconds=16, to=MAILBOX.to)}), [NoAnswer(), Busy()])
    assert lines[1] == f"ring user:131 15 s then user:132 1 s {SHOWN}"
    assert lines[3] == f"ring user:101 1 s {SHOWN}"


def test_the_time_over_all():
    one = {"assistants": ("131", "132"), "rollover": Overflow(after_seconds=15, to=MAILBOX.to)}
    assert done(office(**one), [NoAnswer()])[1:] == [
        f"ring user:131 15 s {SHOWN}", "because no assistant of Erika Ernst took the call within 15 s",
        "reroute mailbox:130 by 130"]


# ---- display ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("display", "number", "shown"), [
    ("executive-caller", "caller", "Erika Ernst - Lee|+4915112345678"),
    ("executive-caller", "executive", "Erika Ernst - Lee|130"),
    ("executive", "caller", "Erika Ernst|+4915112345678"),
    ("caller", "executive", "Lee|130"),
    ("caller-executive", "caller", "Lee - Erika Ernst|+4915112345678"),
    ("for {executive}, from {caller}", "caller", "for Erika Ernst, from Lee|+4915112345678"),
    ("Chef", "caller", "Chef|+4915112345678"),
])
def test_display(display, number, shown):
    assert done(office(display=display, show_number=number))[1].endswith(f"showing {shown}")


@pytest.mark.parametrize(("call", "shown"), [
    (replace(CALL, caller=Party("", "+4915112345678")), "Erika Ernst - +4915112345678|+4915112345678"),
    (replace(CALL, caller=Party("{executive}{caller}{x}", "+49")), "Erika Ernst - {executive}{caller}{x}|+49"),
    (replace(CALL, withheld=True), "Erika Ernst - Anonymous|"),
    (replace(CALL, caller=Party("", "")), "Erika Ernst - Anonymous|"),
    (replace(CALL, user="101", external=False, by="101", caller=Party("Boss", "1")), "Erika Ernst - Anna Adler|101"),
    (replace(CALL, shown=Party("Wiederanruf 701 - Lee", "+49")), "Erika Ernst - Wiederanruf 701 - Lee|+49"),
])
def test_whoever_calls(call, shown):
    assert ANONYMOUS.number == ""
    assert done(call=call)[1].endswith(f"showing {shown}")


# ---- the whole way ------------------------------------------------------------------------------------


def way(call, here, outcomes):
    """All steps of the walk, each with its policy."""
    answers, lines = iter(outcomes), []
    plan = walk(call, here, Live())
    try:
        planned = next(plan)
        while True:
            if planned.step:
                lines.append(f"{planned.step.policy} {planned.step.action} {planned.step.target}")
            planned = next(plan) if planned.step and planned.step.action == "reroute" else plan.send(next(answers))
    except StopIteration:
        return lines


def an_executive_pair(**values):
    """130 and 132 are each other's assistants, and all calls of both are filtered."""
    here = office(rollover=None, assistants=("132",), settings_=values)
    other = replace(GEORG, executive=replace(here.users["130"].executive, assistants=("130",)))
    return replace(here, users=here.users | {"132": other})


@pytest.mark.parametrize(("rollover", "last"), [(None, "132"), ("131", "131")])
@pytest.mark.parametrize(("by", "acts_for"), [("131", "130"), ("130", ""), ("101", "")])
def test_whose_filter_had_it_last_has_it(rollover, last, by, acts_for):
    """A call of 130 is transferred to his assistant 132, who is an executive: who takes it after the filter of that one
    acts for 130 no more. Who had transferred it gets it back as he had it.
    """
    to = Overflow(after_seconds=60, to=Destination("user", rollover)) if rollover else None
    here = office()
    chief = replace(here.users["130"].executive, assistants=("102",), rollover=to)
    here = replace(here, users=here.users | {"132": replace(GEORG, executive=chief)})
    call = replace(a_call("user:132", None), for_user="130", by=by, transferred_by=by)
    assert rung_for(call, here) == [("102", "132", ""), (last, "", ""), (by, acts_for, "130")]


def rung_for(call, here):
    """Who rings while nobody answers, for which executive he acts then, and whose call it is beside that."""
    found = []
    plan = walk(call, here, Live())
    planned = next(plan)
    while not isinstance(planned.action, Hangup):
        if isinstance(planned.action, Ring):
            ring = planned.action
            found.append((ring.legs[0].target.name, ring.executive, ring.for_user))
        planned = next(plan) if isinstance(planned.action, Reroute) else plan.send(NoAnswer())
    return found


def test_without_rollover_his_own_ways_count_and_the_caller_is_shown_as_ever():
    here = an_executive_pair()
    assert way(CALL, here, [NoAnswer(), Answered(Destination("user", "130"))]) == [
        "executive_assistant ring user:132", "extension ring user:130"]


@pytest.mark.parametrize(("values", "steps"), [
    ({"forward.130.no_answer": "user:132"}, ["extension ring user:130", "forwarding reroute user:132"]),
    ({"forward.130.always": "user:132"}, ["forwarding reroute user:132"]),
])
def test_mutual_assistants_end(values, steps):
    """The filtered call of one is not filtered for the other, though his own forwarding sends it there."""
    rings = 1 + sum("ring" in step for step in steps)
    found = way(CALL, an_executive_pair(**values), [NoAnswer()] * rings + [Answered(Destination("user", "132"))])
    assert found == ["executive_assistant ring user:132", *steps, "extension ring user:132"]


def test_a_rollover_to_another_executive_is_not_filtered_there():
    here = an_executive_pair()
    executive = replace(here.users["130"].executive, rollover=Overflow(after_seconds=60, to=Destination("user", "132")))
    here = replace(here, users=here.users | {"130": replace(here.users["130"], executive=executive)})
    assert way(CALL, here, [NoAnswer(), Answered(Destination("user", "132"))]) == [
        "executive_assistant ring user:132", "executive_assistant reroute user:132", "extension ring user:132"]


def test_at_night_the_assistants_have_his_calls():
    """Only then the site's night service is asked, as for any call to him."""
    here = office(rollover=None)
    berlin = replace(here.sites["berlin"], night=NightService(to=Destination("user", "101")))
    here = replace(here, sites=here.sites | {"berlin": berlin},
                   settings=settings(**{"night.berlin": "on"}))
    assert way(CALL, here, [NoAnswer(), Answered(Destination("user", "101"))]) == [
        "executive_assistant ring user:131, user:132", "night_service reroute user:101", "extension ring user:101"]


def test_a_hunt_group_rings_its_members_filter_or_not():
    here = office()
    sales = replace(here.groups["sales"], members=("130",))
    here = replace(here, groups=here.groups | {"sales": sales})
    plan, hunts = walk(a_call("hunt:sales", None), here, Live()), Hunts(lambda _: (Standing(), Live()))
    planned = next(plan)
    while planned.step is None:
        planned = plan.send(hunts.answer(CALL, planned.action))
    assert line(planned.action).startswith("ring user:130 ")
    assert planned.action.executive == ""


def test_a_circle_of_executives_and_their_rollovers_ends():
    """Each rolls over to the next one, whose own forwarding sends it on: nobody has a call twice."""
    here = an_executive_pair(**{"forward.132.always": "user:130"})
    executive = replace(here.users["130"].executive, rollover=Overflow(after_seconds=60, to=Destination("user", "132")))
    here = replace(here, users=here.users | {"130": replace(here.users["130"], executive=executive)})
    assert way(CALL, here, [NoAnswer(), Performed(), CallerGone()]) == [
        "executive_assistant ring user:132", "executive_assistant reroute user:132",
        "route play announcement:not-available", "route hangup hangup:offline"]


def test_screening_is_not_seen_by_who_is_an_assistant_of_the_same_call():
    """130 answers for 132 at his own phone, which rings as ever, and sees nothing of it as an executive."""
    here = an_executive_pair()
    executives = {each: replace(here.users[each], executive=replace(here.users[each].executive, screening="silent"))
                  for each in ("130", "132")}
    ring = next(each for each in executive_assistant.run(
        replace(CALL, to=Destination("user", "132")), replace(here, users=here.users | executives), Live())
        if hasattr(each, "branches"))
    assert [(leg.target.name, leg.alert) for leg in ring.everybody] == [("130", ""), ("132", "silent")]
