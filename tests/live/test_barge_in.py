"""Barge-in: a colleague's ringing call is taken, his talk is joined, and the two who are left talk as ever."""

import json

import gevent
import pytest

from fsctl.store.claims import list_claims
from tests.live import offices
from tests.live.displays import seen
from tests.live.lab import Lab
from tests.live.sip_phone import SipLine, heard_by
from tests.live.test_executive_calls import CALLER, answered, handling, journal, on_behalf, over, talk, together
from tests.live.test_group_tones import JOINED, told_while
from tests.live.test_joined_talks import connected, parks
from tests.wire.peer import eventually

OFFICE = offices.EXECUTIVES
SITE = offices.changed(OFFICE, ('barge_in = "pickup-group" ', 'barge_in = "site" '))
NOBODY = offices.changed(OFFICE, ('barge_in = "pickup-group" ', 'barge_in = "nobody" '))
SILENT = offices.changed(OFFICE, ("barge_tone = true ", "barge_tone = false "))
HOLD = offices.changed(OFFICE, ("hold_recall_seconds = 0 ", "hold_recall_seconds = 2 "))


@pytest.fixture(autouse=True)
def _as_the_file_says(controller, lab):
    lab.phones("103", "102", "101", "104", "130", "131", "132")
    controller.forget_settings()
    controller.apply(OFFICE)
    controller.wait_for_log("linked")


def called(lab, call):
    """101 takes the call, and both talk."""
    line = lab.phone("101").ringing()
    answered(call, line)
    return line, call


def calls(lab, dialled, phone):
    line = lab.phone("101").call(dialled)
    call = phone.ringing()
    answered(line, call)
    return line, call


def by_outside(lab):
    return called(lab, lab.outside(CALLER).call("+49305550101", "Lee"))


def to_outside(lab):
    return calls(lab, "00301234567", lab.outside("+49301234567"))


def by_colleague(lab):
    return called(lab, lab.phone("104").call("101"))


def to_colleague(lab):
    return calls(lab, "104", lab.phone("104"))


TALKS = [by_colleague, to_colleague, by_outside, to_outside]


def in_it(*lines):
    """Each hears all others."""
    def heard():
        if not isinstance(lines[0], SipLine):
            return all(one.hears(other) for one in lines for other in lines if one is not other)
        tones = heard_by(*lines)
        return all(other.tone in found for one, found in zip(lines, tones, strict=True)
                   for other in lines if one is not other)

    eventually(heard, "they do not hear each other", 5)


def joins(lab, *two, user="103", dialled="*42101"):
    his = lab.phone(user).call(dialled)
    his.wait_answered()
    in_it(*two, his)
    return his


def three(lab, begun=by_outside):
    line, call = begun(lab)
    return line, call, joins(lab, line, call)


def leaves(which, lines):
    """The other two are connected by a bridge again."""
    left = [line for at, line in enumerate(lines) if at != which]
    lines[which].hang_up()
    together(*left)
    return left


def refused(lab, controller, why, user="103", dialled="*42101"):
    """At once, by the busy signal."""
    call = lab.phone(user).call(dialled)
    assert call.wait_ended(5) == "USER_BUSY"
    found = controller.wait_for_call(caller=user, dialled=dialled, state="ended", result="hangup:busy")
    assert found["steps"][-1]["reason"] == why


# ---- what rings is taken -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["colleague", "outside"])
def test_a_call_that_rings_is_taken(lab, controller, who):
    call = lab.phone("104").call("101") if who == "colleague" else lab.outside(CALLER).call("+49305550101", "Lee")
    line = lab.phone("101").ringing()
    gevent.sleep(0.5)
    his = lab.phone("103").call("*42101")
    his.wait_answered()
    call.wait_answered()
    together(call, his)
    line.wait_ended()
    over(controller, his, call)
    journal(controller, dialled="*42101", result="pickup:101")


# ---- a talk is joined --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begun", TALKS)
def test_a_talk_is_joined(lab, controller, begun):
    line, call, his = three(lab, begun)
    eventually(lambda: not list_claims(controller.store), "a claim stays", 3)
    leaves(2, (line, call, his))
    connected(lab, line, call)
    rows = {row["user"]: row for row in json.loads(controller.fsctl("status", "--json"))}
    assert rows["101"]["with"] == {by_outside: CALLER, to_outside: "+49301234567"}.get(begun, "104")
    if begun in (by_colleague, to_colleague):
        seen(line, "David Dorn (left)", "104")
        seen(call, "Anna Adler", "101")
    over(controller, call, line)
    journal(controller, dialled="*42101", result="barge_in:101")
    found = journal(controller, caller={by_colleague: "104", by_outside: CALLER}.get(begun, "101"))
    told = [(step["policy"], step["reason"]) for step in found["steps"] if step["action"] == "join"]
    assert told == [("barge_in", "user 103 joined the talk")]


