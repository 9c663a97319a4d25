"""An assumed call has the facts of one that arrives."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fsctl.errors import FsctlError
from fsctl.facts.arriving import read_call
from fsctl.facts.assumed import assumed_call
from tests.unit.builders import AT, an_office


@pytest.mark.parametrize("caller", ["102", "+4915112345678", "999"])
@pytest.mark.parametrize("transferred_by", [None, "101", "102"])
@pytest.mark.parametrize("dialled", ["101", "300", "701", "*72120", "00301234567", "+49305550100", "112", "555"])
def test_the_same_call_arrives(caller, transferred_by, dialled):
    headers = {"Caller-Destination-Number": dialled, "Caller-Caller-ID-Number": caller, "variable_user_name": caller}
    if transferred_by:
        headers |= {"variable_fsctl_from_leg": "u-2", "variable_fsctl_transferred_by": transferred_by}
    arrived = read_call(headers, an_office(), AT, 0.0)
    assert assumed_call(caller, dialled, an_office(), lambda _: AT, transferred_by) == replace(arrived, uuid="")


@pytest.mark.parametrize(("caller", "dialled", "transferred_by", "hours"), [
    ("+4915112345678", "101", None, 1), ("+4915112345678", "120", None, 0), ("101", "555", None, 1),
    ("+4915112345678", "555", None, 0), ("+4915112345678", "00301234567", "101", 1),
])
def test_the_time_is_that_of_the_called_site_or_else_of_who_dialled(caller, dialled, transferred_by, hours):
    call = assumed_call(caller, dialled, an_office(), AT.astimezone, transferred_by)
    assert call.at.utcoffset() == timedelta(hours=hours)


def test_only_somebody_of_the_office_transfers():
    with pytest.raises(FsctlError, match="nobody at '999' can have transferred .* extensions are 101, 102, 120"):
        assumed_call("101", "102", an_office(), lambda _: AT, "999")


@pytest.mark.parametrize(("caller", "external"), [
    ("1000", False), ("102", False), ("+4915112345678", True), ("015112345678", True), ("anonymous", True)])
def test_beside_an_own_dialplan_short_numbers_are_its_telephones(caller, external):
    office = replace(an_office(), office=replace(an_office().office, own_context="default"))
    assert assumed_call(caller, "101", office, lambda _: AT).external is external
