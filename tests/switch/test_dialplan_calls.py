"""Calls of which fsctl was not asked, as the link tells of them."""

import pytest

from fsctl.model.happenings import refused
from fsctl.switch.upkeep.dialplan_calls import UnaskedCalls
from tests.unit.builders import an_office

#: The end of a call that a phone of the office has cancelled.
CANCELLED = {
    "Event-Name": "CHANNEL_HANGUP_COMPLETE", "Call-Direction": "inbound", "Unique-ID": "c0ffee",
    "Hangup-Cause": "ORIGINATOR_CANCEL", "Caller-Channel-Answered-Time": "0", "Caller-Context": "fsctl_default",
    "Caller-Destination-Number": "102", "Caller-Channel-Created-Time": "1795578546747569", "variable_user_name": "103",
}


class Journal:
    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []

    def begin(self, uuid, *facts, caller, dialled, at):
        self.told.append(("begin", uuid, caller, dialled))

    def update(self, uuid, fact, *, state, result):
        self.told.append(("update", uuid, state, result))

    def end(self, uuid, result, cause, at, *facts):
        self.told.append(("end", uuid, result, cause))


def told(**changed: str) -> list[tuple[str, ...]]:
    journal = Journal()
    UnaskedCalls(journal, an_office)(CANCELLED | changed)
    return journal.told


def test_who_cancels_before_fsctl_was_asked_is_in_the_journal():
    assert told() == [("begin", "c0ffee", "103", "102"), ("end", "c0ffee", "gone", "ORIGINATOR_CANCEL")]
    outside = {"variable_user_name": "", "Caller-Caller-ID-Number": "+4915x112345678", "Caller-Context": "fsctl_public"}
    assert told(**outside)[0] == ("begin", "c0ffee", "+4915112345678", "102")


@pytest.mark.parametrize("changed", [
    {"variable_fsctl_owner": "x"}, {"Call-Direction": "outbound"}, {"Hangup-Cause": "NORMAL_CLEARING"},
    {"Caller-Channel-Answered-Time": "1795578546747569"}, {"Caller-Context": "fsctl"},
    {"Caller-Destination-Number": "${uuid}"}, {"Event-Name": "CHANNEL_HANGUP"},
])
def test_of_all_other_calls_somebody_else_tells(changed):
    assert told(**changed) == []


#: A phone has the called side of another's talk.
TAKEN = {
    "Event-Name": "CHANNEL_BRIDGE", "Call-Direction": "inbound", "Unique-ID": "c0ffee",
    "Other-Leg-Direction": "outbound", "variable_sip_replaces_call_id": "x", "variable_sip_req_user": "102",
    "variable_user_name": "103",
}


def test_a_talk_taken_from_its_caller():
    journal = Journal()
    calls = UnaskedCalls(journal, an_office)
    calls(TAKEN)
    calls(TAKEN | {"Event-Name": "CHANNEL_HANGUP_COMPLETE", "Hangup-Cause": "NORMAL_CLEARING"})
    assert journal.told == [
        ("begin", "c0ffee", "103", "102"), ("update", "c0ffee", "talking", "pickup:102"),
        ("end", "c0ffee", None, "NORMAL_CLEARING")]


@pytest.mark.parametrize("changed", [
    {"Other-Leg-Direction": "inbound"}, {"variable_sip_replaces_call_id": ""}, {"variable_user_name": ""},
    {"variable_fsctl_owner": "x"},  # he was transferred
    {"Event-Name": "CHANNEL_HANGUP_COMPLETE"},
])
def test_who_has_a_caller_is_told_of_by_the_callers_call(changed):
    assert told(**TAKEN | {"Hangup-Cause": "NORMAL_CLEARING"} | changed) == []


@pytest.mark.parametrize(("word", "dialled", "reason"), [
    ("no_number", "alice\x07", "alice? is no number that can be dialled"),
    ("too_long", "1" * 40, "1" * 40 + " is longer than any number"),
    ("nothing_dialled", "103", "the address that was called has no number"),
])
def test_what_the_dialplan_refuses_is_in_the_journal_with_its_reason(word, dialled, reason):
    end = {"Hangup-Cause": "UNALLOCATED_NUMBER", "Caller-Destination-Number": dialled}
    end |= {"variable_fsctl_refused": word}
    shown = dialled.replace("\x07", "?")
    assert told(**end) == [
        ("begin", "c0ffee", "103", shown), ("update", "c0ffee", "ringing", "hangup:unknown-number"),
        ("end", "c0ffee", None, "UNALLOCATED_NUMBER")]
    assert told(**end | {"variable_fsctl_refused": "x"}) == []
    assert told(**end | {"variable_fsctl_owner": "x"}) == []  # somebody transferred it there


@pytest.mark.parametrize(("word", "reason"), [
    ("no_room", "the sessions that are left are for emergency calls"),
    ("too_many_calls", "more calls in one second than the switch takes"),
])
def test_a_call_that_found_no_room_is_in_the_journal(word, reason):
    assert str(refused(word, "102")) == reason
    assert told(**{"Hangup-Cause": "SWITCH_CONGESTION", "variable_fsctl_refused": word})[1:] == [
        ("update", "c0ffee", "ringing", "hangup:switch-congestion"), ("end", "c0ffee", None, "SWITCH_CONGESTION")]


@pytest.mark.parametrize("shown", ["015112345678", "4915112345678", "004915112345678", "+49 151 12345678"])
def test_a_caller_from_outside_has_one_number(shown):
    outside = {"variable_user_name": "", "Caller-Caller-ID-Number": shown, "Caller-Context": "fsctl_public"}
    assert told(**outside)[0] == ("begin", "c0ffee", "+4915112345678", "102")
