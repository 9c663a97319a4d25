"""What assistants and executives do with a call: hand it over, take it over, and call in the executive's name."""

import json
import time

import pytest

from tests.live import offices
from tests.live.displays import seen
from tests.wire.peer import eventually

CALLER, NUMBER, MOBILE = "+4915112345678", "+49305550130", "+491701234567"

#: A telephone of the lab cannot transfer to what begins with #.
OFFICE = offices.changed(
    offices.EXECUTIVES, ("push_recall_seconds = 20", "push_recall_seconds = 3"), ('push = "#63"', 'push = "*66"'))
PUSH = "*66"


@pytest.fixture(autouse=True)
def _as_the_file_says(controller, lab):
    lab.phones("101", "102", "103", "130", "131", "132")
    controller.forget_settings()
    controller.apply(OFFICE)
    controller.wait_for_log("linked")


def together(one, other):
    eventually(lambda: one.hears(other) and other.hears(one), "they do not hear each other", 5)


def talk(lab, caller=CALLER, name="Lee"):
    """A caller, and the first assistant, who has taken the call."""
    call = lab.outside(caller).call(NUMBER, name)
    line = lab.phone("131").ringing()
    answered(call, line)
    return call, line


def hands_over(lab, line, way, dialled=f"{PUSH}130", user="131"):
    """The assistant's phone is free then."""
    if way == "blind":
        line.transfer(dialled)
    else:
        line.hold()
        other = lab.phone(user).call(dialled)
        other.wait_answered()
        if way == "attended":
            line.transfer_to(other)
        elif way == "hung up":
            other.hang_up()
        other.wait_ended(8)
    line.wait_ended(8)


def answered(call, line):
    line.answer()
    call.wait_answered()
    together(call, line)


def on_behalf(lab):
    """The assistant has called 102 in the executive's name."""
    call = lab.phone("131").call("#64130102")
    line = lab.phone("102").ringing()
    answered(call, line)
    return call, line


def over(controller, *lines):
    """Whoever hangs up, the other ends too; what the journal says of the call."""
    lines[0].hang_up()
    for each in lines[1:]:
        each.wait_ended()


def handling(controller):
    (row,) = json.loads(controller.fsctl("executive", "list", "--json"))
    return [(each["caller"], each["assistant"]) for each in row["handling"]]


def journal(controller, **expected):
    """A call that has ended, among the last ones."""
    def found():
        return [each for each in controller.calls(4) if (expected | {"state": "ended"}).items() <= each.items()]

    eventually(found, f"no call {expected}", 10)
    return found()[0]


# ---- handing over ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["blind", "attended", "dialled", "hung up"])
def test_the_executive_takes_it(lab, controller, way):
    call, line = talk(lab)
    hands_over(lab, line, way)
    at_his = lab.phone("130").ringing()
    assert (at_his.shown_name, at_his.shown_number) == ("Lee", CALLER)
    answered(call, at_his)
    seen(call, "Dr. Erika Ernst", "130")
    assert handling(controller) == []
    over(controller, at_his, call)
    found = journal(controller, caller=CALLER, result="user:130")
    assert any(step["reason"] == "Dr. Erika Ernst is handed the call" for step in found["steps"])
    if way != "blind":
        journal(controller, dialled=f"{PUSH}130", result="push:130")


@pytest.mark.parametrize("way", ["blind", "dialled"])
def test_nobody_takes_it_and_it_comes_back(lab, controller, way):
    call, line = talk(lab)
    hands_over(lab, line, way)
    at_his = lab.phone("130").ringing()
    back = lab.phone("131").ringing(8)
    at_his.wait_ended()
    assert (back.shown_name, back.shown_number) == ("Wiederanruf - Lee", CALLER)
    answered(call, back)
    eventually(lambda: handling(controller) == [(CALLER, "131")], "nobody knows for whom the call is", 5)
    over(controller, call, back)
    journal(controller, caller=CALLER, result="user:131")


