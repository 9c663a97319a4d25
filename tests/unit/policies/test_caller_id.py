"""Who appears as calling, inside and outside."""

from dataclasses import replace

import pytest

from fsctl.model.actions import OFFICE, Party
from fsctl.model.destination import Destination
from fsctl.policies.caller_id import called_outside, shown_inside, shown_outside
from tests.unit.builders import PROVIDER, a_call, an_office

OWN, TRUNK = "+49305550101", "+49305550100"


@pytest.mark.parametrize(("user", "by", "number"), [
    ("101", "101", OWN),
    ("102", "101", OWN),  # forwarded by Anna
    ("101", OFFICE, OWN),  # sent outside by the office file: her own call still
    ("101", None, OWN),
    ("101", "102", TRUNK),  # Bernd has no number of his own
    ("102", "102", TRUNK),
    (None, OFFICE, TRUNK),
    (None, "101", OWN),
    (None, None, TRUNK),
])
def test_outside(user, by, number):
    call = replace(a_call("number:+491701234567", user=user), by=by)
    assert shown_outside(call, an_office(), PROVIDER) == number


@pytest.mark.parametrize(("user", "party"), [
    ("101", Party("Anna Adler", "101")), ("999", Party("Lee", "+4915112345678")),
    (None, Party("Lee", "+4915112345678")),
])
def test_inside(user, party):
    assert shown_inside(a_call("user:102", user=user), an_office()) == party


@pytest.mark.parametrize(("user", "by", "dialled", "seen"), [
    ("102", "102", "001701234567", Party("", "+491701234567")),
    ("102", "101", "101", Party("Anna Adler", "101")),  # she forwards, or has transferred the call
    (None, "101", "+49305550101", Party("Anna Adler", "101")),
    ("102", OFFICE, "300", Party("Verkauf", "300")),
    (None, OFFICE, "recall+701", Party("", "701")),
    (None, OFFICE, "+49305550100", Party("Berlin", "+49305550100")),
    ("102", OFFICE, "*28", Party("", "*28")),
    (None, None, "701", Party("", "701")),
    ("102", "199", "101", Party("Anna Adler", "101")),
])
def test_nobody_sees_a_number_outside_that_he_did_not_dial(user, by, dialled, seen):
    call = replace(a_call("number:+491701234567", user=user, dialled=dialled), by=by)
    assert called_outside(call, an_office()) == seen


@pytest.mark.parametrize(("by", "on_behalf", "sent_by", "seen"), [
    ("101", "101", "code:on_behalf", Party("", "+491701234567")),
    ("101", "101", "user:101", Party("Anna Adler", "101")),  # she forwards what came to her after all
    ("101", "120", "code:on_behalf", Party("Anna Adler", "101")),
    (OFFICE, "", "code:on_behalf", Party("Verkauf", "300")),
])
def test_who_calls_on_behalf_of_somebody_has_dialled_it(by, on_behalf, sent_by, seen):
    call = replace(a_call("number:+491701234567", "102", "300"), by=by, on_behalf=on_behalf,
                   sent_by=Destination(*sent_by.split(":")))
    assert called_outside(call, an_office()) == seen
