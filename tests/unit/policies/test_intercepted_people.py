"""Call intercept where calls ring somebody for others, and where somebody takes or is rung by more than a call."""

from dataclasses import replace

import pytest

from fsctl.model.destination import Destination, parse
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import Answered, CallerGone, NoAnswer, Performed, Won
from fsctl.model.sections import Defaults, Executive, Group, Intercept, InterceptRule
from fsctl.policies import call_park, executive_assistant, executive_push, extension, hunt_group
from fsctl.policies.intercept import fetching
from fsctl.policies.stages import CODES
from tests.unit.builders import ANNA, AT, BERND, HANNAH, SALES, a_call, an_office, settings
from tests.unit.drive import drive, ending

OUTSIDE, INSIDE = a_call("hunt:sales", None), a_call("hunt:sales", "120")
CARL = replace(BERND, extension="103", name="Carl Cohn")


def inbound(user, *calls):
    return replace(user, intercept=Intercept(inbound=(InterceptRule(calls=calls or ("all",)),)))


def outbound(user, *calls, **changes):
    return replace(user, intercept=Intercept(outbound=(InterceptRule(calls=calls or ("all",), **changes),)))


def office(*people, **changes):
    users = {"101": ANNA, "102": BERND, "103": CARL, "120": HANNAH} | {each.extension: each for each in people}
    return an_office(users=users, groups={"sales": replace(SALES, members=("101", "102"))}, **changes)


def intercepted(name):
    return f"calls to {name} are intercepted: rule 1 of {name} about incoming calls"


@pytest.mark.parametrize(("people", "call", "rung"), [
    ([inbound(ANNA)], OUTSIDE, "ring user:102 40 s showing"),
    ([inbound(ANNA, "external")], OUTSIDE, "ring user:102 40 s showing"),
    ([inbound(ANNA, "external")], INSIDE, "ring user:101 40 s & user:102 40 s showing"),
    ([outbound(ANNA)], OUTSIDE, "ring user:101 40 s & user:102 40 s showing"),
])
def test_members_are_passed_over(people, call, rung):
    lines = drive(hunt_group.run, call, office(*people), [CallerGone()])
    assert lines[1].startswith(rung)
    told = f"; {intercepted('Anna Adler')}" if "user:101" not in rung else ""
    assert lines[0] == f"because all members of Verkauf at once{told}"


def test_a_member_who_is_not_there_for_others_is_not_waited_for():
    """Whoever does not want to be disturbed is busy, and may come back."""
    both = f"{intercepted('Anna Adler')}; {intercepted('Bernd Brandt')}"
    nobody = [f"because no member of Verkauf can be reached; {both}",
              "reroute number:+491701234567 by the office"]
    assert drive(hunt_group.run, OUTSIDE, office(inbound(ANNA), inbound(BERND))) == nobody
    lines = drive(hunt_group.run, OUTSIDE, office(inbound(ANNA), settings=settings(**{"dnd.102": "on"})))
    assert lines == ["because all members of Verkauf are busy; calls to Anna Adler are intercepted: "
                     "rule 1 of Anna Adler about incoming calls; 102 does not want to be disturbed",
                     "reroute user:120 by the office"]
    lines = drive(hunt_group.run, OUTSIDE, office(inbound(ANNA)), [NoAnswer()])
    assert lines[2:] == ["because nobody of Verkauf took the call within 40 s", "reroute user:101 by the office"]


def test_where_a_group_has_no_overflow_the_others_are_rung_once():
    by = office(inbound(ANNA))
    sales = by.groups["sales"]
    by = replace(by, groups={"sales": replace(sales, hunt=replace(sales.hunt, overflow=None))})
    lines = drive(hunt_group.run, OUTSIDE, by, [NoAnswer()])
    assert lines[2:] == ["because nobody of Verkauf took the call", "hangup no-answer", "done"]


ERNST = replace(HANNAH, extension="130", name="Erika Ernst", site="berlin", devices=("+491709876543",),
                executive=Executive(assistants=("101", "102"), filter="all", screening="splash"))
FILTERED = a_call("user:130", None)


