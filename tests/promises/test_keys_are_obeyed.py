"""A key of the office file is obeyed, or refused with the reason: samples, and their neighbours."""

from dataclasses import replace
from typing import Any

import pytest

from fsctl import officefile, schema
from fsctl.model.parking import terms
from tests.unit.test_officefile import NOW, SAMPLE, changed


def check(changes: dict[str, Any]) -> list[tuple[str, bool]]:
    return [(str(each), each.warning) for each in officefile.check(changed(changes), NOW)]


# ---- 2. slots at a site ---------------------------------------------------------------------------------


def test_a_site_has_no_slots_and_hears_who_has():
    assert check({"sites/berlin/park/extensions": ["777"]}) == [
        ("sites.berlin.park.extensions: unknown key; slots belong to a group: write them in [groups.NAME.park]", False)]


def test_an_office_that_was_applied_with_such_a_key_still_takes_calls():
    tree = changed({"sites/berlin/park/extensions": ["777"]})
    assert schema.structure(tree) == schema.structure(SAMPLE)


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
