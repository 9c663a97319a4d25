"""Forwarding: when it takes a call, and who may set it."""

from dataclasses import replace

import pytest

from fsctl.model.destination import Destination, parse
from fsctl.model.outcomes import Answered, Busy, CallerGone, Failed, NoAnswer, Offline, Performed, Rejected
from fsctl.model.reasons import plain
from fsctl.model.sections import Forward
from fsctl.policies import forwarding
from fsctl.policies.stages import CODES
from tests.unit.builders import ANNA, a_call, an_office, nowhere, settings
from tests.unit.drive import drive

ALL = Forward(always=parse("user:120"), busy=parse("user:102"), no_answer=parse("hunt:sales"),
              offline=parse("number:+491701234567"))


def office(forward: Forward = ALL, **by_hand: str) -> object:
    users = an_office().users | {"101": replace(ANNA, forward=forward)}
    return an_office(users=users, settings=settings(**{f"forward.101.{kind}": to for kind, to in by_hand.items()}))


@pytest.mark.parametrize(("by_file", "by_hand", "to"), [
    ("user:120", None, "user:120"),
    ("user:120", "number:+491701234567", "number:+491701234567"),
    (None, "user:102", "user:102"),
    ("user:120", "off", None),
    (None, None, None),
    ("user:120", "user:999", None),
    ("user:120", "nonsense", "user:120"),
    (None, "attendant:gone", None),
    (None, "hunt:sales", "hunt:sales"),
    (None, "hunt:crew", None),
    (None, "conference:crew", "conference:crew"),
])
def test_where_all_calls_go(by_file, by_hand, to):
    forward = Forward(always=parse(by_file) if by_file else None)
    lines = drive(forwarding.run, a_call("user:101"), office(forward, **({"always": by_hand} if by_hand else {})))
    assert lines == (["because Anna Adler forwards all calls", f"reroute {to} by 101"] if to else ["pass"])


@pytest.mark.parametrize(("outcome", "to"), [
    (Busy(), "user:102"), (Rejected(), "user:102"), (NoAnswer(), "hunt:sales"), (Offline(), "number:+491701234567"),
])
def test_where_calls_go_that_the_phones_did_not_take(outcome, to):
    call = replace(a_call("user:101"), outcome=outcome, why=plain("so it is"))
    assert drive(forwarding.run_unanswered, call, office()) == ["because so it is", f"reroute {to} by 101"]
    assert drive(forwarding.run_unanswered, call, office(Forward())) == ["pass"]


def test_what_is_not_for_it_is_left_to_others():
    rang = replace(a_call("user:101"), outcome=Busy())
    assert drive(forwarding.run, rang, office()) == ["pass"]
    assert drive(forwarding.run, a_call("hunt:sales"), office()) == ["pass"]
    assert drive(forwarding.run_unanswered, a_call("user:101"), office()) == ["pass"]
    assert drive(forwarding.run_unanswered, replace(rang, to=Destination("hunt", "sales")), office()) == ["pass"]
    odd = replace(rang, outcome=Answered(Destination("user", "1")))
    assert drive(forwarding.run_unanswered, odd, office()) == ["pass"]


@pytest.mark.parametrize(("outcome", "by_hand", "to"), [
    (Busy(), "busy", "user:120"),
    (NoAnswer(), "no_answer", "user:120"),
    (Offline(), "offline", "user:120"),
    (Busy(), "no_answer", "user:102"),
    (NoAnswer(), "offline", "hunt:sales"),
    (Offline(), "busy", "number:+491701234567"),
])
def test_a_forward_by_hand_counts_for_its_own_kind(outcome, by_hand, to):
    call = replace(a_call("user:101"), outcome=outcome, why=plain("so it is"))
    assert drive(forwarding.run_unanswered, call, office(**{by_hand: "user:120"}))[-1] == f"reroute {to} by 101"


