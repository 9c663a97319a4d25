"""What is dialled in a talk is a call of the person who talks, in which nobody transfers."""

from dataclasses import replace

import pytest

from fsctl.facts.arriving import read_call
from fsctl.facts.in_talk import call_in_talk
from fsctl.model.actions import Party
from fsctl.model.destination import Destination
from fsctl.model.live import LiveCall
from tests.unit.builders import AT, an_office

OWN = LiveCall("own", "101", "lee", "outbound", "talking", AT, number="+4915", name="Lee")


@pytest.mark.parametrize("dialled", ["*44", "*68102", "#63#"])
def test_it_is_as_if_he_had_called(dialled):
    headers = {"Caller-Destination-Number": dialled, "Caller-Caller-ID-Number": "101", "variable_user_name": "101",
               "Unique-ID": "c0ffee"}
    arrived = read_call(headers, an_office(), AT, 0.5)
    call = call_in_talk("c0ffee", OWN, dialled, an_office(), AT, 0.5)
    assert call == replace(arrived, talk="own", caller=Party("Anna Adler", "101"))


@pytest.mark.parametrize(("dialled", "to", "site"), [
    ("*44", Destination("code", "record"), "berlin"), ("102", Destination("user", "102"), "berlin"),
    ("120", Destination("user", "120"), "london"),
])
def test_where_it_goes(dialled, to, site):
    call = call_in_talk("c0ffee", OWN, dialled, an_office(), AT, 0.5)
    assert (call.to.kind, call.to.name) == (to.kind, to.name)
    assert (call.user, call.by, call.talk, call.uuid, call.transferred_by) == ("101", "101", "own", "c0ffee", None)
