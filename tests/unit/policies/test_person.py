"""How a person is rung: for how long, what is shown, and on whose behalf the call is taken."""

from dataclasses import replace

import pytest

from fsctl.model.actions import Leg, Party
from fsctl.model.destination import Destination
from fsctl.policies.person import ring_person
from tests.unit.builders import a_call
from tests.unit.drive import line
from tests.unit.policies.test_executive_rules import office

OFFICE = office()


def rung(user="131", call=a_call("user:131", None), **terms):
    return ring_person(call, OFFICE.users[user], OFFICE, **terms)


@pytest.mark.parametrize(("terms", "told"), [
    ({}, "ring user:131 20 s showing Lee|+4915112345678"),
    ({"seconds": 7}, "ring user:131 7 s showing Lee|+4915112345678"),
    ({"show": Party("Kim", "1")}, "ring user:131 20 s showing Kim|1"),
    ({"beside": (Leg(Destination("number", "+49170"), 9),)},
     "ring user:131 20 s & number:+49170 9 s showing Lee|+4915112345678"),
])
def test_how(terms, told):
    assert line(rung(**terms)) == told


@pytest.mark.parametrize(("user", "caller", "for_user", "executive"), [
    ("131", None, "130", "130"), ("132", None, "130", "130"),
    ("131", "101", "130", "130"), ("131", "130", "130", "130"),
    ("131", None, "", ""), ("130", None, "130", ""), ("101", None, "130", ""),
    ("131", None, "101", ""), ("131", None, "199", ""),
    ("131", "132", "130", ""), ("131", "131", "130", ""),  # among themselves they act for nobody
])
def test_an_executives_call_stays_his_at_his_assistants(user, caller, for_user, executive):
    ring = rung(user, replace(a_call(f"user:{user}", caller), for_user=for_user))
    assert (ring.executive, ring.for_user) == (executive, for_user)