@pytest.mark.parametrize(("user", "to", "why"), [
    ("101", "user:102", ""),
    ("101", "number:+442079460999", ""),
    ("102", "number:+442079460999", "Bernd Brandt may not make international calls"),
    ("102", "number:+491701234567", ""),
    ("101", "user:101", "101 cannot send calls to himself"),
    ("101", "user:999", "there is no user 999"),
    ("101", "mailbox:102", "user 102 has no mailbox; write mailbox = true there"),
    ("101", "hunt:sales", ""),
    ("101", "emergency:112", "calls cannot be sent to the emergency number 112"),
    ("101", "unknown:77", nowhere("77")),
    ("101", "code:park", "calls cannot be sent to the star code *68"),
])
def test_who_may_send_calls_where(user, to, why):
    kind, _, name = to.partition(":")
    assert str(forwarding.refusal(user, Destination(kind, name), an_office())) == why


def test_who_may_make_no_outside_calls_still_sends_calls_to_a_colleague():
    office = an_office(users=an_office().users | {"101": replace(ANNA, outside=())})
    assert not forwarding.refusal("101", parse("user:102"), office)
    assert str(forwarding.refusal("101", parse("number:+4930123456"), office)) == (
        "Anna Adler may not make national calls")


def test_a_mailbox_that_is_there():
    office = an_office(users=an_office().users | {"102": replace(an_office().users["102"], mailbox=True)})
    assert not forwarding.refusal("101", parse("mailbox:102"), office)


def dial(name: str, digits: str, user: str | None, office: object, outcomes: list[object]) -> list[str]:
    run = CODES[name].run
    return drive(lambda *about: run(*about, digits), a_call(f"code:{name}", user=user), office, outcomes)


DONE = [Performed(), Performed(), CallerGone()]


@pytest.mark.parametrize(("digits", "value"), [
    ("102", "user:102"), ("300", "hunt:sales"), ("001701234567", "number:+491701234567"),
    ("0030 5550 102".replace(" ", ""), "number:+49305550102"), ("0+491701234567", "number:+491701234567"),
])
def test_a_forward_set_by_code(digits, value):
    assert dial("forward_always", digits, "101", an_office(), [Performed(), *DONE]) == [
        f"because Anna Adler sends all calls to {value}", f"change code:forward_always: forward.101.always = {value}",
        "answer", f"play forward-on de {digits}", "hangup normal", "done"]


@pytest.mark.parametrize(("digits", "user", "why", "says"), [
    ("000442079460999", "102", "Bernd Brandt may not make international calls", "blocked en"),
    ("09001123456", "101", nowhere("09001123456"), "not-possible de"),
    ("011880", "101", "Anna Adler may not make premium calls", "blocked de"),
    ("0115", "102", "Bernd Brandt may not make premium calls", "blocked en"),
    ("112", "101", "calls cannot be sent to the emergency number 112", "not-possible de"),
    ("101", "101", "101 cannot send calls to himself", "not-possible de"),
    ("102", None, "only a user of the office can forward", "not-possible de"),
    ("999", "120", "calls cannot be sent to the emergency number 999", "not-possible en"),  # London's emergency number
    ("112", "120", nowhere("112"), "not-possible en"),
])
def test_a_forward_that_is_refused(digits, user, why, says):
    assert dial("forward_always", digits, user, an_office(), [Performed(), CallerGone()]) == [
        f"because {why}", f"play {says}", "hangup rejected", "done"]


@pytest.mark.parametrize(("forward", "value"), [(ALL, "off"), (Forward(), "None")])
def test_a_forward_ended_by_code(forward, value):
    assert dial("forward_always_off", "", "101", office(forward), [Performed(), *DONE]) == [
        "because Anna Adler takes calls again", f"change code:forward_always_off: forward.101.always = {value}",
        "answer", "play forward-off de", "hangup normal", "done"]


def test_only_users_can_end_it():
    lines = dial("forward_always_off", "", None, office(), [Performed(), CallerGone()])
    assert lines == ["because only a user of the office can forward", "play not-possible de", "hangup rejected", "done"]


@pytest.mark.parametrize(("code", "digits"), [("forward_always", "102"), ("forward_always_off", "")])
def test_a_change_that_failed_is_not_confirmed(code, digits):
    assert dial(code, digits, "101", office(), [Failed(), Performed(), CallerGone()])[-4:] == [
        "because it could not be changed now", "play not-available de", "hangup rejected", "done"]
