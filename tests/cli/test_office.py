"""The command line on office files: check, apply, export, history."""

import json
import tomllib
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from fsctl import clock, sample
from fsctl.cli import cli
from fsctl.errors import FsctlError


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Runs ``fsctl office …`` on a file with a text and a database of its own, before the sample's last date."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 27, tzinfo=UTC))
    file, database = tmp_path / "office.toml", str(tmp_path / "office.sqlite")

    def run(*arguments, text=None):
        if text is not None:
            file.write_text(text, "utf-8")
        words = [str(file) if word == "FILE" else word for word in arguments]
        result = CliRunner().invoke(cli, [*words, "--database", database])
        if isinstance(result.exception, FsctlError):
            return 1, f"{result.output}{result.exception}"
        assert not result.exception or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout

    return run


def test_the_sample_office_is_well(office):
    assert office("office", "check", "FILE", text=sample.text()) == (0, "")


def test_apply_says_what_changed_and_then_nothing(office):
    code, output = office("office", "apply", "FILE", "--json", text=sample.text())
    assert code == 0
    assert {"path", "before", "after"} == set(json.loads(output)["changes"][0])
    assert json.loads(office("office", "apply", "FILE", "--json")[1]) == {"changes": [], "cleared": [], "left": []}
    assert json.loads(office("history", "--json", "--limit", "1")[1])[0]["before"] is None


def test_apply_again_tells_the_difference(office):
    office("office", "apply", "FILE", text=sample.text())
    changed = sample.text().replace('name = "Clara Conrad"', 'name = "Clara Cohn"')
    expected = 'users.103.name: "Clara Conrad" → "Clara Cohn"\n'
    assert office("office", "apply", "FILE", "--dry-run", text=changed) == (0, expected)
    assert office("office", "apply", "FILE") == (0, expected)
    assert office("office", "apply", "FILE") == (0, "")


def test_an_export_applies_without_change(office):
    office("office", "apply", "FILE", text=sample.text())
    exported = office("office", "export")[1]
    assert office("office", "apply", "FILE", text=exported) == (0, "")


#: Every newer key at another value than its default.
CHANGED = {
    'recordings = "recordings"': 'recordings = "taped"', "transfer_recall = true": "transfer_recall = false",
    "outside_legs = 3": "outside_legs = 4", "keep_calls_days = 90": "keep_calls_days = 0",
    "keep_withheld = false": "keep_withheld = true", 'own_context = ""': 'own_context = "default"',
    'show_callers = "e164"': 'show_callers = "national"',
    'withhold = "#31"': 'withhold = "*31"', 'night_by_phone = "next-change"': 'night_by_phone = "stays"',
    'country = "GB"': 'country = "IE"', 'external_prefix = "9"': 'external_prefix = "8"',
    'outside = ["national", "mobile", "international"]': 'outside = ["mobile", "premium", "country:CH"]',
    'except = ["holidays", "12-24",': 'except = ["12-23/01-02", "12-24 10:00-12:00",',
    'called = ["+49305550130"]': 'called = "130"',
}


def test_every_key_is_checked_applied_told_and_exported(office):
    office("office", "apply", "FILE", text=sample.text())
    text = sample.text()
    for before, after in CHANGED.items():
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    assert office("office", "check", "FILE", "--strict", text=text) == (0, "")
    told = office("office", "apply", "FILE")[1].splitlines()
    assert len(told) == len(CHANGED), told
    exported = office("office", "export")[1]
    assert tomllib.loads(exported) == tomllib.loads(text)
    assert office("office", "apply", "FILE", text=exported) == (0, "")


def test_a_warning_comes_with_time_and_hinders_nothing(office, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 1, tzinfo=UTC))
    code, output = office("office", "check", "FILE", "--json", text=sample.text())
    assert (code, json.loads(output)) == (0, {"problems": [{
        "path": "schedules.open.except[3]", "warning": True,
        "message": "the last date of this schedule, 2026-12-30, is over; write new ones, or MM-DD for a day of every "
                   "year, or take out what is over"}]})
    assert office("office", "check", "FILE", "--strict")[0] == 1
    assert office("office", "apply", "FILE")[0] == 0


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('assistants = ["131", "132"]', 'assistants = ["131", "139"]',
         "users.130.executive.assistants[1]: there is no user 139"),
        ("ring_seconds = 20", "rings = 20", "users.101.rings: unknown key"),
        ('name = "Clara Conrad"', "", "users.103: needs `name`"),
        ("version = 1", "version = 2", "version: this is version 2"),
    ],
)
def test_mistakes_are_told_with_their_place_and_nothing_is_applied(office, before, after, problem):
    text = sample.text().replace(before, after, 1)
    code, output = office("office", "apply", "FILE", text=text)
    assert (code, problem in output) == (1, True), output
    assert "there is no office in the database" in office("history", "--json")[1]
    assert office("office", "check", "FILE")[0] == 1


@pytest.mark.parametrize("text", ["", "a = ", "users = 3\nversion = 1", "[users]\n101 = 5"])
def test_odd_files_are_refused_in_words(office, text):
    assert office("office", "check", "FILE", text=text)[0] == 1


def test_a_file_that_is_not_there(office):
    assert "office.toml" in office("office", "check", "FILE")[1]
