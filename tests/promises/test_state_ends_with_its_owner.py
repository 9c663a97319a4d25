"""Point 15: what was switched for somebody or something ends with him or it, and an apply says so."""

import copy
import json
import tomllib
from datetime import UTC, datetime
from functools import partial

import pytest

from fsctl import sample
from fsctl.officefile import export
from fsctl.store.claims import list_claims, take
from fsctl.store.database import open_database
from fsctl.store.history import list_changes
from fsctl.store.hunt_standing import read_standing
from fsctl.store.hunts import accept
from fsctl.store.parked import Entry, list_parked, put
from fsctl.store.settings import change_setting, list_settings
from tests.promises.shell import fsctl

SAMPLE = tomllib.loads(sample.text())
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def without_user(extension, tree):
    """As somebody would take a person out of the file: also where others name him."""
    del tree["users"][extension]
    for user in tree["users"].values():
        user["monitors"] = [each for each in user.get("monitors", []) if each != extension]
        if "executive" in user:
            user["executive"]["assistants"] = [each for each in user["executive"]["assistants"] if each != extension]
    for group in tree["groups"].values():
        group["members"] = [each for each in group["members"] if each != extension]


def another_site(tree):
    """London is closed: Hannah is in Berlin, and so is what she did there."""
    del tree["sites"]["london"]
    tree["users"]["120"]["site"] = "berlin"


def no_hunt(tree):
    del tree["groups"]["sales"]["hunt"]
    tree["sites"]["berlin"]["reception"] = "user:101"
    tree["sites"]["berlin"]["park"].pop("alternate")


def no_group(tree):
    no_hunt(tree)
    del tree["groups"]["sales"]


def no_executive(tree):
    del tree["users"]["130"]["executive"]


def no_member(tree):
    tree["groups"]["sales"]["members"] = ["101", "102"]


def no_night(tree):
    del tree["sites"]["london"]["night"]


def no_mailbox(tree):
    no_night(tree)
    tree["users"]["120"]["mailbox"] = False


NO_USER = partial(without_user, "103")

#: What was switched, and by which change of the office file its owner is gone.
GONE = [
    ("forward.103.always", "user:102", NO_USER),
    ("forward.103.no_answer", "off", NO_USER),
    ("dnd.103", "on", NO_USER),
    ("intercept.103", "on to user:101", NO_USER),
    ("hunt.sales.103", "left", NO_USER),
    ("hunt.sales.103", "left", no_member),
    ("hunt.sales.101", "left until 2099-01-01T00:00:00+00:00", no_hunt),
    ("hunt.sales.101", "left", no_group),
    ("intercept.sales", "on", no_group),
    ("night.london", "on", another_site),
    ("night.london", "on", no_night),
    ("filter.130", "off", no_executive),
    ("assistant.130.131", "out", partial(without_user, "131")),
    ("assistant.130.131", "out", no_executive),
    ("divert.130.131", "user:102", partial(without_user, "131")),
    ("divert.130.131", "user:102", no_executive),
]


@pytest.fixture
def office(database, tmp_path):
    """The sample office, in which things are switched, and other office files are applied."""
    class Applied:
        place = database(SAMPLE)
        store = open_database(place)

        def switch(self, path, value):
            change_setting(self.store, path, value, "op", NOW)

        @property
        def switched(self):
            return {row["path"]: row["value"] for row in list_settings(self.store)}

        def apply(self, change, *options):
            tree = copy.deepcopy(SAMPLE)
            change(tree)
            file = tmp_path / "office.toml"
            file.write_text(export(tree), "utf-8")
            code, told = fsctl("office", "apply", str(file), *options, database=self.place)
            assert code == 0, told
            return told

        def told(self, change, *options):
            """What an apply clears and leaves: by path."""
            answer = json.loads(self.apply(change, "--json", *options))
            return ({each["path"]: each["before"] for each in answer["cleared"]},
                    {each["path"]: each["because"] for each in answer["left"]})

    applied = Applied()
    yield applied
    applied.store.close()


@pytest.mark.parametrize(("path", "value", "change"), GONE)
def test_point_15_what_belonged_to_what_is_gone_is_cleared_and_said(office, path, value, change):
    office.switch(path, value)
    office.switch("dnd.102", "on")
    assert office.told(change, "--dry-run")[0] == {path: value}
    assert office.switched == {path: value, "dnd.102": "on"}
    assert f"cleared: {path} ({value}), which is nobody's any more\n" in office.apply(change)
    assert office.switched == {"dnd.102": "on"}
    noted = [(row["before"], row["after"]) for row in list_changes(office.store) if row["path"] == path]
    assert noted == [(value, None), (None, value)]
    assert office.told(change)[0] == {}


