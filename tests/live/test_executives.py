"""Executives and assistants: who rings for a filtered call, what is seen there, and where it goes if nobody takes it."""

import json
import time

import pytest

from tests.live import offices
from tests.live.displays import seen
from tests.live.lab import Lab
from tests.wire.peer import eventually

CALLER, NUMBER, MOBILE = "+4915112345678", "+49305550130", "+491701234567"
WITHIN = 8

OFFICE = offices.EXECUTIVES
ROLLOVER = 'rollover = { after_seconds = 60, to = "mailbox:130" }'

assert OFFICE.count(ROLLOVER) == 1


@pytest.fixture(autouse=True)
def _as_the_file_says(controller, lab):
    lab.phones("101", "102", "103", "130", "131", "132", "120")
    controller.forget_settings()
    controller.apply(OFFICE)
    controller.wait_for_log("linked")


def changed(controller, *changes):
    controller.apply(offices.changed(OFFICE, *changes))


def simultaneous(controller):
    changed(controller, ('alerting = "sequential"', 'alerting = "simultaneous"'))


def call_in(lab, name=None):
    return lab.outside(CALLER).call(NUMBER, name)


def steps(call):
    return [(step["policy"], step["action"], step["target"], step["outcome"]) for step in call["steps"]]


def dial(lab, user, code):
    """Dial a code, hear what it says, and be hung up on."""
    call = lab.phone(user).call(code)
    call.wait_answered()
    assert call.wait_ended(15) == "NORMAL_CLEARING"


def refused(lab, controller, user, code, announcement="not-possible"):
    """Dial a code that does nothing; the reason."""
    call = lab.phone(user).call(code)
    assert call.wait_ended(15) == "CALL_REJECTED"
    found = controller.wait_for_call(state="ended", dialled=code, result=f"announcement:{announcement}")
    return found["steps"][-2]["reason"]


def talks(call, line):
    line.answer()
    call.wait_answered()
    eventually(lambda: call.hears(line) and line.hears(call), "they do not hear each other", 5)


def ends(call, line, controller, result):
    call.hang_up()
    line.wait_ended()
    return controller.wait_for_call(state="ended", result=result)


def missed(lab, line):
    """Whether this phone lists a missed call."""
    return isinstance(lab, Lab) and "Call completed elsewhere" not in line.reason


def rings_executive(lab, call):
    """His own phone rings, as it does for calls that are not filtered."""
    line = lab.phone("130").ringing()
    talks(call, line)
    call.hang_up()
    line.wait_ended()


# ---- alerting -------------------------------------------------------------------------------------------


def test_one_after_the_other(lab, controller):
    call = call_in(lab)
    first = lab.phone("131").ringing()
    lab.phone("132").quiet(0.3)
    first.wait_ended(WITHIN)  # after its time
    second = lab.phone("132").ringing()
    talks(call, second)
    found = ends(call, second, controller, "user:132")
    assert steps(found) == [("executive_assistant", "ring", "user:131, user:132", "answered")]
    assert found["steps"][0]["reason"] == "all calls for Dr. Erika Ernst go to the assistants"
    lab.phone("130").quiet(0.3)


@pytest.mark.parametrize("end", ["busy", "decline"])
def test_the_next_one_at_once_where_one_declines(lab, controller, end):
    lab.phone("131").behaviour = end
    call = call_in(lab)
    line = lab.phone("132").ringing(3)
    talks(call, line)
    ends(call, line, controller, "user:132")


def test_all_at_once_and_nobody_has_missed_a_call(lab, controller):
    simultaneous(controller)
    call = call_in(lab)
    first, second = lab.phone("131").ringing(), lab.phone("132").ringing()
    talks(call, second)
    first.wait_ended(3)
    assert not missed(lab, first)
    found = ends(call, second, controller, "user:132")
    assert steps(found) == [("executive_assistant", "ring", "user:131, user:132", "answered")]


def test_the_caller_sees_whom_he_called_and_then_who_has_the_call(lab, controller):
    call = lab.phone("101").call("130")
    line = lab.phone("131").ringing()
    talks(call, line)
    seen(call, "Fatma Fuchs", "131")
    ends(call, line, controller, "user:131")


def test_status_and_list_say_who_handles_the_call(lab, controller):
    call = call_in(lab)
    line = lab.phone("131").ringing()
    talks(call, line)

    def handling():
        (row,) = json.loads(controller.fsctl("executive", "list", "--json"))
        return [(each["caller"], each["assistant"]) for each in row["handling"]]

    eventually(lambda: handling() == [(CALLER, "131")], "nobody knows who has the call", 5)
    ends(call, line, controller, "user:131")
    eventually(lambda: handling() == [], "it has not ended", 5)


