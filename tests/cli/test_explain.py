"""The command line on the sample office: explain, codes, policies, calls, history, db."""

import json
import tomllib

import pytest
from click.testing import CliRunner

from fsctl import clock, sample
from fsctl.cli import cli
from fsctl.errors import FsctlError, Unreachable
from fsctl.store.database import open_database
from fsctl.store.migrations import migrate
from fsctl.store.office import write_tree

#: What ``--json`` tells of a step.
STEP = {"policy", "action", "target", "reason", "reason_id", "reason_values"}


@pytest.fixture
def database(tmp_path):
    """A database that holds the sample office."""
    path = str(tmp_path / "office.sqlite")
    store = open_database(path)
    migrate(store)
    write_tree(store, tomllib.loads(sample.text()), [], "test", clock.now())
    store.close()
    return path


def run(*arguments, database):
    """The exit code, what was printed, and after it the FsctlError that main() shows and exits with."""
    result = CliRunner().invoke(cli, [*arguments, "--database", database])
    if isinstance(result.exception, FsctlError):
        return 3 if isinstance(result.exception, Unreachable) else 1, result.output + str(result.exception)
    assert not result.exception or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("caller", "dialled", "outcomes", "result"),
    [
        ("102", "101", "", "user:101"),
        ("101", "103", "busy", "hangup:busy"),
        ("102", "101", "busy", "number:+491709876543"),
        ("102", "101", "busy,silence", "mailbox:101"),
        ("102", "101", "offline,offline", "number:+491701234567"),
        ("101", "102", "no-answer", "mailbox:102"),
        ("103", "*72101", "", "code:forward_always"),
        ("103", "*72000442079460999", "", "announcement:blocked"),
        ("103", "*72", "digits:102", "code:forward_always"),
        ("101", "*86", "", "code:mailbox"),
        ("103", "*86", "", "announcement:not-possible"),
        ("103", "*78", "", "code:dnd_on"),
        ("+4915112345678", "*78", "", "announcement:unknown-number"),
        ("102", "0112", "", "number:112"),
        ("102", "112", "", "number:112"),
        ("101", "000442079460999", "", "number:+442079460999"),
        ("131", "000442079460999", "", "announcement:blocked"),
        ("103", "000442079460999", "", "user:101"),
        ("104", "102", "", "announcement:blocked"),
        ("102", "104", "", "announcement:number-changed"),
        ("102", "104", "digits:0", "user:101"),
        ("+4917012345678", "104", "", "user:101"),
        ("104", "112", "", "number:112"),
        ("102", "0030123456", "", "number:+4930123456"),
        ("102", "555", "", "announcement:unknown-number"),
        ("+4915112345678", "+49305550101", "", "user:101"),
        ("+4915112345678", "+49305550100", "", "user:101"),
        ("+4915112345678", "+442079460100", "", "user:120"),
        ("+4915112345678", "+49305550300", "busy,busy,answered", "user:103"),
    ],
)
def test_explain(database, caller, dialled, outcomes, result):
    code, output = run(
        "explain", caller, dialled, "--at", "2026-11-24T10:00", "--outcomes", outcomes, "--json", database=database)
    assert code == 0
    answer = json.loads(output)
    assert answer["result"] == result
    assert all(set(step) == STEP for step in answer["steps"])


@pytest.mark.parametrize(("transferred_by", "result"), [
    ("101", "number:+442079460999"), ("131", "user:131"), ("103", "user:101"),
])
@pytest.mark.parametrize("caller", ["+4915112345678", "103"])
def test_a_transferred_call_reaches_what_its_transferor_may(database, caller, transferred_by, result):
    code, output = run("explain", caller, "000442079460999", "--transferred-by", transferred_by, "--json",
                       database=database)
    assert (code, json.loads(output)["result"]) == (0, result)


def explained(database, *call):
    """What becomes of a call by day, and why an outside number is not called if it is not."""
    code, output = run("explain", *call, "--at", "2026-11-24T10:00", "--json", database=database)
    answer = json.loads(output)
    assert code == 0
    blocked = answer["result"] == "announcement:blocked"
    return answer["result"], answer["steps"][-2]["reason"] if blocked else ""