@pytest.mark.parametrize(("path", "value"), sorted({(path, value) for path, value, _ in GONE}))
def test_point_15_what_belongs_to_somebody_who_is_there_stays(office, path, value):
    office.switch(path, value)
    assert office.told(lambda tree: tree["users"]["132"].update(name="Georg Greif"))[0] == {}
    assert office.switched == {path: value}


def test_point_15_a_new_person_at_that_extension_inherits_nothing(office):
    for path, value in (("forward.103.always", "user:102"), ("dnd.103", "on"), ("hunt.sales.103", "left")):
        office.switch(path, value)
    office.apply(NO_USER)
    office.apply(lambda tree: tree["users"]["103"].update(name="Carl Cohn"))
    assert office.switched == {}
    _, told = fsctl("explain", "101", "103", "--json", database=office.place)
    assert json.loads(told)["result"] == "user:103"


def test_point_15_what_an_older_apply_has_left_is_cleared_by_the_next_one(office):
    office.switch("dnd.199", "on")
    assert office.told(lambda tree: None) == ({"dnd.199": "on"}, {})
    assert office.switched == {}


def test_point_15_pointer_and_tallies_of_a_hunt_group_end_with_group_and_member(office):
    for member in ("101", "103"):
        accept(office.store, "sales", member, "a call", f"leg of {member}", "node", NOW)
    assert office.told(NO_USER)[0] == {"hunt.sales": "103"}
    standing = read_standing(office.store, "sales", ("101", "102", "103"))
    assert (standing.pointer, standing.turn, sorted(standing.tallies)) == (None, 3, ["101"])
    accept(office.store, "sales", "101", "another call", "a leg", "node", NOW)
    assert office.told(no_group)[0] == {"hunt.sales": "101"}
    standing = read_standing(office.store, "sales", ("101", "102", "103"))
    assert (standing.pointer, standing.turn, sorted(standing.tallies)) == (None, 0, [])


@pytest.mark.parametrize(("path", "value"), [
    ("forward.102.always", "user:103"), ("forward.102.busy", "mailbox:103"), ("divert.130.131", "user:103"),
    ("intercept.102", "on to user:103"),
])
def test_point_15_forwards_of_others_to_who_is_gone_are_named(office, path, value):
    office.switch(path, value)
    cleared, left = office.told(NO_USER, "--dry-run")
    to = value.rpartition(" ")[2]
    assert (cleared, left[path]) == ({}, f"{to} is not there, so that calls do not go there")
    assert f"left: {path} ({value}): {left[path]}\n" in office.apply(NO_USER)
    assert office.switched == {path: value}


def test_point_15_what_stays_with_an_extension_whose_name_is_another_is_named(office):
    for path, value in (("forward.103.always", "user:102"), ("hunt.sales.103", "left"), ("dnd.102", "on")):
        office.switch(path, value)
    cleared, left = office.told(lambda tree: tree["users"]["103"].update(name="Carl Cohn"))
    why = "103 was Clara Conrad and is Carl Cohn"
    assert (cleared, left) == ({}, {"forward.103.always": why, "hunt.sales.103": why})


def test_point_15_what_others_keep_of_who_is_gone_is_said(office):
    assert list(office.told(NO_USER)[1]) == ["users.103"]
    gone = partial(without_user, "132")
    assert "SIP password" in office.told(gone)[1]["users.132"]
    left = office.told(no_mailbox)[1]
    assert "FreeSWITCH keeps the messages" in left["users.120.mailbox"] and "users.120" not in left


def test_point_15_a_call_that_waits_in_a_slot_that_is_gone_is_said_and_left_alone(office):
    put(office.store, Entry("703", "a call", "sales", "+4930123456", "101", 45), "node", NOW)
    assert take(office.store, "call:a call", "another", "node", NOW)
    left = office.told(lambda tree: tree["groups"]["sales"]["park"].update(extensions=["701"]))[1]
    assert left == {"park.703": "a call waits there, and comes back by itself"}
    assert [row["slot"] for row in list_parked(office.store)] == ["703"]
    assert [row["key"] for row in list_claims(office.store)] == ["call:a call"]
