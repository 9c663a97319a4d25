"""Executives and their assistants as things stand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fsctl.model.executives import (
    Handled,
    dialled_for,
    executives_of,
    handled_for,
    may_take_filtered,
    mode_now,
    on_mode,
    share_executive,
    takes_filtered_calls,
    takes_part,
)
from fsctl.model.live import Live, LiveCall
from fsctl.model.sections import Executive, User
from tests.unit.builders import AT, an_office, settings


def user(extension, **executive):
    return User(extension=extension, name=extension, site="berlin",
                executive=Executive(**executive) if executive else None)


def office(**values):
    """130 has the assistants 131 and 132, 140 has 131 alone, 150 nobody; 101 is nobody's."""
    people = (user("130", assistants=("131", "132")), user("131"), user("132"), user("101"),
              user("140", assistants=("131",), filter="internal", opt_out=False), user("150", assistants=()))
    return an_office(users={each.extension: each for each in people}, settings=settings(**values))


@pytest.mark.parametrize(("who", "values", "now", "when_on"), [
    ("130", {}, "off", "all"), ("140", {}, "internal", "internal"), ("130", {"filter.130": "on"}, "all", "all"),
    ("140", {"filter.140": "off"}, "off", "internal"), ("101", {"filter.101": "on"}, "off", "all"),
])
def test_mode(who, values, now, when_on):
    here = office(**values)
    assert (mode_now(here.users[who], here), on_mode(here.users[who])) == (now, when_on)


@pytest.mark.parametrize(("assistant", "executive", "is_in"), [
    ("131", "130", True), ("132", "130", False), ("101", "130", False), ("131", "101", False),
    ("132", "140", False), ("131", "140", True),
])
def test_who_takes_part(assistant, executive, is_in):
    here = office(**{"assistant.130.132": "out", "assistant.140.131": "out"})
    assert takes_part(assistant, here.users[executive], here) is is_in


@pytest.mark.parametrize(("one", "other", "share"), [
    ("131", "132", True), ("131", "130", True), ("140", "131", True), ("140", "132", False), ("131", "131", False),
    ("101", "131", False), ("150", "150", False),
])
def test_who_belongs_together(one, other, share):
    assert share_executive(one, other, office()) is share_executive(other, one, office()) is share


def test_whose():
    here = office()
    assert [each.extension for each in executives_of("131", here)] == ["130", "140"]
    assert executives_of("130", here) == ()
    assert [who for who in here.users if takes_filtered_calls(who, here)] == ["130", "131", "132", "140"]
    assert [who for who in here.users if may_take_filtered(who, "140", here)] == ["131", "140"]
    assert not may_take_filtered("131", "199", here)
    assert not may_take_filtered("101", "101", here)


# ---- calls that are handled for somebody ----------------------------------------------------------------


def channel(uuid, peer, seconds=0, **changes):
    since = AT - timedelta(seconds=seconds)
    return replace(LiveCall(uuid, None, peer, "inbound", "talking", since), **changes)


LEE, ACTS = channel("lee", "at-131", for_user="130"), {"for_user": "130", "executive": "130"}
AT_131 = channel("at-131", "lee", user="131", **ACTS)
OWN = channel("lee", "at-131"), channel("at-131", "lee", user="131")  # nobody's but the assistant's


def handled(*calls, executive="130"):
    return [(each.caller.uuid, each.channel.uuid, each.by)
            for each in handled_for(office().users[executive], Live(calls))]


@pytest.mark.parametrize(("caller", "assistant", "by"), [
    (LEE, AT_131, "131"), (LEE, replace(AT_131, state="held"), "131"),
    (OWN[0], replace(AT_131, for_user=None), "131"),
    (replace(LEE, user="101", for_user=None), AT_131, "131"),  # called on his behalf
    (LEE, replace(AT_131, user="101"), "101"),  # who stands for an assistant
    (LEE, replace(AT_131, user=None, sent_by="user:131", number="+49170"), "131"),
    (LEE, replace(AT_131, user=None, sent_by="nobody", number="+49170"), "+49170"),
    (LEE, replace(AT_131, user=None, number="+49170"), "+49170"),
    (LEE, OWN[1], "131"), (LEE, replace(OWN[1], state="held"), "131"),  # she had it otherwise: it came back to her
    (LEE, replace(OWN[1], user="132"), "132"),
])
def test_what_is_handled(caller, assistant, by):
    assert handled(caller, assistant) == handled(assistant, caller) == [("lee", "at-131", by)]


