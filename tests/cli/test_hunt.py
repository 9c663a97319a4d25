"""``fsctl hunt`` on the sample office."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fsctl import clock
from fsctl.store import hunts
from fsctl.store.database import open_database
from tests.cli.test_explain import database, run
from tests.ports import free_port

__all__ = ["database"]


@pytest.fixture(autouse=True)
def _no_switch(monkeypatch):
    monkeypatch.setenv("FSCTL_SWITCH", f"127.0.0.1:{free_port()}")


def shown(database, *arguments):
    code, output = run("hunt", *arguments, "--json", database=database)
    assert code == 3, output
    return json.JSONDecoder().raw_decode(output)[0]  # behind it stands that no switch tells


def states(database):
    return {member["user"]: member["state"] for member in shown(database, "list")[0]["members"]}


def test_a_group_that_nobody_called(database):
    member = {"state": "unknown", "until": None, "idle_seconds": None, "calls": 0}
    assert shown(database, "list") == [{
        "group": "sales", "policy": "circular", "pointer": None,
        "members": [{"user": user} | member for user in ("101", "102", "103")]}]


def test_who_took_calls(database):
    store = open_database(database)
    hunts.accept(store, "sales", "101", "a", "leg-a", "n", clock.now() - timedelta(minutes=5))
    hunts.part(store, "leg-a", clock.now() - timedelta(minutes=4))
    hunts.accept(store, "sales", "103", "b", "leg-b", "n", clock.now())
    hunts.reserve(store, "sales", "102", 2, "c", "n", clock.now())
    group = shown(database, "show", "300")[0]
    assert group["pointer"] == "103"
    did = [(each["state"], each["calls"]) for each in group["members"]]
    assert did == [("unknown", 1), ("ringing", 0), ("unknown", 1)]
    assert [each["idle_seconds"] for each in group["members"][1:]] == [None, 0]
    assert 240 <= group["members"][0]["idle_seconds"] < 3600  # four minutes, and what the tests before this one took


@pytest.mark.parametrize("names", [("101", "sales"), ("sales", "101"), ("101", "300"), ("101",)])
def test_leaving_and_joining(database, names):
    assert run("hunt", "leave", *names, database=database) == (0, "101 left sales\n")
    assert states(database) == {"101": "left", "102": "unknown", "103": "unknown"}
    assert run("hunt", "leave", *names, database=database) == (0, "")
    assert run("hunt", "join", *names, database=database) == (0, "101 joined sales\n")
    assert states(database)["101"] == "unknown"


def test_until(database):
    end = (clock.now() + timedelta(hours=2)).isoformat(timespec="seconds")
    local = datetime.fromisoformat(end).astimezone(ZoneInfo("Europe/Berlin")).isoformat()
    assert run("hunt", "leave", "101", "--until", end, database=database) == (0, f"101 left sales until {local}\n")
    assert states(database)["101"] == "left"
    code, output = run("hunt", "join", "101", "--until", end, "--json", database=database)
    assert json.loads(output) == [{"path": "hunt.sales.101", "value": f"left from {end}", "changed": True}]
    assert states(database)["101"] == "unknown"


def test_who_gets_no_calls(database):
    run("intercept", "on", "102", database=database)
    assert states(database) == {"101": "unknown", "102": "intercepted", "103": "unknown"}
    run("dnd", "on", "102", database=database)
    assert states(database)["102"] == "do not disturb"


@pytest.mark.parametrize(("arguments", "words"), [
    (("leave", "104"), "104 is in no hunt group; there are sales"),
    (("leave", "101", "crew"), "there is no hunt group 'crew'; there are sales"),
    (("leave", "101", "--until", "2020-01-01T00:00"), "--until: 2020-01-01T00:00 is over; nothing was changed"),
    (("join", "101", "--until", "soon"), "--until: 'soon' is no time; write 18:00, 2026-12-24T18:00"),
    (("show", "777"), "there is no hunt group '777'; there are sales"),
])
def test_refusals(database, arguments, words):
    assert run("hunt", *arguments, database=database) == (1, words)


def test_reset(database):
    store = open_database(database)
    hunts.accept(store, "sales", "101", "a", "leg-a", "n", clock.now())
    hunts.part(store, "leg-a", clock.now())
    assert run("hunt", "reset", "sales", database=database) == (0, "reset: sales\n")
    assert run("hunt", "reset", database=database) == (0, "")
    group = shown(database, "list")[0]
    assert group["pointer"] is None and {member["calls"] for member in group["members"]} == {0}
    assert "hunt.sales" in run("history", database=database)[1]


def test_for_people(database):
    _, output = run("hunt", "show", "sales", database=database)
    assert "sales (circular): last call taken by nobody\nUSER  STATE    UNTIL  IDLE_SECONDS  CALLS\n" in output


def test_explain_begins_where_the_last_call_ended(database):
    hunts.accept(open_database(database), "sales", "101", "a", "leg-a", "n", clock.now() - timedelta(hours=1))
    _, output = run("explain", "+4915112345678", "+49305550300", "--at", "2026-11-24T10:00",
                    "--outcomes", "no-answer", database=database)
    assert output.endswith(
        "hunt_group: ring user:102  (Verkauf in turn, after 101)\n"
        "hunt_group: ring user:103  (next of Verkauf)\nresult: user:103\n")
    assert shown(database, "list")[0]["pointer"] == "101"


def test_codes_and_lamp_say_the_same(database):
    for dialled, code in (("*64300", "hunt_leave"), ("*63", "hunt_join"), ("hunt+sales", "hunt_leave")):
        _, output = run("explain", "101", dialled, "--json", database=database)
        assert json.loads(output)["result"] == f"code:{code}"