# ---- display --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("display", "number", "name", "shown"), [
    ("executive-caller", "caller", "Dr. Erika Ernst - Lee", CALLER),
    ("caller-executive", "executive", "Lee - Dr. Erika Ernst", "130"),
    ("Chef: {caller}", "caller", "Chef∶ Lee", CALLER),
])
def test_what_an_assistant_sees(lab, controller, display, number, name, shown):
    changed(controller, ('display = "executive-caller"', f'display = "{display}"'),
            ('show_number = "caller"', f'show_number = "{number}"'))
    call = call_in(lab, "Lee")
    line = lab.phone("131").ringing()
    assert (line.shown_name, line.shown_number) == (name, shown)
    talks(call, line)
    found = ends(call, line, controller, "user:131")
    assert found["caller"] == CALLER


def test_the_caller_appears_as_ever_where_the_call_comes_to_the_executive(lab, controller):
    changed(controller, (ROLLOVER, ""))
    lab.phone("131").behaviour = lab.phone("132").behaviour = "busy"
    call = call_in(lab, "Lee")
    line = lab.phone("130").ringing()
    assert (line.shown_name, line.shown_number) == ("Lee", CALLER)
    talks(call, line)
    ends(call, line, controller, "user:130")


# ---- rollover -------------------------------------------------------------------------------------------


def nobody_takes(lab, why):
    if why == "declined":
        lab.phone("131").behaviour = lab.phone("132").behaviour = "decline"
    elif why == "offline":
        lab.phone("131").unregister()
        lab.phone("132").unregister()


@pytest.mark.parametrize("why", ["declined", "offline", "no answer"])
def test_rollover_to_the_mailbox(lab, controller, why):
    nobody_takes(lab, why)
    call = call_in(lab)
    call.wait_answered(20)
    eventually(lambda: controller.calls(1)[0]["steps"][-1]["target"] == "mailbox:130", "it is not his mailbox", 5)
    call.hang_up()
    found = controller.wait_for_call(state="ended", result="mailbox:130")
    outcome = {"declined": "rejected", "offline": "offline", "no answer": "no-answer"}[why]
    assert steps(found)[:2] == [("executive_assistant", "ring", "user:131, user:132", outcome),
                                ("executive_assistant", "reroute", "mailbox:130", "")]
    lab.phone("130").quiet(0.3)


def test_rollover_to_a_person(lab, controller):
    changed(controller, ("mailbox:130\" }", "user:103\" }"))
    nobody_takes(lab, "declined")
    call = call_in(lab)
    line = lab.phone("103").ringing()
    talks(call, line)
    ends(call, line, controller, "user:103")


def test_rollover_to_a_number(lab, controller):
    changed(controller, ("mailbox:130\" }", f"number:{MOBILE}\" }}"))
    nobody_takes(lab, "declined")
    outside = lab.outside(MOBILE)
    call = lab.phone("101").call("130")
    line = outside.ringing()
    assert line.shown_number in (NUMBER, NUMBER[1:])  # the executive's
    talks(call, line)
    ends(call, line, controller, f"number:{MOBILE}")


def test_without_rollover_the_executives_own_ways(lab, controller):
    changed(controller, (ROLLOVER, ""))
    nobody_takes(lab, "declined")
    lab.phone("130").behaviour = "busy"
    call = call_in(lab)
    call.wait_answered(20)
    call.hang_up()
    found = controller.wait_for_call(state="ended", result="mailbox:130")
    assert [each[:3] for each in steps(found)] == [
        ("executive_assistant", "ring", "user:131, user:132"), ("extension", "ring", "user:130"),
        ("mailbox", "reroute", "mailbox:130"), ("mailbox", "mailbox", "mailbox:130")]


def test_rollover_after_a_time_over_all(lab, controller):
    changed(controller, ("after_seconds = 60, to = \"mailbox:130\" }", "after_seconds = 6, to = \"user:103\" }"))
    call = call_in(lab)
    first, second = lab.phone("131").ringing(), lab.phone("132").ringing(WITHIN)
    second.wait_ended(8)
    assert first.ended
    line = lab.phone("103").ringing()
    talks(call, line)
    ends(call, line, controller, "user:103")


def test_who_would_be_too_late_is_rung_where_others_are_quick(lab, controller):
    changed(controller, ("after_seconds = 60, to = \"mailbox:130\" }", "after_seconds = 4, to = \"user:103\" }"))
    lab.phone("131").behaviour = "decline"
    call = call_in(lab)
    line = lab.phone("132").ringing(3)
    talks(call, line)
    found = ends(call, line, controller, "user:132")
    assert steps(found) == [("executive_assistant", "ring", "user:131", "rejected"),
                            ("executive_assistant", "ring", "user:132", "answered")]


