"""A journal has no words: written in one language it is read in another, as ``explain`` says it there."""

import json
import re
import tomllib
from dataclasses import replace

import pytest

from fsctl import sample
from fsctl.cli.explain import assumed_call
from fsctl.cli.steps import path_lines, recorded_json, recorded_lines
from fsctl.explain import explain
from fsctl.facts.recorded import kept_step
from fsctl.public_holidays import holiday
from fsctl.schema import structure
from fsctl.words import LANGUAGES, speaking
from tests.words.test_catalogues import ENGLISH

CALLS = [
    ("101", "102", None), ("102", "101", None), ("outside", "+49305550100", "2026-12-25T10:00"),
    ("outside", "+49305550100", "2026-11-30T10:00"), ("outside", "+49305550130", "2026-11-30T10:00"),
    ("132", "00442079460999", None), ("101", "112", None), ("101", "*28", "2026-11-30T10:00"), ("102", "*72103", None),
    ("102", "300", None), ("101", "380", None), ("101", "701", None), ("102", "*97101", None), ("101", "777", None),
    ("131", "#66130", None), ("101", "*42102", None),
]

#: A rule of the office file, and the call that is assumed to ring.
NAMES = re.compile("outside callers in office hours|for-101")


@pytest.fixture(scope="module")
def office():
    return replace(structure(tomllib.loads(sample.text())), holidays=holiday)


def written(caller, dialled, at, office):
    explanation = explain(assumed_call(caller, dialled, at, office), office)
    return json.dumps({"steps": [kept_step(each) for each in explanation.steps],
                       "passed": [kept_step(step) | {"before": before} for before, step in explanation.passed]})


@pytest.mark.parametrize(("caller", "dialled", "at"), CALLS)
def test_what_is_written_in_one_language_is_read_in_each(office, caller, dialled, at):
    told = {}
    for spoken in LANGUAGES:
        with speaking(spoken):
            told[spoken] = written(caller, dialled, at or "2026-11-30T10:00", office)
    assert len(set(told.values())) == 1
    kept = json.loads(told["de"])
    for spoken in LANGUAGES:
        with speaking(spoken):
            passed = [recorded_json(each) for each in kept["passed"]]
            lines = list(recorded_lines(map(recorded_json, kept["steps"]), passed))
            explanation = explain(assumed_call(caller, dialled, at or "2026-11-30T10:00", office), office)
            assert lines == list(path_lines(explanation.steps, explanation.passed))
        if spoken == "de":
            assert [line for line in lines if ENGLISH.search(NAMES.sub("", line))] == []
