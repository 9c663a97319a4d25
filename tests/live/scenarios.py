"""Scenarios whose events are captured on a real FreeSWITCH and must come in the same order from the simulator.

Each is a script for a Telephony and a running controller with ``OFFICE``. What it leaves behind, calls and phones that
are not registered, is cleared by ``hang_up_all``; what was switched by star code it switches back.
"""

import json
import tempfile
import time
from collections.abc import Callable

from tests.live import offices
from tests.live.telephony import Behaviour, Line, Telephony

CALLER, MOBILE, DEVICE = "+4915112345678", "+491701234567", "+491709876543"
PHONES = ("101", "102", "103", "104", "120")

#: The sample office with less patience, whatever the hour, and a hunt group that rings everybody at once.
OFFICE = (
    offices.OFFICE.replace("ring_seconds = 20", "ring_seconds = 3").replace('policy = "circular"', 'policy = "simultaneous"')
    .replace("hold_recall_seconds = 0 ", "hold_recall_seconds = 4 ")
    .replace('[users.103]\nname = "Clara Conrad"\n', '[users.103]\nname = "Clara Conrad"\nring_seconds = 2\n')
)

#: Between what people do: more than any order of events depends on.
PAUSE = 0.3

Scenario = Callable[[Telephony], None]

#: The scenarios that need the tests' own policy (tests/branches.py).
BRANCHES = ("branches", "branches-answered")


def talk(lab: Telephony, caller: str, called: str, dialled: str = "") -> tuple[Line, Line]:
    """Two who talk; outside numbers begin with ``+``."""
    phone = _phone(lab, called)
    call = _phone(lab, caller).call(dialled or called)
    line = phone.ringing()
    line.answer()
    call.wait_answered()
    time.sleep(PAUSE)
    return call, line


def _phone(lab: Telephony, number: str):  # type: ignore[no-untyped-def]
    return lab.outside(number) if number[0] == "+" or number == "112" else lab.phone(number)


def _end(first: Line, *others: Line) -> None:
    time.sleep(PAUSE)
    first.hang_up()
    for each in others:
        each.wait_ended()


def _caller_hangs_up(lab: Telephony) -> None:
    _end(*talk(lab, "101", "102"))


def _callee_hangs_up(lab: Telephony) -> None:
    _end(*talk(lab, "101", "102")[::-1])


def _refused(behaviour: Behaviour, called: str = "104") -> Scenario:
    def scenario(lab: Telephony) -> None:
        lab.phone(called).behaviour = behaviour
        lab.phone("101").call(called).wait_ended(10)

    return scenario


def _rejected_after_ringing(lab: Telephony) -> None:
    call = lab.phone("101").call("104")
    line = lab.phone("104").ringing()
    time.sleep(PAUSE)
    line.reject()
    call.wait_ended()


def _no_answer(lab: Telephony) -> None:
    lab.phone("101").call("103").wait_ended(10)


def _not_registered(lab: Telephony) -> None:
    lab.phone("104").unregister()
    lab.phone("101").call("104").wait_ended(10)


def _caller_gives_up(lab: Telephony) -> None:
    call = lab.phone("101").call("102")
    line = lab.phone("102").ringing()
    _end(call, line)


def _unknown_number(lab: Telephony) -> None:
    lab.phone("101").call("777").wait_ended(15)


def _outside_line(lab: Telephony) -> None:
    _end(*talk(lab, "101", MOBILE, "001701234567"))


def _outside_line_refused(lab: Telephony) -> None:
    lab.outside(MOBILE).behaviour = "busy"
    lab.phone("101").call("001701234567").wait_ended(10)


def _from_outside(lab: Telephony) -> None:
    _end(*talk(lab, CALLER, "120", "+442079460120"))


def _emergency(lab: Telephony) -> None:
    _end(*talk(lab, "104", "112", "0112"))


def _several_ring(lab: Telephony) -> None:
    call = lab.phone("104").call("300")
    lines = [lab.phone(extension).ringing() for extension in ("101", "102", "103")]
    time.sleep(PAUSE)
    lines[1].answer()
    call.wait_answered()
    _end(lines[1], call)