@pytest.mark.parametrize("why", ["declined", "busy", "do not disturb", "offline"])
def test_it_comes_back_at_once(lab, controller, why):
    call, line = talk(lab)
    if why == "do not disturb":
        controller.fsctl("dnd", "on", "130")
    if why == "offline":
        lab.phone("130").unregister()
    began = time.monotonic()
    hands_over(lab, line, "blind")
    if why in ("declined", "busy"):
        lab.phone("130").ringing().reject(603 if why == "declined" else 486)
    back = lab.phone("131").ringing(3)
    assert time.monotonic() - began < 3
    answered(call, back)
    over(controller, back, call)
    lab.phone("130")


def test_who_has_no_call_waiting_and_talks_is_not_rung(lab, controller):
    controller.apply(offices.changed(OFFICE, ('name = "Dr. Erika Ernst"\n', 'name = "Dr. Erika Ernst"\ncall_waiting = false\n')))
    his = lab.phone("130").call("102")
    answered(his, lab.phone("102").ringing())
    call, line = talk(lab)
    hands_over(lab, line, "dialled")
    answered(call, lab.phone("131").ringing(5))
    lab.phone("130").quiet(0.3)
    controller.wait_for_step("push", "push:130", "done")


def test_whose_call_it_is_says_to_whom_it_goes(lab, controller):
    """Of a filtered call the code alone knows."""
    call, line = talk(lab)
    hands_over(lab, line, "dialled", PUSH)
    answered(call, lab.phone("130").ringing())


def test_a_call_that_comes_back_can_be_handed_over_again(lab, controller):
    call, line = talk(lab)
    for _ in range(2):
        hands_over(lab, line, "dialled")
        lab.phone("130").ringing().reject(603)
        line = lab.phone("131").ringing(8)
        answered(call, line)
    hands_over(lab, line, "blind")
    answered(call, lab.phone("130").ringing())


def test_the_assistants_own_call(lab, controller):
    """She hands over whom she has called herself; he stays whom he is."""
    call = lab.phone("131").call("102")
    line = lab.phone("102").ringing()
    answered(call, line)
    call.hold()
    other = lab.phone("131").call(f"{PUSH}130")
    other.wait_answered()
    call.wait_ended(8)
    at_his = lab.phone("130").ringing()
    answered(line, at_his)
    over(controller, line, at_his)


@pytest.mark.parametrize(("user", "dialled", "announcement", "why"), [
    ("131", f"{PUSH}130", "nothing-held", "Fatma Fuchs holds no call"),
    ("102", f"{PUSH}130", "not-possible", "Bernd Brandt is nobody's assistant"),
    ("131", f"{PUSH}101", "not-possible", "Fatma Fuchs is no assistant of 101"),
])
def test_what_cannot_be_handed_over(lab, controller, user, dialled, announcement, why):
    call = lab.phone(user).call(dialled)
    assert call.wait_ended(15) == "CALL_REJECTED"
    found = journal(controller, dialled=dialled, result=f"announcement:{announcement}")
    assert found["steps"][-2]["reason"] == why


def test_a_transfer_that_is_refused_comes_back(lab, controller):
    call, line = talk(lab)
    line.transfer(f"{PUSH}101")
    line.wait_ended()
    back = lab.phone("131").ringing(8)
    answered(call, back)


@pytest.mark.apart
@pytest.mark.parametrize("way", ["blind", "dialled"])
@pytest.mark.parametrize("dies", ["before he answers", "while it comes back", "before it is handed over"])
def test_without_fsctl_it_comes_back(lab, controller, dies, way):
    call, line = talk(lab)
    if dies == "before it is handed over":  # all that it has to know was told when it was handed over
        line.hold()
        other = lab.phone("131").call(f"{PUSH}130")
        other.wait_answered()
        controller.kill()
        other.hang_up()
        line.wait_ended(8)
    else:
        hands_over(lab, line, way)
    at_his = lab.phone("130").ringing(6)
    assert (at_his.shown_name, at_his.shown_number) == ("Lee", CALLER)
    if dies == "while it comes back":
        at_his.reject(603)
        back = lab.phone("131").ringing()
        controller.kill()
    else:
        controller.kill()
        at_his.wait_ended(12)
        back = lab.phone("131").ringing(8)
    answered(call, back)
    controller.start()
    over(controller, call, back)


