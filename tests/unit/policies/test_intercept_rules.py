"""Which rule of call intercept is about which call."""

from dataclasses import replace

import pytest

from fsctl.model.actions import ANONYMOUS, Party
from fsctl.model.destination import Destination, parse
from fsctl.model.sections import Group, Intercept, InterceptRule, Schedule
from fsctl.policies.intercept_rules import for_all_calls, gets_no_calls, hindrance, inbound, outbound, refusal
from tests.unit.builders import ANNA, AT, BERND, CREW, HANNAH, SALES, a_call, an_office, settings

#: AT is Monday, 11:00 in Berlin and 10:00 in London.
MORNING = Schedule(key="morning", weekly={"mon-sun": ("08:00-10:30",)})


def rules(*calls, **changes):
    """A rule for each of these."""
    return tuple(InterceptRule(calls=(each,) if isinstance(each, str) else each, **changes) for each in calls)


def office(anna=Intercept(), groups=None, site="berlin", **values):
    """Anna with her rules; all groups are those of the table, in its order."""
    return an_office(
        users={"101": replace(ANNA, intercept=anna, site=site), "102": BERND, "120": HANNAH},
        groups={key: replace(each, intercept=intercept) for key, (each, intercept) in (groups or {}).items()},
        schedules={"morning": MORNING}, settings=settings(**values))


def why(found):
    return str(found.why) if found else None


OUTSIDE, INSIDE = a_call("user:101", None), a_call("user:101", "102")
FIRST = "rule 1 of Anna Adler about incoming calls"


def shows(number, **changes):
    return replace(OUTSIDE, caller=Party("", number), **changes)


@pytest.mark.parametrize(("word", "call", "is_it"), [
    ("all", OUTSIDE, True), ("all", INSIDE, True), ("all", shows(""), True),
    ("internal", INSIDE, True), ("internal", OUTSIDE, False), ("external", OUTSIDE, True), ("external", INSIDE, False),
    ("anonymous", shows(""), True), ("anonymous", OUTSIDE, False), ("anonymous", INSIDE, False),
    ("anonymous", replace(OUTSIDE, caller=ANONYMOUS), True), ("anonymous", replace(INSIDE, withheld=True), True),
    ("international", shows("+442079460999"), True), ("international", OUTSIDE, False),
    ("international", shows("+442079460999", withheld=True), False), ("international", INSIDE, False),
    ("international", shows("+499001123456"), False), ("international", shows("00442079460999"), False),
    ("premium", shows("+499001123456"), True), ("premium", shows("+442079460999"), False), ("premium", INSIDE, False),
    ("premium", shows("11880"), False), ("premium", replace(INSIDE, caller=Party("", "+499001123456")), False),
    ("+4915112345678", OUTSIDE, True), ("+4915112345678", shows("+49151123456789"), False),
    ("+49151*", OUTSIDE, True), ("+49170*", OUTSIDE, False), ("+49151*", shows("+4915112345678", withheld=True), False),
    ("102", INSIDE, True), ("10*", INSIDE, True), ("120", INSIDE, False), ("102", shows("102"), False),
])
def test_who_calls(word, call, is_it):
    for calls in (word, ("+4999*", word)):
        assert why(inbound(call, call.to, office(Intercept(inbound=rules(calls))))) == (FIRST if is_it else None)


@pytest.mark.parametrize(("site", "number", "is_it"), [
    ("berlin", "+442079460999", True), ("london", "+442079460999", False), ("london", "+4930123456", True),
])
def test_what_is_abroad_depends_on_where_the_called_one_is(site, number, is_it):
    by = office(Intercept(inbound=rules("international")), site=site)
    by = replace(by, sites=by.sites | {"london": replace(by.sites["london"], country="GB")})
    assert (inbound(shows(number), OUTSIDE.to, by) is not None) is is_it
    by = replace(by, users=by.users | {"101": replace(by.users["101"], intercept=Intercept(
        outbound=rules("international")))})
    assert (outbound(by.users["101"], Destination("number", number), by, AT) is not None) is is_it


