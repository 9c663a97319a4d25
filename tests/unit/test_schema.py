"""The schema: what is read, and the exact words for what is not."""

import copy
import tomllib
from typing import Any

import pytest

from fsctl import sample, schema

SAMPLE = tomllib.loads(sample.text())


def changed(path: str, value: Any) -> dict[str, Any]:
    """The sample with a value at a path; None takes away what is there."""
    tree: Any = copy.deepcopy(SAMPLE)
    *parents, last = path.split("/")
    here = tree
    for part in parents:
        here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
    if value is None:
        del here[last]
    else:
        here[int(last) if isinstance(here, list) else last] = value
    return tree


def test_the_sample_is_an_office() -> None:
    office, problems = schema.problems(SAMPLE)
    assert problems == []
    assert office == schema.structure(SAMPLE)
    assert office is not None and schema.structure(schema.unstructure(office)) == office


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("users/101/ring_seconds", "20", 'users.101.ring_seconds: must be a whole number, not "20"'),
        ("users/101/ring_seconds", True, "users.101.ring_seconds: must be a whole number, not true"),
        ("users/101/mailbox", 1, "users.101.mailbox: must be true or false, not 1"),
        ("users/101/monitors", "102", 'users.101.monitors: must be a list, not "102"'),
        ("users/101/name", None, "users.101: needs `name`"),
        ("users/101/night", "off", 'users.101.night: must be one of exempt, on, follow, not "off"'),
        ("users/103", 4, "users.103: must be a table, not 4"),
        ("users/101/extension", "7", "users.101: has its extension from the section's name; remove `extension`"),
        ("users/101/ring_second", 5, "users.101.ring_second: unknown key; did you mean ring_seconds?"),
        ("users/110/executive/rules/0/from", 4, "users.110.executive.rules[0].from: must be text, not 4"),
        ("users/104/intercept/outbound/calls", 1, "users.104.intercept.outbound.calls: must be text, not 1"),
        ("sites/berlin/night_by", "me", 'sites.berlin.night_by: must be "site" or a list of extensions, not "me"'),
        ("sites/london/night", {}, "sites.london.night: needs `to`"),
        ("groups", [], "groups: must be a table, not a list"),
        ("version", 2, "version: this is version 2; only 1 can be read"),
        ("version", None, "needs `version`; write version = 1"),
    ],
)
def test_what_cannot_be_read(path: str, value: Any, problem: str) -> None:
    office, problems = schema.problems(changed(path, value))
    assert office is None
    assert [str(each) for each in problems] == [problem]


def test_all_mistakes_are_told_at_once() -> None:
    tree = changed("users/101/ring_seconds", "20")
    tree["users"]["102"]["name"] = 3
    tree["bogus"] = {}
    assert len(schema.problems(tree)[1]) == 3


def test_keys_become_fields() -> None:
    office = schema.structure(SAMPLE)
    assert (office.users["101"].extension, office.groups["sales"].key) == ("101", "sales")
    assert office.schedules["open"].except_[0] == "holidays"
    assert office.users["110"].executive is not None
    assert office.users["110"].executive.rules[1].from_ == ("external",)


@pytest.mark.parametrize("tree", [[], 4, {}, {1: 2}, {"version": 1, "users": {1: {}}}])
def test_odd_trees_have_problems(tree: Any) -> None:
    assert schema.problems(tree)[1]
