"""A journal that an older program wrote reads the same after the tables have changed."""

import json
from typing import Any

import pytest

from fsctl.store.database import Store
from fsctl.store.journal_parts import Fact
from fsctl.store.journal_table import Entry, list_calls, save
from fsctl.store.migrations import _runner, migrate

AT = "2026-03-01T12:00:0{}.000+00:00"


def a_step(policy: str, **more: object) -> dict[str, Any]:
    return {"policy": policy, "action": "ring", "target": "user:101", "reason": f"because of {policy}",
            "outcome": "busy", "detail": "", **more}


def a_part(first: int, *passed: tuple[str, int], **more: object) -> dict[str, Any]:
    asked = [{"policy": policy, "action": "pass", "target": "user:101", "reason": "", "before": before}
             for policy, before in passed]
    return {"first": first, "at": "2026-03-01T12:00:00+00:00", "user": None, "dialled": "101", "saw_others": False,
            "passed": asked, **more}


CALLS: dict[str, tuple[list[Any], list[Any]]] = {
    "transferred": ([a_step("a"), a_step("b"), a_step("transfer", unplanned=True), a_step("c", outcome="")],
                    [a_part(0, ("x", 0), ("y", 1), hunting=[{"reserve": "101", "outcome": "won"}]),
                     a_part(2, ("x", 3), ("y", 3), saw_others=True, saw=[{"uuid": "u"}])]),
    "unplanned": ([a_step("failsafe", unplanned=True)], []),
    "nothing": ([], []),
    "before": ([a_step("failsafe", unplanned=True), a_step("a")], [a_part(1, ("x", 1))]),
    "no steps": ([], [a_part(0)]),
    "": ([a_step("a", detail="ü")], [a_part(0)]),
}


@pytest.fixture
def older(bare: Store) -> Store:
    """A store with these calls, by the tables of an older program."""
    with bare.transaction():
        _runner(bare).up("0009_parked_calls")
        for number, (uuid, (steps, parts)) in enumerate(CALLS.items()):
            values = (uuid, "one", "1", "2", AT.format(number), "ringing", json.dumps(steps), json.dumps(parts))
            mark = "%s" if bare.postgresql else "?"
            bare.sql("INSERT INTO journal_call (uuid, node, caller, dialled, at, state, steps, parts)"
                     f" VALUES ({', '.join([mark] * len(values))})", values)
    return bare


def test_the_same_steps_and_parts(older: Store) -> None:
    assert migrate(older)[0] == "0010_journal_facts"
    assert {call["uuid"]: (call["steps"], call["parts"]) for call in list_calls(older)} == CALLS


def test_a_call_goes_on_where_the_older_program_left_it(older: Store) -> None:
    migrate(older)
    told = {"begun": AT.format(9), "user": "101"}
    save(older, [Entry("transferred", {}, facts=(Fact("a", None, told), Fact("a", 0, a_step("d"))))])
    (call,) = [call for call in list_calls(older) if call["uuid"] == "transferred"]
    assert [step["policy"] for step in call["steps"]] == ["a", "b", "transfer", "c", "d"]
    assert [part["first"] for part in call["parts"]] == [0, 2, 4]