def test_he_sees_with_whom(lab, controller):
    _, _, his = three(lab)
    seen(his, "Lee", CALLER)


@pytest.mark.parametrize("who", [0, 1, 2], ids=["taker", "caller", "third"])
def test_a_call_that_was_taken_is_joined(lab, controller, who):
    """Whoever is left, each sees the other."""
    call = lab.phone("104").call("101")
    lab.phone("101").ringing()
    gevent.sleep(0.5)
    taker = lab.phone("103").call("*42101")
    taker.wait_answered()
    together(taker, call)
    his = joins(lab, taker, call, user="131", dialled="*42103")
    people = [("Clara Conrad", "103"), ("David Dorn (left)", "104"), ("Fatma Fuchs", "131")]
    del people[who]
    left = leaves(who, (taker, call, his))
    connected(lab, *left)
    seen(left[0], *people[1])
    seen(left[1], *people[0])


@pytest.mark.parametrize("begun", [by_colleague, to_colleague])
@pytest.mark.parametrize("who", [0, 1, 2], ids=["called", "other", "third"])
@pytest.mark.parametrize("which", [0, 1])
def test_either_of_the_two_who_are_left_can_transfer(lab, controller, begun, who, which):
    two = leaves(who, three(lab, begun))
    connected(lab, *two)
    two[which].transfer("102")
    two[which].wait_ended()
    answered(two[1 - which], lab.phone("102").ringing())


@pytest.mark.parametrize(("who", "which"), [(0, 1), (1, 1), (2, 0)], ids=["called", "other", "third"])
def test_who_is_left_parks_the_other(lab, controller, who, which):
    left = leaves(who, three(lab))
    connected(lab, *left)
    parks(lab, controller, left[which], left[1 - which])


@pytest.mark.parametrize("begun", TALKS)
@pytest.mark.parametrize("who", [0, 1], ids=["called", "other"])
def test_who_is_left_is_told_in_the_journal(lab, controller, begun, who):
    line, call, his = three(lab, begun)
    connected(lab, *leaves(who, (line, call, his)))
    his.hang_up()
    caller = {by_colleague: "104", by_outside: CALLER}.get(begun, "101")
    found = journal(controller, caller=caller, dialled={
        by_colleague: "101", by_outside: "+49305550101", to_colleague: "104", to_outside: "00301234567"}[begun])
    gone = (caller == "101") == (who == 0)  # whoever called has left
    assert found["steps"][-1]["reason"] == (
        "user 103 joined the talk" if gone else "of the three one has left the talk")
    assert gone or found["result"] == "user:103"


@pytest.mark.parametrize("who", [0, 1, 2], ids=["called", "other", "third"])
def test_hold_recall(lab, controller, who):
    controller.apply(HOLD)
    left = leaves(who, three(lab))
    connected(lab, *left)
    holder, waits = left if who == 2 else left[::-1]
    holder.hold()
    back = lab.phone("101" if who == 2 else "103").ringing(8)
    assert back.shown_name.startswith("Hold")
    answered(waits, back)


@pytest.mark.parametrize("who", [0, 1, 2], ids=["called", "other", "third"])
def test_lamps(lab, controller, watching, who):
    if not isinstance(lab, Lab):
        pytest.skip("no lamps of people in the simulator")
    lamps = [watching("102", user) for user in ("101", "103")]
    lines = three(lab)
    for lamp in lamps:
        lamp.wait("confirmed")
    leaves(who, lines)
    for lamp, at in zip(lamps, (0, 2), strict=True):
        if at == who:
            lamp.wait("terminated")
        else:
            assert lamp.states[-1] == "confirmed"


def test_twice(lab, controller):
    """He leaves and joins again, and so does another one; whoever is left sees the other."""
    line, call = leaves(2, three(lab))
    connected(lab, line, call)
    line, call = leaves(2, (line, call, joins(lab, line, call)))
    connected(lab, line, call)
    seen(line, "Lee", CALLER)
    call, his = leaves(0, (line, call, joins(lab, line, call, user="131")))
    connected(lab, call, his)
    seen(his, "Lee", CALLER)


