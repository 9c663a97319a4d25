"""``[office] prompts`` (promise 1): FreeSWITCH is told the folder, and where another one counts somebody hears so."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from fsctl import sample, schema
from fsctl.cli import cli, doctor_recordings
from fsctl.cli.office import _folders
from fsctl.model.sections import Defaults
from fsctl.switch.generated.prompts import prompts_xml
from tests.promises.checked import check
from tests.switch.test_prompts import OFFICE, Switch
from tests.unit.test_officefile import SAMPLE

VARS = Path(__file__).parents[2] / "freeswitch_conf" / "vars.xml"
PROCESSED = re.compile(r'<X-PRE-PROCESS cmd="(.*?)" data="(.*?)" ?/>')


def told(prompts: str = "prompts", folder: str = "/srv/office") -> str:
    """What is written for FreeSWITCH."""
    return prompts_xml(replace(schema.structure(SAMPLE), office=Defaults(prompts=prompts), folder=folder))


def variables(included: str | None, environment: dict[str, str]) -> dict[str, str]:
    """What FreeSWITCH has after vars.xml, where ``prompts.xml`` says this (switch_xml.c, preprocess)."""
    found = {"sounds_dir": "/usr/share/sounds", "FSCTL_DIRECTORY": ""}

    def read(text: str) -> None:
        for command, data in PROCESSED.findall(text):
            filled = re.sub(r"\$\$\{(\w+)\}", lambda name: found.get(name[1], ""), data)
            if command == "include":
                assert filled in ("fsctl_vars.xml", f"{found['FSCTL_DIRECTORY']}/prompts.xml")
                read((VARS.parent / filled).read_text("utf-8") if filled == "fsctl_vars.xml" else included or "")
                continue
            name, _, value = filled.partition("=")
            if command == "set":
                found[name] = value
            elif value.removeprefix("$") in environment:
                found[name] = environment[value.removeprefix("$")]

    read(VARS.read_text("utf-8"))
    return found


@pytest.mark.parametrize(("prompts", "environment", "folder"), [
    ("prompts", {}, "/srv/office/prompts"), ("../töne 1", {}, "/srv/office/../töne 1"),
    ("/mnt/sounds", {}, "/mnt/sounds"),
    ("prompts", {"FSCTL_PROMPTS": "/opt/sounds"}, "/opt/sounds"),
])
def test_freeswitch_plays_from_the_offices_folder_unless_it_is_told_another_one(prompts, environment, folder):
    found = variables(told(prompts), environment | {"FSCTL_DIRECTORY": "/var/x"})
    assert {found[name] for name in ("FSCTL_PROMPTS", "fsctl_prompts", "sound_prefix")} == {folder}


@pytest.mark.parametrize("included", [None, told(folder=""), told("a$b"), told(folder="/srv/a;b")])
def test_it_keeps_its_own_where_nobody_knows_the_folder(included):
    assert variables(included, {})["fsctl_prompts"] == "/usr/share/sounds"


def test_the_directory_is_written_with_it(tmp_path):
    file, database = tmp_path / "office.toml", str(tmp_path / "office.sqlite")
    file.write_text(sample.text(), "utf-8")
    for command in (("office", "apply", str(file)), ("freeswitch", "directory", "--out", str(tmp_path / "fs"))):
        assert CliRunner().invoke(cli, [*command, "--database", database]).exit_code == 0
    assert variables((tmp_path / "fs" / "prompts.xml").read_text("utf-8"), {})["fsctl_prompts"] == f"{tmp_path}/prompts"


@pytest.mark.parametrize(("by_office", "warned"), [
    ("/srv/prompts", False), ("/srv/prompts/", False), ("/srv/other", True), ("prompts", False)])
def test_doctor_says_where_freeswitch_has_another_one(monkeypatch, by_office, warned):
    monkeypatch.setattr(doctor_recordings, "EventSocket", lambda *_: Switch())
    office = replace(OFFICE, office=Defaults(prompts=by_office))
    found = doctor_recordings.recordings("127.0.0.1", 1, "secret", office)
    said = [each.detail for each in found if each.check.startswith("folder") and each.warning and each.ok]
    assert len(said) == warned
    assert all("has /srv/prompts, and not /srv/other" in each and "FSCTL_PROMPTS" in each for each in said)


@pytest.mark.parametrize(("prompts", "said"), [
    (" ", 'must be the name of a folder, not " "'), ("so$und", 'must not have "$"'), ("a;b", 'must not have ";"')])
def test_a_folder_that_freeswitch_cannot_have(prompts, said):
    assert check({"office/prompts": prompts}) == [(f"office.prompts: {said}", False)]


@pytest.mark.parametrize(("section", "folder", "said"), [
    ({"prompts": "prompts"}, "", "is relative to the file, which lies nowhere: give a whole path"),
    ({"prompts": "prompts"}, "/srv/a;b", "would lie in /srv/a;b, and FreeSWITCH cannot have ';' in a name: give a whole"
     " path"),
    ({"prompts": "/srv/prompts"}, "", ""), ({"prompts": "prompts"}, "/srv", ""), ({}, "", ""),
])
def test_where_the_file_lies_counts(section, folder, said):
    assert [(str(each), each.warning) for each in _folders({"office": section}, folder)] == (
        [(f"office.prompts: {said}", True)] if said else [])
