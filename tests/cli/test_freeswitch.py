"""``fsctl freeswitch directory`` and ``fsctl doctor``."""

import json
import stat
import tomllib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from fsctl import clock, sample
from fsctl.cli import cli, doctor, doctor_switch
from fsctl.errors import FsctlError
from fsctl.model.office import Office
from fsctl.model.sections import Defaults


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command with the sample office applied; the exit code and all that was printed."""
    monkeypatch.setenv("FSCTL_DATABASE", str(tmp_path / "office.sqlite"))
    monkeypatch.delenv("FSCTL_DIRECTORY", raising=False)
    file = tmp_path / "office.toml"
    file.write_text(sample.text(), "utf-8")

    def command(*arguments):
        result = CliRunner().invoke(cli, list(arguments))
        if isinstance(result.exception, FsctlError):
            return type(result.exception).__name__, f"{result.stdout}{result.exception}"
        assert not result.exception or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout

    assert command("office", "apply", str(file))[0] == 0
    return command


def test_everything_that_freeswitch_needs_is_written(run, tmp_path):
    out = tmp_path / "fs"
    code, output = run("freeswitch", "directory", "--out", str(out), "--json")
    assert code == 0
    assert json.loads(output)["written"] == [
        str(out / name) for name in ("directory/office.xml", "directory/users.xml", "dialplan/emergency.xml",
                                     "dialplan/failsafe.xml", "dialplan/office.xml", "prompts.xml",
                                     "timezones/office.xml")]
    passwords = out / "passwords.toml"
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    made_up = tomllib.loads(passwords.read_text())
    assert set(made_up) == {"101", "102", "103", "104", "130", "131", "132", "120"}
    assert len(set(made_up.values())) == 8
    assert f'value="{made_up["101"]}"' in (out / "directory/users.xml").read_text()


def test_passwords_that_are_there_stay_and_missing_ones_are_added(run, tmp_path):
    passwords = tmp_path / "secret.toml"
    passwords.write_text('# ours\n101 = "mine"\n')
    assert run("freeswitch", "directory", "--out", str(tmp_path / "fs"), "--passwords", str(passwords))[0] == 0
    text = passwords.read_text()
    assert text.startswith('# ours\n101 = "mine"\n')
    assert len(tomllib.loads(text)) == 8
    assert run("freeswitch", "directory", "--out", str(tmp_path / "fs"), "--passwords", str(passwords))[0] == 0
    assert passwords.read_text() == text
    passwords.write_text('101 = "mine"\n[notes]\n101 = "of another kind"')
    assert run("freeswitch", "directory", "--out", str(tmp_path / "fs"), "--passwords", str(passwords))[0] == 0
    found = tomllib.loads(passwords.read_text())
    assert (found["101"], found["notes"], "102" in found) == ("mine", {"101": "of another kind"}, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [("101 = ", "cannot be read as TOML of passwords"), ("101 = 7", "the password of 101 must be a text in quotes")],
)
def test_passwords_that_cannot_be_read(run, tmp_path, text, says):
    passwords = tmp_path / "secret.toml"
    passwords.write_text(text)
    code, output = run("freeswitch", "directory", "--out", str(tmp_path / "fs"), "--passwords", str(passwords))
    assert (code, says in output) == ("FsctlError", True), output


def test_a_folder_that_cannot_be_written(run, tmp_path):
    (tmp_path / "file").write_text("")
    code, output = run("freeswitch", "directory", "--out", str(tmp_path / "file" / "below"))
    assert (code, "name another folder with --out" in output) == ("FsctlError", True), output


class Link:
    """An event socket that answers ``told`` to what it has, else "true" to all it is asked."""

    def __init__(self, told):
        self.told = told

    def open(self):
        pass

    close = open

    def api(self, text, timeout):
        return self.told.get(text, "true")


def found_of(monkeypatch, check, told):
    """The one finding about ``check`` of a switch that tells that."""
    monkeypatch.setattr(doctor_switch, "EventSocket", lambda *_: Link(told))
    found = doctor_switch.switch("127.0.0.1", 1, "secret", None, None)
    return next(each for each in found if each.check.startswith(check))


LIMITS = {"global_getvar FSCTL_EMERGENCY_ROOM": "10", "global_getvar FSCTL_CALLS_PER_SECOND": "100"}


@pytest.mark.parametrize(("told", "says"), [
    (LIMITS | {"module_exists mod_conference": "false"}, "is kept"),
    (LIMITS | {"global_getvar FSCTL_CALLS_PER_SECOND": ""}, "none is kept: set FSCTL_EMERGENCY_ROOM and"),
    (LIMITS | {"module_exists mod_hash": "false"}, "none is kept without mod_hash:"),
])
def test_doctor_knows_whether_there_is_room_for_emergency_calls(monkeypatch, told, says):
    room = found_of(monkeypatch, "room", told)
    assert room.ok is (says == "is kept") and room.detail.startswith(says)


@pytest.mark.parametrize(("lacking", "profile", "says"), [
    ("mod_none", "fsctl", "mod_conference and mod_hash are loaded"),
    ("mod_conference", "fsctl", "none without mod_conference: "), ("mod_hash", "fsctl", "none without mod_hash: "),
    ("mod_none", "default", "none without their profile: add fsctl to conference.conf.xml")])
def test_doctor_knows_whether_there_can_be_conferences(monkeypatch, lacking, profile, says):
    found = found_of(monkeypatch, "conferences", {
        f"module_exists {lacking}": "false",
        "xml_locate configuration configuration name conference.conf": f'  <profile name="{profile}">\n'})
    assert (found.ok, found.detail.startswith(says)) == (says.endswith("are loaded"), True)


def test_doctor_says_what_to_do(run):
    code, output = run("doctor", "--listen", "127.0.0.1:1", "--switch", "127.0.0.1:1", "--json")
    assert code == "Unreachable"
    findings = json.loads(output.removesuffix("something is missing; see above"))
    assert {each["check"]: each["ok"] for each in findings} == {
        "database": True, "office": True, "controller": False, "event socket 127.0.0.1:1": False}
    details = {each["check"]: each["detail"] for each in findings}
    assert "start it with: fsctl serve" in details["controller"]


@pytest.mark.parametrize(("today", "warned"), [
    (datetime(2026, 12, 30, 23, 59, tzinfo=UTC), []),
    (datetime(2026, 12, 31, tzinfo=UTC), ["schedules.open.except[3]: the last date"]),
    (datetime(2027, 1, 4, tzinfo=UTC), ["schedules.open.except[3]: the last date",
                                        "schedules.stocktaking.dates[0]: the last date"]),
])
def test_doctor_warns_of_what_came_with_time(run, monkeypatch, today, warned):
    monkeypatch.setattr(clock, "now", lambda: today)
    arguments = ("doctor", "--listen", "127.0.0.1:1", "--switch", "127.0.0.1:1")
    found = json.loads(run(*arguments, "--json")[1].removesuffix("something is missing; see above"))
    details = [each["detail"] for each in found if each["warning"]]
    assert all(each["ok"] and each["check"] == "office" for each in found if each["warning"])
    assert [each.partition(" of this schedule, ")[0] for each in details] == warned
    lines = run(*arguments)[1].splitlines()
    assert [line.split()[:2] for line in lines[:2]] == [["ok", "database:"], ["ok", "office:"]]
    assert [line for line in lines if line.startswith("warn")] == [f"warn  office: {each}" for each in details]


@pytest.mark.parametrize(("folder", "ok", "says"), [
    ("/srv/office", True, "/srv/office/recordings"), ("", False, "apply it again")])
def test_doctor_says_where_talks_are_recorded(folder, ok, says):
    office = replace(Office(), office=Defaults(record=True), folder=folder)
    (found,) = doctor._recorded(office)
    assert found.ok == ok and says in found.detail
    assert doctor._recorded(replace(office, office=Defaults())) == []
