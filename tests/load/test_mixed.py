"""The mixed traffic: what is planned, and what the report tells of it. Nothing here needs a FreeSWITCH."""

import re
import tomllib
from collections import Counter
from xml.etree import ElementTree

import pytest

from fsctl.schema import structure
from fsctl.store.database import open_database
from fsctl.store.journal_table import Entry, save
from fsctl.store.migrations import migrate
from load.mixed import office, phones, plan, report
from load.mixed.plan import Placed
from load.mixed.results import Results, of_kinds
from load.mixed.sip import Rang
from load.mixed.traffic import Made

CALL = Placed(0.0, "person", "101", "121", 1.5, "user:12[1-4]")
USED = {"fsctl": 1.0, "switch": 4.0, "phones": 2.0, "generator": 0.5, "machine": 9.0}
RINGS = {name: [Rang(0.05, told)] * 4 for name, told in
         {"fsctl": 0.075, "bridge": 0.06, "ring_ready": 0.05, "dialplan": 0.04}.items()}


def told(*made, results=None):
    mixed = report.Mixed(
        seconds=10.0, made=made, cpu=USED, processes=[1.0], results={CALL.kind: results or Results()})
    return report.as_json(100, 1, RINGS, 0.001, mixed)


def test_eight_calls_a_second_begin():
    calls = plan.calls(40)
    assert len(calls) == 320
    assert [each.at for each in calls] == sorted(each.at for each in calls)
    begun = Counter(each.at // plan.TURN for each in calls)
    assert all(begun[turn] == 16 for turn in range(2, 20))


def test_each_call_fits_the_office():
    people = structure(tomllib.loads(office.text())).users.keys()
    for each in plan.calls(40):
        assert each.caller in people or each.caller.startswith("+")
        for pattern in re.findall(r"^user:(.*)$", each.result):
            assert any(re.fullmatch(pattern, who) for who in people)


@pytest.mark.parametrize(("fetching", "fetched", "code"), [
    ("retrieve", "park", office.RETRIEVE), ("picking up", "pickup", office.PICKUP)])
def test_a_call_is_there_when_somebody_fetches_it(fetching, fetched, code):
    calls = plan.calls(40)
    first = [each for each in calls if each.kind == fetched]
    for before, after in zip(first, (each for each in calls if each.kind == fetching), strict=True):
        assert after.dialled == code + before.dialled
        assert 0.5 < after.at - before.at < before.talk


def test_each_phone_has_one_way_of_taking_calls():
    root = ElementTree.fromstring(f"<context>{phones.acting()}</context>")
    patterns = [condition.attrib["expression"] for condition in root.iter("condition")]
    rung = {*office.EVERYBODY} - {*office.CALLERS, office.RINGING, office.RUNG}
    for name in (*rung, *(f"{who}-1" for who in office.PEOPLE)):
        assert sum(re.fullmatch(pattern, name) is not None for pattern in patterns) == 1, name


def test_what_failed_is_told():
    row = told(Made(CALL, True, "NORMAL_CLEARING"), Made(CALL, False, "NO_ANSWER"), Made(CALL, True, ""),
               results=Results(right=1, waited=2, wrong=["busy", "open"]))
    assert "| all | 3 | 2 | 1 | 1 | 2 |" in report.table(row)


def test_the_ratios():
    ratios = told(Made(CALL, True, "NORMAL_CLEARING"))["ratios"]
    assert ratios["cpu_vs_switch"] == 0.25
    assert ratios["told_vs_socket"] == pytest.approx(1.5)
    assert ratios["told_vs_bridge"] == pytest.approx(1.25)


def test_the_journal_tells_what_went_wrong(tmp_path):
    file = tmp_path / "journal.sqlite3"
    store = open_database(str(file))
    migrate(store)
    ways = [("ended", "user:122"), ("ended", "user:128"), ("talking", "user:122")]
    for number, (state, result) in enumerate(ways):
        at = f"2026-11-28T12:00:0{number}+00:00"
        columns = {"node": "", "caller": "101", "dialled": "121", "at": at, "state": state}
        save(store, [Entry(f"{number}", columns, new=True), Entry(f"{number}", {"result": result})])
    store.close()
    found = of_kinds(file, [CALL] * len(ways))["person"]
    assert found.right == 1
    assert [re.search(": (.*): ", each)[1] for each in found.wrong] == [
        "talking, user:122, None", "ended, user:128, None"]
