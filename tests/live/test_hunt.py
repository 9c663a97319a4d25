"""Hunt groups: who is rung, in which order, for how long, and where the call goes when nobody takes it."""

import json
import time

import pytest

from fsctl.store.claims import list_claims
from tests.live import offices
from tests.wire.peer import eventually

CALLER = "+4915112345678"
FIVE = ("101", "102", "103", "104", "132")

#: Of every policy one group of the same five people, who have little patience.
OFFICE = offices.OFFICE + "".join(f"""
[groups.{key}]
name = "{key}"
site = "berlin"
members = {json.dumps(members)}
[groups.{key}.hunt]
extension = "{extension}"
policy = "{policy}"
caller_name = "{key}: {{caller}}"
ring_seconds = {6 if key == "wait" else 2}
overflow = {{ after_seconds = {seconds}, to = "user:131" }}
{more}
""" for key, extension, policy, members, seconds, more in (
    ("lin", "311", "linear", FIVE, 20, ""),
    ("circ", "312", "circular", FIVE, 20, ""),
    ("all", "313", "simultaneous", FIVE, 20, ""),
    ("idle", "314", "longest-idle", FIVE, 20, ""),
    ("draw", "315", "weighted", FIVE, 20, "weights = { 104 = 100 }"),
    ("short", "316", "linear", ("101", "102"), 3, ""),
    ("pair", "317", "linear", ("101", "102"), 20, 'busy = "user:130"\nunreachable = "user:103"'),
    ("wait", "318", "linear", ("101", "102"), 20, ""),
    ("single", "319", "circular", ("101",), 20, ""),
    ("anyidle", "321", "longest-idle", FIVE, 20, 'idle_counts = "all"'),
    ("out", "322", "linear", ("+491701234567", "101"), 20, ""),
))


@pytest.fixture(autouse=True)
def _as_the_file_says(controller, lab):
    lab.phones(*FIVE, "130", "131", "120")
    controller.forget_settings()
    controller.wait_for_log("linked")
    controller.fsctl("hunt", "reset")


def rung(call):
    return [(step["action"], step["target"], step["outcome"]) for step in call["steps"]]


def hunt(controller, key):
    found = json.loads(controller.fsctl("hunt", "show", key, "--json"))
    return found[0]


def free(lab, controller):
    """Wait until nobody is reserved, and the switch has no call: what has ended is known then."""
    lab.wait(lambda: not [claim for claim in list_claims(controller.store) if claim["key"].startswith("member:")],
             3, "a member stays reserved")


def talk(lab, controller, caller, called):
    """Two people talk, and whoever asks the switch learns that: the line of who was called, and the other."""
    call = lab.phone(caller).call(called)
    line = lab.phone(called).ringing()
    line.answer()
    call.wait_answered()
    controller.wait_for_call(state="talking", result=f"user:{called}")
    lab.wait(lambda: hunt(controller, "lin")["members"][FIVE.index(called)]["state"] == "busy", 5, "nobody knows of it")
    return line, call


def take(lab, controller, group, by):
    """One call to a group, which the phone takes; it ends again."""
    call = lab.phone("120").call(group)
    line = lab.phone(by).ringing()
    line.answer()
    call.wait_answered()
    call.hang_up()
    line.wait_ended()
    return controller.wait_for_call(state="ended", result=f"user:{by}")


def waits(controller):
    """The newest call waits for a member."""
    eventually(lambda: {step["action"] for step in controller.calls(1)[0]["steps"]} == {"wait"}, "it does not wait", 3)


# ---- policies -------------------------------------------------------------------------------------


def test_linear_always_begins_at_the_top(lab, controller):
    for _ in range(2):
        assert rung(take(lab, controller, "311", "101")) == [("ring", "user:101", "answered")]


def test_each_refusal_leads_to_the_next_one(lab, controller):
    for extension, behaviour in (("101", "busy"), ("102", "decline"), ("103", "absent")):
        lab.phone(extension).behaviour = behaviour
    lab.phone("104").unregister()
    call = lab.phone("120").call("311")
    line = lab.phone("132").ringing()
    assert line.shown_name == "lin∶ Hannah Hill"
    line.answer()
    call.wait_answered()
    assert call.hears(line) and line.hears(call)
    line.hang_up()
    found = controller.wait_for_call(state="ended", result="user:132")
    assert rung(found) == [
        ("ring", "user:101", "busy"), ("ring", "user:102", "rejected"), ("ring", "user:103", "no-answer"),
        ("ring", "user:104", "offline"), ("ring", "user:132", "answered")]
    explained = json.loads(controller.fsctl(
        "explain", "120", "311", "--outcomes", "busy,rejected,no-answer,offline,answered", "--json"))
    assert explained["result"] == found["result"]
    assert explained["steps"] == [
        {key: step[key] for key in ("policy", "action", "target", "reason", "reason_id", "reason_values")} for step in found["steps"]]


