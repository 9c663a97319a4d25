"""docs/numbers.md says of numbers what the code says."""

import tomllib
from dataclasses import replace

import pytest

from fsctl import sample
from fsctl.model import dialling
from fsctl.model.digits import dialable, plain
from fsctl.schema import structure
from tests.documents import tables

TABLES = tables("numbers.md")
OFFICE = structure(tomllib.loads(sample.text()))
NATIONAL = replace(OFFICE, numbering=replace(OFFICE.numbering, show_callers="national"))


@pytest.mark.parametrize(("written", "digits"), [row[:2] for row in TABLES["written"]])
def test_what_is_digits(written, digits):
    assert plain(written) == digits


@pytest.mark.parametrize(("dialled", "site", "to"), [row[:3] for row in TABLES["dialled"]])
def test_what_a_phone_means(dialled, site, to):
    assert str(OFFICE.dialled_at(dialable(dialled), OFFICE.sites[site])) == to


@pytest.mark.parametrize(("named", "to"), [row[:2] for row in TABLES["the trunk names"]])
def test_what_a_trunk_names(named, to):
    assert str(OFFICE.called_from_outside(plain(named))) == to


@pytest.mark.parametrize(("shown", "site", "number"), [row[:3] for row in TABLES["the trunk shows"]])
def test_who_calls(shown, site, number):
    assert OFFICE.caller_number(plain(shown), OFFICE.sites[site]) == number


@pytest.mark.parametrize(("number", "e164", "berlin", "london"), TABLES["the caller is"])
def test_what_displays_show(number, e164, berlin, london):
    assert dialling.to_dial(number, OFFICE.numbering_of(OFFICE.sites["berlin"])) == e164
    for site, shown in (("berlin", berlin), ("london", london)):
        assert dialling.to_dial(number, NATIONAL.numbering_of(OFFICE.sites[site])) == shown
        assert str(OFFICE.dialled_at(shown, OFFICE.sites[site])) == f"number:{number}"
