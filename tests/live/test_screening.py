"""An executive sees his filtered calls while they ring at the assistants, and may take them; pools and their lamps."""

import json
import threading
import time
from contextlib import suppress

import pytest

from tests.live import offices
from tests.live.displays import seen
from tests.live.lab import Lab
from tests.live.test_executives import CALLER, MOBILE, call_in, dial, ends, missed, refused, steps, talks
from tests.wire.peer import eventually

WITHIN = 10
PEOPLE = ("101", "102", "103", "120", "130", "131", "132")

#: All calls of 130 are filtered and seen silently; 132 is an executive, too, whose assistants are 131 and 130.
OFFICE = (
    offices.OFFICE.replace('filter = "rules" ', 'filter = "all" ')
    .replace('alerting = "sequential"   ', 'alerting = "sequential"\nring_seconds = 4\n#')
    .replace("ring_seconds = 15\nrollover", "rollover")
    .replace("[users.132]\n", '[users.132.executive]\nassistants = ["131", "130"]\nfilter = "all"\nring_seconds = 4\n'
             'alerting = "simultaneous"\nscreening = "silent"\n[users.132]\n')
    .replace('members = ["101", "102", "103"]\npickup = true', 'members = ["101", "102", "103", "130"]\npickup = true'))
SILENT, SPLASH = "<http://127.0.0.1>;info=silent", "<http://127.0.0.1>;info=splash"
ROLLOVER = 'rollover = { after_seconds = 60, to = "mailbox:130" }'

assert OFFICE.count('filter = "all"') == 2
assert OFFICE.count('screening = "silent"  ') == OFFICE.count(ROLLOVER) == 1


@pytest.fixture(autouse=True)
def _as_the_file_says(controller, lab):
    lab.phones(*PEOPLE)
    controller.forget_settings()
    controller.apply(OFFICE)
    controller.wait_for_log("linked")


def changed(controller, *changes):
    controller.apply(offices.changed(OFFICE, *changes))


SIMULTANEOUS = ('alerting = "sequential"', 'alerting = "simultaneous"')
WITH_SPLASH = ('screening = "silent"  ', 'screening = "splash"  ')
DEVICES = ('name = "Dr. Erika Ernst"\n', f'name = "Dr. Erika Ernst"\ndevices = ["{MOBILE}"]\n')
NO_WAITING = ('name = "Dr. Erika Ernst"\n', 'name = "Dr. Erika Ernst"\ncall_waiting = false\n')


@pytest.fixture
def other(lab):
    """One more phone of the executive."""
    (phone,) = lab.others("130")
    yield phone
    lab.take_away_others()


def handling(controller):
    (row,) = json.loads(controller.fsctl("executive", "show", "130", "--json"))
    return [(each["caller"], each["assistant"]) for each in row["handling"]]


def alert(line):
    return line.headers.get("Alert-Info", "")


# ---- what he sees ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("alerting", ["sequential", "simultaneous"])
@pytest.mark.parametrize(("screening", "told"), [("silent", SILENT), ("splash", SPLASH)])
def test_he_sees_who_is_handled(lab, controller, screening, told, alerting):
    changed(controller, *[WITH_SPLASH] * (screening == "splash"), *[SIMULTANEOUS] * (alerting == "simultaneous"))
    call = call_in(lab, "Lee")
    own, line = lab.phone("130").ringing(), lab.phone("131").ringing()
    assert (own.shown_name, own.shown_number) == ("Lee", CALLER)
    assert (line.shown_name, line.shown_number) == ("Dr. Erika Ernst - Lee", CALLER)
    assert (alert(own), alert(line)) == (told, "")
    talks(call, line)
    own.wait_ended(3)
    assert not missed(lab, own)
    found = ends(call, line, controller, "user:131")
    assert steps(found) == [("executive_assistant", "ring", "user:131, user:132", "answered")]


def test_a_caller_of_the_office(lab, controller):
    call = lab.phone("101").call("130")
    own, line = lab.phone("130").ringing(), lab.phone("131").ringing()
    assert (own.shown_name, own.shown_number) == ("Anna Adler", "101")
    talks(call, line)
    seen(call, "Fatma Fuchs", "131")
    ends(call, line, controller, "user:131")


