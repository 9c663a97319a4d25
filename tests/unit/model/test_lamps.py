"""What lamps show, and what counts as the name of one."""

from dataclasses import replace

import pytest

from fsctl.model import lamps as model
from fsctl.model.destination import parse
from fsctl.model.lamp_names import split
from fsctl.model.lamps import lit_for_all, marks, personal, shared
from fsctl.model.live import Live, LiveCall
from fsctl.model.sections import NightService, Schedule
from tests.unit.builders import AT, BERLIN, LONDON, an_office, settings
from tests.unit.policies.test_executive_rules import office as an_executives_office


def lit(name, watcher, here, live, at):
    return model.lit(name, watcher, here, {mark for call in live.calls for mark in marks(call)}, at)


def lamps(here, live, at):
    """All that show the same to everybody."""
    made = {mark for call in live.calls for mark in marks(call)}
    told = {name: lit_for_all(name, here, made, at) for name in shared(here)}
    return {name: shows for name, shows in told.items() if shows is not None}


def parked(slot):
    return LiveCall("a", "102", None, "inbound", "parked", AT, slot=slot)


def office(**more):
    berlin = replace(BERLIN, night=NightService(to=parse("user:120")))
    return an_office(sites={"berlin": berlin, "london": LONDON}, **more)


def test_everybody_sees_slots_people_with_a_parked_call_and_nights():
    talks = LiveCall("talks", "102", None, "inbound", "talking", AT)
    there = [LiveCall("here", "120", None, "inbound", "talking", AT), parked("120")]
    assert lamps(office(), Live((parked("701"), talks, *there)), AT) == {
        "slot+101": False, "slot+120": True, "slot+701": True, "night+berlin": False, "conference+crew": False}


@pytest.mark.parametrize(("hour", "lit_up"), [(10, False), (20, True)])
def test_a_night_by_schedule_follows_the_hour(hour, lit_up):
    berlin = replace(BERLIN, night=NightService(to=parse("user:120"), outside="open"))
    schedules = {"open": Schedule(key="open", weekly={"mon": ("08:00-18:00",)})}
    here = an_office(sites={"berlin": berlin}, schedules=schedules)
    at = AT.replace(hour=hour)
    assert (lamps(here, Live(), at)["night+berlin"], lit("night+berlin", "101", here, Live(), at)) == (lit_up, lit_up)


@pytest.mark.parametrize(("name", "watcher", "shown"), [
    ("slot+701", "120", True),
    ("slot+102", "101", True),
    ("slot+101", "101", False),
    ("slot+999", "101", False),
    ("night+berlin", "120", True),
    ("night+london", "120", False),
    ("night+paris", "120", False),
    ("hunt+sales", "101", True),
    ("hunt+sales", "120", False),
    ("hunt+sales", "102", False),  # who has left
    ("hunt+crew", "101", False),
    ("hunt+paris", "101", False),
    ("101", "102", False),
])
def test_what_a_lamp_shows_to_whom(name, watcher, shown):
    switched = office(settings=settings(**{"night.berlin": "on", "hunt.sales.102": "left"}))
    assert lit(name, watcher, switched, Live((parked("701"), parked("102"))), AT) is shown


RUNG = LiveCall("b", "102", "a", "outbound", "ringing", AT, group="380")


@pytest.mark.parametrize(("calls", "shown"), [
    ([], False), ([RUNG], True), ([replace(RUNG, state="talking", peer=None, room="group-380")], True),
    ([LiveCall("a", "101", None, "inbound", "ringing", AT, group="380")], False),
    ([replace(RUNG, group="381")], False), ([replace(RUNG, group=None)], False),
    ([replace(RUNG, group=None, state="talking", room="join-101")], False),
])
def test_the_lamp_of_a_group_call(calls, shown):
    """Everybody sees the same: it is nobody's own."""
    live, name = Live(tuple(calls)), "conference+crew"
    assert lamps(office(), live, AT)[name] is shown and not personal(name, office())
    assert [lit(name, watcher, office(), live, AT) for watcher in ("101", "120")] == [shown, shown]
    assert not any(lit(f"conference+{key}", "101", office(), live, AT) for key in ("sales", "gone", "380"))


@pytest.mark.parametrize(("name", "parts"), [
    ("slot+701", ("slot", "701")),
    ("night+after_hours-2", ("night", "after_hours-2")),
    ("assistant+130", ("assistant", "130")),
    ("conference+crew", ("conference", "crew")),
    ("conference+", None),
    ("hunt+", None),
    ("park+701", None),
    ("slot+701@example", None),
    ("slot+" + "7" * 41, None),
    ("slot+7\n", None),
    ("night+ä", None),
])
def test_names(name, parts):
    assert split(name) == parts


def test_membership_and_calls_parked_on_people_are_told_one_by_one():
    names = ("slot+701", "night+berlin", "hunt+sales", "slot+101", "slot+999", "101", "night+101", "assistant+130")
    assert [name for name in names if personal(name, office())] == ["hunt+sales", "slot+101", "assistant+130"]


def test_the_lamp_of_a_group_is_dark_for_who_left():
    left = replace(office(), settings=settings(**{"hunt.sales.101": "left"}))
    assert [lit("hunt+sales", user, left, Live(), AT) for user in ("101", "102")] == [False, True]


@pytest.mark.parametrize(("lamp", "watcher", "may", "shown"), [
    ("assistant+130", "132", True, True), ("assistant+130", "131", True, False), ("assistant+130", "131", False, True),
    ("assistant+130", "130", True, False), ("assistant+130", "101", True, False),
    ("assistant+131", "132", True, False), ("assistant+199", "132", True, False),
])
def test_the_lamp_of_a_pool_shows_each_watcher_his_own_part(lamp, watcher, may, shown):
    """Also while 130 talks."""
    found = an_executives_office(**{"assistant.130.131": "out", "assistant.131.132": "out"})
    user = found.users["130"]
    here = replace(found, users=found.users | {"130": replace(user, executive=replace(user.executive, opt_out=may))})
    talks = LiveCall("talks", "130", None, "inbound", "talking", AT)
    assert lit(lamp, watcher, here, Live((talks,)), AT) is shown
