"""The command line on office files: check, apply, export, history."""

import json

import pytest
from click.testing import CliRunner

from fsctl import sample
from fsctl.cli import cli
from fsctl.errors import FsctlError


@pytest.fixture
def office(tmp_path):
    """Runs ``fsctl office …`` on a file with a text and a database of its own."""
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
    assert json.loads(office("office", "apply", "FILE", "--json")[1]) == {"changes": []}
    assert json.loads(office("history", "--json", "--limit", "1")[1])[0]["before"] is None


def test_apply_again_tells_the_difference(office):
    office("office", "apply", "FILE", text=sample.text())
    changed = sample.text().replace('name = "Clara Conrad"', 'name = "Clara Cohn"')
    expected = "users.103.name: Clara Conrad → Clara Cohn\n"
    assert office("office", "apply", "FILE", "--dry-run", text=changed) == (0, expected)
    assert office("office", "apply", "FILE") == (0, expected)
    assert office("office", "apply", "FILE") == (0, "")


def test_an_export_applies_without_change(office):
    office("office", "apply", "FILE", text=sample.text())
    exported = office("office", "export")[1]
    assert office("office", "apply", "FILE", text=exported) == (0, "")


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('assistants = ["111", "112"]', 'assistants = ["111", "119"]',
         "users.110.executive.assistants[1]: there is no user 119"),
        ("ring_seconds = 20", "rings = 20", "users.101.rings: unknown key"),
        ('name = "Clara Conrad"', "", "users.103: needs `name`"),
        ("version = 1", "version = 2", "version: this is version 2"),
    ],
)
def test_mistakes_are_told_with_their_place_and_nothing_is_applied(office, before, after, problem):
    text = sample.text().replace(before, after, 1)
    code, output = office("office", "apply", "FILE", text=text)
    assert (code, problem in output) == (1, True), output
    assert json.loads(office("history", "--json")[1]) == []
    assert office("office", "check", "FILE")[0] == 1


@pytest.mark.parametrize("text", ["", "a = ", "users = 3\nversion = 1", "[users]\n101 = 5"])
def test_odd_files_are_refused_in_words(office, text):
    assert office("office", "check", "FILE", text=text)[0] == 1


def test_a_file_that_is_not_there(office):
    assert "office.toml" in office("office", "check", "FILE")[1]