def test_phones_are_told_by_their_type(lab, controller):
    """Both laboratories' phones say of themselves what they are."""
    switch = lab.switch
    kind = "FreeSWITCH" if isinstance(lab, Lab) else "simulated"
    try:
        told = f"{SILENT}|Yealink=Other|{kind}=<http://127.0.0.1>;info=quiet_1"
        switch.api(f"global_setvar fsctl_alert_silent='{told}'")
        call = call_in(lab)
        assert alert(lab.phone("130").ringing()) == "<http://127.0.0.1>;info=quiet_1"
        call.hang_up()
        switch.api("global_setvar fsctl_alert_silent=x]sofia/phones/101@127.0.0.1,[y")
        call = call_in(lab)
        assert alert(lab.phone("130").ringing()) == SILENT
        lab.phone("101").quiet(0.3)
        call.hang_up()
    finally:
        switch.api("global_setvar fsctl_alert_silent=")


# ---- who takes it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("alerting", ["sequential", "simultaneous"])
def test_he_takes_it(lab, controller, alerting):
    changed(controller, *[SIMULTANEOUS] * (alerting == "simultaneous"))
    call = lab.phone("101").call("130")
    own, line = lab.phone("130").ringing(), lab.phone("131").ringing()
    talks(call, own)
    line.wait_ended(3)
    assert not missed(lab, line)
    seen(call, "Dr. Erika Ernst", "130")
    ends(call, own, controller, "user:130")
    if alerting == "sequential":
        lab.phone("132").quiet(0.3)


def test_where_he_is_sent_then_no_phone_is_silent(lab, controller):
    """The caller transfers him: the leg that is made for him inherits nothing."""
    call = lab.phone("101").call("130")
    own = lab.phone("130").ringing()
    talks(call, own)
    call.transfer("103")
    line = lab.phone("103").ringing()
    assert alert(line) == ""
    line.answer()
    eventually(lambda: own.hears(line), "they do not hear each other", 5)
    own.hang_up()
    line.wait_ended()


@pytest.mark.parametrize("status", [486, 603, 480])
def test_he_declines_and_the_assistants_ring_on(lab, controller, status):
    call = call_in(lab)
    own, line = lab.phone("130").ringing(), lab.phone("131").ringing()
    own.reject(status)
    second = lab.phone("132").ringing(WITHIN)
    assert line.ended
    lab.phone("130").quiet(0.3)
    talks(call, second)
    ends(call, second, controller, "user:132")


def test_both_of_his_phones(lab, controller, other):
    call = call_in(lab)
    first, second, line = lab.phone("130").ringing(), other.ringing(), lab.phone("131").ringing()
    assert alert(first) == alert(second) == SILENT
    talks(call, second)
    for each in (first, line):
        each.wait_ended(3)
        assert not missed(lab, each)
    ends(call, second, controller, "user:130")


def test_one_of_his_phones_declines_for_both(lab, controller, other):
    call = call_in(lab)
    first, second, line = lab.phone("130").ringing(), other.ringing(), lab.phone("131").ringing()
    first.reject(603)
    second.wait_ended(3)
    assert not line.ended
    talks(call, line)
    ends(call, line, controller, "user:131")


@pytest.mark.parametrize("alerting", ["sequential", "simultaneous"])
def test_he_and_an_assistant_at_the_same_instant(lab, controller, alerting):
    """One has the caller, the other one nobody, and everybody knows who."""
    changed(controller, *[SIMULTANEOUS] * (alerting == "simultaneous"))
    had = []
    for turn in range(20):
        call = call_in(lab)
        people = ("130", "131") if turn % 2 else ("131", "130")
        lines = {who: lab.phone(who).ringing() for who in people}
        at_once = threading.Barrier(2) if isinstance(lab, Lab) else None

        def lift(line, at_once=at_once):
            if at_once:
                at_once.wait()
            with suppress(TimeoutError):  # who is too late is not answered
                line.answer()

        hands = [threading.Thread(target=lift, args=(each,)) for each in lines.values()] if at_once else []
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        if not hands:
            for line in lines.values():
                lift(line)
        call.wait_answered()
        eventually(lambda: sum(not line.ended for line in lines.values()) == 1, "not one of them has it", 5)
        (who,) = [each for each, line in lines.items() if not line.ended]
        line = lines[who]
        eventually(lambda: call.hears(line) and line.hears(call), "they do not hear each other", 5)
        handled = [(CALLER, who)] if who != "130" else []  # he himself handles nothing
        eventually(lambda: handling(controller) == handled, "nobody knows who has the call", 5)
        ends(call, line, controller, f"user:{who}")
        for phone in ("130", "131", "132"):
            lab.phone(phone).arrived.clear()
        had.append(who)
    print(f"\n130 had {had.count('130')}, 131 had {had.count('131')} of {len(had)} calls")


