"""Every time that a command prints is that of the site's clocks, or of who reads it where it is about no site."""

import ast
import json
import re
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import fsctl.cli
from fsctl import clock, sample
from fsctl.cli import executive, hunt, local_time
from fsctl.cli import group as group_list
from fsctl.cli.local_time import local, of_reader, of_site, within
from fsctl.cli.status import Seen
from fsctl.model.live import Live, LiveCall
from fsctl.store import parked
from fsctl.store.database import open_database, stamp
from fsctl.store.journal_table import Entry, save
from fsctl.store.snapshot import Snapshots
from tests.cli.test_explain import database as database
from tests.cli.test_explain import run

BERLIN, LONDON = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London")
#: Summer, so that nobody's clocks are at UTC.
NOW = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d:\d\d|Z)?")
TWO_HUNTS = sample.text() + """
[groups.desk]
name = "Desk"
site = "london"
members = ["120"]
[groups.desk.hunt]
extension = "310"
policy = "linear"
[groups.desk.park]
extensions = ["711"]
[groups.desk.conference]
extension = "381"
"""


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setenv("FSCTL_SWITCH", "127.0.0.1:1")


@pytest.fixture
def busy(database, tmp_path, monkeypatch):
    """An office in which everything has happened that commands tell the time of, at two sites."""
    file = tmp_path / "office.toml"
    file.write_text(TWO_HUNTS, "utf-8")
    store = open_database(database)
    assert run("office", "apply", str(file), database=database)[0] == 0
    row = {"node": "n", "caller": "120", "dialled": "101", "at": stamp(NOW), "state": "ended", "result": "gone",
           "ended_at": stamp(NOW), "cause": ""}
    save(store, [Entry("c0ffee", row, True)])
    for slot, group in (("701", "sales"), ("711", "desk"), ("120", ""), ("101", "")):
        parked.put(store, parked.Entry(slot, f"in-{slot}", group, "120", "101", 45), "n", NOW)
    (tmp_path / "recordings").mkdir()
    name = "20260701T100000.000Z_00000000-b172-46b4-92db-8cc7bb6fef23.wav"
    (tmp_path / "recordings" / name).write_bytes(b"")
    calls = tuple(
        LiveCall(f"{extension}-{user}", user, None, "outbound", "talking", NOW, room=f"group-{extension}")
        for extension, user in (("380", "101"), ("381", "120")))
    handled = LiveCall("a", None, "b", "inbound", "talking", NOW, number="+4915112345678", for_user="130")
    by = LiveCall("b", "131", "a", "outbound", "talking", NOW, for_user="130", executive="130")
    live = Live((*calls, handled, by))
    for module in (group_list, executive, hunt):
        monkeypatch.setattr(module, "looked", lambda *_: nullcontext(Seen(live=live)))
    for command in (("hunt", "leave", "101"), ("hunt", "leave", "120"), ("hunt", "join", "102"),
                    ("intercept", "on", "103"), ("intercept", "on", "120"), ("night", "on", "berlin"),
                    ("night", "on", "london")):
        assert run(*command, "--until", "2026-07-01T18:00:00Z", database=database)[0] == 0
    return database


def offsets(text):
    """Of all times in a text; "" for one that has none, or UTC's."""
    return {found[0][-6:] if re.search(r"[+-]\d\d:\d\d$", found[0]) else "" for found in TIME.finditer(text)}


#: Commands, and the offsets of the times that they print.
BOTH, FIRST = {"+02:00", "+01:00"}, {"+02:00"}
COMMANDS = [
    (("calls", "list"), FIRST), (("calls", "show", "c0"), FIRST), (("history",), FIRST), (("park", "list"), BOTH),
    (("hunt", "list"), BOTH), (("hunt", "show", "sales"), FIRST), (("hunt", "show", "desk"), {"+01:00"}),
    (("night", "status"), BOTH), (("night", "status", "london"), {"+01:00"}),
    (("schedule", "list"), BOTH), (("schedule", "show", "open", "--site", "berlin"), FIRST),
    (("intercept", "list"), BOTH), (("executive", "list"), FIRST), (("executive", "show", "130"), FIRST),
    (("recordings", "list"), FIRST), (("group", "list"), BOTH),
]


@pytest.mark.parametrize("how", [(), ("--json",)], ids=["people", "json"])
@pytest.mark.parametrize(("command", "expected"), COMMANDS, ids=[" ".join(command) for command, _ in COMMANDS])
def test_every_command_tells_the_time_of_the_site(busy, command, expected, how):
    code, told = run(*command, *how, database=busy)
    told = re.sub(r'"(before|after)": .*', "", told) if command == ("history",) else told
    assert code == 0
    assert offsets(told) == expected, told


