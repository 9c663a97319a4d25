"""Calls of which fsctl was not asked, as the link tells of them."""

import pytest

from fsctl.switch.upkeep.dialplan_calls import UnaskedCalls
from fsctl.switch.wire import Event

#: The end of a call that a phone of the office has cancelled.
CANCELLED = {
    "Event-Name": "CHANNEL_HANGUP_COMPLETE", "Call-Direction": "inbound", "Unique-ID": "c0ffee",
    "Hangup-Cause": "ORIGINATOR_CANCEL", "Caller-Channel-Answered-Time": "0", "Caller-Context": "default",
    "Caller-Destination-Number": "102", "Caller-Channel-Created-Time": "1795578546747569", "variable_user_name": "103",
}


class Journal:
    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []

    def begin(self, uuid, *facts, caller, dialled, at):
        self.told.append(("begin", uuid, caller, dialled))

    def end(self, uuid, result, cause, at, *facts):
        self.told.append(("end", uuid, result, cause))


def told(**changed: str) -> list[tuple[str, ...]]:
    journal = Journal()
    UnaskedCalls(journal)(Event(CANCELLED | changed))
    return journal.told


def test_who_cancels_before_fsctl_was_asked_is_in_the_journal():
    assert told() == [("begin", "c0ffee", "103", "102"), ("end", "c0ffee", "gone", "ORIGINATOR_CANCEL")]
    outside = {"variable_user_name": "", "Caller-Caller-ID-Number": "+4915;112345678", "Caller-Context": "public"}
    assert told(**outside)[0] == ("begin", "c0ffee", "+4915112345678", "102")


@pytest.mark.parametrize("changed", [
    {"variable_fsctl_owner": "x"}, {"Call-Direction": "outbound"}, {"Hangup-Cause": "NORMAL_CLEARING"},
    {"Caller-Channel-Answered-Time": "1795578546747569"}, {"Caller-Context": "fsctl"},
    {"Caller-Destination-Number": "${uuid}"}, {"Event-Name": "CHANNEL_HANGUP"},
])
def test_of_all_other_calls_somebody_else_tells(changed):
    assert told(**changed) == []