# ---- as long as the assistants ring ---------------------------------------------------------------------


def test_a_first_assistant_who_declines(lab, controller):
    lab.phone("131").behaviour = "decline"
    call = call_in(lab)
    own, line = lab.phone("130").ringing(), lab.phone("132").ringing(3)
    assert not own.ended
    talks(call, line)
    own.wait_ended(3)
    assert not missed(lab, own)
    ends(call, line, controller, "user:132")


def test_he_sees_it_until_the_last_assistant(lab, controller):
    call = call_in(lab)
    own, first, second = lab.phone("130").ringing(), lab.phone("131").ringing(), lab.phone("132").ringing(WITHIN)
    assert (first.ended, own.ended) == (True, False)
    talks(call, own)
    second.wait_ended(3)
    ends(call, own, controller, "user:130")


@pytest.mark.parametrize("alerting", ["sequential", "simultaneous"])
@pytest.mark.parametrize("end", ["decline", "busy"])
def test_the_call_rolls_over_while_his_phone_rings(lab, controller, alerting, end):
    changed(controller, (ROLLOVER, 'rollover = { after_seconds = 60, to = "user:103" }'),
            *[SIMULTANEOUS] * (alerting == "simultaneous"))
    call = call_in(lab)
    own, first = lab.phone("130").ringing(), lab.phone("131").ringing()
    if alerting == "simultaneous":
        lab.phone("132").ringing().reject(603 if end == "decline" else 486)
        assert not own.ended
    else:
        lab.phone("132").behaviour = end
    first.reject(603 if end == "decline" else 486)
    line = lab.phone("103").ringing(3)
    assert own.ended
    talks(call, line)
    found = ends(call, line, controller, "user:103")
    assert steps(found)[0] == (
        "executive_assistant", "ring", "user:131, user:132", {"decline": "rejected", "busy": "busy"}[end])


def test_he_answers_in_the_instant_that_nobody_else_rings_any_more(lab, controller):
    """He has the caller, or the rollover has, and he talks to nobody."""
    changed(controller, (ROLLOVER, 'rollover = { after_seconds = 60, to = "user:103" }'))
    lab.phone("132").behaviour = "decline"
    had = []
    for turn in range(10):
        call = call_in(lab)
        own, first = lab.phone("130").ringing(), lab.phone("131").ringing()

        def lift(own=own, later=0.015 * turn if isinstance(lab, Lab) else 0):
            time.sleep(later)
            with suppress(TimeoutError):
                own.answer()

        hands = [lift, lambda: first.reject(603)]
        if isinstance(lab, Lab):
            threads = [threading.Thread(target=hand) for hand in hands]
            for each in threads:
                each.start()
            for each in threads:
                each.join()
        else:
            for hand in hands if turn % 2 else reversed(hands):
                hand()
        if eventually_one(lambda: own.ended or call.answered) and not own.ended:
            had.append("130")
            line = own
        else:
            had.append("103")
            line = lab.phone("103").ringing()
            line.answer()
            call.wait_answered()
        eventually(lambda: call.hears(line) and line.hears(call), "they do not hear each other", 5)
        assert (line is own) is not own.ended
        ends(call, line, controller, f"user:{had[-1]}")
    print(f"\n130 had {had.count('130')} of {len(had)} calls")


def eventually_one(condition):
    eventually(condition, "neither has happened", 5)
    return condition()


def test_the_call_rolls_over_when_the_assistants_time_is_up(lab, controller):
    call = call_in(lab)
    own = lab.phone("130").ringing()
    call.wait_answered(20)
    eventually(lambda: controller.calls(1)[0]["steps"][-1]["target"] == "mailbox:130", "it is not his mailbox", 5)
    assert own.ended
    call.hang_up()
    found = controller.wait_for_call(state="ended", result="mailbox:130")
    assert steps(found)[0][3] == "no-answer"


