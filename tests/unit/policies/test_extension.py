"""A call to a person."""

from dataclasses import replace

import pytest

from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import (
    Answered,
    Busy,
    CallerGone,
    LegEnd,
    Moved,
    NoAnswer,
    Offline,
    Performed,
    Redirected,
    Rejected,
)
from fsctl.model.reasons import plain
from fsctl.policies import extension
from tests.unit.builders import ANNA, AT, HANNAH, PROVIDER, a_call, an_office, nowhere
from tests.unit.drive import drive

SENT_ON = "pass Rejected: the phone of Anna Adler sends its calls on, but "
RING = ["because 101 is Anna Adler", "ring user:101 25 s showing Bernd Brandt|102"]


@pytest.mark.parametrize(
    ("outcome", "after"),
    [
        (Answered(Destination("user", "101")), ["done"]),
        (CallerGone(), ["done"]),
        (Moved("u-2"), ["done"]),
        (Busy(), ["pass Busy: Anna Adler is busy"]),
        (NoAnswer(), ["pass NoAnswer: Anna Adler did not answer within 25 s"]),
        (Offline(), ["pass Offline: no phone of Anna Adler is registered"]),
        (Rejected(), ["pass Rejected: Anna Adler declined"]),
        (Redirected("120"), ["because the phone of Anna Adler sends its calls on", "reroute user:120 by 101"]),
        (Redirected("00301234567"), ["because the phone of Anna Adler sends its calls on",
                                     "reroute number:+49301234567 by 101"]),
        (Redirected("112"), [
            SENT_ON + "calls cannot be sent to the emergency number 112"]),
        (Redirected("*98"), [
            SENT_ON + "calls cannot be sent to the star code *98"]),
    ],
)
def test_what_becomes_of_the_ring(outcome, after):
    assert drive(extension.run, a_call("user:101"), an_office(), [outcome]) == RING + after


@pytest.mark.parametrize(
    ("outcome", "word"),
    [(Busy(), "busy"), (NoAnswer(), "no-answer"), (Offline(), "offline"), (Rejected(), "rejected"),
     (Rejected("UNALLOCATED_NUMBER"), "UNALLOCATED_NUMBER")],
)
def test_the_caller_learns_why_nobody_answered(outcome, word):
    call = replace(a_call("user:101"), outcome=outcome, why=plain("so it is"))
    assert drive(extension.run_unanswered, call, an_office(), [CallerGone()]) == [
        "because so it is", f"hangup {word}", "done"]


@pytest.mark.parametrize(("became", "status", "words"), [
    (Busy, 486, "Anna Adler is busy"), (Busy, 600, "Anna Adler is busy"), (Rejected, 603, "Anna Adler declined"),
    (NoAnswer, 480, "the phone of Anna Adler is not available now (SIP 480)"),
    (Offline, 488, "the phone of Anna Adler has no codec in common with the caller (SIP 488)"),
    (Rejected, 404, "the phone of Anna Adler does not know the number (SIP 404)"),
    (Rejected, 699, "the phone of Anna Adler refused the call (SIP 699)"),
    (NoAnswer, 0, "Anna Adler did not answer within 25 s"), (Offline, 0, "no phone of Anna Adler is registered"),
])
def test_what_the_phone_said_is_told(became, status, words):
    legs = (LegEnd(Destination("number", "+491709876543"), "busy", "USER_BUSY", 486),
            LegEnd(Destination("user", "101"), became.word, "X", status))
    *_, ending = drive(extension.run, a_call("user:101"), an_office(), [became(legs=legs)])
    assert ending == f"pass {became.__name__}: {words}"


def test_whose_phones_are_dead():
    legs = (LegEnd(Destination("user", "101"), "offline", "PROGRESS_TIMEOUT"),)
    *_, ending = drive(extension.run, a_call("user:101"), an_office(), [Offline(legs=legs)])
    assert ending == "pass Offline: the phone of Anna Adler shows no sign of life"


