"""Which calls an executive's filter sends to the assistants, and which rule says so."""

from dataclasses import replace

import pytest

from fsctl.model.actions import ANONYMOUS, Party
from fsctl.model.sections import Executive, ExecutiveRule, Schedule, User
from fsctl.policies.executive_rules import decide
from tests.unit.builders import ANNA, BERND, HANNAH, a_call, an_office, settings

ERNST = User(extension="130", name="Erika Ernst", site="berlin", numbers=("+49305550130", "+49305550139"))
ASSISTANTS = ("131", "132")
FATMA = User(extension="131", name="Fatma Fuchs", site="berlin")
GEORG = User(extension="132", name="Georg Graf", site="berlin")


def office(mode="rules", rules=(), site="berlin", **values):
    executive = replace(ERNST, site=site, executive=Executive(assistants=ASSISTANTS, filter=mode, rules=tuple(rules)))
    return an_office(
        users={"101": ANNA, "102": BERND, "120": HANNAH, "130": executive, "131": FATMA, "132": GEORG},
        schedules={"morning": Schedule(key="morning", weekly={"mon-sun": ("08:00-10:30",)})},
        settings=settings(**values))


def decided(call, *, by=None):
    by = by or office()
    found = decide(call, by.users["130"], by)
    return found.filtered, str(found.why)


OUTSIDE, INSIDE = a_call("user:130", None, "+49305550130"), a_call("user:130", "101", "130")


@pytest.mark.parametrize(("mode", "call", "filtered", "why"), [
    ("off", OUTSIDE, False, "the filter of Erika Ernst is off"),
    ("off", INSIDE, False, "the filter of Erika Ernst is off"),
    ("all", OUTSIDE, True, "all calls for Erika Ernst go to the assistants"),
    ("all", INSIDE, True, "all calls for Erika Ernst go to the assistants"),
    ("internal", INSIDE, True, "internal calls for Erika Ernst go to the assistants"),
    ("internal", OUTSIDE, False, "of Erika Ernst only internal calls are filtered"),
    ("external", OUTSIDE, True, "outside calls for Erika Ernst go to the assistants"),
    ("external", INSIDE, False, "of Erika Ernst only outside calls are filtered"),
    ("rules", OUTSIDE, False, "no rule of Erika Ernst is about this call"),
])
def test_modes(mode, call, filtered, why):
    assert decided(call, by=office(mode)) == (filtered, why)


@pytest.mark.parametrize(("by_file", "switched", "mode"), [
    ("external", None, "external"), ("external", "off", "off"), ("external", "on", "external"),
    ("external", "all", "all"), ("off", None, "off"), ("off", "on", "all"), ("off", "internal", "internal"),
    ("off", "rules", "rules"), ("all", "nonsense", "all"), ("rules", "external", "external"),
])
def test_what_was_switched_is_stronger_than_the_file(by_file, switched, mode):
    values = {} if switched is None else {"filter.130": switched}
    for call in (OUTSIDE, INSIDE):
        assert decided(call, by=office(by_file, **values)) == decided(call, by=office(mode))


@pytest.mark.parametrize(("changes", "why"), [
    ({"user": "131", "external": False}, "Fatma Fuchs is an assistant of Erika Ernst and gets through"),
    ({"user": "132", "external": False, "by": "101"}, "Georg Graf is an assistant of Erika Ernst and gets through"),
    ({"transferred_by": "131", "by": "131"}, "Fatma Fuchs, an assistant of Erika Ernst, puts the call through"),
    ({"transferred_by": "132", "by": "101"}, "Georg Graf, an assistant of Erika Ernst, puts the call through"),
    ({"by": "131"}, "Fatma Fuchs, an assistant of Erika Ernst, puts the call through"),
])
def test_assistants_get_through_and_whom_they_put_through(changes, why):
    assert decided(replace(OUTSIDE, **changes), by=office("all")) == (False, why)


@pytest.mark.parametrize("changes", [{}, {"by": "131"}, {"transferred_by": "131"}, {"by": "101"}])
def test_himself(changes):
    """Whoever put him through."""
    call = replace(a_call("user:130", "130", "00305550130"), by="130")
    assert decided(replace(call, **changes), by=office("all")) == (False, "Erika Ernst calls the own number")


def test_others_do_not():
    for changes in ({"transferred_by": "101", "by": "101"}, {"by": "120"}, {"by": ""}, {"by": None}):
        assert decided(replace(OUTSIDE, **changes), by=office("all"))[0]


def rule(name="it", from_=("any",), action="divert", **changes):
    return ExecutiveRule(name=name, from_=from_, action=action, **changes)


def shows(number, name="", **changes):
    return replace(OUTSIDE, caller=Party(name, number), **changes)


def withheld(call):
    return replace(call, caller=ANONYMOUS if call.external else call.caller, withheld=True)


