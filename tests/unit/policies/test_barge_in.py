"""Whose ringing call a colleague takes and whose talk he joins, who may, and what nobody joins."""

from dataclasses import replace

import pytest

from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import Answered, CallerGone, Digits, Failed, Moved, Performed, Taken, Won
from fsctl.model.sections import Defaults, Executive
from fsctl.policies import barge_in
from fsctl.policies.stages import PIPELINE
from tests.unit.builders import ANNA, AT, BERND, HANNAH, SALES, a_call, an_office
from tests.unit.drive import drive

STAR = next(stage.run for stage in PIPELINE if stage.name == "star_codes")

#: Anna, Bernd, Carl and Hannah, who is in London, are of one pickup group; Erika, whom Anna and Hannah assist, of none.
CARL = replace(BERND, extension="103", name="Carl Cohn", language=None)
ERIKA = replace(CARL, extension="130", name="Erika Ernst", executive=Executive(assistants=("101", "120")))
GEORG = replace(ERIKA, extension="140", name="Georg Graf", barge_in=False)
OFFICE = an_office(
    users={"101": ANNA, "102": replace(BERND, barge_in=False), "103": CARL, "120": HANNAH, "130": ERIKA, "140": GEORG},
    groups={"team": replace(SALES, key="team", members=("101", "102", "103", "120"), pickup=True, hunt=None),
            "sales": SALES})
TALK = Answered(Destination("barge_in", "101"))
PICKUP = Answered(Destination("pickup", "101"))


def channel(uuid, user, peer, **changes):
    return replace(LiveCall(uuid, user, peer, "inbound", "talking", AT, node="a"), **changes)


def lee(**changes):
    """Who talks with Anna, from outside."""
    return replace(channel("lee", None, "at-101"), **changes)


def at(user="101", **changes):
    """A person's phone in a talk."""
    return replace(channel(f"at-{user}", user, "lee", direction="outbound"), **changes)


def rings(uuid, at="101", number=1, **changes):
    """One of a person's phones, which a caller makes ring."""
    leg = channel(f"{number}-{at}-{uuid}", at, uuid, direction="outbound", state="ringing")
    return replace(leg, **changes)


def waits(uuid, user=None, **changes):
    """Who waits for somebody to answer."""
    return channel(uuid, user, None, state="ringing", **changes)


TALKS = (lee(), at())


def office(may="pickup-group", tone=True):
    return replace(OFFICE, office=Defaults(barge_in=may, barge_tone=tone))


def dial(digits="101", calls=TALKS, outcomes=(), user="103", known=True, **by):
    return drive(STAR, a_call("code:barge_in", user, f"*42{digits}"), office(**by), outcomes, Live(calls, known))


def busy(why):
    return [f"because {why}", "hangup busy", "done"]


# ---- who may -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("may", "user", "digits", "why"), [
    ("nobody", "103", "101", "in this office nobody joins calls of others"),
    ("nobody", "103", "102", "in this office nobody joins calls of others"),
    ("pickup-group", "130", "101", "Erika Ernst is in no pickup group with Anna Adler"),
    ("pickup-group", "101", "130", "Anna Adler is in no pickup group with Erika Ernst"),
    ("pickup-group", "199", "101", "the caller is in no pickup group with Anna Adler"),
    ("pickup-group", None, "102", "the caller is in no pickup group with Bernd Brandt"),
    ("site", "120", "101", "Hannah Hill is not at the site of Anna Adler"),
    ("site", None, "101", "the caller is not at the site of Anna Adler"),
    ("pickup-group", "103", "102", "nobody joins calls of Bernd Brandt"),
    ("site", "130", "102", "nobody joins calls of Bernd Brandt"),
])
@pytest.mark.parametrize(("calls", "known"), [(TALKS, True), ((rings("a"),), True), ((), False)])
def test_who_may_not(may, user, digits, why, calls, known):
    """Whatever he would find there."""
    assert dial(digits, calls, user=user, known=known, may=may) == busy(why)