def test_circular_goes_on_behind_who_took_the_last_call(lab, controller):
    for by in (*FIVE, FIVE[0]):
        take(lab, controller, "312", by)
        assert hunt(controller, "circ")["pointer"] == by
    lab.phone("102").behaviour = "busy"
    found = take(lab, controller, "312", "103")
    assert rung(found) == [("ring", "user:102", "busy"), ("ring", "user:103", "answered")]
    assert found["steps"][0]["reason"] == "circ in turn, after 101"
    assert [member["calls"] for member in hunt(controller, "circ")["members"]] == [2, 1, 2, 1, 1]


def test_nobody_accepted_and_the_pointer_stays(lab, controller):
    take(lab, controller, "312", "101")
    call = lab.phone("120").call("312")
    lab.phone("102").ringing()
    lab.phone("103").ringing()
    call.hang_up()
    controller.wait_for_call(state="ended", result="gone")
    take(lab, controller, "312", "102")


def test_longest_idle(lab, controller):
    for by in ("101", "102", "103", "104", "132", "101"):
        take(lab, controller, "314", by)
    members = hunt(controller, "idle")["members"]
    assert members[0]["idle_seconds"] <= min(member["idle_seconds"] for member in members[1:])


def test_longest_idle_of_any_call(lab, controller):
    call = lab.phone("120").call("101")
    line = lab.phone("101").ringing()
    line.answer()
    call.wait_answered()
    call.hang_up()
    line.wait_ended()
    lab.wait(lambda: hunt(controller, "anyidle")["members"][0]["idle_seconds"] is not None, 5, "nobody noted it")
    take(lab, controller, "321", "102")
    take(lab, controller, "321", "103")


def test_by_weight(lab, controller):
    found = take(lab, controller, "315", "104")
    assert found["steps"][0]["reason"] == "draw by weight"


def test_all_at_once_and_one_of_them_wins(lab, controller):
    call = lab.phone("120").call("313")
    lines = {extension: lab.phone(extension).ringing() for extension in FIVE}
    lines["103"].answer()
    call.wait_answered()
    for extension, line in lines.items():
        if extension != "103":
            line.wait_ended(1)
    assert call.hears(lines["103"])
    call.hang_up()
    controller.wait_for_call(state="ended", result="user:103")
    assert hunt(controller, "all")["pointer"] == "103"


# ---- who is engaged ---------------------------------------------------------------------------------


def test_who_talks_is_passed_over_and_idle_ones_are_not(lab, controller):
    line, direct = talk(lab, controller, "130", "101")
    found = take(lab, controller, "311", "102")
    assert rung(found) == [("ring", "user:102", "answered")]
    assert found["steps"][0]["reason"] == "lin from the top; 101 is on a call"
    direct.hang_up()
    line.wait_ended()
    take(lab, controller, "311", "101")


def test_all_at_once_leaves_out_who_talks(lab, controller):
    talk(lab, controller, "130", "101")
    call = lab.phone("120").call("313")
    lab.phone("102").ringing()
    lab.phone("101").quiet(0.3)
    call.hang_up()


def test_two_calls_ring_two_members_and_a_third_waits(lab, controller):
    first, second = lab.phone("120").call("318"), lab.phone("130").call("318")
    lines = lab.phone("101").ringing(), lab.phone("102").ringing()
    third = lab.phone("132").call("318")
    waits(controller)
    lines[0].answer()
    lab.phone("101").quiet(0.3)
    second.hang_up() if first.answered else first.hang_up()
    assert lab.phone("102").ringing(3).shown_name == "wait∶ Georg Graf"
    third.hang_up()
    free(lab, controller)


def test_who_left_by_code_is_not_rung_until_he_joins(lab, controller):
    for dialled, result, by in (("*64311", "code:hunt_leave", "102"), ("*63311", "code:hunt_join", "101")):
        lab.phone("101").call(dialled).wait_ended(10)
        controller.wait_for_call(state="ended", result=result)
        take(lab, controller, "311", by)


def test_a_member_outside_takes_the_call_with_a_1(lab, controller):
    mobile = lab.outside("+491701234567")
    call = lab.phone("120").call("322")
    line = mobile.ringing()
    line.answer()
    time.sleep(0.5)  # nobody has the call by answering alone
    assert not call.answered
    line.press("1")
    call.wait_answered()
    assert call.hears(line)
    call.hang_up()
    controller.wait_for_call(state="ended", result="number:+491701234567")
    assert hunt(controller, "out")["members"][0]["calls"] == 1


def test_a_member_who_picks_the_call_up_has_taken_it(lab, controller):
    call = lab.phone("120").call("300")
    rings = lab.phone("101").ringing()
    lab.wait(lambda: hunt(controller, "sales")["members"][0]["state"] == "ringing", 3, "nobody knows that it rings")
    picker = lab.phone("103").call("*97300")
    picker.wait_answered()
    rings.wait_ended()
    assert call.hears(picker)
    assert hunt(controller, "sales")["pointer"] == "103"
    call.hang_up()
    picker.wait_ended()
    free(lab, controller)


# ---- nobody takes it ----------------------------------------------------------------------------------


