"""Call intercept with telephones: what callers hear before the answer, where they go from there, and who comes back."""

import time
import tomllib

import pytest

from fsctl.schema import structure
from tests.live import offices
from tests.live.clients.baresip import Baresip
from tests.live.controller import WITH_AND_WITHOUT
from tests.live.lab import Lab
from tests.live.test_night import hears, record, recordings
from tests.wire.peer import eventually

__all__ = ["recordings"]

CALLER, FAMILY, ABROAD = "+4915112345678", "+4917012345678", "000442079460999"

#: It is always open. 132 has left without a mailbox; nobody of 132, 131 and 104 is rung for the team; of 131 what comes
#: from outside goes to the mailbox of 101, but 120, who is in the same group, has rules of his own.
OFFICE = offices.changed(
    offices.INTERCEPTED,
    ('{ mon-thu = ["08:00-12:00", "13:00-18:00"], fri = ["08:00-16:00"] }', '{ mon-sun = ["00:00-24:00"] }'),
    ('except = ["holidays", "12-24", "12-31", "2026-12-27/2026-12-30"]', "except = []"),
    ('[users.132]\nname = "Georg Graf"\n', '[users.132]\nname = "Georg Graf"\nintercept = { inbound = { calls = "all" } }\n'),
    ('[users.120]\n', '[users.120]\nintercept = { inbound = { calls = "external", announce = "number-changed",'
     ' new_number = "+442079460101" } }\n'),
) + """
[groups.team]
name = "Team"
site = "berlin"
members = ["104", "132", "131", "103"]
[groups.team.hunt]
extension = "390"
[groups.team.park]
extensions = ["721"]
recall_seconds = 30
recall_to = "alternate"
alternate = "hunt:team"
[groups.leaving]
name = "Leaving"
site = "berlin"
members = ["120", "131"]
[groups.leaving.intercept]
inbound = { calls = "external", mailbox = "mailbox:101" }
outbound = { calls = "+49170123*", reroute = "user:101", announce = "blocked" }
[groups.room]
name = "Room"
site = "berlin"
members = ["101", "104"]
pickup = true
"""

#: What is heard of who has left, where nothing else happens.
TWICE = [("play", "announcement:out-of-service")] * 2


@pytest.fixture
def office(controller, lab):
    """Nothing is switched by hand; all phones are there."""
    lab.phones("101", "102", "103", "104", "120", "131", "132")
    controller.forget_settings()
    return controller


def steps(found):
    return [(step["action"], step["target"]) for step in found["steps"]]


def heard_before(call):
    """Whoever calls hears something, and nobody has answered."""
    eventually(lambda: "early media" in call.progress, "nothing is heard", 5)
    assert not call.answered
    return call


def announced(call, cause, seconds=40):
    """A second of it at least, before anybody answers; then the call ends so."""
    heard_before(call)
    began = time.monotonic()
    assert call.wait_ended(seconds) == cause
    assert not call.answered
    assert time.monotonic() - began >= 1


def answered(lab, extension):
    """Somebody outside has called, and whoever is there has taken it."""
    call = lab.outside(CALLER).call(extension)
    line = lab.phone(extension).ringing()
    line.answer()
    call.wait_answered()
    return call, line


def talk(call, line):
    call.wait_answered()
    eventually(lambda: call.hears(line) and line.hears(call), "they do not hear each other", 8)
    call.hang_up()


# ---- what comes in -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("caller", ["101", CALLER])
def test_an_announcement_before_the_answer(lab, office, caller):
    """Twice; nobody's phone rings."""
    call = lab.phone(caller).call("132") if caller == "101" else lab.outside(caller).call("132")
    announced(call, "UNALLOCATED_NUMBER")
    found = office.wait_for_call(state="ended", result="announcement:out-of-service")
    assert steps(found) == [*TWICE, ("hangup", "hangup:unknown-number")]
    assert found["steps"][0]["reason"] == "rule 1 of Georg Graf about incoming calls"
    lab.phone("132").quiet(0.1)


