"""What callers hear whose call is intercepted, and where they go from there."""

from dataclasses import replace

import pytest

from fsctl.explain import explain
from fsctl.model.actions import Play
from fsctl.model.destination import parse
from fsctl.model.live import LiveCall
from fsctl.model.outcomes import Busy, Digits, Performed, Silence
from fsctl.model.sections import Attendant, Executive, Forward, Intercept, InterceptRule, NightService, Numbering
from fsctl.policies import intercept
from fsctl.policies.stages import FEATURES, PIPELINE
from fsctl.route import Result
from tests.unit.builders import ANNA, AT, BERLIN, BERND, HANNAH, SALES, a_call, an_office, settings
from tests.unit.builders import LONDON as LONDON_SITE
from tests.unit.drive import drive, ending

DONE = Performed()
WHY = "because rule 1 of Anna Adler about incoming calls"
GONE, MOVED = "play out-of-service", "play number-changed {} 030987654"
LATIN = {"de": "weg.wav", "en": "gone.wav"}


def rule(*calls, **changes):
    """Its destinations as the file has them."""
    places = {key: parse(to) for key, to in changes.items() if key in ("zero", "mailbox", "reroute")}
    return InterceptRule(calls=calls or ("all",), **changes | places)


def office(inbound=(), outbound=(), **changes):
    """Anna with such rules, Bernd without."""
    own = Intercept(inbound=tuple(inbound), outbound=tuple(outbound))
    return an_office(users={"101": replace(ANNA, intercept=own), "102": BERND, "120": HANNAH}, **changes)


def lines(call, by, *outcomes):
    return drive(intercept.run, call, by, outcomes)


OUTSIDE, INSIDE, LONDON = a_call("user:101", None), a_call("user:101", "102"), a_call("user:101", "120")
NEW = {"announce": "number-changed", "new_number": "+4930987654"}


@pytest.mark.parametrize(("terms", "call", "heard", "end"), [
    ({}, OUTSIDE, "play out-of-service de", "hangup unknown-number"),
    ({}, INSIDE, "play out-of-service en", "hangup unknown-number"),
    (NEW, OUTSIDE, "play number-changed de 030987654", "hangup number-changed"),
    ({"new_number": "+4930987654"}, OUTSIDE, "play number-changed de 030987654", "hangup number-changed"),
    (NEW | {"announce": "away"}, INSIDE, "play away en 030987654 gone.wav", "hangup number-changed"),
    (NEW, LONDON, "play number-changed en 030987654", "hangup number-changed"),
    ({"announce": "away"}, OUTSIDE, "play away de weg.wav", "hangup unknown-number"),
    ({"announce": "away"}, INSIDE, "play away en gone.wav", "hangup unknown-number"),
    ({"announce": "number-changed"}, OUTSIDE, "play number-changed de", "hangup unknown-number"),
])
def test_it_is_heard_twice_and_the_call_ends(terms, call, heard, end):
    """Before anybody answers."""
    by = office([rule(**terms)], announcements={"away": LATIN})
    assert lines(call, by, DONE, DONE) == [WHY, heard, heard, WHY, end, "done"]


def test_the_new_number_is_said_as_one_dials_it_there():
    swiss = office([rule(**NEW)], sites={"berlin": replace(BERLIN, country="CH"), "london": LONDON_SITE})
    assert "play number-changed de 004930987654" in lines(OUTSIDE, swiss, DONE, DONE)
    assert "play number-changed en 004930987654" in lines(INSIDE, swiss, DONE, DONE)
    assert "play number-changed en 030987654" in lines(LONDON, swiss, DONE, DONE)
    by = office([rule(**NEW)], sites={}, numbering=Numbering(country="DE"))
    assert "play number-changed en 030987654" in lines(OUTSIDE, by, DONE, DONE)


