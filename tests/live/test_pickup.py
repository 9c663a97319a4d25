"""Call pickup: whose ringing call is taken by whom, what both see, and what the phones that rang are told."""

import json
import re
import signal
import statistics
import threading
import time

import pytest

from tests.live import offices
from tests.live.displays import seen
from tests.live.lab import Lab
from tests.wire.peer import eventually

CALLER, MOBILE = "+4915112345678", "+491701234567"
SALES = ("101", "102", "103")


#: The sample office with a group that rings all its people at once, and one that rings them in turn.
OFFICE = offices.OFFICE.replace('policy = "circular"', 'policy = "simultaneous"') + """
[groups.turn]
name = "In turn"
site = "berlin"
members = ["101", "102", "103"]
hunt = { extension = "301", policy = "circular", ring_seconds = 15 }
"""


@pytest.fixture(autouse=True)
def _phones(controller, lab):
    lab.phones(*SALES, "104")


def rings(lab, extension):
    """The line that rings there, by the time that somebody could have dialled a code."""
    line = lab.phone(extension).ringing()
    time.sleep(0.5)
    return line


def steps(call):
    return [(step["policy"], step["action"], step["target"], step["outcome"]) for step in call["steps"]]


def journal(controller, count=2, seconds=5):
    """The newest calls by who called whom, once all have ended."""
    deadline = time.monotonic() + seconds
    while True:
        found = controller.calls(count)
        if all(call["state"] == "ended" for call in found) or time.monotonic() > deadline:
            return {(call["caller"], call["dialled"]): call for call in found}
        time.sleep(0.02)


def refused(lab, controller, user, dialled, announcement="nothing-to-pick-up"):
    """Dial a code that takes nothing; the reason."""
    call = lab.phone(user).call(dialled)
    assert call.wait_ended(15) == "CALL_REJECTED"
    assert not call.answered
    found = controller.wait_for_call(state="ended", dialled=dialled, result=f"announcement:{announcement}")
    return found["steps"][-2]["reason"]


def missed(lab, line):
    """Whether this phone lists a missed call."""
    return isinstance(lab, Lab) and "Call completed elsewhere" not in line.reason


# ---- who takes what -----------------------------------------------------------------------------------


def test_by_group(lab, controller):
    call = lab.phone("104").call("102")
    line = rings(lab, "102")
    picker = lab.phone("103").call("*98")
    picker.wait_answered()
    call.wait_answered()
    assert call.hears(picker) and picker.hears(call)
    line.wait_ended(1)
    assert not missed(lab, line)
    seen(call, "Clara Conrad", "103")
    seen(picker, "David Dorn (left)", "104")
    time.sleep(6)  # longer than any lease that could still be there
    assert call.hears(picker)
    picker.hang_up()
    call.wait_ended()
    found = journal(controller)
    taken, taking = found["104", "102"], found["103", "*98"]
    assert (taken["result"], taking["result"]) == ("user:103", "pickup:102")
    assert steps(taken) == [
        ("extension", "ring", "user:102", "picked-up"), ("call_pickup", "pickup", "user:103", "answered")]
    assert taken["steps"][1]["reason"] == "user 103 picked the call up"
    assert steps(taking)[-1] == ("star_codes", "pickup", "pickup:102", "answered")


@pytest.mark.parametrize("dialled", ["*97102", "**102"])
def test_directed_and_the_longest_is_left(lab, controller, dialled):
    first = lab.outside(CALLER).call("+49305550101")
    rings(lab, "101")
    second = lab.phone("104").call("102")
    rings(lab, "102")
    picker = lab.phone("103").call(dialled)
    second.wait_answered()
    assert picker.hears(second)
    assert not first.answered
    picker.hang_up()
    second.wait_ended()


def test_the_longest_is_taken_first(lab, controller):
    first = lab.outside(CALLER).call("+49305550101")
    rings(lab, "101")
    second = lab.phone("104").call("102")
    rings(lab, "102")
    lab.phone("103").call("*98")
    first.wait_answered()
    assert not second.answered
    first.hang_up()


