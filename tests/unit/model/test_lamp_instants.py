"""Which lamps depend on what, and when time alone changes one: the same as looking at all of them at any time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fsctl.model.destination import parse
from fsctl.model.lamps import lit, marked, marks, next_instant, switched
from fsctl.model.live import LiveCall
from fsctl.model.sections import NightService, Schedule
from fsctl.model.settings import Setting, Settings, hunt_path, joined_value, left_value, night_path, night_value
from tests.unit.builders import AT, BERLIN, LONDON, an_office

HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


def an_office_where(**settings: Setting):
    berlin = replace(BERLIN, night=NightService(to=parse("user:120"), outside="open"))
    london = replace(LONDON, night=NightService(to=parse("user:120")))
    schedules = {"open": Schedule(key="open", weekly={"mon-sun": ("08:00-18:00",)})}
    return an_office(sites={"berlin": berlin, "london": london}, schedules=schedules, settings=Settings(settings))


def when(path: str, value: str, since: timedelta = -HOUR) -> dict[str, Setting]:
    return {path: Setting(value, "op", AT + since)}


@pytest.mark.parametrize(("name", "settings"), [
    ("night+berlin", {}),
    ("night+berlin", when(night_path("berlin"), night_value(True, AT + 2 * HOUR))),
    ("night+berlin", when(night_path("berlin"), night_value(True, None))),
    ("night+london", when(night_path("london"), night_value(True, None), since=HOUR)),
    ("night+london", when(night_path("london"), night_value(True, AT + 3 * HOUR), since=HOUR)),
    ("hunt+sales", {}),
    ("hunt+sales", when(hunt_path("sales", "101"), left_value())),
    ("hunt+sales", when(hunt_path("sales", "101"), left_value(AT + HOUR))),
    ("hunt+sales", when(hunt_path("sales", "101"), joined_value(AT + HOUR))),
    ("hunt+sales", when(hunt_path("sales", "101"), left_value(), since=HOUR)),
    ("hunt+sales", when(hunt_path("sales", "101"), "nonsense until then")),
])
def test_no_lamp_changes_before_the_instant_at_which_it_is_looked_at_again(name, settings):
    office, at, end = an_office_where(**settings), AT, AT + 30 * HOUR
    while at < end:
        again = next_instant(name, "101", office, at)
        until = min(again or end, end)
        assert until > at
        minutes = int((until - at) / timedelta(minutes=1))
        shown = lit(name, "101", office, (), at)
        assert {lit(name, "101", office, (), at + timedelta(minutes=each)) for each in range(minutes)} == {shown}
        at = until


def test_a_night_that_nothing_changes_is_asked_once_a_day():
    assert next_instant("night+london", "", an_office_where(), AT) == AT + A_DAY


@pytest.mark.parametrize("name", ["slot+701", "conference+crew", "assistant+101", "night+paris", "hunt+paris", "101"])
def test_others_are_changed_by_no_time(name):
    assert next_instant(name, "101", an_office_where(), AT) is None


@pytest.mark.parametrize(("path", "lamp"), [
    ("night.berlin", ("night+berlin", None)),
    ("hunt.sales.101", ("hunt+sales", "101")),
    ("assistant.130.131", ("assistant+130", "131")),
    ("forward.101.always", ("", None)),
    ("dnd.101", ("", None)),
])
def test_which_lamp_a_setting_concerns(path, lamp):
    assert switched(path) == lamp


@pytest.mark.parametrize(("call", "names"), [
    ({"slot": "701"}, ["slot+102", "slot+701"]),
    ({"room": "group-380"}, ["conference+crew", "slot+102"]),
    ({"group": "380", "direction": "outbound"}, ["conference+crew", "slot+102"]),
    ({"group": "380"}, ["slot+102"]),
    ({"room": "group-999"}, ["", "slot+102"]),
    ({"user": None}, []),
])
def test_which_lamps_a_call_concerns(call, names):
    one = replace(LiveCall("a", "102", None, "inbound", "talking", AT), **call)
    office = an_office()
    assert sorted(marked(mark, office) for mark in marks(one)) == names