def test_nobody_to_ring_is_nothing_to_see(lab, controller):
    lab.phone("131").unregister()
    lab.phone("132").unregister()
    call = call_in(lab)
    call.wait_answered(5)
    lab.phone("130").quiet(0)
    call.hang_up()
    controller.wait_for_call(state="ended", result="mailbox:130")


# ---- phones outside, and who is left alone --------------------------------------------------------------


def test_phones_outside_ring_with_a_splash(lab, controller):
    changed(controller, WITH_SPLASH, DEVICES)
    mobile = lab.outside(MOBILE)
    call = lab.phone("101").call("130")
    own, outside, line = lab.phone("130").ringing(), mobile.ringing(), lab.phone("131").ringing()
    assert (alert(own), alert(outside)) == (SPLASH, "")
    talks(call, line)
    for each in (own, outside):
        each.wait_ended(3)
    ends(call, line, controller, "user:131")


def test_he_takes_it_outside_with_a_1(lab, controller):
    changed(controller, WITH_SPLASH, DEVICES)
    mobile = lab.outside(MOBILE)
    call = lab.phone("101").call("130")
    outside = mobile.ringing()
    outside.answer()
    eventually(lambda: outside.press("1") or call.answered, "the 1 is not heard", 10)
    eventually(lambda: call.hears(outside), "they do not hear each other", 5)
    ends(call, outside, controller, f"number:{MOBILE}")


def test_a_mailbox_outside_does_not_hold_the_rollover_up(lab, controller):
    changed(controller, WITH_SPLASH, DEVICES, SIMULTANEOUS, (
        ROLLOVER, 'rollover = { after_seconds = 60, to = "user:103" }'),
        ("\nring_seconds = 4\n#", "\nring_seconds = 45\n#"))
    mobile = lab.outside(MOBILE)
    call = lab.phone("101").call("130")
    mobile.ringing().answer()
    for who in ("131", "132"):
        lab.phone(who).ringing().reject(603)
    line = lab.phone("103").ringing(12)
    talks(call, line)
    ends(call, line, controller, "user:103")


def test_phones_outside_are_quiet_where_it_shall_be_silent(lab, controller):
    changed(controller, DEVICES)
    mobile = lab.outside(MOBILE)
    call = lab.phone("101").call("130")
    lab.phone("130").ringing()
    mobile.quiet(0.5)
    call.hang_up()


def test_do_not_disturb(lab, controller):
    controller.fsctl("dnd", "on", "130")
    call = call_in(lab)
    line = lab.phone("131").ringing()
    lab.phone("130").quiet(0.5)
    talks(call, line)
    found = ends(call, line, controller, "user:131")
    assert found["steps"][0]["reason"].endswith("; Dr. Erika Ernst does not want to be disturbed")


def test_engaged_without_call_waiting(lab, controller):
    changed(controller, NO_WAITING)
    talk = lab.phone("130").call("103")
    other = lab.phone("103").ringing()
    talks(talk, other)
    call = call_in(lab)
    line = lab.phone("131").ringing()
    lab.phone("130").quiet(0.5)
    talks(call, line)
    call.hang_up()
    talk.hang_up()
    line.wait_ended()


def test_his_own_group_does_not_pick_up_what_he_sees(lab, controller):
    """But an assistant does."""
    call = call_in(lab)
    lab.phone("130").ringing(), lab.phone("131").ringing()
    assert refused(lab, controller, "102", "*97130", "nothing-to-pick-up") == "nothing rings there"
    picker = lab.phone("132").call("*97130")
    picker.wait_answered()
    call.wait_answered()
    eventually(lambda: call.hears(picker) and picker.hears(call), "they do not hear each other", 5)
    eventually(lambda: handling(controller) == [(CALLER, "132")], "nobody knows who has the call", 5)
    picker.hang_up()
    call.wait_ended()


@pytest.mark.parametrize("alerting", ["sequential", "simultaneous"])
def test_he_picks_up_what_he_sees(lab, controller, alerting):
    """By code at one phone, while it rings silently there."""
    changed(controller, *[SIMULTANEOUS] * (alerting == "simultaneous"))
    call = call_in(lab)
    own, line = lab.phone("130").ringing(), lab.phone("131").ringing()
    picker = lab.phone("130").call("*97131")
    picker.wait_answered()
    call.wait_answered()
    eventually(lambda: call.hears(picker) and picker.hears(call), "they do not hear each other", 5)
    for each in (own, line):
        each.wait_ended(3)
        assert not missed(lab, each)
    picker.hang_up()
    call.wait_ended()