@pytest.mark.parametrize(("office", "told"), [(OFFICE, [JOINED]), (SILENT, [])], ids=["tone", "silent"])
@pytest.mark.parametrize("which", [0, 1])
def test_the_tone(lab, controller, office, told, which):
    if not isinstance(lab, Lab):
        pytest.skip("nothing is heard in the simulator")
    controller.apply(office)
    SipLine._tones = 10  # nobody's own tone is this one
    two = by_colleague(lab)
    assert told_while(two[which], lambda: lab.phone("103").call("*42101")) == told


def test_the_extension_is_asked_for(lab, controller):
    line, call = by_outside(lab)
    his = lab.phone("103").call("*42")
    controller.wait_for_step("ask", "announcement:enter-extension", "")
    gevent.sleep(0.5)  # within the question
    his.press("101#")
    in_it(line, call, his)


def test_who_was_asked_hears_the_busy_tone(lab, controller):
    his = lab.phone("103").call("*42")
    controller.wait_for_step("ask", "announcement:enter-extension", "")
    gevent.sleep(0.5)  # within the question
    his.press("101#")
    if isinstance(lab, Lab):
        eventually(lambda: his.heard() == 425, "there is no busy tone", 10)
    his.wait_ended(10)
    journal(controller, dialled="*42", result="hangup:busy")


# ---- who may not -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("office", "user", "dialled", "why"), [
    (OFFICE, "103", "*42102", "nobody joins calls of Bernd Brandt"),
    (OFFICE, "104", "*42101", "David Dorn (left) is in no pickup group with Anna Adler"),
    (NOBODY, "103", "*42101", "in this office nobody joins calls of others"),
])
def test_who_may_not(lab, controller, office, user, dialled, why):
    controller.apply(office)
    call = lab.outside(CALLER).call("+49305550101")
    answered(call, lab.phone("101").ringing())
    refused(lab, controller, why, user, dialled)


def test_all_of_the_site_may(lab, controller):
    controller.apply(SITE)
    line, call = by_outside(lab)
    joins(lab, line, call, user="104")


def test_nobody_joins_the_talk_of_one_who_wants_nobody(lab, controller):
    """Whoever of the two is called."""
    answered(lab.phone("102").call("101"), lab.phone("101").ringing())
    refused(lab, controller, "nobody joins calls of Bernd Brandt")


def test_a_call_that_rings_is_only_the_callees(lab, controller):
    """Though its caller wants nobody in his talks."""
    call = lab.phone("102").call("101")
    lab.phone("101").ringing()
    gevent.sleep(0.5)
    his = lab.phone("103").call("*42101")
    his.wait_answered()
    together(call, his)


def test_no_call(lab, controller):
    refused(lab, controller, "Anna Adler is on no call")


def test_several_calls(lab, controller):
    line, _ = by_colleague(lab)
    line.hold()
    answered(lab.outside(CALLER).call("+49305550101"), lab.phone("101").ringing())
    refused(lab, controller, "Anna Adler has several calls")


@pytest.mark.parametrize("who", [0, 1])
def test_on_hold(lab, controller, who):
    by_colleague(lab)[who].hold()
    refused(lab, controller, "the call of Anna Adler is on hold")


def test_who_only_calls(lab, controller):
    lab.phone("101").call("104")
    lab.phone("104").ringing()
    refused(lab, controller, "Anna Adler talks with nobody yet")


def test_a_third_alone(lab, controller):
    three(lab)
    refused(lab, controller, "Anna Adler is in a talk that somebody has joined already", "131")


def test_his_own_talk(lab, controller):
    answered(lab.phone("103").call("101"), lab.phone("101").ringing())
    refused(lab, controller, "that is the caller's own call with Anna Adler")


def test_an_emergency_call(lab, controller):
    line = lab.phone("101").call("110")
    help_ = lab.outside("110").ringing()
    help_.answer()
    line.wait_answered()
    together(line, help_)
    refused(lab, controller, "nobody disturbs an emergency call")
    together(line, help_)


@pytest.mark.parametrize("dialled", ["*42199", "*42103", "*42300"])
def test_nobody_there(lab, controller, dialled):
    assert lab.phone("103").call(dialled).wait_ended(15) == "CALL_REJECTED"