def test_the_extension_is_asked_for(lab, controller):
    call = lab.phone("104").call("102")
    rings(lab, "102")
    picker = lab.phone("101").call("*97")
    picker.wait_answered()
    time.sleep(0.5)  # within the question
    picker.press("102#")
    call.wait_answered(10)
    assert call.hears(picker) and picker.hears(call)
    time.sleep(6)
    assert call.hears(picker)
    call.hang_up()
    picker.wait_ended()
    assert journal(controller)["101", "*97"]["result"] == "pickup:102"


def test_of_a_hunt_group(lab, controller):
    call = lab.outside(CALLER).call("+49305550300", name="Lee")
    lines = [rings(lab, extension) for extension in SALES]
    picker = lab.phone("103").call("*98")
    call.wait_answered()
    for line in lines:
        line.wait_ended(1)
    assert not any(missed(lab, line) for line in lines)
    assert picker.hears(call)
    seen(picker, "Verkauf∶ Lee", CALLER)
    seen(call, "Clara Conrad", "103")
    call.hang_up()
    picker.wait_ended()
    assert journal(controller)[CALLER, "+49305550300"]["result"] == "user:103"


@pytest.mark.parametrize("who", ["104", "103"])
def test_a_transfer_afterwards_names_who_transferred(lab, controller, who):
    call = lab.phone("104").call("102")
    rings(lab, "102")
    picker = lab.phone("103").call("*98")
    call.wait_answered()
    picker.wait_answered()
    time.sleep(0.3)  # nobody is quicker
    leaving, staying = (call, picker) if who == "104" else (picker, call)
    leaving.transfer("101")
    leaving.wait_ended()
    third = lab.phone("101").ringing()
    assert third.shown_name == ("Clara Conrad" if staying is picker else "David Dorn (left)")
    third.answer()
    assert staying.hears(third) and third.hears(staying)
    staying.hang_up()
    third.wait_ended()
    found = journal(controller)["103" if staying is picker else "104", "*98" if staying is picker else "102"]
    assert found["result"] == "user:101"
    assert f"user {who} transferred the call" in [step["reason"] for step in found["steps"]]


def test_who_picks_a_hunted_call_up_has_accepted_it(lab, controller):
    call = lab.phone("104").call("301")
    line = rings(lab, "101")
    picker = lab.phone("103").call("*98")
    call.wait_answered()
    line.wait_ended(1)
    assert picker.hears(call)
    picker.hang_up()
    call.wait_ended()
    assert journal(controller)["104", "301"]["result"] == "user:103"
    standing, = json.loads(controller.fsctl("hunt", "show", "turn", "--json"))
    assert standing["pointer"] == "103"
    assert [member["calls"] for member in standing["members"]] == [0, 0, 1]


# ---- what cannot be taken -------------------------------------------------------------------------------


def test_nothing_rings(lab, controller):
    assert refused(lab, controller, "101", "*98") == "nothing rings there"
    assert refused(lab, controller, "101", "*97103") == "nothing rings there"


def test_who_may_not(lab, controller):
    call = lab.phone("101").call("102")
    line = rings(lab, "102")
    assert refused(lab, controller, "104", "*98", "not-possible") == "David Dorn (left) is in no pickup group"
    assert refused(lab, controller, "104", "*97102", "not-possible") == "104 may not pick up calls of 102"
    assert refused(lab, controller, "102", "*97102", "not-possible") == "a call at one's own phone is answered there"
    assert refused(lab, controller, "101", "*98") == "nothing rings there", "one's own call"
    assert not line.ended
    call.hang_up()


def test_a_call_that_a_colleague_makes_is_never_taken(lab, controller):
    """Even where the far side lets him hear something before it answers."""
    call = lab.phone("102").call("001701234567")
    far = lab.outside(MOBILE).ringing()
    if isinstance(lab, Lab):
        lab.exchange.api(f"uuid_transfer {far.uuid} pre_answer,playback:silence_stream://8000 inline")
        time.sleep(0.5)
    else:
        far.channel.pre_answer()
    assert refused(lab, controller, "101", "*98") == "nothing rings there"
    assert not call.ended
    call.hang_up()


