"""What a bridge came to, read from its completion."""

import pytest

from fsctl.model.outcomes import Busy, Moved, NoAnswer, Offline, Rejected
from fsctl.switch.calls.outcomes import causes_of, outcome_of


@pytest.mark.parametrize(
    ("disposition", "outcome"),
    [
        ("NO_ANSWER", NoAnswer()),
        ("ALLOTTED_TIMEOUT", NoAnswer()),
        ("NO_USER_RESPONSE", NoAnswer()),
        ("USER_BUSY", Busy()),
        ("USER_NOT_REGISTERED", Offline()),
        ("SUBSCRIBER_ABSENT", Offline()),
        ("NORMAL_TEMPORARY_FAILURE", Offline()),
        ("GATEWAY_DOWN", Offline()),
        ("CALL_REJECTED", Rejected("CALL_REJECTED")),
        ("UNALLOCATED_NUMBER", Rejected("UNALLOCATED_NUMBER")),
        ("", Rejected("CALL_REJECTED")),
    ],
)
def test_one_leg(disposition, outcome):
    assert outcome_of({"variable_originate_disposition": disposition}) == outcome


@pytest.mark.parametrize(
    ("first", "others", "outcome"),
    [
        ("USER_NOT_REGISTERED", ["USER_BUSY"], Busy()),
        ("USER_BUSY", ["NO_ANSWER"], NoAnswer()),
        ("SUBSCRIBER_ABSENT", ["CALL_REJECTED"], Rejected("CALL_REJECTED")),
        ("CALL_REJECTED", ["USER_BUSY"], Busy()),
        ("USER_NOT_REGISTERED", ["SUBSCRIBER_ABSENT"], Offline()),
        ("NO_PICKUP", ["NO_PICKUP"], Offline()),  # nobody registered, and the leg for a pickup
        ("NO_PICKUP", ["NO_PICKUP", "USER_BUSY"], Busy()),
        ("CALL_REJECTED", ["CALL_REJECTED", "NO_PICKUP"], Rejected("CALL_REJECTED")),
    ],
)
def test_of_several_legs_the_cause_that_says_most_counts(first, others, outcome):
    assert outcome_of({"variable_originate_disposition": first}, others) == outcome


@pytest.mark.parametrize(
    ("text", "causes"),
    [
        ("", []),
        ("u1;USER_BUSY", [("u1", "USER_BUSY")]),
        ("ARRAY::u1;USER_BUSY|:u2;NO_ANSWER|:u3;NONE", [("u1", "USER_BUSY"), ("u2", "NO_ANSWER"), ("u3", "NONE")]),
    ],
)
def test_the_causes_of_all_legs(text, causes):
    assert causes_of({"variable_originate_causes": text}) == causes


@pytest.mark.parametrize(("event", "causes"), [
    ({"variable_originate_disposition": "ORIGINATOR_CANCEL"}, []),
    ({"variable_originate_disposition": "USER_BUSY"}, ["USER_BUSY", "PICKED_OFF"]),
])
def test_a_caller_who_was_pulled_away(event, causes):
    assert outcome_of(event, causes) == Moved("")
