"""``fsctl policies`` and ``fsctl codes`` leave nothing out, and say of everything whom it is for and what it does."""

import json
import tomllib

import pytest

from fsctl import sample
from fsctl.model.codes import Codes, all_codes, match
from fsctl.model.lamp_names import KINDS
from fsctl.policies.stages import CODES, FEATURES, PIPELINE
from tests.cli.test_explain import database as database
from tests.cli.test_explain import run

#: Whom each policy applies to in the sample office where talks may be recorded and FreeSWITCH has an own dialplan:
#: through whom, by extension.
SITE = {"101": "site berlin", "104": "site berlin", "130": "site berlin", "131": "site berlin", "120": "site london"}
SALES, CREW = {"101": "group sales"}, {"101": "group crew", "130": "group crew"}
OFFICE, THEMSELVES = dict.fromkeys(SITE, "office"), {user: f"user {user}" for user in SITE}
ABOUT_PERSONS = {
    "emergency": SITE, "call_pickup": SALES | {"130": "user 130", "131": "user 131"}, "barge_in": SALES,
    "hunt_membership": SALES, "intercept": {"104": "user 104"}, "night_service": SITE, "reception": SITE,
    "executive_filter": {"130": "user 130", "131": "user 130"}, "assistant_pool": {"131": "user 131"},
    "executive_on_behalf": {"131": "user 131"}, "executive_push": {"130": "user 130", "131": "user 131"},
    "executive_take_over": {"130": "user 130"}, "executive_join": {"130": "user 130"},
    "executive_assistant": {"130": "user 130", "131": "user 130"}, "forwarding": {"101": "user 101", "131": "user 131"},
    "do_not_disturb": THEMSELVES, "extension": THEMSELVES, "hunt_group": SALES, "group_call": CREW,
    "call_park": SITE | {"101": "group sales, site berlin"}, "outbound": THEMSELVES,
    "mailbox": {user: f"user {user}" for user in ("101", "130", "131", "120")},
    "transfer_recall": OFFICE, "recording": OFFICE, "attendant": OFFICE, "announcement": OFFICE,
    "own_dialplan": OFFICE,
}
#: They are not about persons, and so the whole office's.
ABOUT_NOBODY = ("star_codes", "unknown_number", "withholding")

#: What an office of two people without anything else can do by codes and keys.
BARE = """
version = 1
[numbering]
country = "DE"
emergency = []
[sites.berlin]
name = "Berlin"
timezone = "Europe/Berlin"
language = "de"
[users]
101 = { name = "A", site = "berlin" }
102 = { name = "B", site = "berlin" }
"""
A_GROUP = "[groups.g]\nname = 'g'\nsite = 'berlin'\nmembers = ['101']\n"
NIGHT = {"night", "night_on", "night_off", "night_auto", "night_key"}
IN_BARE = {"park", "retrieve", "slot_key", "forward_always", "forward_always_off", "dnd_on", "dnd_off", "withhold",
           "join"}


def applied(database, tmp_path, text):
    (tmp_path / "office.toml").write_text(text, "utf-8")
    assert run("office", "apply", str(tmp_path / "office.toml"), database=database)[0] == 0


def listed(database, *command):
    return json.loads(run(*command, "--json", database=database)[1])


def test_every_policy_is_listed_for_whom_it_applies_to(database, tmp_path):
    text = sample.text().replace("record = false", "record = true")
    applied(database, tmp_path, text.replace('own_context = ""', 'own_context = "default"'))
    found = {user: {row["policy"]: row["through"] for row in listed(database, "policies", user)} for user in SITE}
    table = ABOUT_PERSONS | dict.fromkeys(ABOUT_NOBODY, OFFICE)
    for user, policies in found.items():
        assert policies == {policy: who[user] for policy, who in table.items() if user in who}, user
    walked = {stage.feature.name for stage in PIPELINE} | {feature.name for feature in FEATURES}
    assert walked == table.keys() == {row["policy"] for row in listed(database, "policies")}


@pytest.mark.parametrize(("row", "there"), [
    ("[attendants.a]\ngreeting = { de = 'a.wav' }\n", "attendant"),
    ("[announcements.a]\nde = 'a.wav'\n", "announcement"),
    ("[office]\nrecord = true\nrecordings = '/srv/r'\n", "recording")])
def test_what_the_whole_office_has_applies_to_each_and_else_to_nobody(database, tmp_path, row, there):
    applied(database, tmp_path, BARE)
    before = {each["policy"] for each in listed(database, "policies", "101")}
    applied(database, tmp_path, BARE + row)
    assert {each["policy"] for each in listed(database, "policies", "101")} - before == {there}


def test_all_codes_and_all_keys_are_listed_and_say_what_they_do(database):
    rows = {row["code"]: row for row in listed(database, "codes")}
    assert rows.keys() == {digits for _, digits in all_codes(Codes())} | {f"{kind}+" for kind in KINDS}
    assert len({row["name"] for row in rows.values()}) == len(rows)
    for row in rows.values():
        assert row["does"][:1].islower() or row["does"].startswith("I "), row
        assert not row["does"].endswith("."), row
    assert not [name for name, code in CODES.items() if not code.does]
    assert rows["slot+"]["name"] == match(Codes(), "slot+701").name == "slot_key"
    assert {row["name"] for row in rows.values()} == CODES.keys() | {"conference_key"}


@pytest.mark.parametrize(("text", "here"), [
    (BARE, IN_BARE), (sample.text(), {name for name in (*CODES, "conference_key") if name != "record"}),
    (sample.text().replace("record = false", "record = true"), {*CODES, "conference_key"}),
    (BARE + A_GROUP + "park = { extensions = ['701'] }\n", IN_BARE | {"group_park"}),
    (BARE.replace('"de"\n', '"de"\nnight = { to = "user:101" }\n').replace(
        '"berlin" }', '"berlin", night = "exempt" }'), IN_BARE | NIGHT),
    (BARE.replace('name = "A"', 'name = "A", mailbox = true'), IN_BARE | {"mailbox"}),
    (BARE + A_GROUP + "conference = { extension = '380' }\n", IN_BARE | {"conference_key"}),
    (BARE + A_GROUP + "hunt = { extension = '380' }\n",
     IN_BARE | {"hunt_key", "hunt_leave", "hunt_join"}),
], ids=["bare", "sample", "recording", "slots", "night", "mailbox", "conference", "hunt"])
def test_codes_that_do_nothing_in_an_office_are_marked(database, tmp_path, text, here):
    assert tomllib.loads(text)
    applied(database, tmp_path, text)
    assert {row["name"] for row in listed(database, "codes") if row["here"]} == here
    shown = run("codes", database=database)[1].splitlines()
    column = shown[0].index("HERE")
    assert {line.split()[1] for line in shown[1:] if line[column:].startswith("yes")} == here