def _hold(lab: Telephony) -> None:
    call, line = talk(lab, "101", "102")
    line.hold()
    time.sleep(PAUSE)
    line.unhold()
    _end(call, line)


def _hold_by_the_caller(lab: Telephony) -> None:
    call, line = talk(lab, "101", "102")
    call.hold()
    time.sleep(PAUSE)
    call.unhold()
    _end(line, call)


def _held_and_left(lab: Telephony) -> None:
    call, line = talk(lab, "101", "102")
    line.hold()
    _end(call, line)


def _holder_hangs_up(lab: Telephony) -> None:
    call, line = talk(lab, "101", "102")
    line.hold()
    _end(line, call)


def _redirect(lab: Telephony) -> None:
    call = lab.phone("101").call("102")
    lab.phone("102").ringing().redirect("104")
    line = lab.phone("104").ringing()
    line.answer()
    call.wait_answered()
    _end(call, line)


def _hold_recall(lab: Telephony) -> None:
    call, line = talk(lab, "101", "102")
    line.hold()
    again = lab.phone("102").ringing(10)
    time.sleep(PAUSE)
    again.answer()
    line.wait_ended()
    time.sleep(PAUSE)
    _end(call, again)


def _hold_recall_of_the_caller(lab: Telephony) -> None:
    call, line = talk(lab, "101", "102")
    call.hold()
    again = lab.phone("101").ringing(10)
    time.sleep(PAUSE)
    again.answer()
    call.wait_ended()
    time.sleep(PAUSE)
    _end(again, line)


def _hold_recall_in_vain(lab: Telephony) -> None:
    call, line = talk(lab, "101", "102")
    line.hold()
    again = lab.phone("102").ringing(10)
    time.sleep(PAUSE)
    line.unhold()
    again.wait_ended()
    _end(call, line)


def comes_back(lab: Telephony, call: Line, to: str) -> None:
    """A transfer that nobody takes: who made it talks with the other party again, and hangs up."""
    back = lab.phone(to).ringing(12)
    assert back.shown_name.startswith(("Wiederanruf - ", "Recall - "))
    back.answer()
    _end(back, call)


def _blind_transfer(lab: Telephony) -> None:
    call, line = talk(lab, "101", "102")
    line.transfer("104")
    line.wait_ended()
    third = lab.phone("104").ringing()
    third.answer()
    _end(third, call)


def _blind_transfer_by_the_caller(lab: Telephony) -> None:
    call, line = talk(lab, "101", "102")
    call.transfer("104")
    call.wait_ended()
    third = lab.phone("104").ringing()
    third.answer()
    _end(third, line)


def _transfer_to_busy(lab: Telephony) -> None:
    lab.phone("104").behaviour = "busy"
    call, line = talk(lab, "101", "102")
    line.transfer("104")
    line.wait_ended()
    back = lab.phone("102").ringing()
    back.answer()
    _end(back, call)


def _attended_transfer(lab: Telephony) -> None:
    call, line = talk(lab, "101", "102")
    consultation, third = talk(lab, "102", "104")
    line.transfer_to(consultation)
    consultation.wait_ended()
    _end(third, call)


def _attended_transfer_from_hold(lab: Telephony) -> None:
    call, line = talk(lab, "101", "102")
    line.hold()
    consultation, third = talk(lab, "102", "104")
    line.transfer_to(consultation)
    consultation.wait_ended()
    _end(call, third)


def _attended_transfer_while_ringing(lab: Telephony) -> None:
    call, line = talk(lab, "101", "102")
    consultation = lab.phone("102").call("104")
    third = lab.phone("104").ringing()
    time.sleep(PAUSE)
    line.transfer_to(consultation)
    consultation.wait_ended()
    time.sleep(PAUSE)
    third.answer()
    _end(third, call)


def _mailbox(lab: Telephony) -> None:
    lab.phone("102").behaviour = "busy"
    call = lab.phone("101").call("102")
    call.wait_answered(8)
    time.sleep(2.5)
    call.hang_up()
    call.wait_ended()


def _own_mailbox(lab: Telephony) -> None:
    call = lab.phone("102").call("*86")
    call.wait_answered()
    _end(call, call)


