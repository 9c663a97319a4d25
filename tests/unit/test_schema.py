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
        ("users/130/executive/rules/0/from", 4, "users.130.executive.rules[0].from: must be text, not 4"),
        ("users/130/executive/rules/1/called", 4, "users.130.executive.rules[1].called: must be text, not 4"),
        ("users/101/outside", ["national", 4], "users.101.outside[1]: must be text, not 4"),
        ("office/recordings", 4, "office.recordings: must be text, not 4"),
        ("office/outside_legs", "3", 'office.outside_legs: must be a whole number, not "3"'),
        ("office/keep_calls_days", 1.5, "office.keep_calls_days: must be a whole number, not 1.5"),
        ("sites/london/external_prefix", 9, "sites.london.external_prefix: must be text, not 9"),
        ("sites/london/country", ["GB"], "sites.london.country: must be text, not a list"),
        ("codes/withhold", 31, "codes.withhold: must be text, not 31"),
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
    assert office.users["130"].executive is not None
    rules = office.users["130"].executive.rules
    assert [(rule.from_, rule.called) for rule in rules] == [
        (("+4917012345*",), ()), (("external",), ("+49305550130",))]
    one = schema.structure(changed("users/130/executive/rules/1/called", "130")).users["130"].executive
    assert one is not None and one.rules[1].called == ("130",)


#: Keys with values that no default equals.
KEPT: list[tuple[str, Any]] = [
    ("office/recordings", "taped"), ("office/transfer_recall", False), ("office/outside_legs", 4),
    ("office/keep_calls_days", 0), ("office/keep_withheld", True), ("office/own_context", "default"),
    ("numbering/show_callers", "national"),
    ("codes/withhold", "*31"), ("sites/berlin/night_by_phone", "stays"), ("sites/london/country", "IE"),
    ("sites/london/external_prefix", ""), ("sites/london/emergency", []), ("schedules/open/except", ["12-24/01-02"]),
    ("users/101/outside", ["country:CH", "+4144*"]), ("users/130/executive/rules/1/called", ["130", "+49305550130"]),
]


def at(tree: Any, path: str) -> tuple[Any, str]:
    """The table that has the last key of a path, and that key."""
    *parents, last = path.split("/")
    for part in parents:
        tree = tree[int(part)] if isinstance(tree, list) else tree[part]
    return tree, last


@pytest.mark.parametrize(("path", "value"), KEPT)
def test_what_is_written_is_kept(path: str, value: Any) -> None:
    table, key = at(schema.unstructure(schema.structure(changed(path, value))), path)
    assert table[key] == value


def test_an_office_without_the_newer_keys_has_their_defaults() -> None:
    tree = copy.deepcopy(SAMPLE)
    for path, _ in KEPT:
        table, key = at(tree, path)
        del table[key]
    office = schema.structure(tree)
    assert (office.office.recordings, office.office.transfer_recall, office.office.outside_legs) == (
        "recordings", True, 3)
    assert (office.office.keep_calls_days, office.office.keep_withheld) == (90, False)
    assert (office.numbering.show_callers, office.codes.withhold) == ("e164", "#31")
    assert office.sites["berlin"].night_by_phone == "next-change"
    london = office.sites["london"]
    assert (london.country, london.emergency, london.external_prefix) == (None, None, None)
    assert office.users["130"].executive is not None and office.users["130"].executive.rules[1].called == ()
    assert office.users["101"].outside == ("national", "mobile")


@pytest.mark.parametrize("tree", [[], 4, {}, {1: 2}, {"version": 1, "users": {1: {}}}])
def test_odd_trees_have_problems(tree: Any) -> None:
    assert schema.problems(tree)[1]