@pytest.mark.parametrize(("may", "user"), [("pickup-group", "120"), ("site", "130"), ("site", "102")])
def test_who_may(may, user):
    """Whose own calls nobody joins may join others'."""
    assert dial(outcomes=[Won(), Won(), TALK], user=user, may=may)[-2:] == [
        f"barge in on lee and at-101 of 101 by {user}, all hear it", "done"]
    assert dial(calls=(waits("a"), rings("a")), outcomes=[Won(), PICKUP], user=user, may=may)[-2:] == [
        "pickup a at 101", "done"]


@pytest.mark.parametrize(("digits", "known", "why", "announcement"), [
    ("199", True, "no person has the extension 199", "not-possible"),
    ("300", False, "no person has the extension 300", "not-possible"),
    ("1", True, "no person has the extension 1", "not-possible"),
    ("103", False, "nobody joins his own calls", "not-possible"),
    ("101", False, "there is no link to the switch that would tell who talks with whom", "not-available"),
])
def test_what_is_refused_in_words(digits, known, why, announcement):
    may = "pickup-group" if digits == "101" else "nobody"
    assert dial(digits, TALKS, [Performed(), CallerGone()], known=known, may=may) == [
        f"because {why}", f"play {announcement} de", "hangup rejected", "done"]


def test_in_his_language():
    assert dial("102", user="102", outcomes=[Performed(), CallerGone()])[1] == "play not-possible en"


def test_the_extension_is_asked_for():
    outcomes = [Performed(), Digits("101"), Won(), Won(), TALK]
    assert dial("", outcomes=outcomes)[:4] == [
        "because *42 needs an extension", "answer", "ask enter-extension de 24 keys 8 s",
        "because Anna Adler is in a talk"]


# ---- which call --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("calls", "why"), [
    ((), "Anna Adler is on no call"),
    ((lee(), at("102"), rings("a", "103")), "Anna Adler is on no call"),
    ((*TALKS, channel("b", "101", "x")), "Anna Adler has several calls"),
    ((*TALKS, channel("b", "101", "x", state="held")), "Anna Adler has several calls"),
    ((*TALKS, waits("a"), rings("a")), "Anna Adler has several calls"),
    ((rings("a"), rings("b")), "Anna Adler has several calls"),
    ((rings("a", number=1, peer=None), rings("a", number=2, peer=None)), "Anna Adler has several calls"),
    ((waits("a", "101"), waits("b", "101")), "Anna Adler has several calls"),
])
def test_not_exactly_one_call(calls, why):
    assert dial(calls=calls) == busy(why)


# ---- a call that rings -------------------------------------------------------------------------------------------


FILTERED = {"for_user": "130", "executive": "130"}
BOTH_FILTERED = (rings("0", "120", **FILTERED), rings("a", **FILTERED))


@pytest.mark.parametrize(("user", "may", "calls", "taken"), [
    ("103", "pickup-group", (waits("a"), rings("a")), "a at 101"),
    ("103", "pickup-group", (rings("a"),), "a at 101"),
    ("103", "pickup-group", (waits("a"), rings("a"), rings("a", number=2)), "a at 101"),  # both her phones
    ("103", "pickup-group", (waits("a", "120"), rings("a", "102"), rings("a")), "a at 101"),
    ("103", "pickup-group", (rings("b", "102"), rings("a"), rings("c", "130")), "a at 101"),
    ("130", "site", BOTH_FILTERED, "a at 101"), ("120", "pickup-group", BOTH_FILTERED[1:], "a at 101"),
])
@pytest.mark.parametrize("claimed", [Won(), Failed()])
def test_what_rings_is_taken(user, may, calls, taken, claimed):
    lines = dial(calls=calls, outcomes=[claimed, PICKUP], user=user, may=may)
    assert lines[0] == "because a call rings at Anna Adler"
    assert lines[1] == f"claim call:{taken.split()[0]}" and lines[-2:] == [f"pickup {taken}", "done"]


