"""Executives and their assistants as things stand."""

import pytest

from fsctl.model.executives import (
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


@pytest.mark.parametrize(("other", "by"), [("101", ["131"]), (None, ["131"]), ("132", ["131"]), ("130", [])])
def test_a_talk_is_handled_by_one_and_not_with_the_executive(other, by):
    """131 acts for 130: she calls on his behalf, or whoever called sends her on."""
    here = office()
    live = Live((LiveCall("a", "131", "b", "inbound", "talking", AT, for_user="130", executive="130"),
                 LiveCall("b", other, "a", "outbound", "talking", AT)))
    assert [each.by for each in handled_for(here.users["130"], live)] == by
