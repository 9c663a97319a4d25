"""``fsctl intercept`` on the sample office: 104 has rules of his own, and so have the interns."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from fsctl import clock
from tests.cli.test_explain import database, run

__all__ = ["database"]

CUSTOMER = "+4915112345678"
#: A Tuesday long after whatever is switched here.
DAY = "2030-01-08T10:00"


def listed(database):
    rows = json.loads(run("intercept", "list", "--json", database=database)[1])
    return {row.pop("owner"): row for row in rows}


def result(database, called, *outcomes, caller=CUSTOMER, at=DAY):
    words = ("--outcomes", ",".join(outcomes)) if outcomes else ()
    answer = json.loads(run("explain", caller, called, "--at", at, *words, "--json", database=database)[1])
    return answer["result"], [step["target"] for step in answer["steps"]]


def switch(database, *arguments):
    code, output = run("intercept", *arguments, "--json", database=database)
    assert code == 0, output
    return json.loads(output)


def test_what_the_file_has(database):
    row = {"state": "auto", "until": None, "by": None, "announce": None, "new_number": None, "to": None}
    assert listed(database) == {
        "104": {"name": "David Dorn (left)", "inbound": 3, "outbound": 1} | row,
        "interns": {"name": "Interns", "inbound": 0, "outbound": 1} | row,
    }
    assert run("intercept", "list", database=database)[1].splitlines()[1].split() == [
        "104", "David", "Dorn", "(left)", "auto", *["-"] * 5, "3", "1"]


def test_on_off_and_auto(database):
    assert result(database, "102")[0] == "user:102"
    assert run("intercept", "on", "102", database=database) == (0, "intercept.102: on\n")
    assert run("intercept", "on", "102", database=database) == (0, "")
    assert result(database, "102") == ("announcement:out-of-service", [
        "announcement:out-of-service", "announcement:out-of-service", "hangup:unknown-number"])
    found = listed(database)["102"]
    assert (found["state"], found["announce"], found["to"], found["inbound"]) == ("on", "out-of-service", None, 0)
    assert run("intercept", "auto", "102", database=database) == (0, "intercept.102: as the office file says\n")
    assert result(database, "102")[0] == "user:102"
    assert result(database, "104")[0] == "announcement:number-changed"


def test_off_lets_all_calls_through(database):
    assert run("intercept", "off", "104", database=database) == (0, "intercept.104: off\n")
    assert listed(database)["104"]["state"] == "off"
    assert result(database, "104")[0] == "user:104"
    assert result(database, "102", caller="104")[0] == "user:102"
    switch(database, "off", "interns")
    assert result(database, "000442079460999", caller="103")[0] == "announcement:blocked"  # by his class of service


def test_what_is_said_here_counts_before_the_file(database):
    switch(database, "on", "102", "--announce", "number-changed", "--new-number", "030 555-01019", "--to", "101")
    found = listed(database)["102"]
    assert [found[key] for key in ("announce", "new_number", "to")] == ["number-changed", "+493055501019", "user:101"]
    assert result(database, "102") == ("user:101", [
        "announcement:number-changed", "user:101", "user:101, number:+491709876543"])
    assert switch(database, "on", "104", "--to", "mailbox:101")["value"] == "on to mailbox:101"
    assert result(database, "104") == ("mailbox:101", ["announcement:number-changed", *["mailbox:101"] * 2])
    switch(database, "on", "104")
    assert result(database, "104", "digits:0")[0] == "user:101"


def test_a_group(database):
    switch(database, "on", "sales", "--to", "+49305550100")
    assert result(database, "300")[1][:2] == ["announcement:out-of-service", "site:berlin"]
    assert listed(database)["sales"]["to"] == "number:+49305550100"
    assert result(database, "102")[1][0] == "announcement:out-of-service"


@pytest.mark.parametrize("command", ["on", "off"])
def test_until(database, command):
    end = clock.now() + timedelta(hours=2)
    kept = switch(database, command, "102", "--until", end.isoformat())["value"]
    assert kept == f"{command} until {end.isoformat()}"
    shown = end.astimezone(ZoneInfo("Europe/Berlin")).isoformat(timespec="seconds")
    assert (listed(database)["102"]["state"], listed(database)["102"]["until"]) == (command, shown)
    after = (end + timedelta(minutes=1)).isoformat()
    assert result(database, "102", at=after)[0] == "user:102"


def test_who_did_it_is_in_the_history(database):
    switch(database, "on", "104", "--announce", "blocked")
    latest = json.loads(run("history", "--limit", "1", "--json", database=database)[1])[0]
    assert (latest["path"], latest["before"], latest["after"]) == ("intercept.104", None, "on announce blocked")
    assert latest["who"] == listed(database)["104"]["by"]


@pytest.mark.parametrize(("arguments", "words"), [
    (("on", "199"), "there is no user or group '199'; there are 101, 102, 103, 104, 130, 131, 132, 120, sales, crew, "
     "interns"),
    (("off", "closed"), "there is no user or group 'closed'; there are 101, 102, 103, 104, 130, 131, 132, 120, sales, "
     "crew, interns"),
    (("on", "102", "--new-number", "555"), "--new-number: '555' is no extension and no complete number; write it as "
     "+4930…"),
    (("on", "102", "--to", "mailbox:199"), "--to: there is no user 199"),
    (("on", "102", "--to", "nowhere:1"), "--to: 'nowhere:1' is not a destination; write kind:name, where kind is one "
     "of user, hunt, mailbox, attendant, number, conference, announcement, hangup"),
    (("on", "102", "--to", "102"), "--to: user:102 is Bernd Brandt, whose calls are intercepted"),
    (("on", "102", "--until", "9999-12-31T23:59-12:00"), "--until: the year must be 1970 to 2999, not 9999"),
    (("on", "102", "--to", "112"), "--to: calls cannot be sent to the emergency number 112"),
    (("on", "102", "--until", "2020-01-01T00:00"), "--until: 2020-01-01T00:00 is over; nothing was changed"),
    (("off", "102", "--until", "soon"), "--until: 'soon' is no time; write 18:00, 2026-12-24T18:00"),
])
def test_refusals(database, arguments, words):
    assert run("intercept", *arguments, database=database) == (1, words)
    assert "102" not in listed(database)


def test_an_announcement_that_there_is_not(database):
    code, output = run("intercept", "on", "102", "--announce", "gone", database=database)
    assert code == 1 and output.startswith("there is no announcement 'gone'; there are blocked, ")
    assert "closed" in output