@pytest.mark.parametrize("calls", [
    (waits("a", group="380"), rings("a", group="380")),
    (waits("a"), rings("a", **FILTERED)),  # for an executive and his assistants
    (channel("a", None, "x"), rings("a")),  # who talks with somebody already
    (rings("a", peer=None),),
])
def test_what_rings_for_others(calls):
    assert dial(calls=calls) == busy("what rings at Anna Adler is not to be taken")


@pytest.mark.parametrize("outcomes", [[Taken()], [Won(), Taken()]])
def test_who_is_slower_hears_that_nothing_rings(outcomes):
    lines = dial(calls=(rings("a"),), outcomes=[*outcomes, Performed(), CallerGone()])
    assert lines[-4:] == ["because somebody else was faster, or the caller gave up", "play nothing-to-pick-up de",
                          "hangup rejected", "done"]


# ---- a talk ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claimed", [Won(), Failed()])  # without a database the switch alone decides
@pytest.mark.parametrize("last", [TALK, CallerGone(), Moved("u")])
@pytest.mark.parametrize("tone", [True, False])
@pytest.mark.parametrize(("ways", "first"), [
    (("inbound", "outbound"), "b"), (("outbound", "inbound"), "a"), (("inbound", "inbound"), "a"),
    (("outbound", "outbound"), "a"),
])
@pytest.mark.parametrize("named", [("101", "120"), ("120", "101")])
def test_a_talk_is_joined(claimed, last, tone, ways, first, named):
    """Who called comes first, whichever person of the two is dialled."""
    b, a = (channel(uuid, user, peer, direction=way)
            for uuid, user, peer, way in zip("ba", named, "ab", ways, strict=True))
    second = "ab".replace(first, "")
    assert dial(calls=(a, b), outcomes=[claimed, claimed, last], tone=tone) == [
        "because Anna Adler is in a talk", f"claim call:{first}", f"claim call:{second}", "because Carl Cohn joins it",
        f"barge in on {first} and {second} of 101 by 103{', all hear it' if tone else ''}", "done"]


@pytest.mark.parametrize("outcomes", [[Taken()], [Won(), Taken()], [Failed(), Taken()], [Won(), Won(), Taken()]])
def test_somebody_is_faster(outcomes):
    lines = dial(outcomes=outcomes)
    assert lines[-3:] == busy("that talk is over, or somebody else was faster")
    assert len([line for line in lines if line.startswith(("claim", "barge"))]) == len(outcomes)


@pytest.mark.parametrize("calls", [
    (channel("lee", "120", "at-101"), at()), (lee(for_user="130"), at(**FILTERED)),
    (lee(for_user="199"), at(executive="199")), (lee(for_user="102"), at(for_user="102")),  # nobody's executive
    (*TALKS, rings("lee")), (rings("lee"), *TALKS),  # answered, and another phone of hers still rings
    (lee(number="999"), at()), (lee(number="11"), at()), (channel("lee", "130", "at-101", number="130"), at()),
    (channel("c0ffee", "103", None), *TALKS), (channel("other", "103", None, node="b"), *TALKS),
    (channel("b", "102", "x"), rings("c", "103"), *TALKS),
])
def test_what_can_be_joined(calls):
    assert dial(calls=calls, outcomes=[Won(), Won(), TALK])[-2:] == [
        "barge in on lee and at-101 of 101 by 103, all hear it", "done"]


