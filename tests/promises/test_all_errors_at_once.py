"""All mistakes at once: one hides no other, and makes none that is none (point 20)."""

import copy
import tomllib
from datetime import UTC, datetime

import pytest

from fsctl import sample
from fsctl.officefile import check
from fsctl.schema import Finding, locate

NOW = datetime(2026, 11, 24, tzinfo=UTC)

#: What the sample has not.
MORE = """
[groups.weighted]
name = "Weighted"
site = "berlin"
members = ["101", "102"]
[groups.weighted.hunt]
extension = "310"
policy = "weighted"
weights = { 101 = 50, 102 = 50 }
[groups.weighted.park]
extensions = ["711"]
recall_to = "parker-then-alternate"
alternate = "hunt:weighted"
"""
TREE = tomllib.loads(sample.text() + MORE)

#: Right nowhere, or in few places.
WRONG = (5, "x y", ["x", 5], {"zz": 1}, True)


def places(tree, path=()):
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in pairs:
        yield (*path, key)
        yield from places(value, (*path, key))


PLACES = [place for place in places(TREE) if place != ("version",)]


def with_values(values):
    """The sample with other values at some places; None: with nothing there."""
    tree = copy.deepcopy(TREE)
    for place, value in values.items():
        *above, last = place
        here = tree
        for part in above:
            here = here[part]
        if value is None:
            del here[last]
        else:
            here[last] = value
    return tree


def told(tree):
    """The places of all mistakes, and the warnings."""
    found = check(tree, NOW)
    return {each.path for each in found if not each.warning}, [each for each in found if each.warning]


def name(tree, place):
    return locate(tree, Finding(place, "")).path


def about(place, paths):
    """Whether it is the place itself, or something within it."""
    return any(path == place or path.startswith((f"{place}.", f"{place}[")) for path in paths)


def test_the_sample_is_right():
    assert told(TREE) == (set(), [])


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_what_cannot_be_read_makes_no_other_mistakes(value):
    cannot = 0
    for place in PLACES:
        if isinstance(value, dict) and len(place) <= 2:  # what it had is not there any more
            continue
        tree = with_values({place: value})
        mistakes, warnings = told(tree)
        here = name(tree, place)
        if about(here, mistakes):
            cannot += 1
            assert [path for path in mistakes if not about(here, [path])] == [], (here, mistakes)
            assert warnings == [], (here, warnings)
    assert cannot > 150


def test_what_is_lacking_makes_no_other_mistakes():
    lacking = 0
    for place in PLACES:
        tree = with_values({place: None})
        needs = [each for each in check(tree, NOW) if each.message == f"needs `{place[-1]}`"]
        if needs:
            lacking += 1
            assert told(tree) == ({needs[0].path}, []), place
    assert lacking > 50


@pytest.mark.parametrize("lacks", [True, False])
def test_a_wrong_value_hides_no_other_in_its_table_or_elsewhere(lacks):
    """Each value of each table is wrong or lacking, together with each other value of that table, and one elsewhere."""
    values = {place: 5 if isinstance(place[-1], str) else {} for place in PLACES}
    beside: dict = {}
    for place in PLACES:
        if len(place) > 2:
            beside.setdefault(place[:-1], []).append(place)
    pairs = 0
    for above, within in beside.items():
        alone = {place: told(with_values({place: values[place]}))[0] for place in within}
        for first in within:
            if lacks and not isinstance(first[-1], str):
                continue
            wrong = name(TREE, above) if lacks else name(TREE, first)
            if not about(wrong, told(with_values({first: None}))[0] if lacks else alone[first]):
                continue
            for second in within:
                if second == first or not about(name(TREE, second), alone[second]):
                    continue
                found, _ = told(with_values({
                    first: None if lacks else values[first], second: values[second], ("office", "record"): 5}))
                for each in (wrong, name(TREE, second), "office.record"):
                    assert about(each, found), (first, second, each)
                pairs += 1
    assert pairs > (100 if lacks else 500)


def test_everything_wrong_at_once_is_told_at_its_place():
    plain = [place for place in PLACES if not isinstance(_at(place), dict | list)]
    values = {place: {} if isinstance(_at(place), int) else 5 for place in plain}
    tree = with_values(values)
    alone = {here for place in plain
             if about(here := name(tree, place), told(with_values({place: values[place]}))[0])}
    found, _ = told(tree)
    assert {path for path in alone if not about(path, found)} == set()


def _at(place):
    here = TREE
    for part in place:
        here = here[part]
    return here


def test_what_comes_after_a_wrong_one_in_a_list_keeps_its_place():
    members = ("groups", "sales", "members")
    assert told(with_values({members: [5, "101", True, "999", "101"]}))[0] == {
        "groups.sales.members[0]", "groups.sales.members[2]", "groups.sales.members[3]", "groups.sales.members[4]"}


@pytest.mark.parametrize("language", ["fr", 5, None])
def test_a_language_that_there_is_not_hides_nothing_of_its_site(bench, language):
    text = sample.text()
    for before, after in (
        ('language = "de" ', "#" if language is None else f"language = {language!r} "),
        ('timezone = "Europe/Berlin"', 'timezone = "Europe/Berlln"'), ('holidays = "DE-BE"', 'holidays = "DE-XX"'),
        ('reception = "hunt:sales"', 'reception = "hunt:sale"'), ('during = "open", ', 'during = "opn", '),
        ("recall_seconds = 45 ", "recall_seconds = 9 "),
    ):
        assert before in text
        text = text.replace(before, after, 1)
    (bench.folder / "office.toml").write_text(text, "utf-8")
    code, _, complaint = bench.answer("office", "check", str(bench.folder / "office.toml"))
    assert code == 1
    assert {line.partition(":")[0] for line in complaint.splitlines()[:-1]} == {
        "sites.berlin" if language is None else "sites.berlin.language", "sites.berlin.timezone",
        "sites.berlin.reception", "sites.berlin.park.recall_seconds", "sites.berlin.holidays",
        "users.104.intercept.inbound[1].during"}, complaint


def test_another_version_hides_nothing():
    tree = with_values({("version",): 2, ("sites", "berlin", "timezone"): "x", ("users", "101", "site"): "paris"})
    assert told(tree)[0] == {"version", "sites.berlin.timezone", "users.101.site"}