@pytest.mark.apart
@pytest.mark.parametrize("who", ["130", "131"])
def test_what_rings_rings_on_without_a_controller(lab, controller, who):
    call = call_in(lab)
    lines = {each: lab.phone(each).ringing() for each in ("130", "131")}
    controller.kill()
    assert not any(line.ended for line in lines.values())
    talks(call, lines[who])
    for each, line in lines.items():
        if each != who:
            line.wait_ended(3)
            assert not missed(lab, line)
    call.hang_up()
    lines[who].wait_ended()


def test_an_executive_as_assistant(lab, controller):
    """130 answers for 132, whose calls ring at his own phone as ever, and are not filtered once more."""
    call = lab.outside(CALLER).call("132", "Lee")
    line, own = lab.phone("130").ringing(), lab.phone("132").ringing()
    assert (alert(line), alert(own)) == ("", SILENT)
    assert line.shown_name == "Georg Graf - Lee"
    lab.phone("131").ringing()
    talks(call, line)
    own.wait_ended(3)
    ends(call, line, controller, "user:130")


# ---- pools ----------------------------------------------------------------------------------------------


def test_each_watcher_sees_his_own_part(lab, controller, watching):
    fatma, georg, anna = (watching(user, "assistant+130") for user in ("131", "132", "101"))
    for lamp, state in ((fatma, "confirmed"), (georg, "confirmed"), (anna, "terminated")):
        lamp.wait(state)
    lab.phone("131").call("assistant+130").wait_ended(15)  # the key
    fatma.wait("terminated")
    assert set(georg.states) == {"confirmed"}
    dial(lab, "132", "#66130")
    georg.wait("terminated")
    controller.fsctl("assistant", "in", "131", "130")
    fatma.wait("confirmed")
    lab.phone("132").call("assistant+130").wait_ended(15)
    georg.wait("confirmed")
    assert set(anna.states) == {"terminated"}
    call = call_in(lab)
    talks(call, lab.phone("131").ringing())
    call.hang_up()


def test_one_assistant_of_two_executives(lab, controller, watching):
    ernst, graf = watching("131", "assistant+130"), watching("131", "assistant+132")
    for lamp in (ernst, graf):
        lamp.wait("confirmed")
    lab.phone("131").call("assistant+132").wait_ended(15)
    graf.wait("terminated")
    assert set(ernst.states) == {"confirmed"}
    dial(lab, "131", "#66")
    ernst.wait("terminated")
    dial(lab, "131", "#65")
    for lamp in (ernst, graf):
        lamp.wait("confirmed")


def test_the_lamp_is_right_while_the_executive_talks(lab, controller, watching):
    before = watching("131", "assistant+130")
    before.wait("confirmed")
    talk = lab.phone("130").call("103")
    talks(talk, lab.phone("103").ringing())
    dial(lab, "131", "#66130")
    before.wait("terminated")
    amid = watching("131", "assistant+130")
    amid.wait("terminated")
    talk.hang_up()
    dial(lab, "131", "#65130")
    for lamp in (before, amid):
        lamp.wait("confirmed")


def test_who_may_not_opt_out_is_in(lab, controller, watching):
    lamp = watching("131", "assistant+130")
    lamp.wait("confirmed")
    dial(lab, "131", "#66130")
    lamp.wait("terminated")
    changed(controller, ("opt_out = true ", "opt_out = false "))
    lamp.wait("confirmed")
    lab.phone("131").call("assistant+130").wait_ended(15)
    assert controller.wait_for_call(dialled="assistant+130", state="ended")["result"] == "announcement:not-possible"
    assert lamp.states[-1] == "confirmed"


@pytest.mark.apart
def test_lamps_are_right_after_a_restart_of_fsctl(controller, watching):
    lamp = watching("131", "assistant+130")
    lamp.wait("confirmed")
    controller.kill()
    controller.fsctl("assistant", "out", "131", "130")
    controller.start()
    lamp.wait("terminated")