@pytest.mark.parametrize(("people", "values", "told", "rung"), [
    ([inbound(ANNA)], {}, intercepted("Anna Adler"), ["102"]),
    ([inbound(BERND)], {"divert.130.101": "user:102"},
     f"Anna Adler diverts the call: {intercepted('Bernd Brandt')}; {intercepted('Bernd Brandt')}", None),
    ([outbound(ANNA, "external")], {"divert.130.101": "number:+491701234567"},
     "Anna Adler diverts the call: Anna Adler may not call +491701234567: rule 1 of Anna Adler about outgoing calls",
     ["102"]),
    ([outbound(ANNA, "internal")], {"divert.130.101": "number:+491701234567"}, "", ["+491701234567", "102"]),
    ([outbound(ANNA)], {"divert.130.101": "number:+491701234567", "intercept.101": "off"}, "",
     ["+491701234567", "102"]),
])
def test_assistants_are_passed_over(people, values, told, rung):
    trunks = {"provider": replace(office().trunks["provider"], allow_transit=True)}
    by = office(replace(ERNST, executive=replace(ERNST.executive, screening="off")), *people,
                settings=settings(**values), trunks=trunks)
    lines = drive(executive_assistant.run, FILTERED, by, [CallerGone()])
    if rung is None:
        found = ending(executive_assistant.run, FILTERED, by)
        assert lines == ["pass"] and str(found.why) == f"no assistant of Erika Ernst can be rung: {told}"
        return
    assert lines[0] == "because all calls for Erika Ernst go to the assistants" + (f"; {told}" if told else "")
    assert [leg.split()[0].partition(":")[2] for leg in lines[1].removeprefix("ring ").split(" then ")] == rung


def test_an_executive_whose_calls_are_intercepted_does_not_see_them():
    by = office(inbound(ERNST))
    lines = drive(executive_assistant.run, FILTERED, by, [CallerGone()])
    assert lines[0].endswith(intercepted("Erika Ernst")) and "seen at" not in lines[1]
    assert "seen at user:130" in drive(executive_assistant.run, FILTERED, office(ERNST), [CallerGone()])[1]


def test_nor_is_a_call_handed_over_to_him():
    call = replace(FILTERED, to=Destination("push", "130"), transferred_by="101", by="101")
    assert drive(executive_push.run, call, office(inbound(ERNST)))[0] == f"because {intercepted('Erika Ernst')}"
    assert drive(executive_push.run, call, office(ERNST), [CallerGone()])[0] == "because Erika Ernst is handed the call"


MOBILES = replace(ANNA, devices=("+491701234567", "+442079460999"))
MAY_NOT = "Anna Adler may not call {}: rule 1 of Anna Adler about outgoing calls"


ALL_PHONES = ["user:101", "number:+491701234567", "number:+442079460999"]


@pytest.mark.parametrize(("person", "values", "why", "rung"), [
    (MOBILES, {}, "101 is Anna Adler", ALL_PHONES),
    (outbound(MOBILES, "internal"), {}, "101 is Anna Adler", ALL_PHONES),
    (outbound(MOBILES, "external"), {"intercept.101": "off"}, "101 is Anna Adler", ALL_PHONES),
    (outbound(MOBILES, "international"), {},
     f"101 is Anna Adler, not at all phones outside: {MAY_NOT.format('+442079460999')}", ALL_PHONES[:2]),
    (outbound(MOBILES, "external"), {}, f"101 is Anna Adler, at the desk alone: {MAY_NOT.format('+491701234567')}",
     ["user:101"]),
    (outbound(ANNA), {}, "101 is Anna Adler", ["user:101"]),
])
def test_phones_outside_do_not_ring_where_one_may_not_call(person, values, why, rung):
    by = office(person, settings=settings(**values))
    lines = drive(extension.run, a_call("user:101", "102"), by, [CallerGone()])
    assert lines[0] == f"because {why}"
    assert [leg.split()[0] for leg in lines[1].removeprefix("ring ").split(" & ")] == rung


def rings(uuid, at, user=None, **caller):
    """Who calls, and somebody's phone that rings for it."""
    return (LiveCall(uuid, user, None, "inbound", "ringing", AT, **caller),
            LiveCall(f"leg-{uuid}", at, uuid, "outbound", "ringing", AT))


STRANGER = rings("stranger", "102", number="+491701234567")
COLLEAGUE = rings("colleague", "103", user="120")
SECRET = rings("secret", "102", number="+491701234567", withheld=True)
UNHEARD = STRANGER[1:]
PICK_UP = Group(key="team", name="Team", site="berlin", members=("101", "102", "103"), pickup=True)


def blocked(name):
    """What is heard, and that it ends then."""
    why = f"because rule 1 of {name} about outgoing calls"
    return [why, "play blocked de", "play blocked de", why, "hangup rejected", "done"]


BLOCKED = blocked("Anna Adler")