@pytest.mark.parametrize(("site", "is_it"), [("berlin", False), ("london", True)])
def test_when_by_the_clocks_of_the_site(site, is_it):
    """It is 11:00 in Berlin and 10:00 in London."""
    during = rules("all", during="morning")
    by = office(Intercept(inbound=during, outbound=during), site=site)
    assert (inbound(OUTSIDE, OUTSIDE.to, by) is not None) is is_it
    assert (outbound(by.users["101"], parse("user:102"), by, AT) is not None) is is_it
    team = Group(key="team", name="Team", site=site, members=("101",))
    by = office(groups={"team": (team, Intercept(inbound=during, outbound=during))})
    assert (inbound(OUTSIDE, OUTSIDE.to, by) is not None) is is_it
    assert (outbound(by.users["101"], parse("user:102"), by, AT) is not None) is is_it


ALL, NONE_SUCH = rules("all"), rules("+4999*")
DESK = parse("user:102")
TEAM, CLUB = (Group(key=key, name=key.title(), site="berlin", members=("102", "101")) for key in ("team", "club"))
OTHERS = Group(key="others", name="Others", site="berlin", members=("102",))


@pytest.mark.parametrize(("anna", "groups", "decides"), [
    (NONE_SUCH + ALL, {}, "rule 2 of Anna Adler"), (ALL + ALL, {}, "rule 1 of Anna Adler"),
    (ALL, {"team": (TEAM, ALL)}, "rule 1 of Anna Adler"), (NONE_SUCH, {"team": (TEAM, ALL)}, "rule 1 of Team"),
    ((), {"others": (OTHERS, ALL), "club": (CLUB, ALL), "team": (TEAM, ALL)}, "rule 1 of Club"),
    ((), {"club": (CLUB, NONE_SUCH), "team": (TEAM, NONE_SUCH + ALL)}, "rule 2 of Team"),
    ((), {"others": (OTHERS, ALL)}, None), ((), {}, None),
])
def test_the_users_rules_come_before_those_of_his_groups(anna, groups, decides):
    by = office(Intercept(inbound=anna), {key: (each, Intercept(inbound=own)) for key, (each, own) in groups.items()})
    assert why(inbound(INSIDE, INSIDE.to, by)) == (decides and f"{decides} about incoming calls")
    assert outbound(by.users["101"], parse("user:102"), by, AT) is None
    by = office(Intercept(outbound=anna), {key: (each, Intercept(outbound=own)) for key, (each, own) in groups.items()})
    found = outbound(by.users["101"], parse("number:+4930123456"), by, AT)
    assert why(found) == (decides and f"{decides} about outgoing calls")
    assert inbound(INSIDE, INSIDE.to, by) is None


def test_the_rule_itself_is_found():
    own = rules("+4999*", "all", "all", announce="closed")
    assert inbound(OUTSIDE, OUTSIDE.to, office(Intercept(inbound=own))).rule is own[1]
    by = office(Intercept(outbound=own))
    assert outbound(by.users["101"], parse("user:102"), by, AT).rule is own[1]


@pytest.mark.parametrize(("to", "decides"), [
    ("hunt:sales", "rule 1 of Verkauf about incoming calls"), ("conference:crew", None), ("hunt:gone", None),
    ("user:199", None), ("user:102", "rule 1 of Verkauf about incoming calls"), ("user:120", None),
    ("user:101", FIRST), ("mailbox:101", None), ("attendant:sales", None), ("site:berlin", None),
])
def test_of_a_groups_number_only_the_groups_rules_count(to, decides):
    by = office(Intercept(inbound=ALL), {"sales": (SALES, Intercept(inbound=ALL)), "crew": (CREW, Intercept())})
    assert why(inbound(OUTSIDE, a_call(to).to, by)) == decides


