"""``fsctl doctor``: whether the dialplan in use, the generated files and the office agree."""

from dataclasses import replace

import pytest

from fsctl.cli.doctor_files import agreement, asked
from fsctl.simulator.dialplan.interpreter import preprocess
from fsctl.store.freeswitch_files import Files
from fsctl.switch.generated import files, shipped
from fsctl.switch.generated.conf import dialplan_file, text_of
from tests.unit.builders import ANNA, an_office

OFFICE = an_office()
MORE = replace(OFFICE, users=OFFICE.users | {"105": replace(ANNA, extension="105", name="Otto", numbers=())})
PLAN = {shipped.VARIABLE: shipped.stamp()}


def written(folder, office, password="secret"):
    """The files of an office, on the disk."""
    for name, text in files.texts(office, dict.fromkeys(office.users, password)).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("".join(text), "utf-8")
    return Files(folder, folder / "passwords.toml")


SETTINGS = {"fsctl_made_settings": "true"}


def read(folder, office=OFFICE, own="", more=(), users="", settings=SETTINGS):
    """What a FreeSWITCH tells that has read the dialplan and these files now, ``own`` contexts and ``more`` files."""
    variables = {"FSCTL_DIRECTORY": str(folder), "domain": "pbx", **settings}
    file = dialplan_file()
    plan = preprocess(text_of(str(file)), variables, text_of, file.parent)
    for name in (files.DIRECTORY, files.PROMPTS, *more):
        preprocess((folder / name).read_text("utf-8"), variables, text_of, (folder / name).parent)
    plan += own

    def api(text):
        *_, name = text.split()
        if text == "list_users":
            return "userid|context|domain|group\n" + users
        if text.startswith("global_getvar "):
            return variables.get(name, "")
        start = plan.find(f'<context name="{name}">')
        return plan[start:].partition("</context>")[0] if start >= 0 else "-ERR cannot find"

    return asked(api, office)


def told(in_use, office, place):
    return [(each.ok, each.detail) for each in agreement("pbx", in_use, office, place)]


FINE = (True, "calls come to fsctl or to the fail-safe")


def test_all_agree_whatever_the_passwords_are(tmp_path):
    place = written(tmp_path, OFFICE)
    in_use = read(tmp_path)
    written(tmp_path, OFFICE, "another")
    assert told(in_use, OFFICE, place) == [FINE, (True, "FreeSWITCH has read the files of the office as it is")]


def test_files_that_nobody_has_read_yet(tmp_path):
    place = written(tmp_path, OFFICE)
    in_use = read(tmp_path)
    written(tmp_path, MORE)
    fine, (ok, detail) = told(in_use, MORE, place)
    assert (fine, ok) == (FINE, False)
    assert detail.startswith("directory/users.xml, dialplan/failsafe.xml: FreeSWITCH has read what is older")
    assert detail.endswith("which is written already: fs_cli -x reloadxml")


@pytest.mark.parametrize("known", [True, False])
def test_files_that_are_older_than_the_office(tmp_path, known):
    place = written(tmp_path, OFFICE)
    _, (ok, detail) = told(read(tmp_path), MORE, place if known else None)
    assert not ok
    assert "fsctl freeswitch directory, then fs_cli -x reloadxml" in detail


def test_files_that_are_read_from_elsewhere(tmp_path):
    written(tmp_path / "there", OFFICE)
    place = written(tmp_path / "here", MORE)
    _, (ok, detail) = told(read(tmp_path / "there"), MORE, place)
    assert not ok
    assert f"fsctl freeswitch directory --out {tmp_path / 'there'}, then fs_cli -x reloadxml" in detail


def test_an_older_dialplan(tmp_path):
    place = written(tmp_path, OFFICE)
    in_use = read(tmp_path)
    for stamps in ({}, in_use.stamps | {shipped.VARIABLE: "0123"}):
        ((ok, detail),) = told(replace(in_use, stamps=stamps), OFFICE, place)
        assert not ok and detail.startswith("older than this fsctl: take the new dialplan/fsctl.xml")


@pytest.mark.parametrize("stamps", [PLAN, {}])
def test_contexts_that_are_missing(tmp_path, stamps):
    place = written(tmp_path, OFFICE)
    in_use = replace(read(tmp_path), ours={"fsctl_default": True, "fsctl_public": False}, stamps=stamps)
    ((ok, detail),) = told(in_use, OFFICE, place)
    assert not ok and detail.startswith("no fsctl_public: run fsctl freeswitch directory, include dialplan/fsctl.xml")


