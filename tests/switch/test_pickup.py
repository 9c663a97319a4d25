"""From a caller's events: who has taken his call."""

import pytest

from fsctl.switch.calls.pickup import taken_by

CAUSES = "ARRAY::leg;PICKED_OFF|:other;ORIGINATOR_CANCEL"


def bridged(direction):
    return {"Event-Name": "CHANNEL_BRIDGE", "Other-Leg-Direction": direction, "Other-Leg-Unique-ID": "other",
            "variable_signal_bond": "other", "Answer-State": "answered"}


def completed(**changes):
    return {"Event-Name": "CHANNEL_EXECUTE_COMPLETE", "variable_originate_causes": CAUSES, "Answer-State": "answered",
            "variable_signal_bond": "other", **changes}


@pytest.mark.parametrize(("event", "by"), [
    (bridged("inbound"), "other"),
    (bridged("outbound"), ""),  # a phone that was rung
    (completed(), "other"),
    (completed(variable_originate_causes="leg;USER_BUSY"), ""),
    (completed(**{"Answer-State": "early"}), ""),
    (completed(variable_signal_bond=""), ""),
])
def test_who_has_taken_a_call(event, by):
    assert taken_by(event) == by
