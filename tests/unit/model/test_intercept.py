"""Call intercept as it is switched by hand: how that is kept, until when it counts, and what callers hear."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fsctl.model.destination import parse
from fsctl.model.intercept import Switched, intercept_value, key_of, rule_by_hand, switched
from fsctl.model.sections import Intercept, InterceptRule
from fsctl.model.settings import Setting, Settings
from tests.unit.builders import ANNA, AT, SALES, settings

SOON = AT + timedelta(hours=1)
MAILBOX, DESK = parse("mailbox:101"), parse("user:102")


@pytest.mark.parametrize(("told", "kept"), [
    (Switched(True), "on"), (Switched(False), "off"), (Switched(False, SOON), f"off until {SOON.isoformat()}"),
    (Switched(True, None, "closed"), "on announce closed"),
    (Switched(True, None, "quite closed"), "on announce 'quite closed'"),
    (Switched(True, SOON, "closed", "+49305550102", DESK),
     f"on until {SOON.isoformat()} announce closed new-number +49305550102 to user:102"),
])
def test_what_is_kept_is_read_again(told, kept):
    assert intercept_value(told) == kept
    assert switched(ANNA, settings(**{"intercept.101": kept}), AT) == replace(told, by="op")


@pytest.mark.parametrize("kept", [
    "", "maybe", "on until", "on until yesterday", "on until 2026-11-24T10:00:00", "on to nowhere", "on from user:101",
    "on announce 'closed", "off closed",
])
def test_what_nobody_can_read_is_not_there(kept):
    assert switched(ANNA, settings(**{"intercept.101": kept}), AT) is None


@pytest.mark.parametrize(("until", "counts"), [(SOON, True), (AT + timedelta(seconds=1), True), (AT, False)])
def test_it_ends_by_itself(until, counts):
    kept = intercept_value(Switched(True, until))
    assert bool(switched(ANNA, settings(**{"intercept.101": kept}), AT)) is counts


@pytest.mark.parametrize(("since", "counts"), [(AT, True), (AT + timedelta(seconds=1), False)])
def test_what_is_switched_later_plays_no_part(since, counts):
    assert bool(switched(ANNA, Settings({"intercept.101": Setting("on", "op", since)}), AT)) is counts


def test_users_and_groups_have_their_own():
    assert (key_of(ANNA), key_of(SALES)) == ("101", "sales")
    assert switched(SALES, settings(**{"intercept.sales": "on"}), AT) == Switched(True, by="op")
    assert switched(SALES, settings(**{"intercept.101": "on"}), AT) is None
    assert switched(ANNA, settings(), AT) is None


def rule(*calls, **changes):
    return InterceptRule(calls=calls or ("all",), **changes)


DEFAULT = rule()
SOME = rule("internal", announce="closed", reroute=DESK)
EVERY = rule("internal", "all", during="open", announce="number-changed", new_number="+49305550102", zero=DESK)
MUTE = rule(reroute=DESK)
LATER = rule(announce="blocked", mailbox=MAILBOX)


@pytest.mark.parametrize(("inbound", "told", "by_hand"), [
    ([], Switched(True), DEFAULT),
    ([SOME], Switched(True), rule(announce="closed", reroute=DESK)),
    ([rule("+4930*", "anonymous", announce="blocked", reroute=DESK)], Switched(True), DEFAULT),
    ([rule("anonymous", announce="blocked"), SOME, rule("external", mailbox=MAILBOX)], Switched(True),
     rule(mailbox=MAILBOX)),
    ([SOME, EVERY, LATER], Switched(True), replace(EVERY, calls=("all",), during=None)),
    ([LATER, EVERY], Switched(True), LATER),
    ([SOME], Switched(True, to=MAILBOX), rule(announce="closed", mailbox=MAILBOX)),
    ([LATER], Switched(True, to=DESK), rule(announce="blocked", reroute=DESK)),
    ([], Switched(True, to=DESK), rule(announce="out-of-service", reroute=DESK)),
    ([EVERY], Switched(True, to=DESK), replace(EVERY, calls=("all",), during=None, zero=None, reroute=DESK)),
    ([EVERY], Switched(True, to=MAILBOX), replace(EVERY, calls=("all",), during=None, zero=None, mailbox=MAILBOX)),
    ([SOME], Switched(True, announce="blocked"), rule(announce="blocked", reroute=DESK)),
    ([MUTE], Switched(True), MUTE),
    ([MUTE], Switched(True, new_number="+4930"),
     replace(MUTE, announce="number-changed", new_number="+4930")),
    ([SOME], Switched(True, new_number="+4930"), rule(announce="closed", new_number="+4930", reroute=DESK)),
    ([EVERY], Switched(True, announce="blocked"),
     replace(EVERY, calls=("all",), during=None, announce="blocked")),
    ([EVERY], Switched(True, new_number="+4930"), replace(EVERY, calls=("all",), during=None, new_number="+4930")),
    ([LATER], Switched(True, announce="closed"), replace(LATER, announce="closed")),
])
def test_what_callers_hear(inbound, told, by_hand):
    assert rule_by_hand(Intercept(inbound=tuple(inbound)), told) == by_hand