BESIDE = replace(OFFICE, office=replace(OFFICE.office, own_context="default"))
OWN = '<context name="default"> XML fsctl_public</context><context name="public"> XML fsctl_public</context>'
NO_GATEWAYS = '<context name="default"> XML fsctl_public</context><context name="public"></context>'


@pytest.mark.parametrize(("own", "more", "ok", "says"), [
    (OWN, (files.OFFICE,), True, "default and the office call one another"),
    (OWN.replace(" XML fsctl_public", ""), (), False, "what is dialled in default and public never comes to the"),
    (OWN.replace(" XML fsctl_public", "", 1), (files.OFFICE,), False, "what is dialled in default never comes to the"),
    (NO_GATEWAYS, (files.OFFICE,), False, "what is dialled in public never comes to the office: include"),
    ('<context name="default"> XML fsctl_public</context>', (files.OFFICE,), True, "default and the office call"),
    ("", (), False, "FreeSWITCH has no context default: correct own_context"),
    ('<context name="default">failsafe_$1 XML fsctl</context>', (), False,
     "default is a context of fsctl's: take own_context"),
])
def test_the_own_dialplan_of_an_existing_freeswitch(tmp_path, own, more, ok, says):
    place = written(tmp_path, BESIDE)
    fine, beside, office = told(read(tmp_path, BESIDE, own, more), BESIDE, place)
    assert fine == FINE
    assert beside[0] == ok and beside[1].startswith(says)
    assert office[0]


def test_a_profile_without_the_settings_that_telephones_need(tmp_path):
    place = written(tmp_path, BESIDE)
    _, (ok, detail), _ = told(read(tmp_path, BESIDE, OWN, (files.OFFICE,), settings={}), BESIDE, place)
    assert not ok and detail.startswith("no profile has the settings")


def test_a_file_that_freeswitch_has_not_read_at_all(tmp_path):
    place = written(tmp_path, BESIDE)
    in_use = read(tmp_path, BESIDE, OWN, (files.OFFICE,))
    stamps = {name: value for name, value in in_use.stamps.items() if name != files.variable(files.USERS)}
    *_, (ok, detail) = told(replace(in_use, stamps=stamps), BESIDE, place)
    assert not ok and detail.startswith("directory/users.xml: FreeSWITCH has not read it at all")


def test_an_own_user_with_the_extension_of_somebody_here(tmp_path):
    place = written(tmp_path, BESIDE)
    users = "101|fsctl_default|pbx|default|\n102|default|pbx|default|\n102|default|pbx|sales|\n103||pbx|x|\n"
    elsewhere = "101|default|tenant|default|\n"
    in_use = read(tmp_path, BESIDE, OWN, (files.OFFICE,), users + elsewhere)
    _, (ok, detail), _ = told(in_use, BESIDE, place)
    assert not ok and detail.startswith("its own users 102 and people of the office have the same extensions")


def test_what_leads_from_there_to_the_office_may_be_older_than_that(tmp_path):
    place = written(tmp_path, BESIDE)
    in_use = read(tmp_path, BESIDE, OWN, (files.OFFICE,))
    more = replace(BESIDE, users=MORE.users)
    *_, (ok, detail) = told(in_use, more, place)
    assert not ok and "dialplan/office.xml" in detail


def test_a_switch_without_an_office(tmp_path):
    written(tmp_path, OFFICE)
    assert told(read(tmp_path), None, None) == [FINE]


@pytest.mark.parametrize("name", files.texts(OFFICE, dict.fromkeys(OFFICE.users, "secret")))
def test_the_stamp_is_that_of_the_whole_file_and_leaves_it_as_it_is(tmp_path, name):
    place = written(tmp_path, OFFICE)
    text = (place.directory / name).read_text("utf-8")
    assert files.stamp_in(text) == files.stamps(OFFICE, [name])[name]
    lines = text.splitlines()
    assert (lines[0], lines[-1]) == ("<include>", "</include>")
    assert files.variable(name) in lines[-2]
    assert files.stamp_in("<include>\n</include>\n") == ""
