"""``fsctl calls``: the way of a call, as it was journalled."""

import json
from datetime import UTC, datetime

import pytest

from fsctl.cli.steps import recorded_json, step_line
from fsctl.model.happenings import who
from fsctl.model.reasons import reason, to_json
from fsctl.store.database import open_database, stamp
from fsctl.store.journal_parts import Fact
from fsctl.store.journal_table import Entry, save
from fsctl.store.migrations import migrate
from fsctl.words import LANGUAGES, speaking
from tests.cli.test_explain import run

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TRANSFERRED = to_json(reason("switch.transferred", who=who("user:102")))


def step(policy, action, target, outcome, detail="", reason=""):
    return {"policy": policy, "action": action, "target": target, "reason": reason, "outcome": outcome,
            "detail": detail}


@pytest.fixture
def database(tmp_path):
    """A journal with one call."""
    path = str(tmp_path / "journal.sqlite")
    store = open_database(path)
    migrate(store)
    steps = [step("hunt_group", "ring", "user:101, user:102", "answered", "user:102",
                  ["hunt_order.simultaneous", {"group": "Verkauf"}]),
             step("transfer", "connect", "user:103", "answered", "user:103", TRANSFERRED)]
    # The first says nothing about it; the second is as older programs kept it.
    passed = [{"policy": "emergency", "action": "pass", "target": "hunt:sales", "reason": []},
              {"policy": "night_service", "action": "pass", "target": "hunt:sales", "reason": "exempt"}]
    facts = {"node": "one", "caller": "+49301\x1b[31m", "dialled": "300", "at": stamp(AT), "state": "ringing"}
    end = {"state": "ended", "result": "user:103", "cause": "NORMAL_CLEARING", "ended_at": stamp(AT)}
    told = (Fact("a", None, {"saw_others": True}), Fact("a", 0, steps[0] | {"passed": passed}), Fact("a", 1, steps[1]))
    save(store, [Entry("c0ffee", facts, True), Entry("c0ffee", end, facts=told)])
    store.close()
    return path


def test_the_way_of_a_call(database):
    assert run("calls", "show", "c0", database=database) == (0, (
        "2026-11-24T09:00:00+00:00  +49301?[31m → 300\n"
        "  passed: night_service  (exempt)\n"
        "  passed: emergency  (has nothing to do with hunt:sales)\n"
        "hunt_group: ring user:101, user:102 → answered by user:102  (all members of Verkauf at once)\n"
        "transfer: connect user:103 → answered  (user 102 transferred the call)\n"
        "  other calls at that moment counted too; fsctl explain knows none\n"
        "result: user:103  (NORMAL_CLEARING)\n"
    ))


def test_the_way_of_a_call_as_json(database):
    answer = json.loads(run("calls", "show", "c0ffee", "--json", database=database)[1])
    assert [each["reason"] for each in answer["passed"]] == ["has nothing to do with hunt:sales", "exempt"]
    assert [(each["reason_id"], each["reason_values"]) for each in answer["passed"]] == [
        ("steps.unconcerned", {"target": "hunt:sales"}), ("text", {"text": "exempt"})]
    assert [(each["reason"], each["reason_id"], each["reason_values"]) for each in answer["steps"]] == [
        ("all members of Verkauf at once", "hunt_order.simultaneous", {"group": "Verkauf"}),
        ("user 102 transferred the call", "switch.transferred",
         {"who": {"reason": ["switch.party", {"kind": "user", "name": "102"}]}})]
    assert json.loads(run("calls", "list", "--json", database=database)[1])[0]["steps"] == answer["steps"]
    assert [each["detail"] for each in answer["steps"]] == ["user:102", "user:103"]
    assert (answer["result"], answer["cause"]) == ("user:103", "NORMAL_CLEARING")


@pytest.mark.parametrize("damage", [
    {"outcome": "answered", "detail": 5}, {"outcome": ["a"], "detail": None}, {"outcome": {"a": 1}}, {"target": 5},
    {"target": None, "outcome": "busy", "legs": [{"target": 1, "became": ["x"], "status": "486"}]}, {"policy": 7},
    {"action": [1]}, {"reason": [["x"], {}]},
])
@pytest.mark.parametrize("spoken", LANGUAGES)
def test_a_damaged_step_is_told_somehow(damage, spoken):
    step = {"policy": "extension", "action": "ring", "target": "user:101", "reason": [], "outcome": "", "detail": ""}
    with speaking(spoken):
        assert step_line(recorded_json(step | damage))
