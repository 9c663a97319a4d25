"""An executive joins the talk of an assistant; when one of the three leaves, the other two are connected as ever."""

import json

import gevent
import pytest

from fsctl.model.joined import room_of
from fsctl.store.claims import list_claims
from tests.live.displays import seen
from tests.live.lab import Lab
from tests.live.scenarios import channels
from tests.live.test_executive_calls import (
    CALLER,
    OFFICE,
    answered,
    handling,
    hands_over,
    journal,
    on_behalf,
    over,
    talk,
    together,
)
from tests.wire.peer import eventually

#: Who is on hold comes back soon.
HOLD = OFFICE.replace("hold_recall_seconds = 0 ", "hold_recall_seconds = 2 ")

assert HOLD != OFFICE


@pytest.fixture(autouse=True)
def _as_the_file_says(controller, lab):
    lab.phones("101", "102", "103", "130", "131", "132")
    controller.forget_settings()
    controller.apply(OFFICE)
    controller.wait_for_log("linked")


def joins(lab, call, line, dialled="*15"):
    """The executive, who hears both, and whom both hear."""
    his = lab.phone("130").call(dialled)
    his.wait_answered()
    for one, other in ((call, line), (call, his), (line, his)):
        together(one, other)
    return his


def three(lab):
    call, line = talk(lab)
    return call, line, joins(lab, call, line)


def leaves(who, lines):
    """The other two are connected by a bridge again."""
    lines = dict(zip(("caller", "assistant", "executive"), lines, strict=True))
    lines.pop(who).hang_up()
    first, second = lines.values()
    together(first, second)
    return first, second


def connected(lab, first, second, seconds=3):
    """They are out of the room: what only an ordinary talk can do is done by the callers of this."""
    eventually(lambda: lab.switch.api("conference json_list").strip() in ("[]", ""), "the room is there yet", seconds)
    together(first, second)


def parks(lab, controller, one, other):
    """One parks the other by a transfer, who is fetched from there."""
    one.transfer("701")
    one.wait_ended()

    def waits():
        rows = json.loads(controller.fsctl("park", "list", "--json"))
        return rows and lab.switch.api(f"uuid_getvar {rows[0]['uuid']} fsctl_slot").strip() == "701"

    eventually(waits, "nobody is parked", 5)
    together(other, lab.phone("102").call("*88701"))


def test_all_three_hear_each_other(lab, controller):
    call, line, his = three(lab)
    seen(his, "Lee", CALLER)
    eventually(lambda: handling(controller) == [(CALLER, "131")], "nobody knows who handles the call", 5)
    leaves("executive", (call, line, his))
    eventually(lambda: not [each for each in list_claims(controller.store) if each["key"].startswith("room:")],
               "the claim of the room stays", 3)
    over(controller, call, line)
    found = journal(controller, caller=CALLER, result="user:131")
    assert "user 130 joined the talk" in [step["reason"] for step in found["steps"]]
    journal(controller, dialled="*15", result="join:131")


@pytest.mark.parametrize("who", ["caller", "assistant", "executive"])
@pytest.mark.parametrize("which", [0, 1])
def test_either_of_the_two_who_are_left_can_transfer(lab, controller, who, which):
    call = lab.phone("103").call("130")
    line = lab.phone("131").ringing()
    answered(call, line)
    two = leaves(who, (call, line, joins(lab, call, line)))
    connected(lab, *two)
    two[which].transfer("102")
    two[which].wait_ended()
    answered(two[1 - which], lab.phone("102").ringing())


@pytest.mark.parametrize("who", ["caller", "assistant"])
def test_the_executive_parks_who_is_left(lab, controller, who):
    other, his = leaves(who, three(lab))
    connected(lab, other, his)
    parks(lab, controller, his, other)


@pytest.mark.parametrize("who", ["caller", "assistant", "executive"])
def test_hold_recall(lab, controller, who):
    controller.apply(HOLD)
    first, second = leaves(who, three(lab))
    connected(lab, first, second)
    user = "131" if who == "executive" else "130"
    second.hold()
    back = lab.phone(user).ringing(8)
    assert back.shown_name.startswith("Hold")
    answered(first, back)


def test_the_assistant_hands_over_after_it(lab, controller):
    call, line = leaves("executive", three(lab))
    connected(lab, call, line)
    hands_over(lab, line, "dialled")
    answered(call, lab.phone("130").ringing())


@pytest.mark.parametrize("who", ["assistant", "executive"])
def test_lamps(lab, controller, watching, who):
    if not isinstance(lab, Lab):
        pytest.skip("no lamps of people in the simulator")
    lamps = {user: watching("101", user) for user in ("130", "131")}
    lines = three(lab)
    for lamp in lamps.values():
        lamp.wait("confirmed")
    leaves(who, lines)
    lamps["130" if who == "executive" else "131"].wait("terminated")
    assert lamps["131" if who == "executive" else "130"].states[-1] == "confirmed"


def test_a_call_on_hold(lab, controller):
    """Caller and executive talk; the assistant is with them once she takes it off hold."""
    call, line = talk(lab)
    line.hold()
    his = lab.phone("130").call("*15")
    his.wait_answered()
    together(call, his)
    if isinstance(lab, Lab):  # to the switch, who is in a room holds nobody
        lab.exchange.api(f"uuid_hold off {line.uuid}")
    else:
        line.unhold()
    together(call, line)
    together(his, line)