@pytest.mark.parametrize(("caller", "call", "is_it"), [
    ("any", OUTSIDE, True), ("any", INSIDE, True), ("any", withheld(OUTSIDE), True),
    ("external", OUTSIDE, True), ("external", INSIDE, False), ("external", withheld(OUTSIDE), True),
    ("internal", INSIDE, True), ("internal", OUTSIDE, False), ("internal", withheld(INSIDE), True),
    ("anonymous", withheld(OUTSIDE), True), ("anonymous", OUTSIDE, False), ("anonymous", shows("anonymous"), True),
    ("anonymous", shows(""), True), ("anonymous", withheld(INSIDE), True), ("anonymous", INSIDE, False),
    ("+4915112345678", OUTSIDE, True), ("+4915112345678", shows("+49151123456789"), False),
    ("+4915112345678", shows("+491511234567"), False), ("+4915112*", OUTSIDE, True),
    ("+4915112345678*", OUTSIDE, True), ("+49170*", OUTSIDE, False), ("+49152*", OUTSIDE, False),
    ("+4915112*", withheld(OUTSIDE), False), ("+4915112*", replace(OUTSIDE, withheld=True), False),
    ("101", INSIDE, True), ("101", shows("101"), False), ("1*", shows("1012"), False),
    ("anonymous", shows("101"), False), ("external", shows("101"), True), ("102", INSIDE, False), ("1*", INSIDE, True),
    ("102", replace(INSIDE, on_behalf="102"), True), ("101", replace(INSIDE, on_behalf="102"), False),
    ("101", withheld(INSIDE), False), ("+49151*", replace(INSIDE, caller=Party("", "+49151")), False),
])
def test_who_calls(caller, call, is_it):
    assert decided(call, by=office(rules=[rule(from_=("+4999*", caller))]))[0] is is_it


@pytest.mark.parametrize(("called", "call", "is_it"), [
    (("130",), INSIDE, True), (("+49305550130",), INSIDE, False), (("+49305550139", "130"), INSIDE, True),
    (("+49305550130",), OUTSIDE, True), (("130",), OUTSIDE, False), (("+49305550139",), OUTSIDE, False),
    (("+49305550130",), replace(OUTSIDE, dialled="4930555013" + "0"), True),
    (("130",), replace(OUTSIDE, dialled="130"), True),
    (("+49305550139",), replace(INSIDE, dialled="00305550139#"), True),
    (("130",), replace(INSIDE, dialled="#31130"), True),
    (("130",), replace(INSIDE, dialled="101"), False),  # it was sent on from there
    (("130",), replace(OUTSIDE, dialled="130", transferred_by="101"), True),
    (("+49305550130",), replace(OUTSIDE, dialled="00305550130", transferred_by="101"), True),
    (("+49305550130",), replace(INSIDE, dialled="hunt+sales"), False),
])
def test_how_he_was_called(called, call, is_it):
    assert decided(call, by=office(rules=[rule(called=called)]))[0] is is_it


@pytest.mark.parametrize(("user", "dialled", "is_it"), [
    ("120", "90305550130", True), ("120", "00305550130", False), ("101", "00305550130", True),
])
def test_how_he_was_called_by_the_prefix_of_the_callers_site(user, dialled, is_it):
    by = office(rules=[rule(called=("+49305550130",))])
    by = replace(by, sites=by.sites | {"london": replace(by.sites["london"], external_prefix="9")})
    assert decided(a_call("user:130", user, dialled), by=by)[0] is is_it


@pytest.mark.parametrize(("site", "is_it"), [("berlin", False), ("london", True)])
def test_when_by_the_clocks_of_the_executives_site(site, is_it):
    """It is 11:00 in Berlin and 10:00 in London."""
    assert decided(OUTSIDE, by=office(rules=[rule(during="morning")], site=site))[0] is is_it


ACCEPT, DIVERT = rule("family", ("+4915112*",), "accept"), rule("strangers", ("external",))


@pytest.mark.parametrize(("rules", "filtered", "why"), [
    ([ACCEPT, DIVERT], False, 'the rule "family" of Erika Ernst accepts the call'),
    ([DIVERT, ACCEPT], False, 'the rule "family" of Erika Ernst accepts the call'),
    ([DIVERT, replace(ACCEPT, from_=("internal",))], True,
     'the rule "strangers" of Erika Ernst sends the call to the assistants'),
    ([replace(DIVERT, name="first"), DIVERT], True,
     'the rule "first" of Erika Ernst sends the call to the assistants'),
    ([replace(ACCEPT, name="first"), ACCEPT], False, 'the rule "first" of Erika Ernst accepts the call'),
    ([replace(DIVERT, from_=("internal",))], False, "no rule of Erika Ernst is about this call"),
])
def test_accept_wins_and_the_rule_is_named(rules, filtered, why):
    by = office(rules=rules)
    assert decided(OUTSIDE, by=by) == (filtered, why)
    named = decide(OUTSIDE, by.users["130"], by).rule
    assert named == (why.split('"')[1] if '"' in why else "")
