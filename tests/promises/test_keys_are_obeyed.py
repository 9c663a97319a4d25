"""A key of the office file is obeyed, or refused with the reason: samples, and their neighbours."""

from dataclasses import replace

import pytest

from fsctl import officefile, schema
from fsctl.model.destination import Destination
from fsctl.model.lamps import shared
from fsctl.model.parking import terms
from fsctl.policies import forwarding
from tests.promises.checked import check
from tests.unit.test_officefile import NOW, SAMPLE, changed

# ---- 2. slots at a site ---------------------------------------------------------------------------------


def test_a_site_has_no_slots_and_hears_who_has():
    assert check({"sites/berlin/park/extensions": ["777"]}) == [
        ("sites.berlin.park.extensions: unknown key; slots belong to a group: write them in [groups.NAME.park]", False)]


def test_an_office_that_was_applied_with_such_a_key_still_takes_calls():
    tree = changed({"sites/berlin/park/extensions": ["777"]})
    assert schema.structure(tree) == schema.structure(SAMPLE)


# ---- 3. lamps of what is no person ----------------------------------------------------------------------


@pytest.mark.parametrize(("watched", "lamp"), [("300", "hunt+sales"), ("701", "slot+701"), ("380", "conference+crew")])
def test_monitors_are_people_and_the_lamps_of_others_are_named(watched, lamp):
    message = f"{watched} is no person; its lamp needs no word here: set a key of the phone to {lamp}"
    assert check({"users/101/monitors": ["102", watched]}) == [(f"users.101.monitors[1]: {message}", False)]
    assert lamp in {f"hunt+{key}" for key in SAMPLE["groups"]} | set(shared(schema.structure(SAMPLE)))


# ---- 4. what somebody may not call ----------------------------------------------------------------------

ABROAD = "+442079460999"
REFUSED = "Bernd Brandt may not make international calls"
EXECUTIVE = {"assistants": ["101"], "rollover": {"after_seconds": 9, "to": f"number:{ABROAD}"}}
SENT = [
    *((f"forward.{kind}", "forward", {kind: f"number:{ABROAD}"}) for kind in ("always", "busy", "no_answer")),
    ("devices[0]", "devices", [ABROAD]), ("executive.rollover.to", "executive", EXECUTIVE),
]


@pytest.mark.parametrize(("place", "key", "value"), SENT)
def test_where_somebody_may_not_call_is_said_in_the_words_of_the_star_code(place, key, value):
    changes = {f"users/102/{key}": value}
    assert check(changes) == [(f"users.102.{place}: {REFUSED}", False)]
    assert str(forwarding.refusal("102", Destination("number", ABROAD), schema.structure(changed(changes)))) == REFUSED
    assert check(changes | {"users/102/outside": ["international"]}) == []


@pytest.mark.parametrize(("place", "key", "value"), SENT[:-1])
@pytest.mark.parametrize(("owner", "name"), [("users/102", "Bernd Brandt"), ("groups/crew", "Krisenstab")])
def test_so_is_where_his_intercept_keeps_him_from_calling_at_all_times(place, key, value, owner, name):
    changes = {f"users/102/{key}": value, "users/102/outside": ["international"]}
    why = f"Bernd Brandt may not call {ABROAD}: rule 1 of {name} about outgoing calls"
    outbound = {"calls": "international"}
    assert check(changes | {f"{owner}/intercept": {"outbound": outbound}}) == [(f"users.102.{place}: {why}", True)]
    assert check(changes | {f"{owner}/intercept": {"outbound": outbound | {"during": "open"}}}) == []
    assert check(changes | {f"{owner}/intercept": {"outbound": outbound}, "users/102/outside": []}) == [
        (f"users.102.{place}: {REFUSED}", False)]


def test_the_offices_own_numbers_abroad_are_no_calls_outside():
    assert check({"users/103/forward": {"always": "number:+442079460120"}}) == []


# ---- 6. a group's [park] over its site's ----------------------------------------------------------------

SITE = {"recall_seconds": 60, "recall_to": "alternate", "alternate": "user:103", "alternate_after_seconds": 50}
OF_SITE = ("60", "alternate", "user:103", "50")


@pytest.mark.parametrize(("group", "site", "expected"), [
    ({}, {}, ("45", "parker", "None", "45")),
    ({}, SITE, OF_SITE),
    ({"recall_seconds": 30}, SITE, ("30", *OF_SITE[1:])),
    ({"recall_to": "parker"}, SITE, ("60", "parker", *OF_SITE[2:])),
    ({"alternate": "user:102"}, SITE, (*OF_SITE[:2], "user:102", "50")),
    ({"alternate_after_seconds": 40}, SITE, (*OF_SITE[:3], "40")),
    ({"recall_seconds": 45, "alternate_after_seconds": 45}, SITE, ("45", "alternate", "user:103", "45")),
])
def test_a_groups_park_takes_from_its_site_what_it_leaves_out(group, site, expected):
    changes = {"groups/sales/park": {"extensions": ["701"], **group}, "sites/berlin/park": site}
    assert check(changes) == []
    found = terms("701", "120", schema.structure(changed(changes)))  # whoever parks it, from wherever
    names = ("recall_seconds", "recall_to", "alternate", "alternate_after_seconds")
    assert tuple(str(getattr(found, name)) for name in names) == expected


