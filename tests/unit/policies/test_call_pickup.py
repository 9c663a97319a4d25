"""Whose ringing call a code takes, and who may."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import Answered, CallerGone, Failed, Performed, Taken, Won
from fsctl.model.sections import Executive
from fsctl.policies.stages import CODES
from tests.unit.builders import ANNA, AT, BERND, HANNAH, SALES, a_call, an_office
from tests.unit.drive import drive

#: Anna, Bernd and Carl pick up each other's calls; Anna has Hannah's lamp; the hunt group is Bernd's and Carl's.
CARL = replace(BERND, extension="103", name="Carl Cohn", language="")
OFFICE = an_office(
    users={"101": replace(ANNA, monitors=("120",)), "102": BERND, "103": CARL, "120": HANNAH},
    groups={"team": replace(SALES, key="team", members=("101", "102", "103", "+491701234567"), pickup=True, hunt=None),
            "sales": replace(SALES, members=("102", "103"))},
)
TALK = Answered(Destination("pickup", "102"))


def leg(user, caller, seconds=0, **changes):
    """A phone that a caller makes ring, for so many seconds."""
    call = LiveCall(uuid=f"leg-{user}-{caller}", user=user, peer=caller, direction="outbound", state="ringing",
                    since=AT - timedelta(seconds=seconds), node="a")
    return replace(call, **changes)


def caller(uuid, seconds=0, **changes):
    """Who waits for somebody to answer, for so many seconds."""
    call = LiveCall(uuid=uuid, user=None, peer=None, direction="inbound", state="ringing",
                    since=AT - timedelta(seconds=seconds), node="a")
    return replace(call, **changes)


def dial(name, digits, calls, outcomes, user="101", known=True):
    def run(call, office, live):
        return CODES[name].run(call, office, live, digits)

    lines = drive(run, a_call(f"code:{name}", user=user), OFFICE, outcomes, Live(tuple(calls), known))
    return [line for line in lines if not line.startswith("because")] if outcomes else lines


def taken(name, digits, *calls, **options):
    """What is claimed if nobody else is there, as caller@extension; "" for a refusal."""
    lines = dial(name, digits, calls, [Won(), TALK], **options)
    assert lines[-1] == "done"
    claim, pickup = lines[:2]
    assert claim.removeprefix("claim call:") == pickup.split()[1]
    return pickup.removeprefix("pickup ")


def refusal(name, digits, *calls, **options):
    def run(call, office, live):
        return CODES[name].run(call, office, live, digits)

    live = Live(tuple(calls), options.get("known", True))
    call = a_call(f"code:{name}", user=options.get("user", "101"))
    lines = drive(run, call, OFFICE, [Performed(), CallerGone()], live)
    announcement, language = lines[1].removeprefix("play ").split()
    assert language == ("en" if call.user in ("102", "120") else "de")
    assert lines[2:] == ["hangup rejected", "done"]
    return lines[0].removeprefix("because "), announcement


@pytest.mark.parametrize(("calls", "what"), [
    ([caller("a"), leg("102", "a")], "a at 102"),
    ([caller("a", 5), leg("102", "a", 5), caller("b", 9), leg("103", "b", 9)], "b at 103"),
    ([caller("a", 30), leg("102", "a", 2), caller("b", 9), leg("103", "b", 9)], "a at 102"),  # he waits longer
    ([caller("a", 30, state="talking"), leg("102", "a", 2), caller("b", 9), leg("103", "b", 9)], "b at 103"),
    ([caller("a"), leg("102", "a"), leg("103", "a")], "a at 102"),
    ([caller("a", 9, group="380"), leg("103", "a", 9, group="380"), caller("b"), leg("102", "b")], "b at 102"),
    ([caller("a", user="120"), leg("102", "a")], "a at 102"),  # a colleague who calls another
    ([caller("own", user="101"), leg("102", "own"), caller("b"), leg("103", "b")], "b at 103"),
    ([leg("102", "unheard", 1), caller("b"), leg("103", "b")], "unheard at 102"),
    ([caller("a"), leg("101", "a"), leg("103", "a"), leg("102", "a")], "a at 102"),
    ([caller("a", node="b"), leg("102", "a", node="b")], "a at 102"),  # one's own channel is not heard of yet
    ([caller("c0ffee"), caller("a", 9, node="b"), leg("102", "a", 9, node="b"), caller("b"), leg("103", "b")],
     "b at 103"),
])
def test_of_the_group_the_longest(calls, what):
    assert taken("pickup", "", *calls) == what


@pytest.mark.parametrize("calls", [
    [],
    [caller("a"), leg("101", "a")],  # at one's own phone alone
    [caller("a"), leg("120", "a")],  # on a lamp, not of the group
    [caller("a", user="101"), leg("102", "a")],  # one's own call
    [caller("a"), leg("102", "a", state="talking")],
    [caller("a"), leg("102", "a", state="held")],
    [caller("a", peer="x", state="talking"), leg("102", "a")],  # who is connected already
    [caller("a", user="102")],  # a colleague who calls, and hears what he hears
    [caller("a", user="102"), leg(None, "a", number="+491701234567")],
    [leg("102", None)],
])
def test_nothing_rings(calls):
    assert refusal("pickup", "", *calls) == ("nothing rings there", "nothing-to-pick-up")


@pytest.mark.parametrize(("user", "digits", "calls", "what"), [
    ("101", "102", [caller("a"), leg("102", "a"), caller("b", 9), leg("103", "b", 9)], "a at 102"),
    ("101", "120", [caller("a"), leg("120", "a")], "a at 120"),
    ("101", "300", [caller("a", 9), leg("102", "a", 9), caller("b"), leg("103", "b", hunt="sales")], "b at 103"),
])
@pytest.mark.parametrize("code", ["pickup_directed", "pickup_lamp"])
def test_directed(code, user, digits, calls, what):
    assert taken(code, digits, *calls, user=user) == what


RINGS = [caller("a"), leg("102", "a"), leg("101", "a"), leg("120", "a")]


@pytest.mark.parametrize(("code", "user", "digits", "reason", "announcement"), [
    ("pickup_directed", "101", "101", "a call at one's own phone is answered there", "not-possible"),
    ("pickup_directed", "120", "101", "120 may not pick up calls of 101", "not-possible"),
    ("pickup_directed", "120", "300", "120 may not pick up calls of 300", "not-possible"),
    ("pickup_directed", None, "101", "the caller may not pick up calls of 101", "not-possible"),
    ("pickup_directed", "101", "999", "no phone rings for 999", "not-possible"),
    ("pickup_directed", "101", "701", "no phone rings for 701", "not-possible"),
    ("pickup_directed", "101", "103", "nothing rings there", "nothing-to-pick-up"),
    ("pickup_directed", "101", "300", "nothing rings there", "nothing-to-pick-up"),
    ("pickup", "120", "", "Hannah Hill is in no pickup group", "not-possible"),
    ("pickup", None, "", "the caller is in no pickup group", "not-possible"),
])
def test_what_is_refused(code, user, digits, reason, announcement):
    assert refusal(code, digits, *RINGS, user=user) == (reason, announcement)


@pytest.mark.parametrize(("code", "digits"), [("pickup", ""), ("pickup_directed", "102")])
def test_without_a_link_it_is_refused_in_words(code, digits):
    reason = "there is no link to the switch that would tell what rings"
    assert refusal(code, digits, *RINGS, known=False) == (reason, "not-available")


# ---- filtered calls of executives: 120 is one, 101 and 102 assist ------------------------------------


def filtered(user, uuid, seconds=0):
    return leg(user, uuid, seconds, executive="120", for_user="120")


@pytest.fixture
def _executive(monkeypatch):
    boss = replace(HANNAH, executive=Executive(assistants=("101", "102")))
    lonely = {"104": replace(CARL, extension="104"), "130": replace(HANNAH, extension="130", executive=Executive(
        assistants=("104",)))}
    monkeypatch.setattr(f"{__name__}.OFFICE", replace(OFFICE, users=OFFICE.users | {"120": boss} | lonely))


@pytest.mark.parametrize(("code", "digits", "user", "what"), [
    ("pickup", "", "101", "a at 102"), ("pickup", "", "120", "a at 102"),
    ("pickup_directed", "102", "101", "a at 102"), ("pickup_directed", "102", "120", "a at 102"),
])
def test_the_executive_and_his_assistants_take_filtered_calls(_executive, code, digits, user, what):
    assert taken(code, digits, caller("a"), filtered("102", "a"), user=user) == what


@pytest.mark.parametrize(("code", "digits", "user", "why"), [
    ("pickup", "", "103", "nothing rings there"), ("pickup_directed", "102", "103", "nothing rings there"),
    ("pickup", "", "104", "nothing rings there"),
    ("pickup_directed", "102", "104", "104 may not pick up calls of 102"),
    ("pickup_directed", "300", "101", "nothing rings there"),
    ("pickup_directed", "103", "101", "nothing rings there"), ("pickup", "", "102", "nothing rings there"),
])
def test_nobody_else_does_whatever_groups_there_are(_executive, code, digits, user, why):
    assert refusal(code, digits, caller("a"), filtered("102", "a"), user=user)[0] == why


@pytest.mark.parametrize(("code", "digits", "user", "why"), [
    ("pickup", "", "120", "nothing rings there"), ("pickup_directed", "102", "120", "nothing rings there"),
])
def test_of_other_calls_the_executive_takes_none(_executive, code, digits, user, why):
    assert refusal(code, digits, caller("a"), leg("102", "a"), user=user)[0] == why


def test_one_that_is_not_for_him_hides_no_other(_executive):
    calls = [caller("a", 9), filtered("102", "a", 9), caller("b"), leg("102", "b")]
    assert taken("pickup", "", *calls, user="103") == "b at 102"


def test_of_an_executive_who_is_none_any_more(_executive):
    gone = leg("102", "a", executive="199")
    assert refusal("pickup", "", caller("a"), gone) == ("nothing rings there", "nothing-to-pick-up")


TWO = [caller("a", 9), leg("102", "a", 9), caller("b"), leg("103", "b")]
NEXT = ["claim call:b", "pickup b at 103", "done"]
LOST = ["play nothing-to-pick-up de", "hangup rejected", "done"]


@pytest.mark.parametrize(("outcomes", "after"), [
    ([Won(), TALK], ["claim call:a", "pickup a at 102", "done"]),
    ([Won(), CallerGone()], ["claim call:a", "pickup a at 102", "done"]),
    ([Failed(), TALK], ["claim call:a", "pickup a at 102", "done"]),  # no database; the switch alone decides
    ([Taken(), Won(), TALK], ["claim call:a", *NEXT]),
    ([Won(), Taken(), Won(), TALK], ["claim call:a", "pickup a at 102", *NEXT]),
    ([Taken(), Taken(), Performed(), CallerGone()], ["claim call:a", "claim call:b", *LOST]),
])
def test_who_is_faster(outcomes, after):
    assert dial("pickup", "", TWO, outcomes) == after


def test_why():
    lines = drive(lambda call, office, live: CODES["pickup"].run(call, office, live, ""), a_call("code:pickup", "101"),
                  OFFICE, [Won(), Taken(), Taken(), Performed(), CallerGone()], Live(tuple(TWO)))
    assert [line.removeprefix("because ") for line in lines if line.startswith("because")] == [
        "a call rings at Bernd Brandt", "Anna Adler picks it up", "a call rings at Carl Cohn",
        "somebody else was faster, or the caller gave up"]