def test_a_conference_has_its_groups_rules():
    by = office(groups={"crew": (CREW, Intercept(inbound=ALL))})
    assert why(inbound(OUTSIDE, parse("conference:crew"), by)) == "rule 1 of Krisenstab about incoming calls"


MOBILE, ABROAD, DEAR = "number:+491701234567", "number:+442079460999", "number:+499001123456"


@pytest.mark.parametrize(("word", "to", "is_it"), [
    *((word, to, True) for word in ("all", "internal") for to in (
        "user:102", "hunt:sales", "conference:crew", "site:berlin")),
    ("all", MOBILE, True), ("internal", MOBILE, False), ("external", MOBILE, True), ("external", "user:102", False),
    ("external", "hunt:sales", False), ("external", "number:11880", True), ("external", "number:", True),
    *((word, to, False) for word in ("all", "internal", "external", "anonymous", "7*", "1*") for to in (
        "mailbox:101", "attendant:a", "announcement:blocked", "hangup:busy", "slot:701", "code:park", "emergency:112",
        "unknown:199")),
    ("international", ABROAD, True), ("international", MOBILE, False), ("international", DEAR, False),
    ("premium", DEAR, True), ("premium", ABROAD, False), ("premium", "number:11880", True),
    ("premium", "number:116117", False), ("premium", "number:", False), ("premium", "user:102", False),
    ("+491701234567", MOBILE, True), ("+49170*", MOBILE, True), ("+49171*", MOBILE, False),
    ("+49170123456", MOBILE, False), ("102", "user:102", True), ("10*", "user:102", True), ("12*", "user:102", False),
    ("300", "hunt:sales", True), ("380", "conference:crew", True), ("38*", "hunt:sales", False),
    ("11880", "number:11880", True), ("anonymous", MOBILE, False),
])
def test_what_is_called(word, to, is_it):
    by = office(Intercept(outbound=rules(("+4999*", word))), {
        "sales": (SALES, Intercept()), "crew": (CREW, Intercept())})
    found = outbound(by.users["101"], Destination(*to.split(":")), by, AT)
    assert why(found) == ("rule 1 of Anna Adler about outgoing calls" if is_it else None)


@pytest.mark.parametrize(("to", "is_it"), [(MOBILE, True), ("user:102", True), ("mailbox:101", False)])
def test_calls_that_withhold_the_number(to, is_it):
    by = office(Intercept(outbound=rules("anonymous")))
    assert (outbound(by.users["101"], parse(to), by, AT, withheld=True) is not None) is is_it


BY_HAND = "op has switched on the intercept of {}"


@pytest.mark.parametrize(("own", "values", "to", "decides"), [
    ((), {"intercept.101": "on"}, "user:101", BY_HAND.format("Anna Adler")),
    (ALL, {"intercept.101": "on"}, "user:101", BY_HAND.format("Anna Adler")),
    (ALL, {"intercept.101": "off"}, "user:101", None),
    ((), {"intercept.101": "off"}, "user:101", None),  # those of his groups do not count either
    ((), {}, "user:101", "rule 1 of Verkauf about incoming calls"),
    ((), {"intercept.sales": "off"}, "user:101", None),
    (ALL, {"intercept.sales": "off"}, "user:101", FIRST),
    ((), {"intercept.sales": "off"}, "hunt:sales", None),
    ((), {"intercept.sales": "on"}, "hunt:sales", BY_HAND.format("Verkauf")),
    ((), {"intercept.sales": "on"}, "user:101", BY_HAND.format("Verkauf")),
    (ALL, {"intercept.sales": "on"}, "user:101", FIRST),
    ((), {"intercept.sales": "off", "intercept.crew": "on"}, "user:101", BY_HAND.format("Krisenstab")),
])
def test_what_was_switched_is_stronger_than_the_file(own, values, to, decides):
    by = office(Intercept(inbound=own), {
        "sales": (SALES, Intercept(inbound=ALL)), "crew": (replace(CREW, members=("101",)), Intercept())}, **values)
    assert why(inbound(INSIDE, parse(to), by)) == decides