def _forward_by_code(lab: Telephony) -> None:
    _code(lab, "102", "*72104")
    _end(*talk(lab, "101", "104", "102"))
    _code(lab, "102", "*73")


def _digits(lab: Telephony) -> None:
    call = lab.phone("102").call("*72")
    call.wait_answered()
    time.sleep(0.5)
    call.press("104#")
    call.wait_ended(15)
    _code(lab, "102", "*73")


def _silence(lab: Telephony) -> None:
    call = lab.phone("102").call("*72")
    call.wait_answered()
    call.wait_ended(25)


def _do_not_disturb(lab: Telephony) -> None:
    _code(lab, "104", "*78")
    lab.phone("101").call("104").wait_ended()
    _code(lab, "104", "*79")


def _blocked(lab: Telephony) -> None:
    lab.phone("103").call("000442079460999").wait_ended(15)


def _device(lab: Telephony) -> None:
    phone = lab.outside(DEVICE)
    call = lab.phone("102").call("101")
    desk, mobile = lab.phone("101").ringing(), phone.ringing()
    mobile.answer()
    time.sleep(0.5)
    mobile.press("1")
    call.wait_answered()
    desk.wait_ended()
    _end(call, mobile)


def _device_without_a_key(lab: Telephony) -> None:
    phone = lab.outside(DEVICE)
    call = lab.phone("102").call("101")
    desk, mobile = lab.phone("101").ringing(), phone.ringing()
    mobile.answer()
    time.sleep(0.5)
    desk.answer()
    call.wait_answered()
    mobile.wait_ended()
    _end(call, desk)


def _two_phones(called: str) -> Scenario:
    """The second one answers."""
    def scenario(lab: Telephony) -> None:
        (second,) = lab.others(called)
        call = lab.phone("101").call(called)
        first = lab.phone(called).ringing()
        line = second.ringing()
        time.sleep(PAUSE)
        line.answer()
        call.wait_answered()
        first.wait_ended()
        _end(call, line)
        lab.take_away_others()

    return scenario


def _two_phones_are_busy(lab: Telephony) -> None:
    for phone in (lab.phone("104"), *lab.others("104")):
        phone.behaviour = "busy"
    lab.phone("101").call("104").wait_ended()
    lab.take_away_others()


def _branches(lab: Telephony) -> None:
    """102 beside 103, and after him 104: nobody takes it."""
    (second,) = lab.others("103")
    call = lab.phone("101").call("*5102*103#104")
    lab.phone("102").ringing()
    for phone in (lab.phone("103"), second):
        phone.ringing().reject()
    lab.phone("104").ringing()
    call.wait_ended(10)
    lab.take_away_others()


def _branches_answered(lab: Telephony) -> None:
    """The same, but 104 takes it."""
    call = lab.phone("101").call("*5120*103#104")
    other = lab.phone("120").ringing()
    lab.phone("103").ringing().reject()
    line = lab.phone("104").ringing()
    time.sleep(PAUSE)
    line.answer()
    call.wait_answered()
    other.wait_ended()
    _end(call, line)


def _attendant(lab: Telephony) -> None:
    _code(lab, "101", "*281")
    lab.outside(DEVICE)
    call = lab.outside(CALLER).call("+49305550100")
    call.wait_answered()
    time.sleep(0.5)
    call.press("0")
    line = lab.phone("101").ringing(15)
    line.answer()
    time.sleep(PAUSE)
    _end(call, line)
    _code(lab, "101", "*289")


def channels(lab, called: str) -> list[str]:  # type: ignore[no-untyped-def]
    """The UUIDs of a call to ``called``: the caller's, and that of the leg that rang."""
    found: list[str] = []

    def listed() -> bool:
        rows = json.loads(lab.switch.api("show channels as json")).get("rows", [])
        for direction in ("inbound", "outbound"):
            found.extend(row["uuid"] for row in rows if row["direction"] == direction and row["dest"].endswith(called))
        return len(found) == 2 or found.clear() is not None

    lab.wait(listed, 5, f"{called} is not in a call")
    return found


