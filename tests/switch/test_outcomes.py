"""What ringing came to, read from the completion of a bridge and from what the link heard of its legs."""

import pytest

from fsctl.model.actions import Leg
from fsctl.model.destination import parse
from fsctl.model.outcomes import Busy, LegEnd, NoAnswer, Offline, Redirected, Rejected
from fsctl.switch.calls.outcomes import PhoneEnd, begun_by, causes_of, of_people, of_phone, pulled_away

ANNA, BERND = (Leg(parse(f"user:{extension}"), 20) for extension in ("101", "102"))
MOBILE = Leg(parse("number:+4917"), 20, "provider", whose="101")


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        ("NO_ANSWER", NoAnswer()),
        ("ALLOTTED_TIMEOUT", NoAnswer()),
        ("NO_USER_RESPONSE", NoAnswer()),
        ("USER_BUSY", Busy()),
        ("USER_NOT_REGISTERED", Offline()),
        ("SUBSCRIBER_ABSENT", Offline()),
        ("NORMAL_TEMPORARY_FAILURE", Offline()),
        ("PROGRESS_TIMEOUT", Offline()),
        ("GATEWAY_DOWN", Offline()),
        ("CALL_REJECTED", Rejected("CALL_REJECTED")),
        ("UNALLOCATED_NUMBER", Rejected("UNALLOCATED_NUMBER")),
        ("REQUESTED_CHAN_UNAVAIL", Rejected()),  # 302 to nowhere
        ("MANDATORY_IE_MISSING", Rejected()),  # 401 or 407
        ("LOSE_RACE", None),
    ],
)
def test_one_phone(cause, outcome):
    assert of_phone(PhoneEnd(cause)) == outcome


def test_a_phone_that_sends_its_calls_elsewhere():
    assert of_phone(PhoneEnd("REQUESTED_CHAN_UNAVAIL", 302, "105")) == Redirected("105")


BUSY, DECLINED, GONE, RANG = PhoneEnd("USER_BUSY", 486), PhoneEnd("CALL_REJECTED", 603), PhoneEnd("PROGRESS_TIMEOUT"), (
    PhoneEnd("ALLOTTED_TIMEOUT"))
STOPPED, FORBIDDEN, EVERYWHERE = PhoneEnd("LOSE_RACE"), PhoneEnd("CALL_REJECTED", 403), PhoneEnd("USER_BUSY", 600)
SENT_ON = PhoneEnd("REQUESTED_CHAN_UNAVAIL", 302, "105")


@pytest.mark.parametrize(
    ("phones", "outcome"),
    [
        ([], Offline()),
        ([GONE], Offline()),
        ([STOPPED], Offline()),
        ([BUSY, RANG], NoAnswer()),
        ([RANG, BUSY], NoAnswer()),
        ([GONE, BUSY], Busy()),
        ([GONE, RANG], NoAnswer()),
        ([GONE, FORBIDDEN], Rejected()),
        ([FORBIDDEN, BUSY], Busy()),
        ([BUSY, DECLINED], Rejected()),
        ([DECLINED, STOPPED], Rejected()),
        ([EVERYWHERE, STOPPED, FORBIDDEN], Busy()),
        ([RANG, DECLINED], Rejected()),
        ([RANG, SENT_ON], Redirected("105")),
        ([DECLINED, SENT_ON], Rejected()),
    ],
)
def test_the_phones_of_a_person(phones, outcome):
    found = of_people({ANNA: phones})
    assert found == outcome
    (told,) = found.legs
    assert (told.target, told.became) == (ANNA.target, outcome.word)


@pytest.mark.parametrize(
    ("anna", "bernd", "outcome"),
    [
        ([BUSY], [DECLINED], Busy()),
        ([BUSY], [RANG], NoAnswer()),
        ([], [BUSY], Busy()),
        ([], [DECLINED], Rejected()),
        ([DECLINED, STOPPED], [BUSY], Busy()),
        ([], [], Offline()),
        ([SENT_ON], [RANG], Redirected("105")),
    ],
)
def test_of_several_people_the_outcome_that_says_most(anna, bernd, outcome):
    assert of_people({ANNA: anna, BERND: bernd}) == of_people({BERND: bernd, ANNA: anna}) == outcome


def test_it_is_told_what_became_of_each():
    assert of_people({ANNA: [GONE, DECLINED], BERND: []}).legs == (
        LegEnd(ANNA.target, "rejected", "CALL_REJECTED", 603), LegEnd(BERND.target, "offline"))


