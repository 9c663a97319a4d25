"""What goes on in the own dialplan of the FreeSWITCH."""

from dataclasses import replace

import pytest

from fsctl.model.destination import Destination
from fsctl.model.outcomes import Performed
from fsctl.policies import own_dialplan
from tests.unit.builders import a_call, an_office
from tests.unit.drive import drive

OFFICE = an_office()
BESIDE = replace(OFFICE, office=replace(OFFICE.office, own_context="phones"))
LEAVES = ["because 1000 is not a number of the office, and goes on in FreeSWITCH's own context phones", "leave 1000",
          "done"]
UNKNOWN = a_call("unknown:1000", "101")
OUTSIDE = a_call("unknown:1000", None)


@pytest.mark.parametrize(("call", "office", "lines"), [
    (UNKNOWN, BESIDE, LEAVES),
    (UNKNOWN, OFFICE, ["pass"]),
    (a_call("unknown:", "101"), BESIDE, ["pass"]),
    (a_call("user:102", "101"), BESIDE, ["pass"]),
    (OUTSIDE, BESIDE, ["pass"]),
    (replace(OUTSIDE, by="101", transferred_by="101"), BESIDE, LEAVES),
    (a_call("unknown:1000#", "101"), BESIDE, LEAVES),
    (a_call("unknown:#311000", "101"), BESIDE, ["pass"]),
    (replace(UNKNOWN, sent_by=Destination("attendant", "menu")), BESIDE, ["pass"]),
    (replace(UNKNOWN, talk="c0ffee"), BESIDE, ["pass"]),
])
def test_what_somebody_of_the_office_dials_and_it_does_not_know(call, office, lines):
    assert drive(own_dialplan.run, call, office, [Performed()]) == lines
