"""Who may cause which outside calls."""

from dataclasses import replace

import pytest

from fsctl.model.actions import OFFICE
from fsctl.model.destination import Destination
from fsctl.model.sections import Numbering
from fsctl.policies.class_of_service import causer, refusal, refusal_at_use, trunks_for
from tests.unit.builders import ANNA, PROVIDER, THAMES, a_call, an_office

MOBILE, ABROAD = "number:+491701234567", "number:+442079460999"
DIRECTORY = "number:11880"
NO_TRANSIT, TRANSIT = {"provider": PROVIDER}, {"provider": replace(PROVIDER, allow_transit=True)}
NOT_ON = "outside callers may not be sent on to the outside"


@pytest.mark.parametrize(("user", "by", "to", "trunks", "why"), [
    ("102", "102", MOBILE, NO_TRANSIT, ""),
    ("102", "102", ABROAD, NO_TRANSIT, "Bernd Brandt may not make international calls"),
    ("102", "101", ABROAD, NO_TRANSIT, ""),  # forwarded by Anna, who may
    ("101", "102", ABROAD, NO_TRANSIT, "Bernd Brandt may not make international calls"),
    ("102", OFFICE, ABROAD, NO_TRANSIT, ""),  # the office file sends it there
    (None, OFFICE, MOBILE, NO_TRANSIT, NOT_ON),
    (None, OFFICE, MOBILE, TRANSIT, ""),
    (None, "102", MOBILE, TRANSIT, ""),
    (None, "102", ABROAD, TRANSIT, "Bernd Brandt may not make international calls"),
    (None, "101", ABROAD, NO_TRANSIT, NOT_ON),
    (None, "102", DIRECTORY, TRANSIT, "Bernd Brandt may not make premium calls"),
    (None, "101", DIRECTORY, TRANSIT, "Anna Adler may not make premium calls"),
    (None, "102", "number:116117", TRANSIT, ""),
    (None, "101", "number:+881612345678", TRANSIT, "Anna Adler may not make premium calls"),
    ("102", "999", MOBILE, NO_TRANSIT, "only a user of the office may call outside"),
])
def test_at_use_the_class_of_whoever_caused_the_leg_counts(user, by, to, trunks, why):
    assert str(refusal_at_use(replace(a_call(to, user=user), by=by), an_office(trunks=trunks))) == why


SITE, MENU = Destination("site", "berlin"), Destination("attendant", "menu")


@pytest.mark.parametrize(("changes", "who"), [
    ({}, "101"), ({"by": "102"}, "102"), ({"by": "102", "transferred_by": "103", "on_behalf": "104"}, "102"),
    ({"by": None}, "101"), ({"by": None, "transferred_by": "103"}, "103"),
    ({"by": None, "transferred_by": "103", "on_behalf": "104"}, "104"), ({"by": None, "user": None}, None),
    ({"by": OFFICE}, OFFICE), ({"by": OFFICE, "sent_by": SITE}, OFFICE), ({"by": OFFICE, "sent_by": MENU}, "101"),
    ({"by": OFFICE, "sent_by": MENU, "transferred_by": "103"}, "103"), ({"by": "102", "sent_by": MENU}, "102"),
    ({"by": OFFICE, "sent_by": MENU, "user": None}, None),
])
def test_who_causes_a_call(changes, who):
    assert causer(replace(a_call(MOBILE, user="101"), **changes)) == who


def test_at_setting():
    assert not refusal(ANNA, "+442079460999", an_office())
    assert str(refusal(ANNA, "+499001123456", an_office())) == "Anna Adler may not make premium calls"


@pytest.mark.parametrize(("outside", "why"), [
    (("country:CH",), ""), (("+4144*",), ""), (("country:AT", "+4143*"), "Anna Adler may not make international calls"),
])
def test_countries_and_patterns(outside, why):
    assert str(refusal(replace(ANNA, outside=outside), "+41446681800", an_office())) == why


@pytest.mark.parametrize(("outside", "number", "kind"), [
    (("national", "mobile"), "+12125550100", ""), (("national", "mobile"), "+18092345678", "international"),
    (("national",), "+14165550100", "international"), (("national", "country:CA"), "+14165550100", ""),
    (("country:CA",), "+18092345678", "international"), (("national", "international"), "411", "premium"),
    (("411",), "411", ""), (("national", "international"), "+15005550100", "premium"),
])
def test_in_the_us(outside, number, kind):
    why = f"Anna Adler may not make {kind} calls" if kind else ""
    assert str(refusal(replace(ANNA, outside=outside), number, an_office(numbering=Numbering(country="US")))) == why


@pytest.mark.parametrize(("user", "by", "site", "keys"), [
    ("102", "102", None, ["provider"]),
    ("120", "120", None, ["thames"]),
    ("102", "120", None, ["thames"]),
    ("120", OFFICE, None, ["thames"]),
    ("102", "102", "london", ["thames"]),
    (None, OFFICE, "london", ["thames"]),
    (None, OFFICE, None, []),
])
def test_trunks(user, by, site, keys):
    office = an_office(trunks={"provider": PROVIDER, "thames": replace(THAMES, allow_transit=True)})
    call = replace(a_call(MOBILE, user=user), by=by)
    assert [trunk.key for trunk in trunks_for(call, office, office.sites.get(site))] == keys