# ---- on behalf ------------------------------------------------------------------------------------------


def test_a_colleague_sees_the_executive(lab, controller):
    call = lab.phone("131").call("#64130102")
    line = lab.phone("102").ringing()
    assert (line.shown_name, line.shown_number) == ("Dr. Erika Ernst", "130")
    answered(call, line)
    eventually(lambda: handling(controller) == [("102", "131")], "nobody knows for whom the call is", 5)
    over(controller, call, line)
    found = journal(controller, dialled="#64130102", caller="131", result="user:102")
    assert found["steps"][0]["reason"] == "Fatma Fuchs calls on behalf of Dr. Erika Ernst"


def test_outside_it_is_the_executives_number_and_class(lab, controller):
    controller.apply(offices.changed(
        OFFICE, ('name = "Fatma Fuchs"\n', 'name = "Fatma Fuchs"\noutside = ["national"]\n')))
    own = lab.phone("131").call("001701234567")
    assert own.wait_ended(10) == "CALL_REJECTED"
    call = lab.phone("131").call("#64130001701234567")
    line = lab.outside(MOBILE).ringing()
    assert line.shown_number == NUMBER
    answered(call, line)
    seen(call, MOBILE, MOBILE)
    over(controller, call, line)


def test_where_the_executive_has_his_calls_sent_is_not_shown(lab, controller):
    """A colleague forwards to him."""
    controller.fsctl("forward", "set", "102", "user:130")
    controller.fsctl("forward", "set", "130", f"number:{MOBILE}")
    call = lab.phone("131").call("#64130102")
    line = lab.outside(MOBILE).ringing()
    answered(call, line)
    seen(call, "Dr. Erika Ernst", "130")
    over(controller, call, line)


def test_what_the_executive_may_not_call(lab, controller):
    call = lab.phone("131").call("#6413000013235551234")
    assert call.wait_ended(10) == "CALL_REJECTED"
    journal(controller, result="announcement:blocked")


def test_help_is_called_as_oneself(lab, controller):
    call = lab.phone("131").call("#64130112")
    line = lab.outside("112").ringing()
    answered(call, line)
    assert line.shown_number != NUMBER
    call.hang_up()


@pytest.mark.parametrize(("user", "dialled", "why"), [
    ("102", "#64130103", "Bernd Brandt is no assistant of 130103"),
    ("131", "#64130130", "Dr. Erika Ernst cannot be called on his own behalf"),
    ("131", "#64130*78", "*78 can only be dialled by oneself"),
    ("131", "#64130701", "701 can only be dialled by oneself"),
])
def test_what_cannot_be_done_on_behalf(lab, controller, user, dialled, why):
    call = lab.phone(user).call(dialled)
    assert call.wait_ended(15) == "CALL_REJECTED"
    assert journal(controller, dialled=dialled)["steps"][-2]["reason"] == why


# ---- taking over ----------------------------------------------------------------------------------------


def takes_over(lab, call, line, dialled="*11"):
    his = lab.phone("130").call(dialled)
    his.wait_answered()
    line.wait_ended(2)
    together(call, his)
    return his


@pytest.mark.parametrize("state", ["talking", "held"])
def test_the_executive_takes_the_call_over(lab, controller, state):
    call, line = talk(lab)
    if state == "held":
        line.hold()
    his = takes_over(lab, call, line)
    seen(his, "Lee", CALLER)
    seen(call, "Dr. Erika Ernst", "130")
    over(controller, his, call)
    journal(controller, caller=CALLER, result="user:130")
    journal(controller, dialled="*11", result="take_over:131")


def test_whom_the_assistant_has_called_on_behalf(lab, controller):
    call, line = on_behalf(lab)
    his = takes_over(lab, line, call)
    over(controller, line, his)
    journal(controller, dialled="#64130102", result="user:102")


def test_the_longest_or_the_one_of_that_assistant(lab, controller):
    first, line = talk(lab)
    second = lab.outside("+4915112345679").call(NUMBER, "Kim")
    lab.phone("131").ringing().reject(486)
    other = lab.phone("132").ringing()
    answered(second, other)
    eventually(lambda: len(handling(controller)) == 2, "both handle a call", 5)
    his = takes_over(lab, second, other, "*11132")
    his.hang_up()
    second.wait_ended()
    takes_over(lab, first, line)