def test_a_caller_who_is_gone(lab, controller):
    call = lab.phone("104").call("102")
    rings(lab, "102")
    picker = lab.phone("103").call("*98")
    call.hang_up()
    picker.wait_ended(15)
    call.wait_ended()
    found = journal(controller)
    assert found["104", "102"]["result"] in ("gone", "user:103")
    assert found["103", "*98"]["state"] == "ended"


# ---- races ----------------------------------------------------------------------------------------------


def at_once(*acts):
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def two_pick_up(lab, controller):
    """Two dial the code at the same moment: one talks, the other hears why not."""
    call = lab.phone("104").call("102")
    rings(lab, "102")
    pickers = []
    at_once(*(lambda user=user: pickers.append(lab.phone(user).call("*98")) for user in ("101", "103")))
    call.wait_answered()
    lab.wait(lambda: any(picker.ended for picker in pickers), 15, "nobody lost")
    winner, = (picker for picker in pickers if not picker.ended)
    loser, = (picker for picker in pickers if picker.ended)
    assert winner.answered and not loser.answered
    assert call.hears(winner)
    winner.hang_up()
    call.wait_ended()
    found = journal(controller, 3)
    assert sorted(each["result"] for (_, dialled), each in found.items() if dialled == "*98") == [
        "announcement:nothing-to-pick-up", "pickup:102"]


def test_two_at_the_same_moment(lab, controller):
    for _ in range(4):
        two_pick_up(lab, controller)


@pytest.mark.apart
def test_with_several_workers(lab, controller):
    """Whichever of them has the one who picks up and the one who is picked up."""
    controller.kill()
    controller.start("--workers", "2")
    controller.wait_for_workers()
    for _ in range(4):
        two_pick_up(lab, controller)
    controller.signal(signal.SIGTERM)
    controller.process.wait(40)


@pytest.mark.apart
def test_the_talk_needs_no_controller(lab, controller):
    call = lab.phone("104").call("102")
    rings(lab, "102")
    picker = lab.phone("103").call("*98")
    call.wait_answered()
    picker.wait_answered()
    controller.kill()
    time.sleep(6)  # longer than any lease that could still be there
    assert call.hears(picker) and picker.hears(call)
    picker.hang_up()
    call.wait_ended()


def test_pickup_and_answer_at_the_same_moment(lab, controller):
    for pause in (0, 0.02, 0.04, 0.06, 0.08):
        call = lab.phone("104").call("102")
        line = rings(lab, "102")
        picker = lab.phone("103").call("*98")
        time.sleep(pause)
        try:
            line.answer()
        except TimeoutError:
            pass  # it was taken from that phone
        call.wait_answered()
        # A phone whose 200 OK crosses the CANCEL thinks for half a minute that it has the call, but talks with nobody.
        heard = []
        eventually(lambda: heard.extend(each for each in (line, picker) if call.hears(each)) or heard, "nobody talks", 5)
        assert len(heard) == 1, pause
        other = heard[0]
        call.hang_up()
        other.wait_ended()
        (line if other is picker else picker).hang_up()
        assert journal(controller)["104", "102"]["result"] == ("user:103" if other is picker else "user:102")


# ---- a phone's own pickup ---------------------------------------------------------------------------------


def test_an_invite_with_replaces(lab, controller):
    call = lab.phone("101").call("102")
    line = rings(lab, "102")
    picker = lab.phone("103").replace(line)
    call.wait_answered()
    line.wait_ended(1)
    assert not missed(lab, line)
    assert call.hears(picker) and picker.hears(call)
    controller.wait_for_call(state="talking", result="user:103")
    seen(call, "Clara Conrad", "103")
    seen(picker, "Anna Adler", "101")
    time.sleep(6)
    assert call.hears(picker)
    picker.hang_up()
    call.wait_ended()
    found = controller.wait_for_call(state="ended", result="user:103")
    assert steps(found) == [
        ("extension", "ring", "user:102", "picked-up"), ("call_pickup", "pickup", "user:103", "answered")]


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("transferor", ["101", "103"])
def test_after_an_invite_with_replaces_a_transfer_knows_its_transferor(lab, controller, transferor, answered):
    """Also where a phone took a talk that had begun. Whoever is transferred: the digits are the transferor's."""
    if answered and not isinstance(lab, Lab):
        pytest.skip("the simulator takes ringing calls only")
    call = lab.phone("101").call("102")
    line = rings(lab, "102")
    if answered:
        line.answer()
        call.wait_answered()
        controller.wait_for_call(state="talking", result="user:102")
    picker = lab.phone("103").replace(line)
    controller.wait_for_call(state="talking", result="user:103")
    eventually(lambda: call.hears(picker), "they do not talk", 5)
    by, moved = (call, picker) if transferor == "101" else (picker, call)
    by.transfer("104")
    target = lab.phone("104").ringing()
    target.answer()
    eventually(lambda: moved.hears(target), "they do not talk", 5)
    found = controller.wait_for_call(state="talking", result="user:104")
    (transfer,) = (step for step in found["steps"] if step["action"] == "transfer")
    assert (transfer["target"], transferor in transfer["reason"]) == ("user:104", True), transfer