def test_where_there_is_no_recording_a_tone_is_heard_before_the_answer(lab, office):
    if not isinstance(lab, Lab):
        pytest.skip("nothing is heard in the simulator")
    call = Baresip(lab, "101").call("132")
    heard_before(call)
    eventually(lambda: call.heard() in (1400, 1800), "no special information tone", 6)
    assert call.wait_ended(20) == "404 Not Found"
    assert not call.answered


@pytest.mark.parametrize(("caller", "language", "number"), [
    ("102", "de", "03055501019"), ("120", "en", "03055501019"),
])
def test_a_new_number_digit_by_digit(recordings, office, caller, language, number):
    """Recordings are tones here: what is said 700 Hz, zero 1000, one 1100."""
    record(recordings, f"{language}/number-changed.wav", 700, seconds=1)
    for digit in set(number):
        record(recordings, f"{language}/digits/{digit}.wav", 1000 + 100 * int(digit), seconds=1)
    call = heard_before(Baresip(recordings, caller).call("104"))
    wanted = [1000 + 100 * int(digit) for digit in number]
    hears(call, 700, *(each for each, before in zip(wanted, [0, *wanted], strict=False) if each != before), seconds=25)
    assert not call.answered
    call.hang_up()


def test_a_new_number_and_nobody_presses_a_key(lab, office):
    announced(lab.outside(CALLER).call("104"), "NUMBER_CHANGED", 60)
    found = office.wait_for_call(state="ended", result="announcement:number-changed")
    assert steps(found) == [*[("play", "announcement:number-changed"), ("ask", "announcement:press-0")] * 2,
                            ("hangup", "hangup:number-changed")]
    lab.phone("104").quiet(0.1)


def telephone(lab, extension):
    """One that speaks before the answer, as telephones do and the lab's phones cannot."""
    return Baresip(lab, extension) if isinstance(lab, Lab) else lab.phone(extension)


@pytest.mark.parametrize("when", ["at once", "when asked", "the second time"])
def test_the_key_0_leads_on(lab, office, when):
    call = heard_before(telephone(lab, "102").call("104"))
    if when != "at once":
        office.wait_for_step("ask", "announcement:press-0", "", 20, count=2 if when == "when asked" else 4)
    call.press("0")
    line = lab.phone("101").ringing(8)
    assert not call.answered
    line.answer()
    talk(call, line)
    found = office.wait_for_call(state="ended", caller="102", result="user:101")
    pressed = found["steps"][{"at once": 0, "when asked": 1, "the second time": 3}[when]]
    assert pressed["outcome"] == "digits:0"


def test_the_key_0_breaks_off_the_digits(recordings, office):
    """Eleven, of a second each."""
    for digit in set("03055501019"):
        record(recordings, f"de/digits/{digit}.wav", 1000 + 100 * int(digit), seconds=1)
    call = heard_before(Baresip(recordings, "102").call("104"))
    hears(call, 1000, 1300, seconds=8)
    call.press("0")
    recordings.phone("101").ringing(2)
    call.hang_up()
    found = office.wait_for_call(state="ended", caller="102")
    assert [step["outcome"] for step in found["steps"]] == ["digits:0", "", "gone"]


def test_another_key_leads_nowhere(lab, office):
    call = heard_before(telephone(lab, "102").call("104"))
    call.press("1")
    office.wait_for_step("ask", "announcement:press-0", "", count=2)
    call.press("9")
    office.wait_for_step("ask", "announcement:press-0", "", 20, count=4)
    call.press("0")
    lab.phone("101").ringing(8)
    call.hang_up()


def test_keys_that_are_sounds_count_before_the_answer(lab, office):
    if not isinstance(lab, Lab):
        pytest.skip("nothing sounds in the simulator")
    call = heard_before(lab.outside(CALLER).call("104", keys=False, early=True))
    office.wait_for_step("play", "announcement:number-changed", "")
    time.sleep(0.3)  # he hears what it is first
    call.sing("0")
    line = lab.phone("101").ringing(8)
    assert not call.answered
    line.answer()
    talk(call, line)


@pytest.mark.parametrize("asked", [True, False])
def test_a_caller_who_hangs_up(lab, office, asked):
    """During the announcement, or when he is asked for the key."""
    call = heard_before(lab.outside(CALLER).call("104"))
    if asked:
        office.wait_for_step("ask", "announcement:press-0", "")
    call.hang_up()
    office.wait_for_call(state="ended", result="gone")