def dials(code, digits, user, by, live, /, *outcomes, **changes):
    def run(call, office, live):
        return CODES[code].run(call, office, live, digits)

    return drive(run, replace(a_call(f"code:{code}", user), **changes), by, outcomes, live)


def picks_up(code, digits, person, calls, *outcomes):
    by = replace(office(person), groups={"team": PICK_UP})
    return dials(code, digits, "101", by, Live(calls), *outcomes)


@pytest.mark.parametrize(("code", "digits", "words", "calls", "taken"), [
    ("pickup", "", ("all",), STRANGER, None), ("pickup", "", ("all",), COLLEAGUE, None),
    ("pickup", "", ("external",), STRANGER, None), ("pickup", "", ("external",), SECRET, None),
    ("pickup", "", ("external",), UNHEARD, None), ("pickup", "", ("internal",), COLLEAGUE, None),
    ("pickup", "", ("premium", "international"), UNHEARD, "stranger"),
    ("pickup", "", ("internal",), UNHEARD, "stranger"), ("pickup", "", ("+49170*",), STRANGER, None),
    ("pickup", "", ("+49170*",), SECRET, "secret"), ("pickup", "", ("120",), COLLEAGUE, None),
    ("pickup", "", ("internal",), STRANGER, "stranger"), ("pickup", "", ("external",), COLLEAGUE, "colleague"),
    ("pickup", "", ("external",), COLLEAGUE + STRANGER, "colleague"),
    ("pickup", "", ("internal",), COLLEAGUE + STRANGER, "stranger"),
    ("pickup", "", ("all",), COLLEAGUE + STRANGER, None),
    ("pickup_directed", "102", ("external",), STRANGER, None), ("pickup_lamp", "102", ("external",), STRANGER, None),
    ("pickup_directed", "103", ("external",), COLLEAGUE, "colleague"),
    ("barge_in", "102", ("external",), STRANGER, None), ("barge_in", "103", ("external",), COLLEAGUE, "colleague"),
])
def test_picking_up_is_a_call_to_who_waits(code, digits, words, calls, taken):
    outcomes = [Won(), Answered(Destination("pickup", "102"))] if taken else [Performed(), Performed()]
    lines = picks_up(code, digits, outbound(ANNA, *words), calls, *outcomes)
    if taken is None:
        assert lines == BLOCKED
    else:
        assert lines[1] == f"claim call:{taken}" and lines[-1] == "done" and len(lines) == 5


def test_where_nothing_rings_nothing_is_blocked():
    lines = picks_up("pickup", "", outbound(ANNA), (), Performed(), CallerGone())
    assert lines[0] == "because nothing rings there"


def test_picking_up_may_lead_elsewhere():
    lines = picks_up("pickup", "", outbound(ANNA, announce=None, reroute=parse("user:120")), STRANGER)
    assert lines == [BLOCKED[0], "reroute user:120 by the office"]


@pytest.mark.parametrize(("words", "parked", "fetched"), [
    (("all",), {"user": "120"}, False), (("internal",), {"user": "120"}, False), (("external",), {"user": "120"}, True),
    (("external",), {"number": "+491701234567"}, False), (("internal",), {"number": "+491701234567"}, True),
])
@pytest.mark.parametrize("way", ["slot", "code"])
def test_fetching_is_a_call_to_who_waits(words, parked, fetched, way):
    by = replace(office(outbound(ANNA, *words)), groups={"sales": SALES})
    live = Live((LiveCall("max", parked.get("user"), None, "inbound", "parked", AT, number=parked.get("number", ""),
                          slot="701", parker="102"),))
    outcomes = [Won(), Answered(Destination("retrieve", "701"))] if fetched else [Performed(), Performed()]
    if way == "slot":
        lines = drive(call_park.run, a_call("slot:701", "101"), by, outcomes, live)
    else:
        lines = dials("retrieve", "701", "101", by, live, *outcomes)
    assert lines[0] == ("because a call waits in 701" if fetched else BLOCKED[0])
    assert lines == BLOCKED or fetched


@pytest.mark.parametrize("user", [None, "199"])
def test_who_is_nobody_of_the_office_has_no_rules(user):
    assert fetching(a_call("slot:701", user), STRANGER[0], office(outbound(ANNA))) is None


def talks(user=None, **changes):
    """Anna talks with somebody for Erika Ernst."""
    return (LiveCall("lee", user, "of-lee", "inbound", "talking", AT, for_user="130", **changes),
            LiveCall("of-lee", "101", "lee", "outbound", "talking", AT, for_user="130", executive="130"))