HEARD, ASKED = "play out-of-service de", "ask press-0 de 1 keys 4 s"
KEYED = f"{HEARD} until 0"
PRESSED = ["because the caller pressed 0", "reroute user:102 by the office"]
MESSAGE = ["because after the announcement a message can be left", "reroute mailbox:102 by the office"]
TO_120 = [WHY, "reroute user:120 by the office"]


@pytest.mark.parametrize(("terms", "outcomes", "found"), [
    ({"mailbox": "mailbox:102"}, [DONE], [HEARD, WHY, *MESSAGE]),
    ({"zero": "user:102"}, [DONE, Digits("0")], [KEYED, ASKED, *PRESSED]),
    ({"zero": "user:102"}, [Digits("0")], [KEYED, *PRESSED]),
    ({"zero": "user:102"}, [DONE, Silence(), Digits("0")], [KEYED, ASKED, KEYED, *PRESSED]),
    ({"zero": "user:102"}, [DONE, Silence(), DONE, Digits("0")], [KEYED, ASKED, KEYED, ASKED, *PRESSED]),
    ({"zero": "user:102"}, [DONE, Digits("1"), DONE, Digits("0")], [KEYED, ASKED, KEYED, ASKED, *PRESSED]),
    ({"zero": "user:102"}, [DONE, Silence(), DONE, Silence()],
     [KEYED, ASKED, KEYED, ASKED, WHY, "hangup unknown-number", "done"]),
    ({"zero": "user:102", "mailbox": "mailbox:102"}, [DONE, Silence(), DONE, Silence()],
     [KEYED, ASKED, KEYED, ASKED, WHY, *MESSAGE]),
    ({"zero": "user:102", "mailbox": "mailbox:102"}, [DONE, Digits("0")], [KEYED, ASKED, *PRESSED]),
    ({"reroute": "user:120"}, [], TO_120[1:]),
    ({"reroute": "user:120", "announce": "out-of-service"}, [DONE], [HEARD, *TO_120]),
    ({"reroute": "user:120", "new_number": "+4930987654"}, [DONE], ["play number-changed de 030987654", *TO_120]),
    ({"reroute": "user:120", "zero": "user:102"}, [DONE, Silence(), DONE, Silence()],
     [KEYED, ASKED, KEYED, ASKED, *TO_120]),
    ({"reroute": "user:120", "zero": "user:102"}, [Digits("0")], [KEYED, *PRESSED]),
    ({"reroute": "user:120", "mailbox": "mailbox:102"}, [], TO_120[1:]),
])
def test_where_one_may_go_from_there(terms, outcomes, found):
    assert lines(OUTSIDE, office([rule(**terms)]), *outcomes) == [WHY, *found]


@pytest.mark.parametrize("terms", [
    {"zero": "user:102"}, {"mailbox": "mailbox:102"}, {"reroute": "user:102"},
    {"reroute": "user:102", "announce": "out-of-service"}, {},
])
def test_what_an_intercept_has_sent_here_is_sent_no_further(terms):
    found = lines(replace(OUTSIDE, intercepted=True), office([rule(**terms)]), DONE, DONE)
    assert found == [WHY, HEARD, HEARD, WHY, "hangup unknown-number", "done"]


@pytest.mark.parametrize(("call", "inbound"), [
    (a_call("user:102", None), [rule()]), (replace(OUTSIDE, outcome=Busy()), [rule()]), (OUTSIDE, [rule("internal")]),
    (OUTSIDE, []),
])
def test_all_other_calls_are_left_alone(call, inbound):
    assert lines(call, office(inbound, [rule()])) == ["pass"]


