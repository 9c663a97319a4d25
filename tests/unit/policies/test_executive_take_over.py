"""Executives take over calls that their assistants handle for them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import Answered, CallerGone, Failed, Moved, Performed, Taken, Won
from fsctl.policies import executive_take_over
from fsctl.policies.stages import PIPELINE
from tests.unit.builders import AT, a_call
from tests.unit.drive import drive
from tests.unit.policies.test_executive_rules import office

STAR = next(stage.run for stage in PIPELINE if stage.name == "star_codes")
TOLD = [Performed(), CallerGone()]
TALK = Answered(Destination("take_over", "131"))
UNKNOWN = "there is no link to the switch that would tell who talks with whom"
NOTHING = ["play nothing-to-take-over de", "hangup rejected", "done"]


def channel(uuid, **changes):
    return replace(LiveCall(uuid, None, None, "inbound", "talking", AT, node="a"), **changes)


def handles(by="131", uuid="lee", seconds=0, executive="130", state="talking", **changes):
    """A caller, and the assistant who took his filtered call so many seconds ago."""
    since = AT - timedelta(seconds=seconds)
    return (channel(uuid, peer=f"of-{uuid}", for_user=executive, since=since, **changes),
            channel(f"of-{uuid}", user=by, peer=uuid, direction="outbound", state=state, since=since,
                    for_user=executive, executive=executive))


def joined(room="barge-in-lee", user="101"):
    """Somebody is with them."""
    return (*(replace(each, room=room, peer=None) for each in handles(seconds=9)), channel("his", user=user, room=room))


def dial(dialled="*11", user="130", live=Live(handles()), outcomes=(Won(), TALK)):
    return drive(STAR, a_call("code:take_over", user, dialled), office("all"), outcomes, live)


@pytest.mark.parametrize("claimed", [Won(), Failed()])  # without a database the switch alone decides
@pytest.mark.parametrize("last", [TALK, CallerGone(), Moved("u")])
@pytest.mark.parametrize("dialled", ["*11", "*11131"])
@pytest.mark.parametrize("state", ["talking", "held"])
def test_it_is_taken_over(claimed, last, dialled, state):
    assert dial(dialled, live=Live(handles(state=state)), outcomes=[claimed, last]) == [
        "because Fatma Fuchs handles a call for Erika Ernst", "claim call:lee", "because Erika Ernst takes it over",
        "take over lee from of-lee of 131", "done"]


@pytest.mark.parametrize(("dialled", "calls", "taken"), [
    ("*11", (*handles("131", "lee", 5), *handles("132", "max", 9)), "max from of-max of 132"),
    ("*11", (*handles("131", "lee", 9), *handles("132", "max", 5)), "lee from of-lee of 131"),
    ("*11131", (*handles("131", "lee", 5), *handles("132", "max", 9)), "lee from of-lee of 131"),
    ("*11131", (*handles("131", "lee", 5), *handles("131", "max", 9)), "max from of-max of 131"),
    ("*11", (*handles("131", "lee", 9, executive="140"), *handles("132", "max", 5)), "max from of-max of 132"),
    ("*11", (*joined(), *handles("131", "max", 5)), "max from of-max of 131"),
    ("*11131", (*joined(), *handles("131", "max", 5)), "max from of-max of 131"),
])
def test_which_of_several(dialled, calls, taken):
    assert dial(dialled, live=Live(calls))[3] == f"take over {taken}"


@pytest.mark.parametrize(("dialled", "user", "calls", "why"), [
    ("*11", "101", handles(), "Anna Adler is no executive"), ("*11", "131", handles(), "Fatma Fuchs is no executive"),
    ("*11", None, handles(), "the caller is no executive"), ("*11", "199", handles(), "the caller is no executive"),
    ("*11102", "130", handles("102"), "Erika Ernst has no assistant 102"),
    ("*111", "130", handles(), "Erika Ernst has no assistant 1"),
    ("*11132", "130", handles(), "Georg Graf does not talk for Erika Ernst"),
    ("*11131", "130", (), "Fatma Fuchs does not talk for Erika Ernst"),
    ("*11", "130", (), "no assistant talks for Erika Ernst"),
    ("*11", "130", handles(executive="140"), "no assistant talks for Erika Ernst"),
    ("*11", "130", handles(state="ringing"), "no assistant talks for Erika Ernst"),
    *((dialled, "130", joined(room, user), "somebody has joined the talk for Erika Ernst")
      for dialled in ("*11", "*11131") for room, user in (("join-lee", "130"), ("barge-in-lee", "101"))),
    ("*11132", "130", joined(), "Georg Graf does not talk for Erika Ernst"),
])
def test_nothing_to_take_over(dialled, user, calls, why):
    assert dial(dialled, user, Live(calls), TOLD) == [f"because {why}", *NOTHING]


@pytest.mark.parametrize(("dialled", "why", "announcement"), [
    ("*11", UNKNOWN, "not-available"), ("*11132", UNKNOWN, "not-available"),
    ("*11102", "Erika Ernst has no assistant 102", "nothing-to-take-over"),
])
def test_without_a_link_it_is_refused_in_words(dialled, why, announcement):
    assert dial(dialled, live=Live(handles(), known=False), outcomes=TOLD) == [
        f"because {why}", f"play {announcement} de", "hangup rejected", "done"]


def test_a_call_at_another_switch():
    own = channel("c0ffee", user="130", node="b")
    assert dial(live=Live((channel("other"), own, *handles())), outcomes=TOLD) == [
        "because that call is at another switch", "play not-available de", "hangup rejected", "done"]


@pytest.mark.parametrize("own", [channel("c0ffee", user="130"), channel("other", user="130", node="b")])
def test_a_call_at_the_same_switch(own):
    assert dial(live=Live((own, *handles())))[-2:] == ["take over lee from of-lee of 131", "done"]


@pytest.mark.parametrize("outcomes", [[Taken()], [Won(), Taken()]])
def test_somebody_is_faster(outcomes):
    assert dial(outcomes=[*outcomes, *TOLD])[-4:] == [
        "because that talk is over, or somebody else was faster", *NOTHING]


def test_nobody_is_transferred_to_it():
    call = replace(a_call("code:take_over", None, "*11"), transferred_by="130", by="130")
    lines = drive(STAR, call, office("all"), TOLD, Live(handles()))
    assert lines[0] == "because Erika Ernst transferred the call to *11, which one dials oneself"


@pytest.mark.parametrize(("user", "handled"), [("130", ["131", "132"]), ("131", []), (None, [])])
def test_explain_assumes_that_each_assistant_handles_a_call(user, handled):
    call, here = a_call("code:take_over", user, "*11"), office("all")
    live = executive_take_over.FEATURE.codes["take_over"].acts_on(call, here)
    assert live == Live(tuple(each for by in handled for each in (
        LiveCall(f"caller-{by}", None, f"at-{by}", "inbound", "talking", AT, for_user="130"),
        LiveCall(f"at-{by}", by, f"caller-{by}", "outbound", "talking", AT, for_user="130", executive="130"))))
    if handled:
        assert dial(live=live)[3] == "take over caller-131 from at-131 of 131"


@pytest.mark.parametrize(("user", "through"), [("130", "user 130"), ("131", ""), ("101", "")])
def test_to_whom_it_applies(user, through):
    here = office("all")
    assert executive_take_over.FEATURE.through(here.users[user], here) == through