def applied(database, tmp_path, **changes):
    """The sample office with some of its text changed, in the database."""
    text = sample.text()
    for before, after in changes.values():
        assert text.count(before) == 1
        text = text.replace(before, after)
    path = tmp_path / "office.toml"
    path.write_text(text, encoding="utf-8")
    code, output = run("office", "apply", str(path), database=database)
    assert code == 0, output


@pytest.mark.parametrize(("caller", "dialled", "kind"), [
    ("131", "018092345678", "international"), ("131", "0+18092345678", "international"),
    ("131", "014165550100", "international"), ("131", "018762345678", "international"), ("101", "018092345678", ""),
    ("131", "*72018092345678", "international"), ("131", "012125550100", ""), ("131", "018005550100", ""),
    ("131", "0411", "premium"), ("101", "019005550100", "premium"), ("101", "0011881612345678", "premium"),
    ("102", "014165550100", ""), ("102", "018092345678", "international"),
])
def test_a_country_code_is_not_a_country(database, tmp_path, caller, dialled, kind):
    applied(database, tmp_path, country=('country = "DE"', 'country = "US"'),
            outside=('name = "Bernd Brandt"', 'name = "Bernd Brandt"\noutside = ["national", "country:CA"]'))
    name = {"101": "Anna Adler", "102": "Bernd Brandt", "131": "Fatma Fuchs"}[caller]
    assert explained(database, caller, dialled)[1] == (f"{name} may not make {kind} calls" if kind else "")


@pytest.mark.parametrize("dialled", ["011880", "*72011880", "0115", "009001123456", "000881612345678"])
def test_premium_calls(database, dialled):
    assert explained(database, "131", dialled)[1] == "Fatma Fuchs may not make premium calls"


def test_nobody_is_sent_on_to_a_premium_number_that_may_no_longer_be_called(database, tmp_path):
    name = 'name = "Fatma Fuchs"'
    applied(database, tmp_path, outside=(name, f'{name}\noutside = ["11880"]'))
    assert run("forward", "set", "131", "011880", database=database) == (0, "forward.131.always: number:11880\n")
    for caller in ("101", "+4915112345678"):
        assert explained(database, caller, "131") == ("number:11880", "")
    applied(database, tmp_path)
    for caller in ("101", "+4915112345678"):
        assert explained(database, caller, "131")[1] == "Fatma Fuchs may not make premium calls"


def test_explain_for_people(database):
    assert run("explain", "102", "103", "--outcomes", "no-answer", database=database) == (0, (
        "  passed: night_service  (only calls that come in from outside are diverted)\n"
        "  passed: forwarding  (Clara Conrad does not forward all calls)\n"
        "  passed: do_not_disturb  (Clara Conrad can be disturbed)\n"
        "  passed: emergency, transfer_recall, star_codes, intercept, executive_push, executive_assistant, reception"
        "  (has nothing to do with user:103)\n"
        "extension: ring user:103  (103 is Clara Conrad)\n"
        "  passed: extension  (Clara Conrad did not answer within 20 s)\n"
        "  passed: forwarding  (Clara Conrad did not answer within 20 s, and forwards no such calls)\n"
        "  passed: mailbox  (Clara Conrad has no mailbox)\n"
        "  passed: hunt_group, group_call, call_park  (has nothing to do with user:103)\n"
        "extension: hangup hangup:no-answer  (Clara Conrad did not answer within 20 s)\n"
        "result: hangup:no-answer\n"
    ))


def test_each_policy_that_passed_says_why_and_before_which_step(database):
    answer = json.loads(run("explain", "+4915112345678", "101", "--at", "2026-11-24T10:00", "--outcomes", "busy busy",
                            "--json", database=database)[1])
    assert [step["action"] for step in answer["steps"]] == ["ring", "reroute", "mailbox"]
    assert all(set(each) == STEP | {"before"} for each in answer["passed"])
    why = {(each["policy"], each["before"]): each["reason"] for each in answer["passed"]}
    assert why["night_service", 0] == "night service of Berlin is off: open until 12:00"
    assert why["emergency", 0] == "has nothing to do with user:101"
    assert why["extension", 1] == "Anna Adler is busy"