# ---- pool, codes, diversion -----------------------------------------------------------------------------


def test_who_opted_out_is_not_rung_until_in_again(lab, controller):
    dial(lab, "131", "#66130")
    call = call_in(lab)
    line = lab.phone("132").ringing()
    talks(call, line)
    assert "Fatma Fuchs has opted out" in ends(call, line, controller, "user:132")["steps"][0]["reason"]
    dial(lab, "132", "#66")
    call = call_in(lab)  # all have: the mailbox at once
    call.wait_answered(5)
    call.hang_up()
    controller.wait_for_call(state="ended", result="mailbox:130")
    dial(lab, "131", "#65")
    call = call_in(lab)
    line = lab.phone("131").ringing()
    talks(call, line)
    ends(call, line, controller, "user:131")
    changed(controller, ("opt_out = true ", "opt_out = false "))
    assert refused(lab, controller, "131", "#66130") == "assistants of Dr. Erika Ernst may not opt out"
    call = call_in(lab)
    lab.phone("131").ringing().reject()
    line = lab.phone("132").ringing()  # who is back in
    talks(call, line)
    ends(call, line, controller, "user:132")


@pytest.mark.parametrize(("user", "code"), [("130", ""), ("131", "130")])
def test_the_filter_by_code(lab, controller, user, code):
    dial(lab, user, f"#62{code}")
    rings_executive(lab, call_in(lab))
    dial(lab, user, f"#61{code}")
    call = call_in(lab)
    line = lab.phone("131").ringing()
    talks(call, line)
    ends(call, line, controller, "user:131")
    newest = json.loads(controller.fsctl("history", "--limit", "2", "--json"))
    assert [(row["who"], row["path"], row["after"]) for row in newest] == [
        (f"{user} by #61{code}", "filter.130", "on"), (f"{user} by #62{code}", "filter.130", "off")]


def test_who_may_not_switch_the_filter(lab, controller):
    assert refused(lab, controller, "101", "#62130") == "101 is no assistant of Dr. Erika Ernst"
    changed(controller, ("assistants_may_switch = true ", "assistants_may_switch = false "))
    assert refused(lab, controller, "131", "#62130") == (
        "the assistants of Dr. Erika Ernst may not switch the filter")


def test_an_assistants_own_ways_play_no_part(lab, controller):
    """Neither her forwarding nor her mailbox; only that she does not want to be disturbed."""
    controller.fsctl("forward", "set", "131", "102")
    call = call_in(lab)
    line = lab.phone("131").ringing()
    talks(call, line)
    ends(call, line, controller, "user:131")
    controller.fsctl("dnd", "on", "131")
    call = call_in(lab)
    line = lab.phone("132").ringing(3)
    talks(call, line)
    ends(call, line, controller, "user:132")


def test_a_diversion_to_a_person(lab, controller):
    dial(lab, "131", "#67130102")
    call = call_in(lab, "Lee")
    line = lab.phone("102").ringing()
    assert line.shown_name == "Dr. Erika Ernst - Lee"
    lab.phone("131").quiet(0.3)
    talks(call, line)
    ends(call, line, controller, "user:102")
    dial(lab, "131", "#67130")
    call = call_in(lab)
    line = lab.phone("131").ringing()
    talks(call, line)
    ends(call, line, controller, "user:131")


def test_a_diversion_outside_is_taken_with_a_1(lab, controller):
    assert refused(lab, controller, "131", "#67130000442079460999", "blocked") == (
        "Fatma Fuchs may not make international calls")
    dial(lab, "131", "#67130001701234567")
    outside = lab.outside(MOBILE)
    call = lab.phone("101").call("130")
    line = outside.ringing()
    line.answer()

    def taken():
        """A key is heard once the question is asked, which nothing tells."""
        line.press("1")
        time.sleep(0.5)
        return call.answered

    eventually(taken, "the 1 is not heard", 10)
    eventually(lambda: call.hears(line), "they do not hear each other", 5)
    ends(call, line, controller, f"number:{MOBILE}")


def test_a_diversion_outside_whose_mailbox_answers(lab, controller):
    controller.fsctl("assistant", "divert", "131", "130", f"number:{MOBILE}")
    outside = lab.outside(MOBILE)
    call = lab.phone("101").call("130")
    outside.ringing().answer()
    line = lab.phone("132").ringing(12)
    talks(call, line)
    ends(call, line, controller, "user:132")


# ---- who gets through -----------------------------------------------------------------------------------


def test_an_assistant_gets_through(lab, controller):
    rings_executive(lab, lab.phone("132").call("130"))
    controller.wait_for_call(state="ended", result="user:130")


