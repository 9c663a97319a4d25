"""``fsctl forward``, ``dnd`` and ``policies`` on the sample office."""

import json

import pytest

from tests.cli.test_explain import database, run

__all__ = ["database"]


def explained(database, *arguments):
    return json.loads(run("explain", *arguments, "--json", database=database)[1])["result"]


def test_a_forward_is_set_used_and_left_to_the_file_again(database):
    assert run("forward", "set", "102", "103", database=database) == (0, "forward.102.always: user:103\n")
    assert run("forward", "set", "102", "user:103", database=database) == (0, "")
    assert explained(database, "101", "102") == "user:103"
    assert json.loads(run("forward", "list", "102", "--json", database=database)[1]) == [
        {"user": "102", "when": "always", "to": "user:103", "by": "hand"}]
    assert run("forward", "auto", "102", database=database)[0] == 0
    assert explained(database, "101", "102") == "user:102"
    history = json.loads(run("history", "--json", database=database)[1])
    assert [(row["path"], row["before"], row["after"]) for row in history] == [
        ("forward.102.always", "user:103", None), ("forward.102.always", None, "user:103")]
    assert all(row["who"] for row in history)


def test_what_the_file_says_can_be_switched_off(database):
    assert explained(database, "102", "101", "--outcomes", "offline,offline") == "number:+491701234567"
    run("forward", "off", "101", "--when", "offline", database=database)
    assert explained(database, "102", "101", "--outcomes", "offline,offline") == "mailbox:101"
    rows = json.loads(run("forward", "list", "101", "--json", database=database)[1])
    assert {row["when"]: (row["to"], row["by"]) for row in rows} == {
        "busy": ("mailbox:101", "file"), "no-answer": ("mailbox:101", "file"), "offline": ("off", "hand")}


def test_do_not_disturb(database):
    assert run("dnd", "on", "103", database=database) == (0, "dnd.103: on\n")
    assert json.loads(run("dnd", "list", "--json", database=database)[1]) == [{"user": "103", "name": "Clara Conrad"}]
    assert explained(database, "101", "103") == "hangup:busy"
    assert json.loads(run("dnd", "off", "103", "--json", database=database)[1]) == {
        "path": "dnd.103", "value": None, "changed": True}
    assert run("dnd", "list", database=database) == (0, "")
    assert explained(database, "101", "103") == "user:103"


@pytest.mark.parametrize(("arguments", "says"), [
    (("forward", "set", "103", "000442079460999"), "Clara Conrad may not make international calls"),
    (("forward", "set", "103", "number:+442079460999"), "Clara Conrad may not make international calls"),
    (("forward", "set", "103", "103"), "103 cannot send calls to himself"),
    (("forward", "set", "103", "112"), "calls cannot be sent to the emergency number 112"),
    (("forward", "set", "103", "mailbox:103"), "user 103 has no mailbox"),
    (("forward", "set", "999", "101"), "there is no user 999; known are 101"),
    (("forward", "off", "999"), "there is no user 999"),
    (("dnd", "on", "999"), "there is no user 999"),
])
def test_what_is_refused_changes_nothing(database, arguments, says):
    code, output = run(*arguments, database=database)
    assert (code, says in output) == (1, True), output
    assert run("history", database=database) == (0, "")


def test_which_policies_apply_to_whom(database):
    def through(extension):
        rows = json.loads(run("policies", extension, "--json", database=database)[1])
        return {row["policy"]: row["through"] for row in rows}

    assert through("101") == {
        "emergency": "site berlin", "star_codes": "office", "call_pickup": "group sales", "barge_in": "group sales",
        "night_service": "site berlin", "reception": "site berlin", "forwarding": "user 101",
        "do_not_disturb": "user 101", "extension": "user 101", "hunt_group": "group sales",
        "group_call": "group crew", "mailbox": "user 101",
        "hunt_membership": "group sales", "transfer_recall": "office",
            "call_park": "group sales, site berlin", "attendant": "office",
        "announcement": "office", "outbound": "user 101", "unknown_number": "office", "withholding": "office"}
    assert through("130")["executive_assistant"] == through("130")["executive_filter"] == "user 130"
    assert through("131")["assistant_pool"] == through("131")["call_pickup"] == "user 131"
    assert through("131")["executive_assistant"] == through("131")["executive_filter"] == "user 130"
    assert not {"executive_assistant", "executive_filter"} & set(through("101"))
    assert not {"forwarding", "mailbox", "hunt_group", "call_pickup"} & set(through("104"))