def test_why_a_call_is_left_alone():
    found = ending(intercept.run, OUTSIDE, office([rule("internal")]))
    assert str(found.why) == "no rule of the intercept is about this call"
    assert not ending(intercept.run, OUTSIDE, office()).why
    off = office([rule()], settings=settings(**{"intercept.101": "off", "intercept.102": "off"}))
    assert str(ending(intercept.run, OUTSIDE, off).why) == "op has switched off the intercept of Anna Adler"
    assert not ending(intercept.run, a_call("user:102", None), off).why
    of_sales = {"sales": replace(SALES, intercept=Intercept(inbound=(rule(),)))}
    off = office([rule("internal")], groups=of_sales, settings=settings(**{"intercept.sales": "off"}))
    assert str(ending(intercept.run, OUTSIDE, off).why) == "op has switched off the intercept of Verkauf"
    to_her = office(groups=of_sales, settings=settings(**{"intercept.sales": "on to user:101"}))
    assert str(ending(intercept.run, OUTSIDE, to_her).why) == "no rule of the intercept is about this call"


BLOCKED = "because rule 1 of Anna Adler about outgoing calls"
SAID = ["play blocked de", "play blocked de", BLOCKED, "hangup rejected", "done"]


@pytest.mark.parametrize(("terms", "found"), [
    ({}, SAID),
    ({"announce": "away"}, ["play away de weg.wav", "play away de weg.wav", BLOCKED, "hangup rejected", "done"]),
    ({"reroute": "user:120"}, ["reroute user:120 by the office"]),
    ({"reroute": "user:120", "announce": "blocked"}, ["play blocked de", BLOCKED, "reroute user:120 by the office"]),
    ({"mailbox": "mailbox:102"}, ["play blocked de", BLOCKED, *MESSAGE]),
    ({"zero": "user:102"}, ["play blocked de until 0", "ask press-0 de 1 keys 4 s", *PRESSED]),
    ({"new_number": "+4930987654"},
     [*["play number-changed de 030987654"] * 2, BLOCKED, "hangup number-changed", "done"]),
])
def test_a_call_that_one_may_not_make(terms, found):
    by = office((), [rule("external", **terms)], announcements={"away": LATIN})
    assert lines(a_call("number:+491701234567", "101"), by, DONE, Digits("0") if "zero" in terms else DONE) == [
        BLOCKED, *found]
    assert lines(a_call("user:102", "101"), by) == ["pass"]
    by = replace(by, settings=settings(**{"intercept.101": "off"}))
    assert lines(a_call("number:+491701234567", "101"), by) == ["pass"]


def test_what_an_intercept_has_sent_out_is_sent_no_further():
    by = office((), [rule(reroute="user:120")])
    call = replace(a_call("number:+491701234567", None), by="101", intercepted=True)
    assert lines(call, by, DONE, DONE) == [BLOCKED, *SAID]


MENU = parse("attendant:menu")


@pytest.mark.parametrize(("user", "changes", "blocked"), [
    ("101", {}, True), ("102", {}, False), (None, {}, False), (None, {"by": "101"}, True), ("102", {"by": "101"}, True),
    ("101", {"by": "102"}, False), ("101", {"by": None}, True), ("101", {"by": "199"}, False),
    ("101", {"by": "", "sent_by": MENU}, True), ("102", {"by": "", "sent_by": MENU}, False),
    ("101", {"by": ""}, False), ("101", {"by": "", "sent_by": parse("hunt:sales")}, False),
    ("101", {"by": "102", "sent_by": MENU}, False), ("102", {"by": "101", "intercepted": True}, True),
    ("101", {"by": "120", "on_behalf": "120"}, True), ("102", {"by": "101", "on_behalf": "101"}, True),
    ("101", {"by": "102", "on_behalf": "120"}, False), ("102", {"by": "102", "withheld": True}, False),
    ("101", {"by": "", "sent_by": MENU, "transferred_by": "102"}, False),
    ("102", {"by": "", "sent_by": MENU, "transferred_by": "101"}, True),
    (None, {"by": "", "sent_by": MENU, "transferred_by": "101"}, True),
    ("102", {"by": "", "sent_by": MENU, "on_behalf": "101"}, True),
    ("101", {"by": "", "sent_by": MENU, "on_behalf": "102"}, True), ("101", {"by": "", "on_behalf": "102"}, False),
    ("102", {"by": "", "sent_by": MENU, "on_behalf": "101", "transferred_by": "120"}, True),
    ("102", {"by": "", "sent_by": MENU, "on_behalf": "120", "transferred_by": "101"}, False),
    ("102", {"by": None, "transferred_by": "101"}, True), ("101", {"by": "", "transferred_by": "101"}, False),
])
def test_who_causes_it(user, changes, blocked):
    call = replace(a_call("number:+491701234567", user), **changes)
    found = lines(call, office((), [rule("external")]), DONE, DONE)
    assert (found[0] == BLOCKED) is blocked is (found != ["pass"])