@pytest.mark.parametrize(("calls", "why"), [
    *(((at(room=room, peer=None),), "Anna Adler is in a talk that somebody has joined already")
      for room in ("join-lee", "barge-in-lee")),
    ((at(room="group-380", peer=None),), "Anna Adler is in a conference"),
    *((calls, "Anna Adler talks with nobody yet") for calls in (
        (at(),), (at(peer=None), lee()), (at(), lee(peer=None)), (at(), lee(peer="x")), (at(), at("103")),
        (at(state="parked", peer=None),), (waits("at-101", "101"), rings("at-101", "102")),
        (at(state="ringing", direction="inbound"), lee()), (at(), lee(state="ringing")))),
    *((calls, "that is the caller's own call with Anna Adler") for calls in (
        (at(), channel("lee", "103", "at-101", state="ringing")), (at(), channel("lee", "103", "at-101")),
        (at(state="held"), channel("lee", "103", "at-101")), (waits("a", "103"), rings("a")))),
    ((at(state="held"), lee()), "the call of Anna Adler is on hold"),
    ((at(), lee(state="held")), "the call of Anna Adler is on hold"),
    ((at(), lee(state="held", number="112")), "the call of Anna Adler is on hold"),
    ((at(), lee(number="112")), "nobody disturbs an emergency call"),
    ((at(), channel("lee", "102", "at-101")), "nobody joins calls of Bernd Brandt"),
    *((calls, "nobody joins calls of Georg Graf") for calls in (
        (at(), lee(for_user="140")), (at(for_user="140"), lee()), (at(for_user="140", executive="140"), lee()),
        (at(for_user="140"), channel("lee", "130", "at-101")), (at(for_user="130"), lee(for_user="140")))),
])
def test_what_nobody_joins(calls, why):
    assert dial(calls=calls) == busy(why)


@pytest.mark.parametrize(("digits", "user", "joins"), [
    ("101", "140", True), ("101", "103", False), ("102", "103", True),
])
def test_an_executive_who_wants_nobody(digits, user, joins):
    """It is his call for as long as one of his people has it, and he himself may join it."""
    here = replace(OFFICE, office=Defaults(barge_in="site"), users=OFFICE.users | {"102": BERND})
    calls = (replace(at(digits), uuid="at-101", for_user="140"), lee(for_user="140"))
    lines = drive(STAR, a_call("code:barge_in", user, f"*42{digits}"), here, [Won(), Won(), TALK] if joins else [],
                  Live(calls))
    assert lines[-2].startswith("barge in on") if joins else lines == busy("nobody joins calls of Georg Graf")


@pytest.mark.parametrize(("number", "is_one"), [("999", True), ("112", False)])
def test_emergency_numbers_are_those_of_where_the_person_is(number, is_one):
    calls = (at("120"), channel("lee", None, "at-120", number=number))
    lines = dial("120", calls, [] if is_one else [Won(), Won(), TALK])
    assert (lines == busy("nobody disturbs an emergency call")) is is_one


@pytest.mark.parametrize("calls", [TALKS, (waits("a"), rings("a"))])
def test_a_call_at_another_switch(calls):
    elsewhere = (channel("other", "103", None), channel("c0ffee", "103", None, node="b"), *calls)
    assert dial(calls=elsewhere, outcomes=[Performed(), CallerGone()]) == [
        "because that call is at another switch", "play not-available de", "hangup rejected", "done"]


# ---- of whom it is told ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("may", "user", "through"), [
    ("pickup-group", "101", "group team"), ("pickup-group", "130", ""), ("site", "101", "site berlin"),
    ("site", "120", "site london"), ("nobody", "101", ""),
])
def test_to_whom_it_applies(may, user, through):
    assert barge_in.FEATURE.through(OFFICE.users[user], office(may)) == through


def test_explain_assumes_that_everybody_else_talks():
    live = barge_in.FEATURE.codes["barge_in"].acts_on(a_call("code:barge_in", "103"), OFFICE)
    assert live == Live(tuple(each for user in ("101", "102", "120", "130", "140") for each in (
        LiveCall(f"caller-{user}", None, f"at-{user}", "inbound", "talking", AT),
        LiveCall(f"at-{user}", user, f"caller-{user}", "outbound", "talking", AT))))
    assert dial(calls=live.calls, outcomes=[Won(), Won(), TALK])[-2:] == [
        "barge in on caller-101 and at-101 of 101 by 103, all hear it", "done"]
