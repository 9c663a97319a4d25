"""Who of a hunt group gets a call first."""

import math
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsctl.model.hunting import Standing, Tally
from fsctl.policies.hunt_order import order
from tests.unit.builders import AT, SALES

MEMBERS = ("101", "102", "103")


def ordered(policy, standing=None, chance=0.0, members=MEMBERS, **weights):
    hunt = replace(SALES.hunt, policy=policy, weights={key[1:]: value for key, value in weights.items()})
    return " ".join(order(hunt, members, standing or Standing(), chance))


def idle(**minutes):
    return Standing(tallies={key[1:]: Tally(1, None, AT - timedelta(minutes=value)) for key, value in minutes.items()})


@pytest.mark.parametrize(("policy", "standing", "expected"), [
    ("linear", Standing("102"), "101 102 103"),
    ("simultaneous", Standing("102"), "101 102 103"),
    ("circular", Standing(), "101 102 103"),
    ("circular", Standing("101"), "102 103 101"),
    ("circular", Standing("103"), "101 102 103"),
    ("circular", Standing("104"), "101 102 103"),
    ("longest-idle", Standing(), "101 102 103"),
    ("longest-idle", idle(_101=5, _102=9, _103=7), "102 103 101"),
    ("longest-idle", idle(_101=5, _103=7), "102 103 101"),
    ("longest-idle", idle(_101=5, _102=5, _103=5), "101 102 103"),
    ("longest-idle", Standing(tallies={"101": Tally(1, AT, AT - timedelta(hours=1), talking=True)}), "102 103 101"),
])
def test_order(policy, standing, expected):
    assert ordered(policy, standing) == expected


@pytest.mark.parametrize(("chance", "expected"), [
    (0.0, "101 102 103"), (0.49, "101 103 102"), (0.51, "102 101 103"), (0.79, "102 103 101"), (0.81, "103 101 102"),
    (math.nextafter(1, 0), "103 102 101"),
])
def test_weights(chance, expected):
    assert ordered("weighted", chance=chance, _101=50, _102=30, _103=20) == expected


@pytest.mark.parametrize(("weights", "expected"), [
    ({}, "101 102 103"), ({"_101": 0, "_102": 0, "_103": 0}, "101 102 103"), ({"_103": 100}, "103 101 102"),
    ({"_102": 1, "_999": 5}, "102 101 103"),
])
def test_who_has_no_weight_comes_last_as_listed(weights, expected):
    assert ordered("weighted", chance=0.7, **weights) == expected


@given(st.floats(0, 1, exclude_max=True), st.lists(st.integers(0, 100), min_size=1, max_size=8))
def test_every_member_comes_once_whatever_the_chance(chance, weights):
    members = tuple(str(100 + number) for number in range(len(weights)))
    hunt = replace(SALES.hunt, policy="weighted", weights=dict(zip(members, weights, strict=True)))
    assert sorted(order(hunt, members, Standing(), chance)) == sorted(members)


def test_calls_fall_by_weight_to_those_who_are_free():
    """Pearson's chi-square at 99.9 %, for the first of the order and for the rest when that one is busy."""
    chances = random.Random(20261124)
    hunt = replace(SALES.hunt, policy="weighted", weights={"101": 50, "102": 30, "103": 20})
    drawn = [order(hunt, MEMBERS, Standing(), chances.random()) for _ in range(20_000)]
    first = Counter(each[0] for each in drawn)
    assert _chi_square(first, {"101": 0.5, "102": 0.3, "103": 0.2}) < 13.8
    without = Counter(next(member for member in each if member != "101") for each in drawn)
    assert _chi_square(without, {"102": 0.6, "103": 0.4}) < 10.8
    second = Counter(each[1] for each in drawn if each[0] == "103")
    assert _chi_square(second, {"101": 0.625, "102": 0.375}) < 10.8


def _chi_square(counted, expected):
    total = counted.total()
    return sum((counted[key] - total * part) ** 2 / (total * part) for key, part in expected.items())