def test_the_executives_rules_come_before_those_of_who_dials_for_him():
    by = office((), [rule("external")])
    by = replace(by, users=by.users | {"102": replace(BERND, intercept=by.users["101"].intercept)})
    call = replace(a_call("number:+491701234567", "102"), by="101", on_behalf="101")
    assert lines(call, by, DONE, DONE)[0] == BLOCKED


def test_calls_that_withhold_the_number():
    call = a_call("number:+491701234567", "101")
    assert lines(call, office((), [rule("anonymous")])) == ["pass"]
    assert lines(replace(call, withheld=True), office((), [rule("anonymous")]), DONE, DONE) == [BLOCKED, *SAID]


def test_what_may_not_go_out_is_not_asked_whether_it_may_come_in():
    by = office([rule()])
    by = replace(by, users=by.users | {"102": replace(BERND, intercept=Intercept(outbound=(rule(),)))})
    assert lines(INSIDE, by, DONE, DONE)[0] == "because rule 1 of Bernd Brandt about outgoing calls"


def way(call, by, *outcomes):
    """The steps with whom they lead to, and the result."""
    found = explain(call, by, outcomes)
    return [f"{step.action} {step.target}" for step in found.steps], found.result


TWICE = ["play announcement:out-of-service"] * 2


@pytest.mark.parametrize("changes", [
    {"forward": Forward(always=parse("user:120"))}, {"night": "on"}, {"call_waiting": False},
    {"executive": Executive(assistants=("102",), filter="all")},
])
def test_it_comes_before_all_else(changes):
    by = office([rule()], settings=settings(**{"dnd.101": "on"}))
    berlin = replace(BERLIN, night=NightService(to=parse("user:102"), outside=None))
    by = replace(by, users=by.users | {"101": replace(by.users["101"], **changes)},
                 sites=by.sites | {"berlin": berlin})
    assert way(OUTSIDE, by) == ([*TWICE, "hangup hangup:unknown-number"], "announcement:out-of-service")


def test_help_is_called_whatever_the_rules_say():
    by = office((), [rule("all", "external", "110", "1*")])
    assert way(a_call("emergency:112", "101"), by)[0][0] == "ring number:112"


def test_who_was_transferred_hears_it_and_comes_back():
    call = replace(a_call("user:101", None), transferred_by="102", by="102")
    assert way(call, office([rule()])) == ([*TWICE, "reroute user:102", "ring user:102"], "user:102")
    assert str(explain(call, office([rule()]), ()).steps[2].reason) == (
        "rule 1 of Anna Adler about incoming calls; the call comes back to Bernd Brandt, who transferred it")
    by = office((), [rule("external")])
    call = replace(a_call("number:+491701234567", None), transferred_by="101", by="101")
    assert way(call, by) == (["play announcement:blocked"] * 2 + ["reroute user:101", "ring user:101"], "user:101")


def test_a_transferor_who_may_call_nobody_has_his_call_back():
    call = replace(a_call("user:102", None), transferred_by="101", by="101")
    assert way(call, office((), [rule()]))[0][-1] == "ring user:101"


ZERO = rule(zero="user:102", **NEW)