@pytest.mark.parametrize("way", ["blind", "attended"])
def test_whom_an_assistant_puts_through(lab, controller, way):
    call = call_in(lab, "Lee")
    line = lab.phone("131").ringing()
    talks(call, line)
    if way == "blind":
        line.transfer("130")
        line.wait_ended()
        third = lab.phone("130").ringing()
        assert (third.shown_name, third.shown_number) == ("Lee", CALLER)
        talks(call, third)
    else:
        consultation = lab.phone("131").call("130")
        third = lab.phone("130").ringing()
        talks(consultation, third)
        line.transfer_to(consultation)
        line.wait_ended()
        eventually(lambda: call.hears(third) and third.hears(call), "they do not hear each other", 5)
    lab.phone("132").quiet(0.3)
    third.hang_up()
    call.wait_ended()


def test_whom_a_colleague_transfers_is_filtered(lab, controller):
    call = lab.outside(CALLER).call("103")
    line = lab.phone("103").ringing()
    talks(call, line)
    line.transfer("130")
    line.wait_ended()
    third = lab.phone("131").ringing()
    talks(call, third)
    third.hang_up()
    call.wait_ended()


def test_a_hunt_group_rings_the_executive_filter_or_not(lab, controller):
    changed(controller, ('members = ["101", "102", "103", "131"]\npickup = true', 'members = ["130"]'))
    rings_executive(lab, lab.phone("102").call("300"))


def test_two_who_are_each_others_assistants(lab, controller):
    """The filtered call of one rings at the other, whose own filter is none of this call's business."""
    changed(controller, (ROLLOVER, ""), ('assistants = ["131", "132"]', 'assistants = ["131"]'),
            ("[users.132]\n", '[users.131.executive]\nassistants = ["130"]\nfilter = "all"\n[users.132]\n'))
    controller.fsctl("forward", "set", "130", "131", "--when", "no-answer")
    call = call_in(lab)
    lab.phone("131").ringing().reject()
    lab.phone("130").ringing().reject(480)
    line = lab.phone("131").ringing()
    talks(call, line)
    found = ends(call, line, controller, "user:131")
    assert [each[:3] for each in steps(found)] == [
        ("executive_assistant", "ring", "user:131"), ("extension", "ring", "user:130"),
        ("forwarding", "reroute", "user:131"), ("extension", "ring", "user:131")]


# ---- pickup ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alerting", ["sequential", "simultaneous"])
@pytest.mark.parametrize(("user", "code"), [("132", "*98"), ("132", "*97131"), ("130", "*97131"), ("130", "*98")])
def test_the_executive_and_the_other_assistants_pick_up(lab, controller, alerting, user, code):
    if alerting == "simultaneous":
        simultaneous(controller)
    call = call_in(lab, "Lee")
    line = lab.phone("131").ringing()
    eventually(lambda: _state(controller, "131") == "ringing", "nobody knows that it rings", 3)
    if alerting == "simultaneous":
        lab.phone("132").ringing()
    picker = lab.phone(user).call(code)
    picker.wait_answered()
    call.wait_answered()
    eventually(lambda: call.hears(picker) and picker.hears(call), "they do not hear each other", 5)
    line.wait_ended(3)
    assert not missed(lab, line)
    seen(picker, "Dr. Erika Ernst - Lee", CALLER)
    eventually(lambda: _handling(controller) == [(CALLER, user)] * (user != "130"), "nobody knows who has the call", 5)
    picker.hang_up()
    call.wait_ended()


@pytest.mark.parametrize(("code", "why"), [("*98", "nothing rings there"), ("*97131", "nothing rings there")])
def test_the_assistants_own_group_does_not(lab, controller, code, why):
    call = call_in(lab)
    line = lab.phone("131").ringing()
    eventually(lambda: _state(controller, "131") == "ringing", "nobody knows that it rings", 3)
    assert refused(lab, controller, "102", code, "nothing-to-pick-up") == why
    call.hang_up()
    line.wait_ended()


def test_the_assistants_own_call_is_the_groups_as_ever(lab, controller):
    call = lab.outside(CALLER).call("131")
    lab.phone("131").ringing()
    eventually(lambda: _state(controller, "131") == "ringing", "nobody knows that it rings", 3)
    assert refused(lab, controller, "130", "*98", "nothing-to-pick-up") == "nothing rings there"
    picker = lab.phone("102").call("*97131")
    picker.wait_answered()
    eventually(lambda: call.hears(picker), "they do not hear each other", 5)
    picker.hang_up()
    call.wait_ended()


def _executive(controller):
    (row,) = json.loads(controller.fsctl("executive", "show", "130", "--json"))
    return row


def _state(controller, assistant):
    return next(each["state"] for each in _executive(controller)["assistants"] if each["user"] == assistant)


def _handling(controller):
    return [(each["caller"], each["assistant"]) for each in _executive(controller)["handling"]]
