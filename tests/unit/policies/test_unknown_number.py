"""What no other policy took."""

import pytest

from fsctl.model.outcomes import CallerGone, Performed
from fsctl.policies import unknown_number
from tests.unit.builders import a_call, an_office
from tests.unit.drive import drive


@pytest.mark.parametrize(
    ("to", "lines"),
    [
        ("unknown:999", ["because 999 is not a number of the office", "play unknown-number en",
                         "hangup unknown-number", "done"]),
        ("unknown:", ["because nothing is not a number of the office", "play unknown-number en",
                      "hangup unknown-number", "done"]),
        ("slot:701", ["because slot:701 cannot take calls yet", "play not-available en", "hangup offline", "done"]),
    ],
)
def test_the_caller_hears_why(to, lines):
    assert drive(unknown_number.run, a_call(to), an_office(), [Performed(), CallerGone()]) == lines


def test_a_hangup_as_destination():
    assert drive(unknown_number.run, a_call("hangup:busy"), an_office(), [CallerGone()]) == [
        "because the office file says so", "hangup busy", "done"]