def test_he_transfers_what_he_took_over(lab, controller):
    call, line = talk(lab)
    his = takes_over(lab, call, line)
    his.transfer("102")
    his.wait_ended()
    answered(call, lab.phone("102").ringing())


def test_the_caller_transfers_who_took_over(lab, controller):
    call = lab.phone("103").call("130")
    line = lab.phone("131").ringing()
    answered(call, line)
    his = takes_over(lab, call, line)
    call.transfer("102")
    call.wait_ended()
    answered(his, lab.phone("102").ringing())


def test_it_is_handed_over_and_taken_back(lab, controller):
    """A call that has come back is still one that he can take over."""
    call, line = talk(lab)
    hands_over(lab, line, "dialled")
    lab.phone("130").ringing().reject(603)
    back = lab.phone("131").ringing(5)
    answered(call, back)
    takes_over(lab, call, back)


def test_a_colleague_assistant_to_whom_it_was_transferred(lab, controller):
    call, line = talk(lab)
    line.transfer("132")
    line.wait_ended()
    other = lab.phone("132").ringing()
    answered(call, other)
    assert handling(controller) == [(CALLER, "132")]
    takes_over(lab, call, other)


@pytest.mark.apart
def test_after_a_kill(lab, controller):
    call, line = talk(lab)
    controller.kill()
    controller.start()
    controller.wait_for_log("linked")
    eventually(lambda: handling(controller) == [(CALLER, "131")], "nobody knows who has the call", 5)
    his = takes_over(lab, call, line)
    controller.kill()
    together(call, his)
    controller.start()
    over(controller, call, his)


@pytest.mark.parametrize(("user", "dialled", "why"), [
    ("130", "*11", "no assistant talks for Dr. Erika Ernst"),
    ("130", "*11132", "Georg Graf does not talk for Dr. Erika Ernst"),
    ("130", "*11102", "Dr. Erika Ernst has no assistant 102"),
    ("101", "*11", "Anna Adler is no executive"),
])
def test_nothing_to_take_over(lab, controller, user, dialled, why):
    call = lab.phone(user).call(dialled)
    assert call.wait_ended(15) == "CALL_REJECTED"
    journal(controller, caller=user, dialled=dialled, result="announcement:nothing-to-take-over")
    assert any(each["caller"] == user and step["reason"] == why
               for each in controller.calls(3) for step in each["steps"]), why


def test_an_assistants_own_call_is_not_his(lab, controller):
    call = lab.phone("101").call("131")
    line = lab.phone("131").ringing()
    answered(call, line)
    test_nothing_to_take_over(lab, controller, "130", "*11", "no assistant talks for Dr. Erika Ernst")
    assert not call.ended


@pytest.mark.parametrize("code", ["*11", "*15"])
@pytest.mark.parametrize("dialled", [f"{PUSH}130", "*68701"])
def test_a_call_that_she_sends_on_just_now(lab, controller, dialled, code):
    """It goes where she sends it, and neither is left in silence."""
    call, line = talk(lab)
    line.hold()
    other = lab.phone("131").call(dialled)
    other.wait_answered()
    his = lab.phone("130").call(code)
    assert his.wait_ended(15) in ("CALL_REJECTED", "NORMAL_CLEARING")
    line.wait_ended(8)
    if dialled.startswith(PUSH):
        answered(call, lab.phone("130").ringing())
    else:
        eventually(lambda: "701" in controller.fsctl("park", "list"), "nobody is parked", 5)
        call.hang_up()


def test_handed_over_twice_at_once(lab, controller):
    """The second time there is nothing to hand over any more."""
    call, line = talk(lab)
    line.hold()
    first = lab.phone("131").call(f"{PUSH}130")
    first.wait_answered()
    second = lab.phone("131").call(f"{PUSH}130")
    second.wait_ended(15)
    first.wait_ended(8)
    at_his = lab.phone("130").ringing()
    answered(call, at_his)
    over(controller, call, at_his)
