"""``fsctl group``: people are rung into a group call from a shell, and those who are in it are silenced and dropped."""

import json
import time

import pytest

from tests.live import offices
from tests.live.displays import seen
from tests.live.test_group_calls import OFFICE, as_the_file_says, rings, together
from tests.wire.peer import eventually

MOBILE = "+491701234567"

#: Nobody is hurried, and no phones of people outside ring along.
PATIENT = offices.changed(OFFICE, ("answer_seconds = 6", "answer_seconds = 15"))


@pytest.fixture(autouse=True)
def _as_the_file_says(lab, controller):
    lab.phone("130")
    as_the_file_says(lab, controller, PATIENT)


def listed(controller):
    row, = json.loads(controller.fsctl("group", "list", "--json"))
    return row


def who(rows):
    return [each["who"] for each in rows]


def is_so(controller, **expected):
    """What the list says, once it does: FreeSWITCH lists a channel up to half a second late."""
    def found():
        row = listed(controller)
        return {name: row[name] if name == "state" else set(who(row[name])) for name in expected}

    eventually(lambda: found() == expected, f"the list does not say {expected}", 5)


def status_of(controller, user):
    rows = json.loads(controller.fsctl("status", user, "--json"))
    return next((row["state"], row["with"]) for row in rows if row["user"] == user)


def presses_1(lab, line):
    """Where one is asked, a key is heard from the announcement on."""
    line.answer()
    time.sleep(1)
    line.press("1")


def test_nobody_calls(lab, controller):
    assert listed(controller)["state"] == "no"
    told = json.loads(controller.fsctl("group", "call", "crew", "101", "102", "103", "--json"))
    assert (told["rung"], told["left_out"]) == (["101", "102", "103"], [])
    a, b, c = rings(lab, "101", "102", "103")
    assert (a.shown_name, a.shown_number) == ("Krisenstab", "380")
    is_so(controller, state="rings", rung={"101", "102", "103"}, waits=set(), **{"in": set()})
    assert status_of(controller, "101") == ("ringing", "conference:crew")
    a.answer()
    a.wait_answered()
    is_so(controller, state="goes on", rung={"102", "103"}, **{"in": {"101"}})
    b.answer()
    together(a, b)
    seen(a, "Krisenstab", "380")
    c.reject()
    is_so(controller, state="goes on", rung=set(), **{"in": {"101", "102"}})
    assert status_of(controller, "102") == ("busy", "conference:crew")
    a.hang_up()
    b.wait_ended()
    is_so(controller, state="no", **{"in": set()})


def test_two_answer_at_once(lab, controller):
    controller.fsctl("group", "call", "380")
    lines = rings(lab, "101", "102", "103", "104")
    for each in lines[:3]:
        each.answer()
    together(*lines[:3])
    controller.fsctl("group", "drop", "crew", "all")
    for each in lines:
        each.wait_ended()


def test_nobody_else_answers(lab, controller):
    controller.fsctl("group", "call", "crew", "101", "102")
    a, b = rings(lab, "101", "102")
    a.answer()
    a.wait_answered()
    b.reject()
    a.wait_ended(12)


def test_one_more(lab, controller):
    call = lab.phone("101").call("380")
    b, c, d = rings(lab, "102", "103", "104")
    is_so(controller, rung={"102", "103", "104"})
    told = json.loads(controller.fsctl("group", "call", "crew", "120", "102", "--json"))
    assert (told["rung"], [each["who"] for each in told["left_out"]]) == (["120"], ["102"])
    e = lab.phone("120").ringing()
    is_so(controller, state="rings", waits={"101"}, rung={"102", "103", "104", "120"})
    e.answer()
    together(call, e)
    b.answer()
    together(call, e, b)
    for each in (c, d):
        each.reject()
    mobile = lab.outside(MOBILE)
    assert controller.fsctl("group", "call", "crew", "0170 123 4567") == f"rung for crew: {MOBILE}\n"
    outside = mobile.ringing()
    assert outside.shown_number == "+49305550100"
    presses_1(lab, outside)
    together(call, e, b, outside)
    is_so(controller, state="goes on", rung=set(), **{"in": {"101", "102", "120", MOBILE}})
    assert "Anna Adler is in it" in controller.refused("group", "call", "crew", "101")
    call.hang_up()
    together(e, b, outside)
    controller.fsctl("group", "drop", "crew", MOBILE)
    outside.wait_ended()
    together(e, b)
    e.hang_up()
    b.wait_ended()


def test_mute_and_drop(lab, controller):
    call = lab.phone("101").call("380")
    b, c, d = rings(lab, "102", "103", "104")
    b.answer(), c.answer()
    together(call, b, c)
    assert controller.fsctl("group", "mute", "crew", "102") == "102 is not heard\n"
    eventually(lambda: not call.hears(b), "102 is heard", 5)
    assert b.hears(call)
    assert controller.fsctl("group", "mute", "380", "102", "--off") == "102 is heard again\n"
    together(call, b, c)
    assert controller.fsctl("group", "drop", "crew", "104") == "104 was hung up on\n"
    d.wait_ended(2)
    controller.fsctl("group", "drop", "crew", "102")
    b.wait_ended(2)
    together(call, c)
    assert "104 is not in the group call" in controller.refused("group", "drop", "crew", "104")
    assert controller.fsctl("group", "drop", "crew", "all") == "the group call was ended\n"
    for each in (call, c):
        each.wait_ended(2)
    assert "no group call of Krisenstab now" in controller.refused("group", "mute", "crew", "101")


def test_all_are_dropped_while_it_rings(lab, controller):
    call = lab.phone("101").call("380")
    lines = rings(lab, "102", "103", "104")
    is_so(controller, rung={"102", "103", "104"})
    controller.fsctl("group", "drop", "crew", "all")
    for each in (call, *lines):
        each.wait_ended(2)


def test_somebody_dials_while_it_rings(lab, controller):
    controller.fsctl("group", "call", "crew", "101", "102")
    a, b = rings(lab, "101", "102")
    call = lab.phone("103").call("380")
    call.wait_answered()
    a.answer()
    together(call, a)
    b.reject()
    lab.phone("104").quiet(1)
    a.hang_up()
    call.wait_ended()


def test_it_is_over_while_it_rings(lab, controller):
    controller.fsctl("group", "call", "crew", "101", "102")
    a, b = rings(lab, "101", "102")
    a.answer()
    a.wait_answered()
    is_so(controller, state="goes on", **{"in": {"101"}})
    a.hang_up()
    b.wait_ended(3)
    controller.fsctl("group", "call", "crew", "101", "102")
    a, b = rings(lab, "101", "102")
    for each in (a, b):
        each.answer()
    together(a, b)