def test_certain_callers_are_sent_on_at_once(lab, office):
    call = lab.outside(FAMILY).call("104")
    line = lab.phone("101").ringing()
    line.answer()
    talk(call, line)
    assert [action for action, _ in steps(office.wait_for_call(state="ended", result="user:101"))] == ["reroute", "ring"]


def test_a_group_s_rule_sends_them_to_a_mailbox(lab, office):
    call = lab.outside(CALLER).call("131")
    heard_before(call)
    call.wait_answered(15)
    call.hang_up()
    found = office.wait_for_call(state="ended", result="mailbox:101")
    assert found["steps"][0]["reason"] == "rule 1 of Leaving about incoming calls"
    lab.phone("131").quiet(0.1)
    call = lab.phone("101").call("131")
    lab.phone("131").ringing()
    call.hang_up()


def test_a_user_s_rule_counts_before_his_group_s(lab, office):
    announced(lab.outside(CALLER).call("120"), "NUMBER_CHANGED")
    found = office.wait_for_call(state="ended", result="announcement:number-changed")
    assert not [step for step in found["steps"] if "Leaving" in step["reason"]]
    lab.phone("120").quiet(0.1)


def test_before_forwarding_and_do_not_disturb(lab, office):
    office.fsctl("forward", "set", "132", "102")
    office.fsctl("dnd", "on", "132")
    announced(lab.outside(CALLER).call("132"), "UNALLOCATED_NUMBER")


# ---- by hand -----------------------------------------------------------------------------------------------------


def test_by_hand(lab, office):
    office.fsctl("intercept", "on", "103")
    announced(lab.outside(CALLER).call("103"), "UNALLOCATED_NUMBER")
    office.fsctl("intercept", "on", "103", "--announce", "number-changed", "--new-number", "101", "--to", "101")
    call = heard_before(lab.outside(CALLER).call("103"))
    line = lab.phone("101").ringing(15)
    line.answer()
    talk(call, line)
    assert steps(office.wait_for_call(state="ended", result="user:101"))[0] == ("play", "announcement:number-changed")
    office.fsctl("intercept", "on", "103", "--to", "mailbox:101")
    call = lab.outside(CALLER).call("103")
    call.wait_answered(15)
    call.hang_up()
    office.wait_for_call(state="ended", result="mailbox:101")
    office.fsctl("intercept", "auto", "103")
    call = lab.outside(CALLER).call("103")
    lab.phone("103").ringing()
    call.hang_up()


@pytest.mark.apart
def test_what_was_switched_by_hand_is_known_after_a_crash(lab, office):
    office.fsctl("intercept", "on", "102", "--until", "2099-01-01T00:00")
    office.kill()
    office.be(apart=True)
    announced(lab.phone("101").call("102"), "UNALLOCATED_NUMBER")


# ---- what goes out -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialled", ["102", "300", "001701234567", "*97102"])
def test_a_telephone_that_may_not_call(lab, office, dialled):
    announced(lab.phone("104").call(dialled), "CALL_REJECTED")
    if not dialled.startswith("*"):
        found = office.wait_for_call(state="ended", caller="104", result="announcement:blocked")
        assert steps(found) == [*[("play", "announcement:blocked")] * 2, ("hangup", "hangup:rejected")]
    lab.phone("102").quiet(0.1)


@pytest.mark.parametrize("code", ["*98", "*97101"])
def test_picking_up_is_a_call(lab, office, code):
    call = lab.outside(CALLER).call("101")
    line = lab.phone("101").ringing()
    picker = lab.phone("104").call(code)
    announced(picker, "CALL_REJECTED")
    office.wait_for_call(caller="104", state="ended", result="announcement:blocked")
    assert not line.ended
    call.hang_up()


def test_fetching_is_a_call(lab, office):
    call, line = answered(lab, "101")
    line.transfer("*68101")
    line.wait_ended()
    eventually(lambda: "parked" in office.fsctl("status", "--json"), "it is not parked", 5)
    announced(lab.phone("104").call("*88101"), "CALL_REJECTED")
    office.wait_for_call(caller="104", state="ended", result="announcement:blocked")
    assert not call.ended
    call.hang_up()