def test_an_outside_caller_is_shown_as_the_trunk_did():
    lines = drive(extension.run, a_call("user:101", user=None), an_office(), [CallerGone()])
    assert lines[1] == "ring user:101 25 s showing Lee|+4915112345678"


@pytest.mark.parametrize(("changes", "trunk", "caller", "legs"), [
    ({}, {}, "102", "user:101 25 s & number:+491709876543 25 s by provider confirmed in de as |+49305550101"),
    ({"numbers": (), "language": "en"}, {}, "102",
     "user:101 25 s & number:+491709876543 25 s by provider confirmed in en as |+49305550100"),
    ({}, {"allow_transit": True}, None,
     "user:101 25 s & number:+491709876543 25 s by provider confirmed in de as |+49305550101"),
    ({}, {}, None, "user:101 25 s"),
    ({"outside": ("national",)}, {}, "102", "user:101 25 s"),
])
def test_phones_outside_ring_along_where_they_may(changes, trunk, caller, legs):
    office = an_office(users=an_office().users | {"101": replace(ANNA, devices=("+491709876543",), **changes)},
                       trunks={"provider": replace(PROVIDER, **trunk)})
    line = drive(extension.run, a_call("user:101", user=caller), office, [CallerGone()])[1]
    assert line.startswith(f"ring {legs} showing")


def test_what_a_phone_names_is_read_as_if_its_user_had_dialled_it():
    lines = drive(extension.run, a_call("user:120", user=None), an_office(), [Redirected("112")])
    assert lines[-1] == (  # an emergency number in Berlin, not in London
        "pass Rejected: the phone of Hannah Hill sends its calls on, but " + nowhere("112"))


def test_a_phone_outside_is_rung_by_the_trunk_of_its_users_site():
    users = an_office().users | {"120": replace(HANNAH, devices=("+491709876543",))}
    line = drive(extension.run, a_call("user:120"), an_office(users=users), [CallerGone()])[1]
    assert " & number:+491709876543 20 s by thames confirmed in en as |+442079460100" in line


def talking(user: str, uuid: str) -> Live:
    return Live((LiveCall(uuid, user, None, "inbound", "talking", AT),))


@pytest.mark.parametrize(("call_waiting", "live", "rings"), [
    (True, talking("101", "other"), True),
    (False, talking("101", "other"), False),
    (False, talking("102", "other"), True),
    (False, talking("101", "c0ffee"), True),
    (False, Live(), True),
])
def test_call_waiting(call_waiting, live, rings):
    office = an_office(users=an_office().users | {"101": replace(ANNA, call_waiting=call_waiting)})
    lines = drive(extension.run, a_call("user:101"), office, [CallerGone()], live)
    assert lines == ([*RING, "done"] if rings else ["pass Busy: Anna Adler is on a call and has no call waiting"])


def test_what_rang_before_it_was_transferred_does_not_ring_again():
    rang = replace(a_call("user:101"), rang=True, transferred_by="102")
    assert drive(extension.run, rang, an_office()) == [
        "pass NoAnswer: Anna Adler did not take the call while it rang for the transferor"]
    assert drive(extension.run, replace(rang, sent_by=Destination("user", "102")), an_office(), [CallerGone()]) == [
        *RING, "done"]


def test_what_is_not_for_it_is_left_to_others():
    rang = replace(a_call("user:101"), outcome=Busy())
    assert drive(extension.run, a_call("hunt:sales"), an_office()) == ["pass"]
    assert drive(extension.run, rang, an_office()) == ["pass"]
    assert drive(extension.run_unanswered, a_call("user:101"), an_office()) == ["pass"]
    assert drive(extension.run_unanswered, replace(rang, to=Destination("hunt", "sales")), an_office()) == ["pass"]


def test_an_outcome_that_no_ring_has_is_a_defect():
    with pytest.raises(AssertionError, match="Performed"):
        drive(extension.run, a_call("user:101"), an_office(), [Performed()])