def test_overflow(lab, controller):
    call = lab.phone("120").call("316")
    line = lab.phone("131").ringing(12)
    assert line.shown_name == "Hannah Hill"  # without the group's prefix: it is no call of the group any more
    line.answer()
    call.wait_answered()
    call.hang_up()
    found = controller.wait_for_call(state="ended", result="user:131")
    assert rung(found)[0] == ("ring", "user:101", "no-answer")
    assert rung(found)[-2:] == [("reroute", "user:131", ""), ("ring", "user:131", "answered")]
    assert found["steps"][-2]["reason"] == "nobody of short took the call within 3 s"
    free(lab, controller)


def test_all_busy_goes_where_the_file_says(lab, controller):
    lab.phone("101").behaviour = lab.phone("102").behaviour = "busy"
    call = lab.phone("120").call("317")
    lab.phone("130").ringing()
    call.hang_up()
    found = controller.wait_for_call(state="ended", result="gone")
    assert [step[1] for step in rung(found)] == ["user:101", "user:102", "user:130", "user:130"]


def test_nobody_registered_goes_on_at_once(lab, controller):
    lab.phone("101").unregister()
    lab.phone("102").unregister()
    call = lab.phone("120").call("317")
    lab.phone("103").ringing()  # long before the overflow
    call.hang_up()
    found = controller.wait_for_call(state="ended", result="gone")
    assert rung(found)[2] == ("reroute", "user:103", "")


def test_all_busy_waits_and_is_woken(lab, controller):
    talk(lab, controller, "130", "101")
    other, _ = talk(lab, controller, "103", "102")
    call = lab.phone("120").call("318")
    lab.phone("101").quiet(0.5)
    assert not call.ended
    began = time.monotonic()
    other.hang_up()
    line = lab.phone("102").ringing(8)  # long before the overflow
    print(f"woken after {(time.monotonic() - began) * 1000:.0f} ms")
    line.answer()
    call.wait_answered()
    assert call.hears(line)
    call.hang_up()
    found = controller.wait_for_call(state="ended", result="user:102")
    assert rung(found) == [("wait", "hunt:wait", "done"), ("ring", "user:102", "answered")]


def test_a_caller_who_was_answered_already_waits_too(lab, controller):
    _, direct = talk(lab, controller, "130", "101")
    call = lab.phone("120").call("102")
    first = lab.phone("102").ringing()
    first.answer()
    call.wait_answered()
    first.transfer("319")
    first.wait_ended()
    lab.phone("101").quiet(0.5)
    direct.hang_up()
    line = lab.phone("101").ringing(3)
    line.answer()
    assert call.hears(line) and line.hears(call)
    call.hang_up()
    controller.wait_for_call(state="ended", result="user:101")


def test_the_caller_gives_up_while_waiting(lab, controller):
    talk(lab, controller, "130", "101")
    call = lab.phone("120").call("319")
    waits(controller)
    call.hang_up()
    assert rung(controller.wait_for_call(state="ended", result="gone")) == [("wait", "hunt:single", "gone")]


def test_who_was_rung_is_free_when_the_caller_hangs_up(lab, controller):
    call = lab.phone("120").call("319")
    lab.phone("101").ringing()
    call.hang_up()
    began = time.monotonic()
    take(lab, controller, "319", "101")
    assert time.monotonic() - began < 3


# ---- time, and crashes ----------------------------------------------------------------------------------


def test_the_gap_between_two_members(lab, controller):
    """From the end of one member's ringing to the next one's phone."""
    for extension in FIVE[:4]:
        lab.phone(extension).behaviour = "busy"
    gaps = []
    for _ in range(5):
        call = lab.phone("120").call("311")
        line = lab.phone("132").ringing()
        gaps.append(line.started_ringing_after)
        call.hang_up()
        line.wait_ended()
        controller.wait_for_call(state="ended", result="gone")
    print(f"five members in {sorted(gaps)[2] * 1000:.0f} ms, {sorted(gaps)[2] * 200:.0f} ms a member")
    assert sorted(gaps)[2] < 5 * 0.2


@pytest.mark.apart
def test_killed_amid_a_hunt(lab, controller):
    take(lab, controller, "312", "101")
    call = lab.phone("120").call("312")
    line = lab.phone("102").ringing()
    controller.kill()
    line.answer()  # FreeSWITCH rings on
    call.wait_answered()
    call.hang_up()
    line.wait_ended()
    controller.start()
    controller.wait_for_log("linked")
    assert hunt(controller, "circ")["pointer"] == "101"
    take(lab, controller, "312", "102")


@pytest.mark.apart
def test_killed_amid_a_talk(lab, controller):
    """Who took the call is idle when it ends, whether somebody listens or not."""
    call = lab.phone("120").call("314")
    line = lab.phone("101").ringing()
    line.answer()
    call.wait_answered()
    lab.wait(lambda: hunt(controller, "idle")["members"][0]["calls"] == 1, 3, "it was not counted")
    controller.kill()
    controller.start()
    controller.wait_for_log("linked")
    call.hang_up()
    line.wait_ended()
    lab.wait(lambda: hunt(controller, "idle")["members"][0]["state"] == "free", 5, "he is not free")
    take(lab, controller, "314", "102")