@pytest.mark.parametrize(("to", "goes"), [("user:102", "user:102"), ("user:199", None)])
def test_what_is_heard_when_it_was_switched(to, goes):
    by = office(**{"intercept.101": f"on announce number-changed to {to}"})
    rule = inbound(INSIDE, INSIDE.to, by).rule
    assert (rule.announce, rule.reroute) == ("number-changed", goes and parse(goes))


@pytest.mark.parametrize(("value", "counts"), [("on", True), ("off", False)])
def test_outgoing_calls_follow_the_file_unless_it_is_switched_off(value, counts):
    by = office(Intercept(outbound=ALL), **{"intercept.101": value})
    assert (outbound(by.users["101"], parse("user:102"), by, AT) is not None) is counts


def test_who_is_passed_over():
    by = office(Intercept(inbound=rules("external")))
    assert str(hindrance(OUTSIDE, by.users["101"], by)) == f"calls to Anna Adler are intercepted: {FIRST}"
    assert not hindrance(INSIDE, by.users["101"], by)


@pytest.mark.parametrize(("to", "changes", "is_it"), [
    (MOBILE, {}, True), ("user:102", {}, False), (MOBILE, {"intercept.101": "off"}, False),
    (MOBILE, {"site": "london"}, True), (MOBILE, {"during": "morning"}, False),
    (MOBILE, {"during": "morning", "site": "london"}, True),
])
def test_where_no_telephone_is_rung(to, changes, is_it):
    values = dict(changes)
    by = office(Intercept(outbound=rules("external", during=values.pop("during", None))), **values)
    assert str(refusal(by.users["101"], parse(to), by, AT)) == (
        "Anna Adler may not call +491701234567: rule 1 of Anna Adler about outgoing calls" if is_it else "")


@pytest.mark.parametrize(("own", "value", "gets_none"), [
    ((), "", False), (ALL, "", True), (ALL, "off", False), ((), "on", True), (rules("internal"), "", False),
    (rules("internal", "external"), "", True), (rules("all", during="morning"), "", False),
    (rules("internal", "external", reroute=parse("user:101")), "", False), ((), "on to user:101", False),
])
def test_who_gets_no_call_just_now(own, value, gets_none):
    """What leads to him himself keeps no calls from him."""
    by = office(Intercept(inbound=own), **({"intercept.101": value} if value else {}))
    assert gets_no_calls(by.users["101"], by, AT) is gets_none


@pytest.mark.parametrize(("own", "group", "which"), [
    ((), (), None), (rules("internal", "anonymous"), (), None), (rules("all", during="morning"), (), None),
    (rules(("internal", "external")), (), 0), (rules("internal", "external"), (), 0), (rules("internal"), (), None),
    (rules("internal", "external", reroute=parse("user:102"))[:1] + rules("external"), (), 0),
    (rules("external") + rules("internal", during="morning"), (), None),
    (NONE_SUCH + ALL, (), 0), (rules("internal"), ALL, 1), (rules(("internal", "all")), ALL, 0),
])
def test_who_gets_no_call_whatever_comes(own, group, which):
    by = office(Intercept(inbound=own), {"sales": (SALES, Intercept(inbound=group))})
    own_rule, of_group = own[-1] if own else None, group[-1] if group else None
    assert for_all_calls(parse("user:101"), by) == (None if which is None else (own_rule, of_group)[which])
    assert for_all_calls(parse("hunt:sales"), by) is of_group


@pytest.mark.parametrize(("own", "goes"), [
    (rules("all", reroute=DESK), DESK), (rules(("internal", "external"), reroute=DESK), DESK),
    (rules("internal", reroute=parse("user:120")) + rules("external", reroute=DESK), None),
    (rules("internal", "external", reroute=DESK), None),
])
def test_where_it_takes_several_rules_they_lead_nowhere(own, goes):
    by = office(Intercept(inbound=own))
    assert for_all_calls(parse("user:101"), by) == replace(own[-1], reroute=goes)