def test_a_tree(database):
    code, output = run("explain", "102", "103", "--tree", database=database)
    assert (code, output) == (0, (
        "extension: ring user:103  (103 is Clara Conrad)\n"
        "├ answered → result: user:103\n"
        "├ busy\n"
        "│   extension: hangup hangup:busy  (Clara Conrad is busy)\n"
        "│   result: hangup:busy\n"
        "├ no-answer\n"
        "│   extension: hangup hangup:no-answer  (Clara Conrad did not answer within 20 s)\n"
        "│   result: hangup:no-answer\n"
        "├ offline\n"
        "│   extension: hangup hangup:offline  (no phone of Clara Conrad is registered)\n"
        "│   result: hangup:offline\n"
        "├ rejected\n"
        "│   extension: hangup hangup:rejected  (Clara Conrad declined)\n"
        "│   result: hangup:rejected\n"
    ))
    answer = json.loads(run("explain", "102", "103", "--tree", "--json", database=database)[1])
    tree = answer["tree"]
    assert (answer["result"], tree["result"], tree["cut"]) == ("user:103", None, False)
    assert [(branch["outcomes"], branch["then"]["result"]) for branch in tree["branches"]] == [
        (["answered"], "user:103"), (["busy"], "hangup:busy"), (["no-answer"], "hangup:no-answer"),
        (["offline"], "hangup:offline"), (["rejected"], "hangup:rejected")]


def test_explain_never_writes(tmp_path):
    path = tmp_path / "new.sqlite"
    code, says = run("explain", "102", "103", database=str(path))
    assert (code, f"there is no office in the database {path}" in says) == (1, True)
    assert not path.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("explain", "102", "101", "--at", "noon"), 1, "'noon' is no time; write it as 2026-12-24T18:00"),
        (("explain", "102", "101", "--outcomes", "asleep"), 1, "'asleep' is no outcome"),
        (("explain", "102", "101", "--transferred-by", "999"), 1, "nobody at '999' can have transferred the call; ext"),
        (("explain", "102"), 2, "Missing argument 'DIALLED'"),
        (("policies", "999"), 1, "there is no user 999; known are 101"),
        (("calls", "show", "nope"), 1, "no call's uuid begins with 'nope'"),
        (("no-such-command",), 2, "No such command"),
    ],
)
def test_what_a_user_did_wrong_is_told_in_words(database, arguments, code, says):
    found, output = run(*arguments, database=database)
    assert (found, says in output) == (code, True), output


@pytest.mark.parametrize("time", ["2026-12-24T18:00", "2026-12-24T18:00+01:00", "2026-12-24"])
def test_times(database, time):
    assert run("explain", "102", "120", "--at", time, database=database)[0] == 0


def test_codes_and_policies(database):
    codes = {row["name"]: row for row in json.loads(run("codes", "--json", database=database)[1])}
    assert codes["pickup"] == {
        "code": "*98", "name": "pickup", "in_talk": False, "asks": "", "here": True,
        "does": "takes the call that rings longest in my group"} and codes["park"]["in_talk"]
    names = [row["policy"] for row in json.loads(run("policies", "101", "--json", database=database)[1])]
    assert names == [
        "emergency", "transfer_recall", "star_codes", "call_pickup", "barge_in", "hunt_membership", "night_service",
        "reception", "forwarding", "do_not_disturb", "extension", "hunt_group", "group_call", "call_park", "mailbox",
        "attendant", "announcement", "outbound", "unknown_number", "withholding"]
    assert "*98" in run("codes", database=database)[1]


def test_an_empty_journal_and_history(database):
    assert json.loads(run("calls", "list", "--json", database=database)[1]) == []
    assert json.loads(run("history", "--json", database=database)[1]) == []
    assert run("calls", "list", database=database) == (0, "")


def test_the_schema(database):
    assert json.loads(run("db", "status", "--json", database=database)[1])[0]["applied"] is True
    assert run("db", "migrate", database=database) == (0, "up to date\n")