@pytest.mark.parametrize(("inbound", "outcomes", "result"), [
    ([ZERO], ["silence", "silence"], "announcement:number-changed"), ([ZERO], ["digits:0"], "user:102"),
    ([ZERO], ["silence", "digits:0"], "user:102"), ([rule(mailbox="mailbox:102")], [], "mailbox:102"),
    ([rule(reroute="user:102")], [], "user:102"), ([rule()], [], "announcement:out-of-service"),
])
def test_what_explain_says(inbound, outcomes, result):
    by = office(inbound)
    by = replace(by, users=by.users | {"102": replace(BERND, mailbox=True)})
    assert way(OUTSIDE, by, *outcomes)[1] == result


def test_a_reroute_into_another_intercept_ends_in_words():
    """Nor does it go round where both send calls to each other."""
    by = office([rule(reroute="user:102")])
    by = replace(by, users=by.users | {"102": replace(BERND, intercept=Intercept(
        inbound=(rule(reroute="user:101", announce="number-changed"),)))})
    assert way(OUTSIDE, by) == (["reroute user:102", *["play announcement:number-changed"] * 2,
                                 "hangup hangup:unknown-number"], "announcement:number-changed")


def test_nor_after_somebody_forwards_what_an_intercept_has_sent_to_him():
    by = office([rule(reroute="user:102")])
    hannah = replace(HANNAH, intercept=Intercept(inbound=(rule(reroute="user:102"),)))
    by = replace(by, users=by.users | {"102": replace(BERND, forward=Forward(always=parse("user:120"))), "120": hannah})
    assert way(OUTSIDE, by) == (["reroute user:102", "reroute user:120", *TWICE, "hangup hangup:unknown-number"],
                                "announcement:out-of-service")


def test_whom_one_reaches_by_the_key_may_send_it_on():
    hannah = replace(HANNAH, intercept=Intercept(inbound=(rule(reroute="user:102"),)))
    by = office([rule(zero="user:120")])
    by = replace(by, users=by.users | {"120": hannah})
    assert way(OUTSIDE, by, "digits:0")[0][-3:] == ["reroute user:120", "reroute user:102", "ring user:102"]


def test_who_presses_the_key_has_not_heard_all():
    result = Result()
    result.note(Play("out-of-service", "de", keys="0"), Digits("0"))
    assert result.text == ""
    result.note(Play("out-of-service", "de", keys="0"), DONE)
    assert result.text == "announcement:out-of-service"


#: Whom the hunt rings for a call of Anna's.
RUNG = "ring user:102, number:+491701234567"


@pytest.mark.parametrize(("terms", "outcomes", "steps"), [
    ({"reroute": "hunt:sales"}, (), ["reroute hunt:sales", RUNG]),
    ({"reroute": "hunt:sales", "announce": "blocked"}, (),
     ["play announcement:blocked", "reroute hunt:sales", RUNG]),
    ({"zero": "user:120"}, ("digits:0",),
     ["play announcement:blocked", "ask announcement:press-0", "reroute user:120", "ring user:120"]),
    ({"zero": "number:+442079460999"}, ("digits:0",), [
        "play announcement:blocked", "ask announcement:press-0", "reroute number:+442079460999",
        "ring number:+442079460999"]),
])
def test_where_a_blocked_call_goes_it_is_not_blocked_again(terms, outcomes, steps):
    assert way(a_call("user:102", "101"), office((), [rule(**terms)]), *outcomes)[0][:len(steps)] == steps


@pytest.mark.parametrize("terms", [
    {"reroute": "hunt:sales"}, {"zero": "hunt:sales"}, {"reroute": "number:+49305550300"},
])
def test_a_rule_keeps_nobody_from_where_it_leads(terms):
    by = office((), [rule(**terms)])
    assert lines(a_call("hunt:sales", "101"), by) == ["pass"]
    assert lines(a_call("user:102", "101"), by, DONE, DONE)[0] == BLOCKED


@pytest.mark.parametrize("terms", [{"reroute": "user:101"}, {"zero": "user:101"}])
def test_a_group_s_rule_may_send_all_to_one_member(terms):
    by = office(groups={"sales": replace(SALES, intercept=Intercept(inbound=(rule(**terms),)))})
    assert way(a_call("hunt:sales", None), by, "digits:0" if "zero" in terms else "answered")[1] == "user:101"
    assert way(a_call("user:101", None), by) == (["ring user:101"], "user:101")
    assert way(a_call("user:102", None), by, "digits:0" if "zero" in terms else "answered")[1] == "user:101"


