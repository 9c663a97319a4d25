"""``fsctl executive`` and ``fsctl assistant`` on the sample office."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from fsctl.cli import options, status
from fsctl.cli.status import Seen
from fsctl.model.live import Live, LiveCall
from tests.cli.test_explain import applied, database, run
from tests.ports import free_port

__all__ = ["database"]

SEEN = "; the phones of Dr. Erika Ernst show it silently"
AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_switch(monkeypatch):
    monkeypatch.setenv("FSCTL_SWITCH", f"127.0.0.1:{free_port()}")


def told(database, *arguments):
    code, output = run(*arguments, "--json", database=database)
    assert code in (0, 3), output
    return json.JSONDecoder().raw_decode(output)[0]  # behind it may stand that no switch tells


def shown(database):
    return told(database, "executive", "list")[0]


def ring(database, caller="+4915112345678", dialled="+49305550130"):
    """What is rung first, and why."""
    code, output = run("explain", caller, dialled, "--at", "2026-11-24T10:00", "--json", database=database)
    assert code == 0, output
    step = json.loads(output)["steps"][0]
    return step["target"], step["reason"]


def test_as_the_file_says(database):
    assert told(database, "executive", "list") == told(database, "executive", "show", "130") == [{
        "executive": "130", "filter": "on", "mode": "rules", "alerting": "sequential",
        "assistants": [{"user": each, "in": True, "state": "unknown", "divert": None} for each in ("131", "132")],
        "handling": []}]
    assert ring(database) == (
        "user:131, user:132",
        'the rule "outside callers in office hours" of Dr. Erika Ernst sends the call to the assistants' + SEEN)


def test_the_table(database):
    run("assistant", "out", "131", database=database)
    run("assistant", "divert", "132", "130", "102", database=database)
    code, output = run("executive", "show", "130", database=database)
    assert (code, output.partition("FreeSWITCH can't be reached")[0]) == (
        3, "130: filter on (rules), sequential\nUSER  IN   STATE    DIVERT\n131   out  unknown  -\n"
           "132   in   unknown  user:102\n")


def test_the_filter(database):
    assert run("executive", "off", "130", database=database) == (0, "filter.130: off\n")
    assert ring(database)[0] == "user:130"
    assert (shown(database)["filter"], shown(database)["mode"]) == ("off", "rules")
    assert run("executive", "off", "130", database=database) == (0, "")
    assert run("executive", "on", "130", database=database) == (0, "filter.130: on\n")
    assert ring(database)[0] == "user:131, user:132"
    assert run("executive", "on", "130", "internal", database=database) == (0, "filter.130: internal\n")
    assert ring(database)[0] == "user:130"
    assert ring(database, "101", "130") == (
        "user:131, user:132", "internal calls for Dr. Erika Ernst go to the assistants" + SEEN)
    assert (shown(database)["filter"], shown(database)["mode"]) == ("on", "internal")
    assert run("executive", "auto", "130", database=database) == (0, "filter.130: as the office file says\n")
    rows = json.loads(run("history", "--json", database=database)[1])
    assert [(row["path"], row["before"], row["after"]) for row in rows] == [
        ("filter.130", "internal", None), ("filter.130", "on", "internal"), ("filter.130", "off", "on"),
        ("filter.130", None, "off")]
    assert {row["who"] for row in rows} == {options.user_name()}
    assert all(row["at"] for row in rows)


def test_on_is_all_where_the_file_says_off(database, tmp_path):
    applied(database, tmp_path, off=('filter = "rules" ', 'filter = "off" '))
    assert (shown(database)["filter"], shown(database)["mode"]) == ("off", "all")
    assert ring(database, "101", "130")[0] == "user:130"
    run("executive", "on", "130", database=database)
    assert (shown(database)["filter"], shown(database)["mode"]) == ("on", "all")
    assert ring(database, "101", "130")[0] == "user:131, user:132"


@pytest.mark.parametrize(("arguments", "rule", "filtered", "reason"), [
    ((), "outside callers in office hours", True, "sends the call to the assistants"),
    (("--from", "+4917012345999"), "family goes through", False, "accepts the call"),
    (("--called", "130"), None, False, "no rule of Dr. Erika Ernst is about this call"),
    (("--from", "101"), None, False, "no rule of Dr. Erika Ernst is about this call"),
    (("--from", "131"), None, False, "Fatma Fuchs is an assistant of Dr. Erika Ernst and gets through"),
    (("--at", "2026-11-24T22:00"), None, False, "no rule of Dr. Erika Ernst is about this call"),
])
def test_which_rule_would_decide(database, arguments, rule, filtered, reason):
    at = () if "--at" in arguments else ("--at", "2026-11-24T10:00")
    code, output = run("executive", "rules", "130", *arguments, *at, "--json", database=database)
    found = json.loads(output)
    assert (code, found["mode"], found["filtered"], reason in found["reason"]) == (0, "rules", filtered, True), found
    assert [row["name"] for row in found["rules"] if row["decides"]] == ([rule] if rule else [])
    assert found["rules"][1] | {"decides": None} == {
        "name": "outside callers in office hours", "from": ["external"], "called": ["+49305550130"],
        "during": "open", "action": "divert", "decides": None}


def test_the_rules_for_people(database):
    assert run("executive", "rules", "130", "--at", "2026-11-24T10:00", database=database) == (
        0, "NAME                             FROM          CALLED        DURING  ACTION  DECIDES\n"
           "family goes through              +4917012345*  -             -       accept  -\n"
           "outside callers in office hours  external      +49305550130  open    divert  decides\n"
           "a stranger outside → +49305550130: to the assistants (the rule \"outside callers in office hours\" of "
           "Dr. Erika Ernst sends the call to the assistants)\n")


@pytest.mark.parametrize("names", [("131",), ("131", "130")])
def test_in_and_out(database, names):
    assert run("assistant", "out", *names, database=database) == (0, "assistant.130.131: out\n")
    assert ring(database)[0] == "user:132"
    assert [each["in"] for each in shown(database)["assistants"]] == [False, True]
    assert run("assistant", "out", *names, database=database) == (0, "")
    assert run("assistant", "in", *names, database=database) == (0, "assistant.130.131: as the office file says\n")
    assert ring(database)[0] == "user:131, user:132"


def test_nobody_is_out_where_nobody_may_be(database, tmp_path):
    run("assistant", "out", "131", database=database)
    applied(database, tmp_path, opt_out=("opt_out = true ", "opt_out = false "))
    assert ring(database)[0] == "user:131, user:132"
    assert [each["in"] for each in shown(database)["assistants"]] == [True, True]
    assert run("assistant", "out", "131", database=database) == (
        1, "assistants of Dr. Erika Ernst may not opt out; write opt_out = true in the office file")


def test_divert(database):
    assert run("assistant", "divert", "131", "130", "102", database=database) == (0, "divert.130.131: user:102\n")
    assert ring(database)[0] == "user:102, user:132"
    assert told(database, "assistant", "list", "131") == [
        {"assistant": "131", "executive": "130", "in": True, "state": "unknown", "divert": "user:102"}]
    assert [row["assistant"] for row in told(database, "assistant", "list")] == ["131", "132"]
    code, output = run("assistant", "divert", "131", "130", "number:+491709876543", "--json", database=database)
    assert json.loads(output) == [{"path": "divert.130.131", "value": "number:+491709876543", "changed": True}]
    assert run("assistant", "divert", "131", database=database) == (0, "divert.130.131: as the office file says\n")
    assert ring(database)[0] == "user:131, user:132"


@pytest.mark.parametrize(("arguments", "words"), [
    (("executive", "on", "101"), "there is no executive '101'; there are 130"),
    (("executive", "show", "199"), "there is no executive '199'; there are 130"),
    (("executive", "rules", "131"), "there is no executive '131'; there are 130"),
    (("executive", "rules", "130", "--called", "101"), "101 is no number of Dr. Erika Ernst: it is user:101"),
    (("assistant", "divert", "131", "130", "number:+49305550130"),
     "calls of 130 do not go to number:+49305550130: calls of Dr. Erika Ernst cannot go back to Dr. Erika Ernst"),
    (("assistant", "out", "101"), "101 is nobody's assistant; there are 131, 132"),
    (("assistant", "list", "101"), "101 is nobody's assistant; there are 131, 132"),
    (("assistant", "in", "131", "101"), "there is no executive '101'; there are 130"),
    (("assistant", "divert", "131", "130", "131"), "calls of 130 do not go to 131: 131 cannot send calls to himself"),
    (("assistant", "divert", "131", "130", "300"),
     "calls of 130 do not go to 300: calls of Dr. Erika Ernst can go to a person or a number outside, "
     "not to hunt:sales"),
    (("assistant", "divert", "131", "130", "number:+442079460999"),
     "calls of 130 do not go to number:+442079460999: Fatma Fuchs may not make international calls"),
    (("assistant", "divert", "131", "130", "x:1"), "'x:1' is not a destination; write kind:name, where kind is one of "
     "user, hunt, mailbox, attendant, number, conference, announcement, hangup"),
])
def test_refusals(database, arguments, words):
    code, output = run(*arguments, database=database)
    assert (code, output) == (1, words)
    assert run("history", database=database) == (0, "")


def test_a_mode_that_there_is_not(database):
    assert run("executive", "on", "130", "some", database=database)[0] == 2


def channel(uuid, **changes):
    facts = {"user": None, "peer": None, "direction": "outbound", "state": "talking", "since": AT} | changes
    return LiveCall(uuid=uuid, **facts)


def test_who_handles_which_call(database, monkeypatch):
    calls = (
        channel("a", direction="inbound", number="+4915112345678", peer="b"),
        channel("b", user="131", peer="a", executive="130"),
        channel("c", direction="inbound", number="+491", withheld=True, peer="d"),
        channel("d", number="+491709876543", sent_by="user:132", peer="c", executive="130", state="held"),
        channel("e", user="132", peer="f", executive="130", state="ringing"),
        channel("g", user="131", peer="a", executive="120"), channel("h", user="101", peer="a"),
    )
    monkeypatch.setattr(status, "look", lambda *_, **__: Seen(live=Live(calls), registered={"132"}))
    found = shown(database)
    since = AT.astimezone(ZoneInfo("Europe/Berlin")).isoformat()
    assert found["handling"] == [{"caller": "+4915112345678", "assistant": "131", "since": since},
                                 {"caller": None, "assistant": "132", "since": since}]
    assert [each["state"] for each in found["assistants"]] == ["busy", "ringing"]
    monkeypatch.setattr(status, "look", lambda *_, **__: Seen(live=Live(), registered={"132"}))
    run("dnd", "on", "131", database=database)
    assert [each["state"] for each in shown(database)["assistants"]] == ["do not disturb", "free"]
    run("dnd", "off", "131", database=database)
    assert [each["state"] for each in shown(database)["assistants"]] == ["offline", "free"]
    run("intercept", "on", "132", database=database)
    assert [each["state"] for each in shown(database)["assistants"]] == ["offline", "intercepted"]