@pytest.mark.parametrize("command", ["calls", "history", "recordings"])
@pytest.mark.parametrize(("zone", "offset"), [
    ("Europe/London", "+01:00"), (":Europe/London", "+01:00"), ("Europe/Berlin", "+02:00"), ("UTC", "+02:00"),
    ("Asia/Tokyo", "+02:00"), ("nonsense", "+02:00")])
def test_what_is_about_no_site_is_told_by_the_readers_clocks(busy, monkeypatch, command, zone, offset):
    monkeypatch.setenv("TZ", zone)
    rows = json.loads(run(*((command,) if command == "history" else (command, "list")), "--json", database=busy)[1])
    assert rows and {row["at"][-6:] for row in rows} == {offset}
    assert {datetime.fromisoformat(row["at"]) for row in rows} == {NOW}


@pytest.mark.parametrize(("link", "zone"), [
    ("/usr/share/zoneinfo/Europe/London", LONDON), ("/usr/share/zoneinfo/Asia/Tokyo", BERLIN), ("/nowhere", BERLIN)])
def test_the_machine_stands_at_a_site(busy, monkeypatch, tmp_path, link, zone):
    monkeypatch.delenv("TZ")
    (tmp_path / "localtime").symlink_to(link)
    monkeypatch.setattr(local_time, "_MACHINE", tmp_path / "localtime")
    store = open_database(busy)
    office = Snapshots(store).current()
    assert of_reader(store) == of_reader(office) == of_site(None, office) == of_site("gone", office) == zone


def test_an_office_without_sites_has_utc(tmp_path):
    assert of_reader(open_database(str(tmp_path / "empty.sqlite"))) == UTC


@pytest.mark.parametrize(("member", "until", "state"), [
    ("101", "2026-07-01T20:00:00+02:00", "left"), ("102", "2026-07-01T20:00:00+02:00", "offline"), ("103", None, None)])
def test_until_when_a_member_of_a_hunt_group_has_left(busy, member, until, state):
    told = run("hunt", "show", "sales", "--json", database=busy)[1]
    (row,) = [each for each in json.loads(told[told.index("["):])[0]["members"] if each["user"] == member]
    assert row["until"] == until and state in (row["state"], None)
    assert any(line.split()[0] == member and (until or "-") in line for line in run(
        "hunt", "show", "sales", database=busy)[1].splitlines())


@pytest.mark.parametrize(("command", "said"), [
    (("hunt", "leave", "120", "desk"), "120 left desk until 2026-07-01T19:30:00+01:00\n"),
    (("hunt", "leave", "103"), "103 left sales until 2026-07-01T20:30:00+02:00\n"),
    (("intercept", "on", "104"), "intercept.104: on until 2026-07-01T20:30:00+02:00\n")])
def test_what_was_switched_is_confirmed_in_local_time(busy, command, said):
    assert run(*command, "--until", "2026-07-01T18:30:00Z", database=busy) == (0, said)


def test_history_tells_until_when_in_local_time(busy):
    rows = [line for line in run("history", database=busy)[1].splitlines() if " until " in line or " from " in line]
    assert len(rows) == 7 and offsets("\n".join(rows)) == {"+02:00"}


@pytest.mark.parametrize(("text", "becomes"), [
    ("left until 2026-07-01T10:00:00+00:00", "left until 2026-07-01T12:00:00+02:00"), ("on", "on"),
    ("left from 2026-01-01T10:00:00.123+00:00 and 2026-01-01T10:00Z",
     "left from 2026-01-01T11:00:00+01:00 and 2026-01-01T11:00:00+01:00"),
    ("2026-12-24", "2026-12-24"), ("2026-12-24T18:00", "2026-12-24T18:00"), ("user:101", "user:101")])
def test_instants_amid_a_text(text, becomes):
    assert within(text, BERLIN) == becomes


def test_one_function_makes_times(tmp_path):
    """All others of the command line would have forms of their own."""
    folder = Path(fsctl.cli.__file__).parent
    own = {"local_time.py", "demo_prompt.py"}  # the latter gives it to fsctl explain
    made = [(path.name, node.func.attr) for path in sorted(folder.glob("*.py")) for node in ast.walk(ast.parse(
        path.read_text("utf-8"))) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("isoformat", "strftime") and path.name not in own]
    assert made == []
    assert local(NOW, BERLIN) == "2026-07-01T12:00:00+02:00" == local(stamp(NOW), BERLIN)
    assert local(NOW + timedelta(milliseconds=5), LONDON, exact=True) == "2026-07-01T11:00:00.005+01:00"
    assert local(None, BERLIN) is None
