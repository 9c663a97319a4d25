"""What programs read of a call: each step says why, and results and words have one form each."""

import json
from datetime import datetime
from itertools import product

import pytest

from fsctl.cli import status
from fsctl.cli.explain import _tree_json
from fsctl.cli.forward import KINDS
from fsctl.explain import WORDS, explain
from fsctl.facts.assumed import assumed_call
from fsctl.facts.recorded import _CLASSES
from fsctl.model.actions import HANGUP_CAUSES, Hangup, in_one_form
from fsctl.model.codes import all_codes
from fsctl.model.outcomes import Rejected
from fsctl.officetest import read
from fsctl.officetest import run as run_test
from fsctl.possibilities import possibilities
from fsctl.store.database import open_database, stamp
from fsctl.store.journal_parts import Fact
from fsctl.store.journal_table import Entry, save
from fsctl.store.snapshot import Snapshots
from tests.cli.test_explain import database as database
from tests.cli.test_explain import run

AT = datetime.fromisoformat("2026-11-24T10:00+01:00")
CALLERS = ("101", "103", "104", "130", "131", "120", "+4917012345678", "+4915112345678", "anonymous")
DIALLED = ("101", "102", "103", "104", "130", "120", "300", "380", "701", "*6*", "112", "0112", "0030123456", "555",
           "000442079460999", "slot+701", "night+berlin", "hunt+sales", "assistant+130", "conference+crew",
           "+49305550100", "+49305550130", "+442079460100", "+49305550300")


def office_in(database):
    store = open_database(database)
    try:
        return Snapshots(store).current()
    finally:
        store.close()


def steps_in(tree):
    yield from tree["steps"]
    for branch in tree["branches"]:
        yield from steps_in(branch["then"])


def targets(steps):
    return {step["target"] for step in steps}


@pytest.mark.parametrize("hour", [10, 22])
def test_every_step_of_whatever_can_happen_says_why_in_words(database, hour):
    office = office_in(database)
    codes = [code for _, code in all_codes(office.codes)]
    dialled = (*DIALLED, *codes, *(code + more for code in codes for more in ("101", "130", "300", "001701234567")))
    told = 0
    for caller, number in product(CALLERS, dialled):
        call = assumed_call(caller, number, office, lambda _: AT.replace(hour=hour), None)
        for step in steps_in(_tree_json(possibilities(call, office, 4, 30))):
            told += 1
            assert step["reason"].strip() and step["reason_id"], (caller, number, step)
            assert step["reason_id"] != "steps.untold", (caller, number, step)
            assert in_one_form(step["target"]) == step["target"]
    assert told > 2000


@pytest.mark.parametrize("command", [
    ("explain", "131", "000442079460999"), ("explain", "102", "104"), ("explain", "103", "*78"),
    ("explain", "103", "*72"), ("explain", "101", "555"), ("explain", "101", "103", "--outcomes", "rejected")])
def test_steps_that_follow_say_from_what(database, command):
    told = json.loads(run(*command, "--at", "2026-11-24T10:00", "--json", database=database)[1])
    assert len(told["steps"]) > 1 and all(step["reason"] for step in told["steps"])
    *_, cause, end = told["steps"]
    if end["reason_id"] == "steps.hangup":
        assert end["reason"].startswith("the call ends: ")


def test_a_step_that_follows_has_its_cause_for_programs_too(database):
    steps = json.loads(run("explain", "101", "555", "--json", database=database)[1])["steps"]
    first = {"reason": [steps[0]["reason_id"], steps[0]["reason_values"]]}
    assert [(step["reason_id"], step["reason_values"]) for step in steps[1:]] == [("steps.hangup", {"why": first})]


