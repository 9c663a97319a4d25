"""``fsctl night`` on the sample office, as an operator or cron uses it."""

import json
import re
from datetime import datetime, timedelta

import pytest

from fsctl import clock
from tests.cli.test_explain import database, run

__all__ = ["database"]

#: Long after any day on which this is run.
LATER = "2199-01-01T12:00+01:00"


def status(database, site="berlin"):
    (row,) = json.loads(run("night", "status", site, "--json", database=database)[1])
    return row


def goes_to(database, at=None):
    more = ("--at", at) if at else ()
    output = run("explain", "+4915112345678", "+49305550100", *more, "--json", database=database)[1]
    return json.loads(output)["steps"][0]["target"]


def test_on_is_told_once_and_counts_for_calls(database):
    code, output = run("night", "on", "berlin", database=database)
    assert (code, output.startswith("berlin: on (switched on by hand by ")) == (0, True)
    assert run("night", "on", "berlin", database=database) == (0, "")
    row = status(database)
    assert (row["on"], row["until"], row["next_change"]) == (True, None, None)
    assert row["by"] and abs(datetime.fromisoformat(row["since"]) - clock.now()) < timedelta(minutes=5)
    assert goes_to(database) == "attendant:after-hours"
    assert run("night", "off", "berlin", database=database)[1].startswith("berlin: off")
    assert goes_to(database) == "hunt:sales"
    assert status(database, "london")["on"] is False


def test_an_override_that_ends_by_itself(database):
    run("night", "on", "berlin", "--until", LATER, database=database)
    row = status(database)
    assert (row["on"], row["until"]) == (True, "2199-01-01T12:00:00+01:00")
    assert goes_to(database, "2199-01-01T11:59") == "attendant:after-hours"
    assert goes_to(database, "2199-01-02T13:00") == "hunt:sales"  # a Wednesday, and the schedule says so
    assert goes_to(database, "2020-01-07T11:00") == "hunt:sales"  # before it was set


def test_auto_leaves_it_to_the_schedule(database):
    run("night", "on", "berlin", database=database)
    changed = json.loads(run("night", "auto", "berlin", "--json", database=database)[1])
    assert (changed["changed"], changed["by"]) == (True, None)
    assert json.loads(run("night", "auto", "berlin", "--json", database=database)[1])["changed"] is False
    assert set(status(database)) == {"site", "on", "because", "until", "by", "since", "next_change"}


def test_toggled_to_what_the_schedule_says_it_follows_that_again(database):
    before = json.loads(run("night", "status", "berlin", "--json", database=database)[1])[0]
    run("night", "toggle", "berlin", database=database)
    run("night", "toggle", "berlin", database=database)
    after = json.loads(run("night", "status", "berlin", "--json", database=database)[1])[0]
    assert (after["on"], after["by"]) == (before["on"], None)


def test_toggle(database):
    assert [run("night", "toggle", "london", database=database)[1].split()[1] for _ in range(3)] == ["on", "off", "on"]


def test_until_the_schedule_changes(database):
    run("night", "toggle", "berlin", "--until", "next-change", database=database)
    row = status(database)
    assert row["until"] and row["until"] == row["until"].strip()
    shown = run("night", "status", database=database)[1].splitlines()
    assert re.split(r"\s{2,}", shown[0]) == ["SITE", "ON", "BECAUSE", "UNTIL", "BY", "SINCE", "NEXT_CHANGE"]
    assert [line.split()[0] for line in shown[1:]] == ["berlin", "london"]


def test_what_people_switched_outlives_an_apply(database, tmp_path):
    run("night", "on", "berlin", database=database)
    file = tmp_path / "office.toml"
    file.write_text(run("office", "export", database=database)[1].replace('"Berlin"', '"Berlin Mitte"'), "utf-8")
    assert "sites.berlin.name" in run("office", "apply", str(file), database=database)[1]
    assert status(database)["on"] is True


@pytest.mark.parametrize(("arguments", "code", "says"), [
    (("on", "berlin", "--until", "2020-01-01T00:00"), 1, "--until: 2020-01-01T00:00 is over"),
    (("on", "berlin", "--until", "soon"), 1, "'soon' is no time; write 18:00"),
    (("on", "berlin", "--until", "25:00"), 1, "'25:00' is no time of day"),
    (("on", "london", "--until", "next-change"), 1, "site london has no schedule that changes"),
    (("on", "rome"), 1, "there is no site 'rome'; with a night service: berlin, london"),
    (("on",), 2, "which site? With a night service: berlin, london"),
    (("status", "rome"), 1, "there is no site 'rome'"),
    (("auto", "berlin", "--until", "18:00"), 2, "No such option"),
])
def test_what_is_refused_changes_nothing(database, arguments, code, says):
    found, output = run("night", *arguments, database=database)
    assert (found, says in output) == (code, True), output
    assert run("history", database=database) == (0, "")


def test_a_site_without_a_night_service(database, tmp_path):
    file = tmp_path / "office.toml"
    exported = run("office", "export", database=database)[1]
    file.write_text(exported.replace('night = {to = "mailbox:120"}\n', ""), "utf-8")
    run("office", "apply", str(file), database=database)
    assert "site london has no night service; write night" in run("night", "on", "london", database=database)[1]
    assert run("night", "toggle", database=database)[0] == 0  # Berlin's is the only one
