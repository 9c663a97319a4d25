"""Leaving hunt groups and joining them again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fsctl.model.outcomes import CallerGone, Digits, Failed, Performed
from fsctl.policies.stages import PIPELINE
from tests.unit.builders import AT, SALES, a_call, an_office, settings
from tests.unit.drive import drive

STAR = next(stage.run for stage in PIPELINE if stage.name == "star_codes")
SERVICE = replace(
    SALES, key="service", name="Service", members=("102", "120"), hunt=replace(SALES.hunt, extension="301"))
GROUPS = {"sales": SALES, "service": SERVICE}
OK = [Performed(), Performed(), Performed(), CallerGone()]


def dial(dialled, code, user="101", outcomes=OK, **values):
    office = an_office(groups=GROUPS, settings=settings(**values))
    return drive(STAR, a_call(f"code:{code}", user=user, dialled=dialled), office, outcomes)


@pytest.mark.parametrize(("dialled", "code", "user", "changes"), [
    ("*64300", "hunt_leave", "101", ["hunt.sales.101 = left"]),
    ("*63300", "hunt_join", "101", ["hunt.sales.101 = None"]),
    ("*64", "hunt_leave", "102", ["hunt.sales.102 = left", "hunt.service.102 = left"]),
    ("*63", "hunt_join", "102", ["hunt.sales.102 = None", "hunt.service.102 = None"]),
    ("*64301", "hunt_leave", "102", ["hunt.service.102 = left"]),
])
def test_codes(dialled, code, user, changes):
    lines = dial(dialled, code, user, [Performed()] * len(changes) + OK[1:])
    assert [line for line in lines if line.startswith("change")] == [f"change code:{code}: {each}" for each in changes]
    said = f"play {code.replace('_', '-')} {'en' if user == '102' else 'de'} {dialled[3:]}".rstrip()
    assert lines[-4:] == ["answer", said, "hangup normal", "done"]


def test_why():
    assert dial("*64300", "hunt_leave")[0] == "because Anna Adler leaves Verkauf"
    assert dial("*63300", "hunt_join")[0] == "because Anna Adler joins Verkauf"


@pytest.mark.parametrize(("dialled", "user", "why"), [
    ("*64301", "101", "Anna Adler is not in the hunt group 301"),
    ("*64999", "101", "Anna Adler is not in the hunt group 999"),
])
def test_who_is_no_member_cannot_leave(dialled, user, why):
    lines = dial(dialled, "hunt_leave", user, [Performed(), CallerGone()])
    assert lines == [f"because {why}", "play not-possible de", "hangup rejected", "done"]


def test_somebody_in_no_group():
    office = an_office(groups={"service": SERVICE})
    lines = drive(STAR, a_call("code:hunt_leave", user="101", dialled="*64"), office, [Performed(), CallerGone()])
    assert lines[0] == "because Anna Adler is not in any hunt group"


def test_a_database_that_fails_is_told():
    lines = dial("*64", "hunt_leave", "102", [Performed(), Failed(), Performed(), CallerGone()])
    assert lines[-3:] == ["play not-available en", "hangup rejected", "done"]


@pytest.mark.parametrize(("values", "change"), [
    ({}, "code:hunt_leave: hunt.sales.101 = left"),
    ({"hunt.sales.101": "left"}, "code:hunt_join: hunt.sales.101 = None"),
])
def test_the_key_toggles(values, change):
    assert f"change {change}" in dial("hunt+sales", "hunt_key", **values)


def test_the_key_of_another_group():
    lines = dial("hunt+service", "hunt_key", outcomes=[Performed(), CallerGone()])
    assert lines[0] == "because Anna Adler is not in the hunt group service"


LATER, EARLIER = (AT + timedelta(minutes=1)).isoformat(), (AT - timedelta(minutes=1)).isoformat()


@pytest.mark.parametrize(("value", "left"), [
    ("left", True), (f"left until {LATER}", True), (f"left until {EARLIER}", False),
    (f"left until {AT.isoformat()}", False),
    (f"left from {LATER}", False), (f"left from {EARLIER}", True), (f"left from {AT.isoformat()}", True),
    ("left until noon", False), ("left until 2026-11-24T10:00", False), ("on", False), (f"left by {EARLIER}", False),
])
def test_until_when(value, left):
    assert settings(**{"hunt.sales.101": value}).left("sales", "101", AT) is left


def test_a_change_that_was_made_later_plays_no_part():
    assert not settings(**{"hunt.sales.101": "left"}).left("sales", "101", AT - timedelta(hours=2))


def test_digits_are_not_asked_for():
    assert "ask" not in " ".join(dial("*64", "hunt_leave", outcomes=[Digits("1"), *OK]))