def test_a_group_needs_an_alternate_where_its_site_has_none():
    changes = {"groups/sales/park/recall_to": "alternate", "sites/berlin/park": {}}
    assert check(changes) == [('groups.sales.park: needs `alternate` for recall_to = "alternate"', False)]


def test_a_group_of_no_site_has_the_default_terms():
    office = schema.structure(SAMPLE)
    assert terms("701", "101", replace(office, sites={})).recall_seconds == 45


# ---- 7. placeholders, 8. codes, 9. names that become addresses ------------------------------------------

ONLY_CALLER = "only {caller} stands for something"
LAMP = "clashes with **, which the key of a blinking lamp dials before the extension; choose another"
ALLOWED = "name this with letters from a to z, digits, - and _, 40 at most"


@pytest.mark.parametrize(("path", "text", "said"), [
    ("groups/sales/hunt/caller_name", "{name} ruft an", f'has "{{name}}"; {ONLY_CALLER}'),
    ("groups/sales/hunt/caller_name", "{caller", f'has "{{caller"; {ONLY_CALLER}'),
    ("groups/sales/hunt/caller_name", "{Caller}", f'has "{{Caller}}"; {ONLY_CALLER}'),
    ("groups/sales/hunt/caller_name", "{executive}", f'has "{{executive}}"; {ONLY_CALLER}'),
    ("groups/sales/hunt/caller_name", "{caller} (Verkauf)", ""),
    ("groups/sales/hunt/caller_name", "Verkauf", ""),
    ("users/130/executive/display", "{name}", 'has "{name}"; only {executive} and {caller} stand for something'),
    ("trunks/provider/dial", "sofia/x/{number}{to}", 'has "{to}"; only {number} and {e164} stand for something'),
])
def test_an_unknown_placeholder_is_told_with_those_that_are_known(path, text, said):
    assert check({path: text}) == ([(f"{path.replace('/', '.')}: {said}", False)] if said else [])


@pytest.mark.parametrize(("code", "digits", "said"), [
    ("pickup", "**", f"** {LAMP}"), ("park", "**1", f"**1 {LAMP}"), ("night", "**", f"** {LAMP}"),
    ("park", "*281", "*281 clashes with codes.night"), ("park", "*289#", "*289# clashes with codes.night"),
    ("park", "*98#", "*98# clashes with codes.pickup"),  # as phones close *98
    ("park", "#31#", "#31# clashes with codes.withhold"),
    ("park", "*68#", ""), ("park", "#*", ""),
])
def test_a_code_that_another_one_or_a_lamps_key_needs_is_refused(code, digits, said):
    assert check({f"codes/{code}": digits})[:1] == ([(f"codes.{code}: {said}", False)] if said else [])


def test_the_key_of_a_blinking_lamp_is_what_check_keeps_free():
    office = schema.structure(SAMPLE)
    assert office.find("**101", user="102", external=False) == Destination("code", "pickup_lamp")
    shadowed = replace(office, codes=replace(office.codes, pickup="**1"))
    assert shadowed.find("**101", user="102", external=False) == Destination("code", "pickup")


@pytest.mark.parametrize("name", ["Büro", "Nord Ost", "a.b", "a+b", "a/b", "x" * 41, "", "ber%lin"])
@pytest.mark.parametrize(("section", "entry", "said"), [
    ("sites", {"name": "Neu", "timezone": "Europe/Berlin", "language": "de"},
     f"no telephone can dial its key night+{{}}; {ALLOWED}; what people read is its `name`"),
    ("groups", {"name": "Neu", "site": "berlin"},
     f"no telephone can dial its key hunt+{{}}; {ALLOWED}; what people read is its `name`"),
    ("attendants", SAMPLE["attendants"]["after-hours"],
     f"calls that it sends outside cannot be marked as those of {{}}; {ALLOWED}"),
])
def test_names_that_are_no_addresses(section, entry, said, name):
    tree = changed({})
    tree[section][name] = entry
    assert [(each.message, each.warning) for each in officefile.check(tree, NOW)] == [(said.format(name), False)]


@pytest.mark.parametrize("name", ["b", "Nord_Ost-2", "x" * 40, "701x"])
def test_names_that_a_telephone_can_dial(name):
    entry = SAMPLE["sites"]["london"] | {"numbers": ["+442079460199"]}
    assert check({f"sites/{name}": entry, f"groups/{name}": {"name": "Neu", "site": name}}) == []
    office = schema.structure(changed({f"sites/{name}": entry}))
    assert office.find(f"night+{name}", user="101", external=False) == Destination("code", "night_key")