@pytest.mark.parametrize("value", ["on to user:101", "on announce number-changed to user:101"])
def test_so_may_who_switches_it_on(value):
    by = office(settings=settings(**{"intercept.sales": value}))
    assert way(a_call("hunt:sales", None), by)[1] == way(a_call("user:101", None), by)[1] == "user:101"


def test_from_an_attendant_to_which_an_intercept_sent_it_no_further():
    """The menu is no way around what may not be called."""
    menu = Attendant(key="menu", greeting={}, menu={"1": parse("number:+442079460999")})
    own = [rule("102", reroute="attendant:menu"), rule("external", reroute="attendant:menu")]
    found, result = way(a_call("user:102", "101"), office((), own, attendants={"menu": menu}), "digits:1")
    assert (found[-2:], result) == (["play announcement:blocked", "hangup hangup:rejected"], "announcement:blocked")


def test_who_has_his_call_back_has_his_own_ways():
    """As if no intercept had sent it on before."""
    by = office([rule(reroute="user:120")])
    bernd = replace(BERND, forward=Forward(busy=parse("user:103")))
    clara = replace(BERND, extension="103", name="Clara", intercept=Intercept(inbound=(rule(mailbox="mailbox:101"),)))
    by = replace(by, users=by.users | {"102": bernd, "103": clara, "101": replace(by.users["101"], mailbox=True)})
    call = replace(a_call("user:101", None), transferred_by="102", by="102")
    assert way(call, by, "busy", "busy")[1] == "mailbox:101"


def test_what_one_reaches_through_an_attendant_one_causes():
    menu = Attendant(key="menu", greeting={}, menu={"1": parse("number:+491701234567")})
    site = replace(BERLIN, reception=MENU)
    by = office((), [rule("external")], attendants={"menu": menu}, sites={"berlin": site})
    found, result = way(a_call("site:berlin", "101"), by, "digits:1")
    assert (found[-2:], result) == (["play announcement:blocked", "hangup hangup:rejected"], "announcement:blocked")


def test_a_groups_number():
    by = office(groups={"sales": replace(SALES, intercept=Intercept(inbound=(rule(mailbox="mailbox:101"),)))})
    assert lines(a_call("hunt:sales", None), by, DONE)[0] == "because rule 1 of Verkauf about incoming calls"


def test_through_whom_it_applies_to_a_person():
    through = next(each for each in FEATURES if each.name == "intercept").through
    by = office([rule()], groups={"sales": replace(SALES, intercept=Intercept(outbound=(rule(),)))})
    assert [through(user, by) for user in by.users.values()] == ["user 101, group sales", "group sales", ""]
    by = office(settings=settings(**{"intercept.102": "on", "intercept.sales": "off"}))
    assert [through(user, by) for user in by.users.values()] == ["group sales", "user 102, group sales", ""]


def test_where_it_is_asked():
    order = [stage.name for stage in PIPELINE]
    assert order.index("star_codes") < order.index("intercept") < min(
        order.index(name) for name in ("executive_assistant", "night_service", "forwarding_always", "do_not_disturb"))


@pytest.mark.parametrize(("number", "words", "blocked"), [
    ("+419001234567", ("premium",), True), ("+41441234567", ("international",), True),
    ("1000", ("international", "premium"), False), ("12345", ("premium",), False), ("1000", ("external",), True),
])
def test_whoever_is_picked_up_is_of_no_class_by_a_number_that_nobody_can_call(number, words, blocked):
    other = LiveCall("c0ffee", None, None, "inbound", "ringing", AT, number=number)
    found = intercept.fetching(a_call("code:pickup", "101"), other, office(outbound=[rule(*words)]))
    assert (found is not None) is blocked
