"""Reasons by name: each that a source gives is declared with these values, and each that is declared is given."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fsctl
from fsctl.model.actions import Because
from fsctl.model.reasons import NONE, Reason, declare, from_json, plain, reason, templates, to_json, values_of

ROOT = Path(fsctl.__file__).parent
SOURCES = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in sorted(ROOT.rglob("*.py"))}

#: What the names of a module's reasons begin with, where that is not the module's own name.
PREFIXES = {"model/happenings.py": "switch", "model/opening_words.py": "schedule", "model/reasons.py": "text"}

#: They make reasons of names that they are given.
MAKERS = ("model/reasons.py", "model/actions/endings.py", "model/answers.py", "model/told.py")


def calls_of(source, *names):
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)
            and (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")) in names]


def declared_in(source):
    """The templates of the tables in a source, by their names."""
    return {name: template for call in calls_of(source, "declare") if isinstance(call.args[0], ast.Dict)
            for name, template in ast.literal_eval(call.args[0]).items()}


def given_in(source):
    """The names that a source gives reasons by, each with its values."""
    return [(call.args[0].value, {each.arg for each in call.keywords}) for call in calls_of(source, "reason", "Because")
            if isinstance(call.args[0], ast.Constant)]


def mistakes(source, declared):
    """What is wrong with the reasons that a source gives."""
    for call in calls_of(source, "reason", "Because"):
        first, line = call.args[0], f"line {call.lineno}"
        if isinstance(first, ast.JoinedStr | ast.BinOp) or any(each.arg is None for each in call.keywords):
            yield f"{line}: words or values that are put together"
        elif not isinstance(first, ast.Constant) and getattr(call.func, "id", "") == "reason":
            yield f"{line}: a name that is not written there"
    for name, values in given_in(source):
        values.discard(None)
        if name not in declared:
            yield f"{name} is not declared"
        elif values_of(declared[name]) != values:
            yield f"{name} has {sorted(values)}, and its words want {sorted(values_of(declared[name]))}"


DECLARED = {name: template for source in SOURCES.values() for name, template in declared_in(source).items()}


@pytest.mark.parametrize("path", [path for path, source in SOURCES.items() if calls_of(source, "reason", "Because")])
def test_each_reason_that_is_given_is_declared_with_these_values(path):
    if path not in MAKERS:
        assert list(mistakes(SOURCES[path], DECLARED)) == []


def test_each_reason_that_is_declared_is_given():
    found = {name for source in SOURCES.values() for name, _ in given_in(source)}
    found |= {name for name in DECLARED if name.startswith("answers.")}  # by the status that a phone gave
    assert DECLARED.keys() - found == set()
    assert len(DECLARED) > 100


@pytest.mark.parametrize("path", [path for path, source in SOURCES.items() if declared_in(source)])
def test_names_begin_with_their_module(path):
    prefix = PREFIXES.get(path, Path(path).stem)
    assert {name.partition(".")[0] for name in declared_in(SOURCES[path])} == {prefix}
    assert all(template.strip() for template in declared_in(SOURCES[path]).values())


@pytest.mark.parametrize(("source", "wrong"), [
    ('Because("a.on", name=user.name)', []),
    ('yield Because(call.why)', []),
    ('Because("a.off", name=user.name)', ["a.off is not declared"]),
    ('reasons.reason("a.on")', ["a.on has [], and its words want ['name']"]),
    ('reason("a.on", name="x", to="y")', ["a.on has ['name', 'to'], and its words want ['name']"]),
    ('Because(f"{user.name} is on")', ["line 1: words or values that are put together"]),
    ('reason("a.on", **values)', ["line 1: words or values that are put together",
                                  "a.on has [], and its words want ['name']"]),
    ('reason(name, name="x")', ["line 1: a name that is not written there"]),
])
def test_what_would_be_found(source, wrong):
    declared = declared_in('REASONS = declare({"a.on": "{name} " "is on"})')
    assert list(mistakes(source, declared)) == wrong


@pytest.mark.slow
def test_who_shows_calls_knows_the_words_of_all_reasons():
    script = ("import json, fsctl.cli.calls, fsctl.model.reasons as r; print(json.dumps(r.templates())); "
              "assert str(r.reason('end', at='2026-12-24T18:00+01:00', since='2026-12-01', zone='')) == '24 Dec 18:00'")
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT.parent)
    of_calls = {name: template for name, template in DECLARED.items() if not name.startswith("changes.")}
    assert json.loads(told.stdout) == of_calls


NAMES = st.text(min_size=1, max_size=20)


def _reasons(inner):
    values = st.text(max_size=20) | st.integers() | inner | st.lists(inner, max_size=3).map(tuple)
    several = st.dictionaries(st.text(max_size=9), values, max_size=3)
    return st.builds(lambda name, values: reason(name, **values), NAMES, several)


REASONS = st.recursive(st.just(NONE) | st.builds(reason, NAMES) | st.builds(plain, NAMES), _reasons, max_leaves=12)


@given(REASONS)
def test_what_is_kept_comes_back_in_whatever_order(told):
    for order in (False, True):
        back = from_json(json.loads(json.dumps(to_json(told), sort_keys=order)))
        assert back == told and hash(back) == hash(told) and str(back) == str(told)


def test_values_have_no_order():
    assert reason("a.b", x=1, y=2) == reason("a.b", y=2, x=1) == Because("a.b", y=2, x=1).reason


def test_a_reason_is_told_in_words_with_those_within_it():
    declare({"test.on": "{name} is on", "test.and": "{because}, and {then}", "test.braces": "{name}"})
    on, off = reason("test.on", name="Anna"), reason("test.on", name="nobody")
    assert str(reason("test.and", because=on, then=(off, on))) == "Anna is on, and nobody is on; Anna is on"
    assert str(reason("test.and", because=NONE, then=())) == ", and "
    assert str(reason("test.braces", name="{name} {0} {}")) == "{name} {0} {}"


def test_no_reason_is_false_and_empty():
    assert (bool(NONE), str(NONE), to_json(NONE), from_json([]), plain("")) == (False, "", [], NONE, NONE)
    assert bool(reason("x"))


def test_names_that_nobody_declares_are_told_as_they_are():
    assert str(reason("gone.policy")) == "gone.policy"
    assert str(reason("gone.policy", name="Anna", seconds=5)) == "gone.policy name=Anna seconds=5"


def test_a_reason_with_the_values_of_another_program_is_told_as_it_is():
    declare({"test.two": "{name} waits {seconds} s"})
    assert str(reason("test.two", name="Anna")) == "test.two name=Anna"
    assert str(reason("test.two", name="Anna", seconds=5, more=1)) == "Anna waits 5 s"


def test_text_of_older_journals_stays_readable():
    assert str(from_json("all members of {Verkauf} at once")) == "all members of {Verkauf} at once"
    assert from_json("") == NONE


def test_words_that_a_reason_has_already_are_not_replaced():
    declare({"test.clash": "as it is"})
    declare({"test.clash": "as it is"})
    with pytest.raises(ValueError, match="test.clash has words already: 'as it is'"):
        declare({"test.clash": "otherwise"})
    assert templates()["test.clash"] == "as it is"


def test_because_takes_a_reason_or_its_name():
    told = reason("a.b", name="Anna")
    assert Because(told) == Because("a.b", name="Anna")
    assert Because(told).reason == told == Reason("a.b", (("name", "Anna"),))


@pytest.mark.parametrize("kept", [
    ["a.b"], ["a.b", []], {"x": {}}, 7, [1, {}], ["a.b", {"n": [1]}], ["a.b", {"n": None}],
    ["a.b", {"n": {"reason": 3}}], ["a.b", {"n": {"reasons": [["c"], "d"]}}],
])
def test_what_is_damaged_in_the_journal_is_told_somehow(kept):
    assert str(from_json(json.loads(json.dumps(kept))))


@pytest.mark.parametrize("value", [1.5, None, True, ("a", 1), {"a": 1}, object()])
def test_other_values_are_told_as_their_text(value):
    told = reason("a.b", n=value)
    assert str(told) == f"a.b n={value}"
    assert from_json(json.loads(json.dumps(to_json(told)))) == told


@pytest.mark.parametrize("words", ["{} is on", "{a:d}", "{a!r}", "{a.b}", "{a", "{0}", "{a:{b}}"])
def test_words_that_could_not_be_told_are_refused_when_they_are_declared(words):
    with pytest.raises(ValueError):
        declare({"scratch.wrong": words})
    assert "scratch.wrong" not in templates()