def _room(lab) -> None:  # type: ignore[no-untyped-def]
    """103 joins the talk of 101 and 102, and leaves it; who is left is connected by a bridge again."""
    call, line = talk(lab, "101", "102")
    guest, other = talk(lab, "103", "104")
    first, second = channels(lab, "102")
    third, _ = channels(lab, "104")
    run = lab.switch.api
    run(f"uuid_transfer {first} -both conference:join@default+flags{{mintwo}} inline")
    run(f"uuid_transfer {third} conference:join@default+flags{{mintwo}} inline")
    other.wait_ended()
    time.sleep(PAUSE)
    guest.hang_up()
    guest.wait_ended()
    time.sleep(PAUSE)
    for uuid in (first, second):
        run(f"uuid_setvar_multi {uuid} hangup_after_conference=false;hangup_after_bridge=true")
    run(f"uuid_bridge {first} {second}")
    time.sleep(PAUSE)
    _end(line, call)


def _recorded_talk(lab) -> None:  # type: ignore[no-untyped-def]
    """Recorded until somebody says stop, with a tone beside the talk, and again until they hang up."""
    call, line = talk(lab, "101", "102")
    first, _ = channels(lab, "102")
    run = lab.switch.api
    with tempfile.TemporaryDirectory() as folder:
        for command in (
            f"uuid_record {first} start {folder}/talk.wav",
            f"uuid_displace {first} start 'tone_stream://%(400,0,1400)' 4 mux",
            f"uuid_record {first} stop {folder}/talk.wav",
            f"uuid_record {first} start {folder}/again.wav",
        ):
            assert run(command) == "+OK Success\n"
            time.sleep(PAUSE)
        _end(line, call)


def _code(lab: Telephony, extension: str, code: str) -> None:
    call = lab.phone(extension).call(code)
    call.wait_answered()
    call.wait_ended(15)


def _group_call(lab: Telephony) -> None:
    """102 answers and is in the conference with 101, who calls; the mobile rings until they leave."""
    mobile = lab.outside(MOBILE)
    call = lab.phone("101").call("380")
    line = lab.phone("102").ringing()
    rung = mobile.ringing()
    time.sleep(PAUSE)
    line.answer()
    call.wait_answered()
    time.sleep(PAUSE)
    _end(line, call, rung)


SCENARIOS: dict[str, Scenario] = {
    "caller-hangs-up": _caller_hangs_up, "callee-hangs-up": _callee_hangs_up,
    "busy": _refused("busy"), "declined": _refused("decline"), "absent": _refused("absent"),
    "rejected-after-ringing": _rejected_after_ringing, "no-answer": _no_answer, "not-registered": _not_registered,
    "caller-gives-up": _caller_gives_up, "unknown-number": _unknown_number, "blocked": _blocked,
    "outside-line": _outside_line, "outside-line-busy": _outside_line_refused, "from-outside": _from_outside,
    "emergency": _emergency, "several-ring": _several_ring, "redirect": _redirect,
    "hold": _hold, "hold-by-the-caller": _hold_by_the_caller, "held-and-left": _held_and_left,
    "holder-hangs-up": _holder_hangs_up, "hold-recall": _hold_recall,
    "hold-recall-of-the-caller": _hold_recall_of_the_caller, "hold-recall-in-vain": _hold_recall_in_vain,
    "blind-transfer": _blind_transfer, "blind-transfer-by-the-caller": _blind_transfer_by_the_caller,
    "transfer-to-busy": _transfer_to_busy, "attended-transfer": _attended_transfer,
    "attended-transfer-from-hold": _attended_transfer_from_hold,
    "attended-transfer-while-ringing": _attended_transfer_while_ringing,
    "mailbox": _mailbox, "own-mailbox": _own_mailbox, "forward-by-code": _forward_by_code, "digits": _digits,
    "silence": _silence, "do-not-disturb": _do_not_disturb, "device": _device,
    "device-without-a-key": _device_without_a_key, "attendant": _attendant,
    "two-phones": _two_phones("120"), "two-phones-and-pickup": _two_phones("102"),
    "two-phones-are-busy": _two_phones_are_busy,
    "room": _room, "group-call": _group_call, "recorded-talk": _recorded_talk,
    "branches": _branches, "branches-answered": _branches_answered,
}