@pytest.mark.parametrize("calls", [
    (), OWN, (LEE,), (AT_131,),
    (LEE, replace(AT_131, state="ringing")), (LEE, replace(AT_131, state="parked")),
    (LEE, replace(AT_131, peer=None)),
    (replace(LEE, for_user="140"), replace(AT_131, for_user="140", executive="140")),
    (replace(LEE, for_user="140"), OWN[1]),
    (LEE, replace(OWN[1], user="101")), (LEE, replace(OWN[1], user=None, number="131")),
    (LEE, replace(OWN[1], state="ringing")),
    (LEE, replace(AT_131, user="130")),  # he himself
    (LEE, replace(AT_131, user=None, sent_by="user:130", number="+49170")),  # at his phone outside
    (replace(LEE, user="130"), AT_131), (replace(LEE, user="130"), OWN[1]),  # with him
])
def test_what_is_not(calls):
    assert handled(*calls) == []


@pytest.mark.parametrize(("more", "joined"), [
    ([channel("his", None, user="130", room="join-lee")], True),
    ([channel("his", None, user="130", room="join-max")], False),  # at another one's
    ([channel("her", None, user="102", room="join-lee")], True),  # a colleague who barged in
    ([channel("her", None, user="102", for_user="130", room="join-lee")], False), ([], False),
])
def test_somebody_is_with_them(more, joined):
    """Who is in a room has no peer; of three it is told who they are if he is one of them, or by whose call it is."""
    calls = [replace(each, room="join-lee", peer=None) for each in (LEE, AT_131)]
    found = handled_for(office().users["130"], Live((*calls, *more)))
    assert [(each.caller.uuid, each.channel.uuid, each.joined) for each in found] == (
        [("lee", "at-131", True)] if joined else [])


def test_four_are_nobodys_talk():
    calls = [replace(each, room="crew", peer=None) for each in (LEE, AT_131)]
    calls += [channel("his", None, user="130", room="crew"), channel("max", None, room="crew")]
    assert handled_for(office().users["130"], Live(tuple(calls))) == ()


def test_whose_it_is():
    assert handled(LEE, AT_131, executive="140") == handled(LEE, OWN[1], executive="140") == []
    assert handled(LEE, AT_131, executive="101") == handled(LEE, OWN[1], executive="101") == []


@pytest.mark.parametrize(("first", "second", "order"), [
    ((9, 9), (5, 5), ["lee", "max"]), ((5, 5), (9, 9), ["max", "lee"]),
    ((9, 5), (7, 7), ["lee", "max"]), ((5, 9), (7, 7), ["lee", "max"]),  # held since then, or talks with her since then
    ((7, 7), (9, 5), ["max", "lee"]), ((7, 7), (7, 7), ["lee", "max"]),
])
def test_the_longest_first(first, second, order):
    calls = [channel(who, f"of-{who}", own, for_user="130") for who, own in (("max", second[0]), ("lee", first[0]))]
    calls += [channel(f"of-{who}", who, her, user="131", **ACTS)
              for who, her in (("max", second[1]), ("lee", first[1]))]
    assert [caller for caller, *_ in handled(*calls)] == order


def test_who_only_rings_hides_nobody():
    rings = channel("rings", "max", user="132", state="ringing", **ACTS)
    assert handled(rings, LEE, AT_131) == [("lee", "at-131", "131")]


def test_since_they_talk():
    calls = channel("lee", "at-131", 9, for_user="130"), channel("at-131", "lee", 5, user="131", **ACTS)
    assert handled_for(office().users["130"], Live(calls)) == (
        Handled(calls[0], calls[1], "131", AT - timedelta(seconds=9)),)


# ---- digits that begin with an executive ----------------------------------------------------------------


@pytest.mark.parametrize(("digits", "assistant", "executive", "rest"), [
    ("130102", "131", "130", "102"), ("140102", "131", "140", "102"), ("130", "131", "130", ""),
    ("130130", "131", "130", "130"), ("14", "131", None, "14"), ("13102", "131", "13", "102"),
    ("1301", "132", "130", "1"), ("140102", "132", None, "140102"), ("13102", "132", None, "13102"),
    ("101", "131", None, "101"), ("150130", "131", None, "150130"), ("", "131", None, ""), ("130", "", None, "130"),
])
def test_whose_extension_was_dialled(digits, assistant, executive, rest):
    """There is 13, too, whose assistant is 131 alone."""
    here = office()
    here = replace(here, users=here.users | {"13": user("13", assistants=("131",))})
    found, left = dialled_for(digits, assistant, here)
    assert (found and found.extension, left) == (executive, rest)


@pytest.mark.parametrize(("other", "by"), [("101", ["131"]), (None, ["131"]), ("132", ["131"]), ("130", [])])
def test_a_talk_is_handled_by_one_and_not_with_the_executive(other, by):
    """131 acts for 130: she calls on his behalf, or whoever called sends her on."""
    here = office()
    live = Live((LiveCall("a", "131", "b", "inbound", "talking", AT, for_user="130", executive="130"),
                 LiveCall("b", other, "a", "outbound", "talking", AT)))
    assert [each.by for each in handled_for(here.users["130"], live)] == by