def test_but_it_calls_help(lab, office):
    help_ = lab.outside("112")
    call = lab.phone("104").call("112")
    help_.ringing().answer()
    call.wait_answered()
    call.hang_up()


SENT_ON = [("play", "announcement:blocked"), ("reroute", "user:101")]


def test_a_group_s_rule_sends_outgoing_calls_elsewhere(lab, office):
    call = heard_before(lab.phone("103").call(ABROAD))
    line = lab.phone("101").ringing(15)
    line.answer()
    talk(call, line)
    assert steps(office.wait_for_call(state="ended", caller="103", result="user:101"))[:2] == SENT_ON


@pytest.mark.parametrize("way", ["redirect", "forward", "transfer"])
def test_so_is_what_he_causes(lab, office, way):
    if way == "forward":
        office.fsctl("forward", "set", "131", "001701234567")
    call = lab.phone("102").call("131")
    if way != "forward":
        line = lab.phone("131").ringing()
    if way == "redirect":
        line.redirect("001701234567")
    if way == "transfer":
        line.answer()
        call.wait_answered()
        line.transfer("001701234567")
    line = lab.phone("101").ringing(15)
    line.answer()
    talk(call, line)
    found = office.wait_for_call(state="ended", result="user:101")
    assert SENT_ON[0] in steps(found) and SENT_ON[1] in steps(found)


# ---- others who would be rung --------------------------------------------------------------------------------------


def test_members_are_passed_over(lab, office):
    call = lab.outside(CALLER).call("390")
    line = lab.phone("103").ringing()
    for extension in ("104", "131", "132"):
        lab.phone(extension).quiet(0.1)
    line.answer()
    talk(call, line)
    office.wait_for_call(state="ended", result="user:103")


def test_assistants_are_passed_over(lab, office):
    """131 for calls from outside, 132 for all: they go to the executive's mailbox at once."""
    office.fsctl("executive", "on", "130", "all")
    call = lab.outside(CALLER).call("130")
    call.wait_answered(10)
    for extension in ("131", "132"):
        lab.phone(extension).quiet(0.1)
    call.hang_up()


def test_who_was_transferred_hears_it_and_comes_back(lab, office):
    call, line = answered(lab, "102")
    line.transfer("132")
    back = lab.phone("102").ringing(40)
    back.answer()
    talk(call, back)
    found = office.wait_for_call(state="ended", result="user:102", dialled="102")
    assert steps(found)[-4:-2] == TWICE


# ---- without fsctl -------------------------------------------------------------------------------------------------


@pytest.fixture
def generated(lab, office):
    """The switch has the fail-safe of this office."""
    if not isinstance(lab, Lab):
        pytest.skip("the simulator has no dialplan of its own for that")
    before = lab.office
    lab.change_office(structure(tomllib.loads(OFFICE)))
    yield
    lab.change_office(before)


@pytest.mark.apart
def test_a_parked_call_comes_back_to_nobody_who_is_intercepted(lab, office, generated):
    call, line = answered(lab, "103")
    line.transfer("*68721")
    line.wait_ended()
    eventually(lambda: "721" in office.fsctl("park", "list"), "it is not parked", 5)
    office.kill()
    lab.phone("103").ringing(45)
    lab.phone("132").quiet(2)
    call.hang_up()


@WITH_AND_WITHOUT
@pytest.mark.apart
def test_nobody_is_rung_who_is_intercepted_for_all_calls(lab, office, generated, alive):
    if not alive:
        office.kill()
    call = lab.outside(CALLER).call("390")
    lab.phone("103").ringing(15)
    call.hang_up()
    lab.phone("103").arrived.clear()
    for extension in ("104", "132"):
        lab.phone(extension).quiet(0.1)
        assert lab.phone("102").call(extension).wait_ended(60) != "NORMAL_CLEARING"
        lab.phone(extension).quiet(0.1)
    call = lab.phone("102").call("103")
    lab.phone("103").ringing(15)
    call.hang_up()
