"""Assistants hand calls over to an executive, and have them back where he does not take them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fsctl.explain import explain
from fsctl.model.actions import ANONYMOUS, NotTaken
from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import Answered, Busy, CallerGone, Failed, Moved, NoAnswer, Offline, Performed, Rejected
from fsctl.model.sections import Defaults, Forward
from fsctl.policies import executive_push
from fsctl.policies.stages import PIPELINE
from tests.unit.builders import AT, PROVIDER, a_call
from tests.unit.drive import drive, ending
from tests.unit.policies.test_executive_rules import ERNST
from tests.unit.policies.test_executive_rules import office as an_executives_office

STAR = next(stage.run for stage in PIPELINE if stage.name == "star_codes")
UNKNOWN = "there is no link to the switch that would tell which calls there are"


def office(*, person=(), **changes):
    """131 has two executives, 130 and 140, 132 the first one alone."""
    found = an_executives_office("all", **changes)
    terms = replace(found.users["130"].executive, push_recall_seconds=12)
    first = replace(found.users["130"], **{"executive": terms} | dict(person))
    second = replace(ERNST, extension="140", name="Max Moser", numbers=(),
                     executive=replace(terms, assistants=("131",), push_recall_seconds=34))
    return replace(found, users=found.users | {"130": first, "140": second})


OFFICE = office()
ERNST_TERMS = OFFICE.users["130"].executive


def channel(uuid, **changes):
    return replace(LiveCall(uuid, None, None, "inbound", "talking", AT), **changes)


def held(uuid="lee", seconds=0, holder="131", **changes):
    """Who is held, and the phone that holds him, for so many seconds."""
    since = AT - timedelta(seconds=seconds)
    return (channel(uuid, peer=f"holds-{uuid}", **changes),
            channel(f"holds-{uuid}", user=holder, peer=uuid, state="held", since=since))


HOLDS = Live(held())


def dial(dialled="#63130", user="131", live=HOLDS, outcomes=(Performed(),), here=OFFICE):
    return drive(STAR, a_call("code:push", user, dialled), here, outcomes, live)


def transfer(dialled="#63130", by="131", outcomes=(Performed(),), user=None, for_user="", here=OFFICE):
    """Somebody whom ``by`` transfers there, while no link tells who holds whom."""
    call = replace(a_call("code:push", user, dialled), transferred_by=by, by=by, for_user=for_user)
    return drive(STAR, call, here, outcomes, Live(known=False))


# ---- handing over ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("last", [Performed(), CallerGone(), Moved("u")])
def test_the_call_that_one_holds_or_transfers(last):
    because = "because Fatma Fuchs hands the call over to Erika Ernst"
    assert dial(outcomes=[last]) == [because, "push lee to 130 for 12 s by 131, de", "done"]
    assert transfer(outcomes=[last]) == [because, "push it to 130 for 12 s by 131, de", "done"]


@pytest.mark.parametrize(("dialled", "user", "for_user", "to"), [
    ("#63140", "131", "", "140 for 34 s"), ("#63140", "131", "130", "140 for 34 s"),  # what is dialled counts first
    ("#63", "131", "130", "130 for 12 s"), ("#63", "131", "140", "140 for 34 s"),
    ("#63", "132", "", "130 for 12 s"), ("#63", "132", "140", "130 for 12 s"),  # none of hers, and she has but one
    ("#63130#", "131", "140", "130 for 12 s"),
])
def test_to_whom(dialled, user, for_user, to):
    stays = f", a call of {for_user}" if user == "131" and for_user not in ("", to[:3]) else ""
    assert transfer(dialled, user, for_user=for_user)[1] == f"push it to {to} by {user}{stays}, de"
    calls = Live(held(holder=user, for_user=for_user or None))
    assert dial(dialled, user, calls)[1] == f"push lee to {to} by {user}{stays}, de"


@pytest.mark.parametrize("for_user", ["", "150", "101"])
@pytest.mark.parametrize("way", ["dialled", "transferred"])
def test_it_has_to_be_clear_to_whom(way, for_user):
    why = "because Fatma Fuchs is an assistant of several, and it is not clear of whom the call is"
    if way == "dialled":
        lines = dial("#63", live=Live(held(for_user=for_user or None)), outcomes=[Performed(), CallerGone()])
        assert lines == [why, "play not-possible de", "hangup rejected", "done"]
    else:
        assert transfer("#63", for_user=for_user, outcomes=[Performed(), CallerGone()])[0] == why


@pytest.mark.parametrize(("dialled", "calls", "uuid"), [
    ("#63130", (*held("lee", 9), *held("max", 5)), "max"),  # the one put on hold last
    ("#63130", (*held("lee", 5), *held("max", 9)), "lee"),
    ("#63130", (*held("lee", 9, for_user="130"), *held("max", 5)), "lee"),  # whose it is counts first
    ("#63130", (*held("lee", 9, for_user="130"), *held("max", 5, for_user="140")), "lee"),
    ("#63130", (*held("lee", 9, for_user="130"), *held("max", 5, for_user="130")), "max"),
    ("#63130", (*held("lee", 9), *held("max", 5, for_user="140")), "lee"),  # another's comes last
    ("#63", (*held("lee", 9, for_user="140"), *held("max", 5, for_user="130")), "max"),
    ("#63130", (*held("lee", 9), *held("max", 5, holder="132", for_user="130")), "lee"),  # another assistant's
    ("#63130", (*held("lee", 9, user="102"), channel("max", user="131", peer="lee")), "lee"),
    ("#63130", (*held("lee", 9), *held("he", 5, user="130")), "lee"),  # whom she has just asked
    ("#63130", (*held("lee", 9), *held("he", 5, user="140")), "he"),
    ("#63", (*held("lee", 9, for_user="130"), *held("he", 5, user="130")), "lee"),
    ("#63", (*held("lee", 9, for_user="130"), *held("he", 5, user="140")), "lee"),
])
def test_which_of_several(dialled, calls, uuid):
    assert dial(dialled, live=Live(calls))[1] == f"push {uuid} to 130 for 12 s by 131, de"


@pytest.mark.parametrize(("dialled", "user", "live", "why", "announcement"), [
    ("#63130", "101", HOLDS, "Anna Adler is nobody's assistant", "not-possible"),
    ("#63", "101", HOLDS, "Anna Adler is nobody's assistant", "not-possible"),
    ("#63130", "130", HOLDS, "Erika Ernst is nobody's assistant", "not-possible"),
    ("#63130", None, HOLDS, "the caller is nobody's assistant", "not-possible"),
    ("#63140", "132", HOLDS, "Georg Graf is no assistant of 140", "not-possible"),
    ("#6313", "131", HOLDS, "Fatma Fuchs is no assistant of 13", "not-possible"),
    ("#631300", "131", HOLDS, "Fatma Fuchs is no assistant of 1300", "not-possible"),
    ("#63101", "131", HOLDS, "Fatma Fuchs is no assistant of 101", "not-possible"),
    ("#63130", "131", Live(), "Fatma Fuchs holds no call", "nothing-held"),
    ("#63130", "131", Live(held(holder="132")), "Fatma Fuchs holds no call", "nothing-held"),
    ("#63130", "131", Live(held(user="130")), "Fatma Fuchs holds no call", "nothing-held"),
    ("#63130", "131", Live(held(), known=False), UNKNOWN, "not-available"),
])
def test_what_is_refused_by_code_is_said_at_once(dialled, user, live, why, announcement):
    assert dial(dialled, user, live, [Performed(), CallerGone()]) == [
        f"because {why}", f"play {announcement} de", "hangup rejected", "done"]


def test_a_call_that_is_over_by_then():
    assert dial(outcomes=[Failed(), Performed(), CallerGone()])[2:] == [
        "because it could not be handed over now", "play not-available de", "hangup rejected", "done"]


@pytest.mark.parametrize(("dialled", "by", "outcomes", "announcement"), [
    ("#63130", "101", [], "not-possible"), ("#63140", "132", [], "not-possible"), ("#63", "131", [], "not-possible"),
    ("#63130", "131", [Failed()], "not-available"),
])
def test_a_transfer_that_is_refused_tells_the_transferor(dialled, by, outcomes, announcement):
    call = replace(a_call("code:push", None, dialled), transferred_by=by, by=by)
    assert ending(STAR, call, OFFICE, outcomes) == NotTaken("rejected", announcement, "de", tell=True)


@pytest.mark.parametrize(("user", "first"), [
    ("130", "because Erika Ernst cannot be handed over to himself"),
    ("140", "because Fatma Fuchs hands the call over to Erika Ernst"),
])
def test_an_executive_is_not_handed_over_to_himself(user, first):
    assert transfer(user=user, outcomes=[Performed(), CallerGone()])[0] == first


@pytest.mark.parametrize("by", [None, "199"])
def test_whom_somebody_unknown_has_transferred(by):
    call = replace(a_call("code:push", None, "#63130"), by=by)
    lines = drive(STAR, call, OFFICE, [Performed(), CallerGone()], HOLDS)
    assert lines[0] == "because the caller is nobody's assistant"


# ---- dialled in a talk ----------------------------------------------------------------------------------


def in_talk(*calls, dialled="#63130", user="131", outcomes=(Performed(),), known=True):
    call = replace(a_call("code:push", user, dialled), talk="own")
    return drive(STAR, call, OFFICE, outcomes, Live(calls, known))


def talks(direction="outbound", executive=None, user="131", **changes):
    """Lee and an assistant, who was called."""
    return (channel("own", user=user, peer="lee", direction=direction, executive=executive),
            channel("lee", peer="own", **changes))


@pytest.mark.parametrize(("calls", "dialled", "pushed"), [
    (talks(), "#63130", "lee to 130 for 12 s"), (talks("inbound", "130"), "#63130", "lee to 130 for 12 s"),
    (talks(for_user="140"), "#63", "lee to 140 for 34 s"), (talks("inbound", "140", for_user="140"), "#63",
                                                           "lee to 140 for 34 s"),
    (talks("inbound", "130", for_user="140"), "#63", "lee to 140 for 34 s"),
    (talks(user="132"), "#63", "lee to 130 for 12 s"), (talks(), "#63140#", "lee to 140 for 34 s"),
    ((*talks(), *held("max", 9)), "#63130", "max to 130 for 12 s"),  # whom she holds counts first
    ((*talks("inbound"), *held("max", 9)), "#63130", "max to 130 for 12 s"),
    ((*talks(user="131"), channel("other", user="131", peer="max"), channel("max", peer="other")), "#63130",
     "lee to 130 for 12 s"),
    ((*talks(), *held("he", 9, user="130")), "#63130", "lee to 130 for 12 s"),
])
def test_the_talk_itself_is_handed_over(calls, dialled, pushed):
    user = calls[0].user
    before = calls[1].for_user
    stays = f", a call of {before}" if before and before != pushed[7:10] else ""
    lines = in_talk(*calls, dialled=dialled, user=user)
    assert lines[1:] == [f"push {pushed} by {user}{stays}, de", "done"] and "hands the call over" in lines[0]


@pytest.mark.parametrize(("calls", "dialled"), [
    (talks("inbound"), "#63130"),  # she has called herself, for herself
    (talks("inbound", "140"), "#63130"), ((), "#63130"), (talks()[:1], "#63130"),
    ((channel("own", user="131", direction="outbound", room="join-lee"), channel("lee", room="join-lee")), "#63130"),
    (talks()[1:], "#63130"),
    (talks(state="held"), "#63130"),  # the other side holds her
    ((talks()[0], channel("lee", peer="other")), "#63130"),  # a talk of more, or one that is over
    ((talks()[0], channel("lee", user="130", peer="own")), "#63130"),  # whom she has just asked
    ((talks()[0], channel("lee", user="140", peer="own")), "#63"),
])
def test_a_talk_that_is_not_to_be_handed_over(calls, dialled):
    assert in_talk(*calls, dialled=dialled) == [
        "because Fatma Fuchs holds no call", "play nothing-held de", "done"]


@pytest.mark.parametrize(("calls", "dialled", "known", "outcomes", "why", "announcement"), [
    (talks(), "#63130", False, (), UNKNOWN, "not-available"),
    (talks(), "#63", True, (), "Fatma Fuchs is an assistant of several, and it is not clear of whom the call is",
     "not-possible"),
    (talks(), "#63101", True, (), "Fatma Fuchs is no assistant of 101", "not-possible"),
    (talks(), "#63130", True, (Failed(),), "it could not be handed over now", "not-available"),
])
def test_what_is_refused_in_a_talk_is_said_in_it(calls, dialled, known, outcomes, why, announcement):
    lines = in_talk(*calls, dialled=dialled, known=known, outcomes=[*outcomes, Performed()])
    assert lines[-3:] == [f"because {why}", f"play {announcement} de", "done"]


def test_a_code_of_its_own_call_hands_over_no_talk():
    """She dials it at another phone: which talk is meant is not clear there."""
    assert dial(live=Live(talks()), outcomes=[Performed(), CallerGone()])[0] == "because Fatma Fuchs holds no call"


# ---- at the executive's ---------------------------------------------------------------------------------

PUSHED = replace(a_call("user:130", None, "push+130"), to=Destination("push", "130"), transferred_by="131", by="131")
RINGS = "because Erika Ernst is handed the call"
RING = "ring user:130 12 s showing Lee|+4915112345678"
BACK = NotTaken("no-answer", "not-available", "de", comes_back=True)


def arrives(outcomes=(Answered(Destination("user", "130")),), call=PUSHED, live=Live(), here=OFFICE):
    return drive(executive_push.run, call, here, outcomes, live)


@pytest.mark.parametrize("to", ["user:130", "code:push", "recall:130", "hunt:sales"])
def test_other_calls_are_not_its_business(to):
    kind, _, name = to.partition(":")
    assert arrives((), replace(PUSHED, to=Destination(kind, name))) == ["pass"]


@pytest.mark.parametrize("outcome", [Answered(Destination("user", "130")), CallerGone(), Moved("u")])
@pytest.mark.parametrize(("values", "person", "calls"), [
    ({}, {}, ()),
    ({"forward.130.always": "user:101"}, {}, ()), ({"filter.130": "all"}, {}, ()), ({"dnd.131": "on"}, {}, ()),
    ({}, {"forward": Forward(always=Destination("mailbox", "130"))}, ()),
    ({}, {}, (channel("t", user="130", peer="u"),)),  # he has call waiting
    ({}, {"call_waiting": False}, (channel("t", user="131", peer="u"),)),
    ({}, {"call_waiting": False}, (channel("t", user="130", peer="c0ffee"),)),  # the call's own leg, which ends late
])
def test_it_rings_whatever_he_has_set(outcome, values, person, calls):
    assert arrives([outcome], live=Live(calls), here=office(person=person, **values)) == [RINGS, RING, "done"]


@pytest.mark.parametrize(("outcome", "why"), [
    (NoAnswer(), "Erika Ernst did not take it within 12 s"),
    (Busy(), "Erika Ernst is busy, away, or declined"), (Rejected(), "Erika Ernst is busy, away, or declined"),
    (Offline(), "Erika Ernst is busy, away, or declined"),
])
def test_nobody_takes_it(outcome, why):
    assert arrives([outcome, Performed(), CallerGone()])[:3] == [RINGS, RING, f"because {why}"]
    assert ending(executive_push.run, PUSHED, OFFICE, [outcome]) == BACK


@pytest.mark.parametrize(("values", "person", "calls", "to", "why"), [
    ({"dnd.130": "on"}, {}, (), "130", "Erika Ernst is on do not disturb"),
    ({}, {"call_waiting": False}, (channel("t", user="130", peer="u"),), "130",
     "Erika Ernst is on a call and has no call waiting"),
    ({}, {"executive": None}, (), "130", "130 is no executive any more"),
    ({}, {}, (), "199", "199 is no executive any more"),
])
def test_it_comes_back_at_once(values, person, calls, to, why):
    call = replace(PUSHED, to=Destination("push", to))
    lines = arrives([Performed(), CallerGone()], call, Live(calls), office(person=person, **values))
    assert lines == [f"because {why}", "play not-available de", "hangup no-answer", "done"]


def test_phones_outside_ring_along_as_long():
    here = office(person={"devices": ("+491701234567",)})
    here = replace(here, trunks={"provider": replace(PROVIDER, allow_transit=True)})
    legs = "ring user:130 12 s & number:+491701234567 12 s by provider confirmed in de as |+49305550130"
    assert arrives(here=here)[1] == f"{legs} showing Lee|+4915112345678"
    circle = replace(PUSHED, diverted=("+491701234567",))
    assert arrives(call=circle, here=here)[1] == RING


@pytest.mark.parametrize(("changes", "shown"), [
    ({"withheld": True}, "Anonymous|"), ({"user": "102", "external": False}, "Bernd Brandt|102"),
])
def test_he_sees_who_calls(changes, shown):
    assert ANONYMOUS.number == ""
    assert arrives(call=replace(PUSHED, **changes))[1] == f"ring user:130 12 s showing {shown}"


# ---- the whole way --------------------------------------------------------------------------------------


def way(call, here, *outcomes):
    found = explain(call, here, outcomes)
    return [f"{step.policy} {step.action} {step.target}" for step in found.steps], found.result


RECALLED = ["transfer_recall reroute user:131", "transfer_recall ring user:131"]


@pytest.mark.parametrize("transfer_recall", [True, False])
@pytest.mark.parametrize(("values", "steps", "outcomes"), [
    ({}, ["executive_push ring user:130"], ["rejected"]), ({"dnd.130": "on"}, [], []),
])
def test_it_comes_back_whatever_is_set_for_transfers(transfer_recall, values, steps, outcomes):
    here = replace(office(**values), office=Defaults(transfer_recall=transfer_recall))
    assert way(PUSHED, here, *outcomes) == ([*steps, *RECALLED], "user:131")


def test_a_call_that_nobody_knows_who_handed_over_ends_in_words():
    call = replace(PUSHED, transferred_by=None, by=None)
    assert way(call, OFFICE, "busy") == ([
        "executive_push ring user:130", "executive_push play announcement:not-available",
        "executive_push hangup hangup:no-answer"], "announcement:not-available")


# ---- to whom it applies, and what explain assumes -------------------------------------------------------


@pytest.mark.parametrize(("user", "through"), [
    ("130", "user 130"), ("131", "user 131"), ("132", "user 132"), ("101", ""), ("150", ""),
])
def test_to_whom_it_applies(user, through):
    """Assistants, and executives who have one."""
    alone = replace(OFFICE.users["130"], extension="150", executive=replace(ERNST_TERMS, assistants=()))
    here = replace(OFFICE, users=OFFICE.users | {"150": alone})
    assert executive_push.FEATURE.through(here.users[user], here) == through


@pytest.mark.parametrize(("user", "for_user"), [("131", "130"), ("132", "130"), ("101", None), (None, None)])
def test_explain_assumes_that_a_call_is_held(user, for_user):
    live = executive_push.FEATURE.codes["push"].acts_on(a_call("code:push", user, "#63"), OFFICE)
    assert live == Live((LiveCall("holder", user, "held", "inbound", "held", AT),
                         LiveCall("held", None, "holder", "outbound", "talking", AT, for_user=for_user)))
    if for_user:
        assert dial("#63", user, live)[1] == f"push held to 130 for 12 s by {user}, de"