@pytest.mark.parametrize(("own", "outside", "outcome"), [
    ([DECLINED], [BUSY], Rejected()),
    ([DECLINED], [STOPPED], Rejected()),
    ([BUSY], [DECLINED], Busy()),  # his network may decline as well
    ([GONE], [RANG], NoAnswer()),
    ([], [], Offline()),
])
def test_a_person_with_a_phone_outside(own, outside, outcome):
    assert of_people({ANNA: own, MOBILE: outside}) == outcome


def test_a_trunk_that_has_reached_nobody_did_not_take_the_call():
    """408 is what FreeSWITCH makes of one that says nothing."""
    for status in (408, 504):
        end = PhoneEnd("RECOVERY_ON_TIMER_EXPIRE", status)
        assert of_people({MOBILE: [end]}) == Offline()
        assert of_people({ANNA: [end]}) == NoAnswer()


@pytest.mark.parametrize(("end", "outcome"), [
    (PhoneEnd("CALL_REJECTED", 401), Offline()), (PhoneEnd("CALL_REJECTED", 407), Offline()),
    (PhoneEnd("MANDATORY_IE_MISSING"), Offline()), (PhoneEnd("CALL_REJECTED", 402), Offline()),
    (PhoneEnd("SERVICE_NOT_IMPLEMENTED", 501), Offline()), (PhoneEnd("INTERWORKING", 505), Offline()),
    (PhoneEnd("NORMAL_CLEARING", 503), Offline()),  # with a Reason of 16
    (PhoneEnd("USER_BUSY", 500), Busy()), (PhoneEnd("CALL_REJECTED", 403), Rejected()),
    (PhoneEnd("UNALLOCATED_NUMBER", 404), Rejected("UNALLOCATED_NUMBER")),
])
def test_what_a_trunk_says_of_itself(end, outcome):
    assert of_people({MOBILE: [end]}) == outcome


@pytest.mark.parametrize(
    ("text", "causes"),
    [
        ("", {}),
        ("u1;USER_BUSY", {"u1": "USER_BUSY"}),
        ("ARRAY::u1;USER_BUSY|:u2;NO_ANSWER|:u3;NONE", {"u1": "USER_BUSY", "u2": "NO_ANSWER", "u3": ""}),
    ],
)
def test_the_causes_of_all_legs(text, causes):
    assert causes_of({"variable_originate_causes": text}) == causes


def test_the_cause_of_a_line_that_refused_after_early_media():
    event = {"variable_originate_causes": "u3;NONE", "variable_last_bridge_hangup_cause": "USER_BUSY"}
    assert causes_of(event) == {"u3": "USER_BUSY"}


def test_the_legs_that_have_begun():
    assert begun_by({"variable_originated_legs": "ARRAY::u1;Outbound Call;101|:u2;A;b;102"}) == {"u1", "u2"}
    assert begun_by({}) == set()


@pytest.mark.parametrize(("event", "ends", "away"), [
    ({"variable_originate_disposition": "ORIGINATOR_CANCEL"}, [], True),
    ({"variable_originate_disposition": "USER_BUSY"}, [BUSY, PhoneEnd("PICKED_OFF")], True),
    ({"variable_originate_disposition": "failure"}, [BUSY, PhoneEnd("ORIGINATOR_CANCEL")], True),
    ({"variable_originate_disposition": "failure"}, [BUSY, STOPPED], False),
    ({"variable_originate_disposition": "ORIGINATOR_CANCEL"}, [PhoneEnd("ORIGINATOR_CANCEL", 487)], False),
    ({"variable_originate_disposition": "ORIGINATOR_CANCEL"}, [BUSY, PhoneEnd("ORIGINATOR_CANCEL")], True),
    ({}, [], False),
])
def test_a_caller_who_was_pulled_away(event, ends, away):
    assert pulled_away(event, ends) is away


@pytest.mark.parametrize("seen", [NoAnswer(), Busy(), Rejected(), Redirected("105"), Offline()])
def test_who_only_sees_the_call_counts_for_nothing_and_is_told_of(seen):
    end = {"no-answer": PhoneEnd("NO_ANSWER"), "busy": PhoneEnd("USER_BUSY", 486),
           "rejected": PhoneEnd("CALL_REJECTED", 603),
           "redirected": PhoneEnd("REQUESTED_CHAN_UNAVAIL", 302, "105"), "offline": PhoneEnd("LOSE_RACE")}[seen.word]
    found = of_people({ANNA: [PhoneEnd("USER_BUSY", 486)], BERND: [end]}, (BERND,))
    assert found == Busy()
    assert [(leg.target.name, leg.became) for leg in found.legs] == [("101", "busy"), ("102", seen.word)]