# ---- at once, and on an executive's call -------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), [(101, 101), (101, 103), (103, 101)])
@pytest.mark.parametrize("milliseconds", [0, 20, 60])
def test_two_at_once(lab, controller, first, second, milliseconds):
    """By either of the two who talk: one is with them, and the other hears busy."""
    controller.apply(SITE)
    call = lab.phone("103").call("101")
    line = lab.phone("101").ringing()
    answered(call, line)
    both = [lab.phone("131").call(f"*42{first}")]
    gevent.sleep(milliseconds / 1000)
    both.append(lab.phone("132").call(f"*42{second}"))
    eventually(lambda: [each.ended for each in both].count(True) == 1, "nobody is refused, or both are", 10)
    (his,) = [each for each in both if not each.ended]
    journal(controller, caller="131" if both[0].ended else "132", result="hangup:busy")
    in_it(line, call, his)
    connected(lab, *leaves(2, (line, call, his)))


def test_on_an_executives_call(lab, controller):
    """He may not take it over while somebody is with them, and does afterwards."""
    call, line = talk(lab)
    his = joins(lab, line, call, dialled="*42131")
    eventually(lambda: handling(controller) == [(CALLER, "131")], "nobody knows who handles the call", 5)
    for code in ("*11", "*15"):
        boss = lab.phone("130").call(code)
        assert boss.wait_ended(15) == "CALL_REJECTED"
        found = journal(controller, caller="130", dialled=code)
        assert found["steps"][0]["reason"] == "somebody has joined the talk for Dr. Erika Ernst"
    his.hang_up()
    connected(lab, line, call)
    boss = lab.phone("130").call("*11")
    boss.wait_answered()
    together(boss, call)
    line.wait_ended()


def test_an_executive_who_wants_nobody(lab, controller):
    controller.apply(offices.changed(OFFICE, ("[users.130]\n", "[users.130]\nbarge_in = false\n")))
    talk(lab)
    refused(lab, controller, "nobody joins calls of Dr. Erika Ernst", dialled="*42131")


def test_on_a_call_in_an_executives_name(lab, controller):
    controller.apply(offices.changed(OFFICE, ("barge_in = false ", "barge_in = true ")))
    line, call = on_behalf(lab)
    his = joins(lab, line, call, dialled="*42131")
    connected(lab, *leaves(0, (line, call, his)))


# ---- without fsctl -----------------------------------------------------------------------------------------------


@pytest.mark.apart
@pytest.mark.parametrize("who", [0, 1, 2], ids=["called", "other", "third"])
def test_without_fsctl_they_talk_on(lab, controller, who):
    lines = three(lab)
    controller.kill()
    first, second = leaves(who, lines)
    controller.start()
    together(first, second)
    first.hang_up()
    second.wait_ended()


@pytest.mark.apart
@pytest.mark.parametrize("milliseconds", [40, 85, 95, 120])
def test_a_kill_amid_the_joining(lab, controller, milliseconds):
    """Wherever it was: the two talk on, and before long somebody can join them."""
    line, call = by_outside(lab)
    his = lab.phone("103").call("*42101")
    gevent.sleep(milliseconds / 1000)
    controller.kill()
    controller.start()
    controller.wait_for_log("linked")
    his.hang_up()
    his.wait_ended()
    connected(lab, line, call, 70)  # the comparison does it, if the third had not got there
    assert not [each for each in list_claims(controller.store) if each["key"].startswith("call:")]
    there = json.loads(lab.switch.api("show channels as json"))["rows"]
    marks = [f"uuid_getvar {each['uuid']} fsctl_moved" for each in there]
    eventually(lambda: not any(lab.switch.api(each).strip().startswith("barge") for each in marks), "a mark stays", 15)
    joins(lab, line, call)


@pytest.mark.apart
def test_a_controller_that_is_started_anew_connects_who_is_left(lab, controller):
    lines = three(lab)
    controller.kill()
    controller.start()
    controller.wait_for_log("linked")
    line, his = leaves(1, lines)
    connected(lab, line, his)
    his.transfer("102")
    answered(line, lab.phone("102").ringing())


@pytest.mark.parametrize("who", [0, 1, 2])
@pytest.mark.parametrize("milliseconds", [0, 5, 10, 20, 40])
def test_somebody_hangs_up_amid_the_joining(lab, controller, who, milliseconds):
    """The other two talk, or nobody is left."""
    lines = list(by_outside(lab))
    lines.append(lab.phone("103").call("*42101"))
    lines[2].wait_answered()
    gevent.sleep(milliseconds / 1000)
    lines.pop(who).hang_up()
    eventually(lambda: all(each.ended for each in lines) or all(
        not one.ended and not other.ended and one.hears(other) for one, other in (lines, lines[::-1])),
        "somebody is left in silence", 8)