STRANGER_TALKS = talks(number="+491701234567")
SECRET_TALKS = talks(number="+491701234567", withheld=True)
HIS = LiveCall("his", "130", None, "inbound", "talking", AT, room="join-lee")
SITE = Defaults(barge_in="site")


@pytest.mark.parametrize(("words", "calls", "is_it"), [
    (("all",), STRANGER_TALKS, True), (("external",), STRANGER_TALKS, True), (("internal",), STRANGER_TALKS, False),
    (("+49170*",), STRANGER_TALKS, True), (("+49171*",), STRANGER_TALKS, False), (("101",), STRANGER_TALKS, False),
    (("external",), SECRET_TALKS, True), (("+49170*",), SECRET_TALKS, False),
    (("internal",), talks("120"), True), (("120",), talks("120"), True), (("external",), talks("120"), False),
])
@pytest.mark.parametrize(("code", "digits"), [
    ("take_over", ""), ("take_over", "101"), ("join", ""), ("join", "101"), ("barge_in", "101")])
def test_taking_over_and_joining_are_calls_to_who_talks(code, digits, words, calls, is_it):
    claims = [Won()] * (2 if code == "barge_in" else 1)
    outcomes = [Performed(), Performed()] if is_it else [*claims, Answered(Destination(code, "101"))]
    lines = dials(code, digits, "130", office(outbound(ERNST, *words), office=SITE), Live(calls), *outcomes)
    assert lines == blocked("Erika Ernst") if is_it else lines[1] == "claim call:lee"


@pytest.mark.parametrize(("code", "digits"), [("take_over", ""), ("join", ""), ("barge_in", "101")])
def test_taking_over_and_joining_may_lead_elsewhere(code, digits):
    by = office(outbound(ERNST, reroute=parse("user:120")), office=SITE)
    assert dials(code, digits, "130", by, Live(STRANGER_TALKS)) == [
        blocked("Erika Ernst")[0], "reroute user:120 by the office"]


@pytest.mark.parametrize(("person", "code", "calls", "values", "first"), [
    (outbound(ERNST), "take_over", (), {}, "no assistant talks for Erika Ernst"),
    (outbound(ERNST), "join", (), {}, "no assistant talks for Erika Ernst"),
    (outbound(ERNST), "join", (*(replace(each, room="join-lee") for each in STRANGER_TALKS), HIS), {},
     "Erika Ernst ends the talk of the three"),
    *((person, code, STRANGER_TALKS, values, "Anna Adler handles a call for Erika Ernst")
      for person, values in ((outbound(ERNST), {"intercept.130": "off"}), (inbound(ERNST), {}))
      for code in ("take_over", "join")),
])
def test_who_may_take_over_or_join_for_all_that(person, code, calls, values, first):
    outcomes = [Won() if calls == STRANGER_TALKS else Performed(), CallerGone(), CallerGone()]
    lines = dials(code, "", "130", office(person, settings=settings(**values)), Live(calls), *outcomes)
    assert lines[0] == f"because {first}" and "play blocked de" not in lines


HOLDS = (LiveCall("lee", None, "holds", "inbound", "talking", AT, number="+491701234567"),
         LiveCall("holds", "101", "lee", "inbound", "held", AT))


@pytest.mark.parametrize(("person", "values", "is_it"), [
    (outbound(ANNA), {}, True), (outbound(ANNA, "internal"), {}, True), (outbound(ANNA, "130"), {}, True),
    (outbound(ANNA, "13*", announce="closed", reroute=parse("user:120")), {}, True),
    (outbound(ANNA, "external"), {}, False), (outbound(ANNA, "102"), {}, False),
    (outbound(ANNA), {"intercept.101": "off"}, False), (inbound(ANNA), {}, False), (outbound(BERND), {}, False),
])
@pytest.mark.parametrize("changes", [{}, {"user": None, "transferred_by": "101"}])
def test_handing_over_is_a_call_to_the_executive(person, values, is_it, changes):
    """Where that is refused, who waits stays with the assistant, wherever her rule would send her own call."""
    by, live = office(ERNST, person, settings=settings(**values)), Live(HOLDS, known=not changes)
    lines = dials("push", "130", "101", by, live, Performed(), **changes)
    if is_it:
        assert lines == ["because rule 1 of Anna Adler about outgoing calls",
                         "play blocked de", "hangup rejected", "done"]
    else:
        assert lines[0] == "because Anna Adler hands the call over to Erika Ernst" and lines[1].startswith("push ")
