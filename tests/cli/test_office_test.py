"""``fsctl office test``: calls and where they have to go."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from fsctl import clock, sample
from fsctl.cli import cli
from fsctl.errors import FsctlError
from fsctl.officetest import read
from fsctl.store.database import open_database
from fsctl.store.migrations import migrate
from fsctl.store.office import write_tree
from tests.cli.test_explain import run
from tests.unit.builders import an_office

EXAMPLES = Path(__file__).parents[2] / "docs" / "office-tests" / "sample.toml"
DAY, NIGHT = "2026-11-24T10:00", "2026-11-24T22:00"


@pytest.fixture
def store(tmp_path):
    store = open_database(str(tmp_path / "office.sqlite"))
    migrate(store)
    write_tree(store, tomllib.loads(sample.text()), [], "test", clock.now())
    yield store
    store.close()


@pytest.fixture
def office_test(store, tmp_path):
    """Runs a file with this text; what was printed, and why it failed, if it did."""
    def test(text, *options):
        file = tmp_path / "calls.toml"
        file.write_text(text, "utf-8")
        result = CliRunner().invoke(cli, ["office", "test", str(file), *options, "--database", store.place])
        assert result.exception is None or isinstance(result.exception, FsctlError), result.exception
        return result.output.replace(f"{file}: ", ""), str(result.exception or "")
    return test


def a_test(**keys):
    keys = {"from": "+4915112345678", "to": "+49305550101", "at": DAY, **keys}
    tables = ("night", "filter", "opted_out", "intercept", "forward", "left", "pointer")
    lines = (f"{key} = {value if key in tables else json.dumps(value)}\n" for key, value in keys.items())
    return "[[call]]\n" + "".join(lines)


def test_the_examples_hold_for_the_sample_office(store):
    assert run("office", "test", str(EXAMPLES), database=store.place) == (0, "34 calls, none went elsewhere\n")


@pytest.mark.parametrize(("keys", "found"), [
    ({"expect": "user:101"}, None),
    ({"to": "103", "transferred_by": "102", "outcomes": ["busy"], "expect": "user:102"}, None),
    ({"intercept": '{101 = "on"}', "expect": "announcement:out-of-service"}, None),
    ({"to": "104", "intercept": '{104 = "off"}', "expect": "user:104"}, None),
    ({"to": "103", "intercept": '{sales = "on"}', "expect": "announcement:out-of-service"}, None),
    ({"to": "104", "intercept": '{104 = "auto"}', "expect": "announcement:number-changed"}, None),
    ({"to": "104", "intercept": '{104 = "off"}', "opted_out": '{130 = ["131"]}', "expect": "user:104"}, None),
    ({"expect": "user:102"}, "user:101"),
    ({"at": NIGHT, "expect": "mailbox:101"}, None),
    ({"at": NIGHT, "night": '{berlin = "off"}', "expect": "user:101"}, None),
    ({"night": '{berlin = "on"}', "expect": "user:101"}, "mailbox:101"),
    ({"night": '{berlin = "auto"}', "expect": "user:101"}, None),
    ({"to": "130", "expect": ["ring:user:130"]}, None),  # one rule is about calls by his number alone
    ({"to": "+49305550130", "expect": ["ring:user:131, user:132"]}, None),
    ({"to": "+49305550130", "filter": '{130 = "off"}', "expect": ["ring:user:130"]}, None),
    ({"to": "130", "filter": '{130 = "external"}', "expect": ["ring:user:131, user:132"]}, None),
    ({"to": "130", "filter": '{130 = "on"}', "expect": ["ring:user:130"]}, None),
    ({"to": "+49305550130", "filter": '{130 = "auto"}', "expect": ["ring:user:131, user:132"]}, None),
    ({"to": "+49305550130", "opted_out": '{130 = ["131"]}', "expect": ["ring:user:132"]}, None),
    ({"to": "+49305550130", "opted_out": '{130 = ["131", "132"]}', "expect": "mailbox:130"}, None),
    ({"to": "+49305550130", "outcomes": ["busy", "busy"], "expect": "mailbox:130"}, None),
    ({"outcomes": ["busy", "busy"], "expect": ["ring:user:101, number:+491709876543", "mailbox:mailbox:101"]}, None),
    ({"outcomes": ["busy", "busy"], "expect": ["ring:user:101, number:+491709876543", "reroute:mailbox:101",
                                               "mailbox:mailbox:101"]}, None),
    ({"outcomes": ["busy", "busy"], "expect": ["ring:user:101, number:+491709876543"]},
     ["ring:user:101, number:+491709876543", "mailbox:mailbox:101"]),
    ({"outcomes": ["busy", "busy"], "expect": ["reroute:user:102"]},
     ["ring:user:101, number:+491709876543", "reroute:mailbox:101", "mailbox:mailbox:101"]),
])
def test_where_calls_go(office_test, keys, found):
    output, failure = office_test(a_test(**keys), "--json")
    answer = json.loads(output)
    assert failure == ("1 of 1 calls did not go where they were expected to" if found else "")
    assert (answer["failed"], answer["calls"][0]["ok"]) == ((1, False) if found else (0, True))
    assert answer["calls"][0]["found"] == (found or answer["calls"][0]["found"])


def test_what_went_elsewhere_is_shown_with_its_way(office_test):
    output, _ = office_test(a_test(expect="user:101") + a_test(expect="user:102"))
    assert output.splitlines() == [
        f"call[1]: +4915112345678 → +49305550101 at {DAY}", "  expected: user:102", "  found:    user:101",
        "      passed: night_service  (night service of Berlin is off: open until 12:00)",
        "      passed: forwarding  (Anna Adler does not forward all calls)",
        "      passed: do_not_disturb  (Anna Adler can be disturbed)",
        "      passed: emergency, transfer_recall, star_codes, intercept, executive_push, executive_assistant, "
        "reception  (has nothing to do with user:101)",
        "    extension: ring user:101, number:+491709876543  (101 is Anna Adler)", "    result: user:101",
        "2 calls, 1 went elsewhere"]


def test_who_has_switched_it_is_the_test(office_test):
    output, _ = office_test(a_test(intercept='{101 = "on"}', expect="user:101"))
    assert "(test has switched on the intercept of Anna Adler)" in output


def test_an_unquoted_time(office_test):
    assert office_test(a_test(expect="mailbox:101").replace(f'"{DAY}"', f"{NIGHT}:00"))[1] == ""


@pytest.mark.parametrize(("text", "says"), [
    ("x = 1\n", ["x: unknown key; the tests are [[call]] tables", "call: there is no test; write [[call]]"]),
    (a_test(expect="user:101", at="noon", frm="1"), [
        "call[0].frm: unknown key; known are from, to, at, transferred_by, outcomes, night, filter, opted_out,",
        "call[0].at: 'noon' is no time; write 2026-12-24T18:00"]),
    ("[[call]]\nfrom = 3\n", [
        "call[0]: needs `to`", "call[0]: needs `expect`", 'call[0].from: must be text like "101"']),
    (a_test(expect="user:101") + a_test(expect=["bla", "ring:user:1"]), ["call[1].expect[0]: must be action:target"]),
    (a_test(expect=[]), ["call[0].expect: must be a result"]),
    (a_test(expect="user:101", outcomes="busy"), ["call[0].outcomes: must be a list of words"]),
    (a_test(expect="user:101", outcomes=["busy", "asleep"]), ["call[0].outcomes[1]: 'asleep' is no outcome"]),
    (a_test(expect="user:101", outcomes=["digits:5"]), [
        "call[0]: user:101 rings, and 'digits:5' cannot become of that"]),
    (a_test(expect="user:101", night='{paris = "on", berlin = "maybe"}'), [
        "call[0].night.paris: there is no such site with a night service; known are berlin, london",
        "call[0].night.berlin: must be one of on, off, auto"]),
    (a_test(expect="user:101", filter='{101 = "on", 130 = "maybe"}', opted_out='{131 = [], 130 = ["101"]}'), [
        "call[0].filter.101: there is no such executive; known are 130",
        "call[0].filter.130: must be one of on, off, auto, all, internal, external, rules",
        "call[0].opted_out.131: there is no such executive; known are 130",
        "call[0].opted_out.130: must be a list of assistants; known are 131, 132"]),
    (a_test(expect="user:101", filter='"on"', opted_out='{130 = "131"}'), [
        'call[0].filter: must be a table like {130 = "on"}',
        "call[0].opted_out.130: must be a list of assistants; known are 131, 132"]),
    (a_test(expect="user:101", intercept='{199 = "on", sales = "maybe"}'), [
        "call[0].intercept.199: there is no such user or group; known are 101, 102,",
        "call[0].intercept.sales: must be one of on, off, auto"]),
    (a_test(expect="user:101", dnd=["101", "199"], forward='{199 = {}, 101 = "off", 102 = {no_answer = "user"}}'), [
        "call[0].forward.199: there is no such user; known are 101, 102,",
        "call[0].forward.101: must be a table of always, busy, no_answer, offline",
        "call[0].forward.102: 'user' is not a destination",
        "call[0].dnd: must be a list of users; known are 101, 102,"]),
    (a_test(expect="user:101", forward='{102 = {always = "user:199"}}', dnd="101"), [
        "call[0].forward.102: there is no user:199", "call[0].dnd: must be a list of users"]),
    (a_test(expect="user:101", left='{sales = ["130"], crew = []}', pointer='{sales = "130"}'), [
        "call[0].left.sales: must be a list of members; known are 101, 102, 103",
        "call[0].left.crew: there is no such hunt group; known are sales",
        "call[0].pointer.sales: must be one of the members; known are 101, 102, 103"]),
    (a_test(expect="user:101", night="[]", intercept='"on"'), [
        'call[0].night: must be a table like {berlin = "on"}', 'call[0].intercept: must be a table like {104 = "on"}']),
    ("[call", ["is not TOML"]),
])
def test_all_mistakes_at_once_with_their_places(office_test, text, says):
    output, failure = office_test(text)
    assert failure == f"the tests cannot be run; {len(says)} to be mended"
    assert [line[: len(start)] for line, start in zip(output.splitlines(), says, strict=True)] == says


@pytest.mark.parametrize(("table", "what"), [
    ({"night": {"berlin": "on"}}, "night.berlin: there is no such site with a night service"),
    ({"filter": {"101": "on"}}, "filter.101: there is no such executive"),
    ({"intercept": {"101": "on"}}, "intercept.101: there is no such user or group"),
])
def test_where_an_office_has_none_of_these(table, what):
    office = an_office(users={}, groups={})
    assert read({"call": [{"from": "101", "to": "102", "expect": "user:102"} | table]}, office) == (
        [], [f"call[0].{what}; known are none"])