def test_dialled_again_it_ends_for_all(lab, controller):
    call, line, his = three(lab)
    his.hold()
    again = lab.phone("130").call("*15")
    for each in (call, line, his):
        each.wait_ended()
    again.wait_ended(10)
    journal(controller, dialled="*15", result="code:join")


def test_on_behalf(lab, controller):
    call, line = on_behalf(lab)
    his = joins(lab, call, line)
    call.hang_up()
    connected(lab, line, his)
    his.transfer("103")
    answered(line, lab.phone("103").ringing())


def test_mute_and_drop(lab, controller):
    call, line, his = three(lab)
    controller.fsctl("executive", "mute", "130", "131")
    eventually(lambda: not call.hears(line) and call.hears(his), "she is heard", 5)
    controller.fsctl("executive", "mute", "130", "131", "--off")
    together(call, line)
    assert "none of those" in controller.refused("executive", "drop", "130", "102")
    controller.fsctl("executive", "drop", "130", "131")
    line.wait_ended()
    connected(lab, call, his)
    assert "has joined no talk" in controller.refused("executive", "mute", "130", "caller")


def test_twice(lab, controller):
    """He leaves and joins again."""
    call, line = leaves("executive", three(lab))
    connected(lab, call, line)
    his = joins(lab, call, line)
    leaves("assistant", (call, line, his))
    connected(lab, call, his)
    over(controller, his, call)
    journal(controller, caller=CALLER, result="user:130")


@pytest.mark.apart
@pytest.mark.parametrize("who", ["caller", "assistant", "executive"])
def test_without_fsctl_they_talk_on(lab, controller, who):
    lines = three(lab)
    controller.kill()
    first, second = leaves(who, lines)
    controller.start()
    together(first, second)
    first.hang_up()
    second.wait_ended()


@pytest.mark.apart
def test_a_controller_that_is_started_anew_connects_who_is_left(lab, controller):
    lines = three(lab)
    controller.kill()
    controller.start()
    controller.wait_for_log("linked")
    his, other = leaves("caller", lines)[::-1]
    connected(lab, other, his)
    his.transfer("102")
    answered(other, lab.phone("102").ringing())


@pytest.mark.parametrize(("user", "why"), [
    ("130", "no assistant talks for Dr. Erika Ernst"), ("101", "Anna Adler is no executive"),
])
def test_nothing_to_join(lab, controller, user, why):
    call = lab.phone(user).call("*15")
    assert call.wait_ended(15) == "CALL_REJECTED"
    found = journal(controller, caller=user, dialled="*15", result="announcement:nothing-to-take-over")
    assert found["steps"][-2]["reason"] == why


@pytest.mark.parametrize("who", ["caller", "assistant", "executive"])
@pytest.mark.parametrize("milliseconds", [0, 20, 40, 60, 80, 120])
def test_two_leave_at_once(lab, controller, who, milliseconds):
    """Nobody is left in silence, whenever the second one hangs up."""
    lines = dict(zip(("caller", "assistant", "executive"), three(lab), strict=True))
    lines.pop(who).hang_up()
    first, second = lines.values()
    gevent.sleep(milliseconds / 1000)
    first.hang_up()
    second.wait_ended()


@pytest.mark.parametrize("milliseconds", [0, 10, 20, 30, 50, 80])
def test_the_caller_hangs_up_amid_the_move(lab, controller, milliseconds):
    """The executive who takes over is not left in silence."""
    call, _ = talk(lab)
    his = lab.phone("130").call("*11")
    his.wait_answered()
    gevent.sleep(milliseconds / 1000)
    call.hang_up()
    his.wait_ended(8)


@pytest.mark.parametrize("who", [0, 1])
@pytest.mark.parametrize("milliseconds", [0, 3, 6, 9, 12, 20])
def test_somebody_hangs_up_amid_the_joining(lab, controller, who, milliseconds):
    """The other two talk, or nobody is left."""
    lines = list(talk(lab))
    his = lab.phone("130").call("*15")
    his.wait_answered()
    gevent.sleep(milliseconds / 1000)
    lines.pop(who).hang_up()
    rest = (*lines, his)
    eventually(lambda: all(each.ended for each in rest) or all(
        not one.ended and not other.ended and one.hears(other) for one, other in (rest, rest[::-1])),
        "somebody is left in silence", 8)


def alone(lab):
    """A caller in the room of a talk that another one did not get to."""
    call = lab.phone("101").call("131")
    line = lab.phone("131").ringing()
    answered(call, line)
    uuid, _ = channels(lab, "131")
    assert lab.switch.api(
        f"uuid_transfer {uuid} conference:{room_of(uuid)}@fsctl+flags{{mintwo|dist-dtmf}} inline").startswith("+OK")
    line.wait_ended()
    return call


def test_nobody_waits_alone(lab, controller):
    assert alone(lab).wait_ended() == "NORMAL_CLEARING"


@pytest.mark.apart
def test_nobody_waits_alone_who_was_left_by_a_kill(lab, controller):
    call = alone(lab)
    controller.kill()
    controller.start()
    call.wait_ended(30)