def test_a_phone_that_takes_the_callers_place_has_the_talk_in_the_journal(lab, controller):
    if not isinstance(lab, Lab):
        pytest.skip("the simulator takes ringing calls only")
    call = lab.phone("101").call("102")
    line = rings(lab, "102")
    line.answer()
    controller.wait_for_call(state="talking", result="user:102")
    picker = lab.phone("103").replace_caller(call)
    call.wait_ended()
    eventually(lambda: line.hears(picker), "they do not talk", 5)
    assert controller.wait_for_call(state="talking", result="pickup:102")["caller"] == "103"
    picker.hang_up()
    line.wait_ended()
    found = controller.wait_for_call(state="ended", result="pickup:102")
    assert steps(found) == [("call_pickup", "pickup", "user:102", "answered")]


def test_no_phone_opens_a_colleagues_mailbox(lab, controller):
    """Who takes the place of somebody who listens to his messages is asked for a PIN."""
    if not isinstance(lab, Lab):
        pytest.skip("the simulator takes ringing calls only")
    lamp = lab.phone("103").watch("101")
    call = lab.phone("101").call("*86")
    call.wait_answered()
    lamp.wait("confirmed")
    time.sleep(1)  # until the mailbox speaks
    named = re.search('dialog id="(.+?)"', lamp.bodies[-1])[1]
    lamp.close()
    taker = lab.phone("103").replace_dialog(f"{named};to-tag=a;from-tag=b")
    call.wait_ended(5)
    taker.wait_ended(40)  # of three tries


# ---- and the rest -----------------------------------------------------------------------------------------


def test_nobody_rings_longer_for_it(lab, controller):
    """The leg that waits for a pickup keeps nobody waiting."""
    for behaviour, result in (("busy", "hangup:busy"), ("decline", "hangup:rejected")):
        lab.phone("103").behaviour = behaviour
        began = time.monotonic()
        lab.phone("104").call("103").wait_ended(3)
        controller.wait_for_call(state="ended", result=result)
        assert time.monotonic() - began < 2
    lab.phone("103").unregister()
    lab.phone("104").call("103").wait_ended(3)
    controller.wait_for_call(state="ended", result="hangup:offline")


def test_how_long_it_takes(lab, controller):
    took = []
    for _ in range(10):
        call = lab.phone("104").call("102")
        rings(lab, "102")
        began = time.monotonic()
        picker = lab.phone("103").call("*98")
        call.wait_answered()
        picker.wait_answered()
        took.append(1000 * (time.monotonic() - began))
        call.hang_up()
        picker.wait_ended()
    print(f"\nfrom *98 to talking: median {statistics.median(took):.0f} ms, at most {max(took):.0f} ms")
    assert statistics.median(took) < 500


def test_lamps_of_both(lab, controller):
    """FreeSWITCH's own: whose call was taken is free at once, who took it talks."""
    if not isinstance(lab, Lab):
        pytest.skip("no lamps of people in the simulator")
    rung, picking = (lab.phone("101").watch(user) for user in ("102", "103"))
    try:
        call = lab.phone("104").call("102")
        rings(lab, "102")
        rung.wait("early")
        picker = lab.phone("103").call("*98")
        call.wait_answered()
        rung.wait("terminated")
        picking.wait("confirmed")
        picker.hang_up()
        picking.wait("terminated")
    finally:
        rung.close()
        picking.close()