@pytest.fixture
def journal(database):
    """Saves a call with these steps, and such a result, as older programs wrote them, too."""
    def kept(uuid, *steps, result=""):
        store = open_database(database)
        row = {"node": "one", "caller": "101", "dialled": "0", "at": stamp(AT), "state": "ended", "result": result}
        facts = tuple(Fact("a", number, {"policy": "p", "action": "ring", "target": "", "reason": []} | step)
                      for number, step in enumerate(steps))
        save(store, [Entry(uuid, row, True, facts)])
        store.close()

    return kept


@pytest.mark.parametrize("command", [("calls", "list"), ("calls", "show", "c0ffee")])
def test_every_step_of_the_journal_says_why_whoever_wrote_it(database, journal, command):
    journal("c0ffee", {"reason": "as older programs say it"}, {"action": "hangup", "target": "hangup:CALL_REJECTED"},
            {"policy": "q"}, result="hangup:CALL_REJECTED")
    (call,) = [json.loads(run(*command, "--json", database=database)[1])] if command[1] == "show" else json.loads(
        run(*command, "--json", database=database)[1])
    assert [step["reason"] for step in call["steps"]] == [
        "as older programs say it", "the call ends: as older programs say it", "the journal does not say why"]
    assert (call["steps"][1]["target"], call["result"]) == ("hangup:rejected", "hangup:rejected")
    shown = run(*command, database=database)[1]
    assert "hangup:rejected" in shown and "hangup:CALL_REJECTED" not in shown


@pytest.mark.parametrize(("dialled", "outcomes"), [
    ("103", "rejected"), ("0030123456", "rejected"), ("300", "rejected,rejected,rejected")])
def test_who_is_refused_reads_the_same_whoever_refuses(database, dialled, outcomes):
    office = office_in(database)
    call = assumed_call("120" if dialled == "300" else "101", dialled, office, lambda _: AT, None)
    refused = explain(call, office, outcomes.split(","))
    assert refused.steps[-1].target in ("hangup:rejected", "hangup:busy", "mailbox:101")
    assert dialled == "300" or refused.result == "hangup:rejected"


@pytest.mark.parametrize(("reason", "target"), [
    *((cause, f"hangup:{word}") for word, cause in HANGUP_CAUSES.items()),
    *((word, f"hangup:{word}") for word in HANGUP_CAUSES),
    ("SWITCH_CONGESTION", "hangup:switch-congestion"), (Rejected().cause, "hangup:rejected")])
def test_a_cause_has_one_form(reason, target):
    assert Hangup(reason).target == target == in_one_form(target) == in_one_form(f"hangup:{reason}")


@pytest.mark.parametrize("result", ["", "user:101", "unknown:CALL_REJECTED", "announcement:NO_ANSWER", "gone"])
def test_what_is_no_hangup_stays_as_it_is(result):
    assert in_one_form(result) == result


@pytest.mark.parametrize("expect", ["hangup:CALL_REJECTED", "hangup:rejected", ["ring:number:+4930123456",
                         "hangup:hangup:CALL_REJECTED"], ["ring:number:+4930123456", "hangup:hangup:rejected"]])
def test_office_tests_of_before_are_read(database, expect):
    office = office_in(database)
    (test,), wrong = read({"call": [{"from": "101", "to": "0030123456", "outcomes": ["rejected"], "expect": expect}]},
                          office)
    found = run_test(test, office, lambda caller, dialled, at, office, by: assumed_call(
        caller, dialled, office, lambda _: AT, by))
    assert (wrong, found.passed) == ([], True), found.found


def test_outcome_words_have_one_spelling(database):
    words = {*WORDS, *_CLASSES, *HANGUP_CAUSES, *KINDS}
    assert not [word for word in words if word != word.lower() or "_" in word]
    assert run("forward", "set", "103", "102", "--when", "no-answer", database=database)[0] == 0
    told = json.loads(run("forward", "list", "103", "--json", database=database)[1])
    assert [row["when"] for row in told] == ["no-answer"]
    assert status._row("103", office_in(database), status.Seen(), {})["forward"] == {"no-answer": "user:102"}
