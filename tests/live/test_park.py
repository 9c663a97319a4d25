"""Call park: every way to park a call and to fetch it, and what becomes of one that nobody fetches."""

import json
import shutil
import time
from datetime import datetime

import pytest

from fsctl.store.parked import list_parked
from tests.live import offices
from tests.live.esl import EventSocket
from tests.live.lab import Lab
from tests.live.test_night import record
from tests.wire.peer import eventually

CALLER, BERLIN = "+4915112345678", "+49305550101"

#: The sample office, whose people answer soon or not at all.
OFFICE = offices.OFFICE.replace("ring_seconds = 20", "ring_seconds = 3")


@pytest.fixture
def office(lab, controller):
    """All phones that take part, and no call anywhere."""
    for extension in ("101", "102", "103", "104", "120"):
        lab.phone(extension)
    eventually(lambda: not list_parked(controller.store), "slots are occupied from before", 15)
    return controller


@pytest.fixture
def commands(lab):
    """The switch's own word; ``lit`` waits for that of the controller, which its lamps tell."""
    link = EventSocket(lab.esl_port)

    def lit(slot):
        lamp = lab.phone("120").watch(f"slot+{slot}")
        try:
            lamp.wait("confirmed")
        finally:
            lamp.close()

    link.lit = lit
    yield link
    link.close()


def talk(lab, called="101", caller=None):
    """Somebody from outside, or a colleague, talks with somebody."""
    call = lab.phone(caller).call(called) if caller else lab.outside(CALLER).call("+49305550101")
    line = lab.phone(called).ringing()
    line.answer()
    call.wait_answered()
    eventually(lambda: call.hears(line), "they do not hear each other", 3)
    return call, line


def slots(controller):
    return {row["slot"]: row for row in list_parked(controller.store)}


def waits(controller, slot, commands, **expected):
    """The row of a call that waits with music in a slot."""
    def found():
        row = slots(controller).get(slot)
        return row and commands.api(f"uuid_getvar {row['uuid']} fsctl_slot").strip() == slot and row
    eventually(found, f"nobody waits in {slot}", 20)
    commands.lit(slot)
    row = found()
    assert {key: row[key] for key in expected} == expected
    return row


def free(controller, *which):
    eventually(lambda: not set(which or slots(controller)) & slots(controller).keys(), "a slot is occupied", 5)


def time_is_over(commands, row):
    """As if the time of a parked call had run out."""
    assert commands.api(f"uuid_break {row['uuid']}").startswith("+OK")


def together(one, other):
    eventually(lambda: one.hears(other) and other.hears(one), "they do not hear each other", 3)


# ---- parking ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dialled", "slot", "group"), [
    ("*68104", "104", None), ("*68", "101", None), ("*58", "701", "sales"), ("702", "702", "sales"),
    ("*68702", "702", "sales"), ("slot+703", "703", "sales"),
])
@pytest.mark.parametrize("way", ["blind", "attended", "dialled"])
def test_parking(lab, office, commands, dialled, slot, group, way):
    call, line = talk(lab)
    if way == "blind":
        line.transfer(dialled)
    else:
        line.hold()
        other = lab.phone("101").call(dialled)
        other.wait_answered()
        if way == "attended" and dialled == "702":
            line.transfer_to(other)
        elif dialled == "702":  # that asks what is there; it parks nothing
            other.hang_up()
            office.wait_for_call(dialled="702", state="ended")
            assert not slots(office)
            line.unhold()
            together(call, line)
            return
    line.wait_ended(8)
    row = waits(office, slot, commands, group=group, parker="101", caller=CALLER)
    assert not call.ended
    fetcher = lab.phone("102").call(f"*88{slot}")
    together(call, fetcher)
    free(office)
    eventually(lambda: commands.api(f"uuid_getvar {row['uuid']} fsctl_slot").strip() in ("_undef_", ""), "marked", 2)
    call.hang_up()
    fetcher.wait_ended()
    eventually(lambda: any(each["result"] == f"retrieve:{slot}" for each in office.calls(3)), "not journalled", 5)


@pytest.fixture
def long_confirmation(lab):
    """Who parks a call hears so for eight seconds; in the simulator a tone is all there is."""
    if isinstance(lab, Lab):
        record(lab, "de/parked.wav", 1700, seconds=8)
        record(lab, "en/parked.wav", 1700, seconds=8)
    yield
    if isinstance(lab, Lab):
        shutil.rmtree(lab.prompts)


@pytest.mark.parametrize(("dialled", "slot"), [("*68103", "103"), ("*68", "101"), ("*58", "701"), ("slot+703", "703")])
def test_point_17_a_call_parked_by_a_code_is_fetched_while_the_parker_still_hears_so(
    lab, office, commands, long_confirmation, dialled, slot
):
    call, line = talk(lab)
    line.hold()
    parker = lab.phone("101").call(dialled)
    parker.wait_answered()
    fetcher = lab.phone("102").call(f"*88{slot}")
    together(call, fetcher)
    assert line.ended and not parker.ended
    parker.wait_ended(15)
    together(call, fetcher)
    free(office)


@pytest.mark.parametrize("when", ["at once", "while he hears so"])
def test_point_17_a_parker_who_hangs_up_has_parked_the_call(lab, office, commands, long_confirmation, when):
    call, line = talk(lab)
    line.hold()
    parker = lab.phone("101").call("*68104")
    parker.wait_answered()
    if when != "at once":
        line.wait_ended()
    parker.hang_up()
    waits(office, "104", commands, parker="101")
    together(call, lab.phone("102").call("*88104"))


def park(lab, office, commands, slot="701", called="101"):
    """A caller whom 101 has parked there."""
    call, line = talk(lab, called)
    line.transfer(slot if slot.startswith("7") else f"*68{slot}")
    line.wait_ended()
    return call, waits(office, slot, commands)


def test_by_the_command_line(lab, office, commands):
    call, line = talk(lab)
    assert json.loads(office.fsctl("park", "add", "101", "702", "--json"))["slot"] == "702"
    line.wait_ended()
    row = waits(office, "702", commands, parker="101", caller=CALLER)
    (listed,) = json.loads(office.fsctl("park", "list", "--json"))
    instants = ("since", "recall_at")
    assert [datetime.fromisoformat(listed[key]) for key in instants] == [
        datetime.fromisoformat(row[key]) for key in instants]
    assert {**listed, **{key: row[key] for key in instants}} == row
    assert set(row) == {"slot", "group", "caller", "parker", "since", "recall_at", "uuid"}
    together(call, lab.phone("103").call("702"))
    assert office.refused("park", "add", "104") == "fsctl: 104 talks with nobody\n"


def test_the_caller_parks_whom_he_called(lab, office, commands):
    call, line = talk(lab, "103", "101")
    call.transfer("*68104")
    call.wait_ended()
    waits(office, "104", commands, caller="103", parker="101")
    together(line, lab.phone("104").call("*88"))


def test_one_who_is_parked_can_be_parked_again(lab, office, commands):
    call, _ = park(lab, office, commands)
    fetcher = lab.phone("102").call("701")
    together(call, fetcher)
    fetcher.transfer("*68104")
    fetcher.wait_ended()
    waits(office, "104", commands, parker="102")
    free(office, "701")
    together(call, lab.phone("101").call("*88104"))


def test_music_of_the_site(lab, office, commands):
    """A short recording of the office's own, again and again until the time of the call is over."""
    if not isinstance(lab, Lab):
        pytest.skip("nothing sounds in the simulator")
    record(lab, "park.wav", 2000, seconds=1)
    office.apply(OFFICE.replace('music = "moh"', 'music = "park.wav"').replace(
        "recall_seconds = 45", "recall_seconds = 30"))
    try:
        call, row = park(lab, office, commands)
        for _ in range(3):
            eventually(lambda: call.heard() == 2000, "no music", 3)
        time_is_over(commands, row)
        lab.phone("101").ringing()
    finally:
        office.apply(OFFICE)
        shutil.rmtree(lab.prompts)


# ---- fetching --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("slot", "dialled", "fetcher"), [
    ("701", "701", "101"), ("701", "*88701", "102"), ("701", "slot+701", "103"), ("104", "*88", "104"),
    ("104", "*88104", "103"), ("104", "slot+104", "102"), ("104", "*88104", "101"),
])
def test_fetching(lab, office, commands, slot, dialled, fetcher):
    call, _ = park(lab, office, commands, slot)
    began = time.monotonic()
    line = lab.phone(fetcher).call(dialled)
    line.wait_answered()
    print(f"\n{dialled} is answered after {(time.monotonic() - began) * 1000:.0f} ms")
    together(call, line)
    free(office)
    line.hang_up()
    call.wait_ended()


@pytest.mark.parametrize(("slot", "dialled", "fetcher"), [
    ("701", "701", "104"), ("701", "701", "120"), ("104", "*88104", "120"), ("703", "703", "101"), ("703", "*88", "103"),
])
def test_who_may_not_fetch(lab, office, commands, slot, dialled, fetcher):
    """Of the slots of a group only members and the parker; from an extension of a site only the people there."""
    if slot != "703":
        call, row = park(lab, office, commands, slot)
    assert lab.phone(fetcher).call(dialled).wait_ended(15) == "CALL_REJECTED"
    announced = "nothing-parked" if slot == "703" else "not-possible"
    office.wait_for_call(dialled=dialled, state="ended", result=f"announcement:{announced}")
    if slot != "703":
        assert waits(office, slot, commands) == row
        assert not call.ended


def test_two_fetch_at_once(lab, office, commands):
    for _ in range(5):
        call, _ = park(lab, office, commands)
        lines = [lab.phone(each).call("701") for each in ("102", "103")]
        eventually(lambda: any(call.hears(each) for each in lines), "nobody has the call", 5)
        eventually(lambda: any(each.ended for each in lines), "both have a call", 10)
        assert [each.ended for each in lines].count(True) == 1
        call.hang_up()
        for each in lines:
            each.wait_ended()
        free(office)


def test_the_caller_gives_up(lab, office, commands):
    call, row = park(lab, office, commands)
    call.hang_up()
    free(office)
    lab.phone("101").quiet(1)
    eventually(lambda: office.calls(1)[0]["state"] == "ended" and office.calls(1)[0]["result"] == "park:701", "open", 5)


# ---- no place --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialled", ["701", "*68701", "slot+701"])
def test_an_occupied_slot(lab, office, commands, dialled):
    """Who is transferred there comes back to the transferor, and is not connected with the one who waits."""
    first, row = park(lab, office, commands)
    second, line = talk(lab)
    line.transfer(dialled)
    back = lab.phone("101").ringing()
    back.answer()
    together(second, back)
    assert waits(office, "701", commands) == row
    second.hang_up()
    together(first, lab.phone("102").call("701"))


def test_an_occupied_slot_and_nobody_takes_the_call_back(lab, office, commands):
    park(lab, office, commands)
    second, line = talk(lab)
    line.transfer("701")
    lab.phone("101").ringing().reject(486)
    office.wait_for_step("mailbox", "mailbox:101", "")


def test_a_full_group(lab, office, commands):
    calls = [park(lab, office, commands, slot)[0] for slot in ("701", "702")]
    calls.append(park(lab, office, commands, "703")[0])
    extra, line = talk(lab)
    line.transfer("*58")
    back = lab.phone("101").ringing()
    back.answer()
    together(extra, back)
    assert slots(office).keys() == {"701", "702", "703"}


def test_who_holds_a_call_is_not_connected_with_a_stranger(lab, office, commands):
    """He asks for a slot in order to transfer the call there."""
    first, row = park(lab, office, commands)
    second, line = talk(lab)
    line.hold()
    other = lab.phone("101").call("701")
    other.wait_answered()
    line.transfer_to(other)
    back = lab.phone("101").ringing()
    back.answer()
    together(second, back)
    assert not first.hears(second) and waits(office, "701", commands) == row


def test_nothing_to_park(lab, office):
    assert lab.phone("102").call("*68104").wait_ended(15) == "CALL_REJECTED"
    office.wait_for_call(dialled="*68104", state="ended", result="announcement:nothing-held")


# ---- recall ----------------------------------------------------------------------------------------


def test_recall_to_the_parker(lab, office, commands):
    call, row = park(lab, office, commands)
    time_is_over(commands, row)
    line = lab.phone("101").ringing()
    assert line.shown_name.startswith("Recall 701 - ") and line.shown_number == CALLER
    assert "701" in slots(office)
    line.answer()
    together(call, line)
    free(office)
    office.wait_for_step("ring", "user:101", "answered")


def test_recall_that_nobody_takes(lab, office, commands):
    """It waits on, and comes back again."""
    call, row = park(lab, office, commands)
    for _ in range(2):
        time_is_over(commands, row)
        lab.phone("101").ringing().reject(486)
        eventually(lambda: commands.api(f"uuid_getvar {row['uuid']} current_application").strip() == "playback",
                   "no music", 5)
        assert not call.ended and waits(office, "701", commands)["uuid"] == row["uuid"]
    together(call, lab.phone("103").call("701"))


@pytest.mark.parametrize("taken_by", ["101", "102"])
def test_fetching_while_the_recall_rings(lab, office, commands, taken_by):
    call, row = park(lab, office, commands)
    time_is_over(commands, row)
    line = lab.phone("101").ringing()
    fetcher = lab.phone(taken_by).call("701")
    together(call, fetcher)
    line.wait_ended()
    free(office)
    together(call, fetcher)


@pytest.fixture
def recall_to(office):
    """Lets calls come back from 701 to others."""
    def change(terms):
        office.apply(OFFICE.replace('recall_to = "parker"\n\n', terms + "\n\n"))
    yield change
    office.apply(OFFICE)


@pytest.mark.parametrize("first", [True, False])
def test_recall_to_an_alternate(lab, office, commands, recall_to, first):
    recall_to(f'recall_to = "{"parker-then-alternate" if first else "alternate"}"\nalternate = "user:103"\n'
              "alternate_after_seconds = 30")
    call, row = park(lab, office, commands)
    time_is_over(commands, row)
    if first:
        lab.phone("101").ringing().reject(486)
    line = lab.phone("103").ringing()
    assert line.shown_name.startswith("Recall 701 - ")
    free(office)
    line.answer()
    together(call, line)


def test_recall_in_its_time(lab, office, commands, recall_to):
    office.apply(OFFICE.replace("recall_seconds = 45", "recall_seconds = 30"))
    call, row = park(lab, office, commands)
    began = time.monotonic()
    lab.phone("101").ringing(40).answer()
    print(f"\nthe recall rings after {time.monotonic() - began:.1f} s, of 30")
    assert not call.ended


@pytest.mark.apart
def test_recall_without_a_controller(lab, office, commands):
    call, row = park(lab, office, commands)
    office.kill()
    try:
        for answers in (False, True):
            began = time.monotonic()
            time_is_over(commands, row)
            line = lab.phone("101").ringing()
            assert line.shown_name == "Recall 701"
            print(f"\nwithout fsctl the recall rings after {(time.monotonic() - began) * 1000:.0f} ms")
            if answers:
                line.answer()
                together(call, line)
            else:
                line.reject(486)
                eventually(lambda: commands.api(f"uuid_getvar {row['uuid']} current_application").strip() == "playback",
                           "no music", 5)
    finally:
        office.start()
    eventually(lambda: not slots(office), "the slot stays occupied", 40)
    assert not call.ended


# ---- restarts --------------------------------------------------------------------------------------


@pytest.mark.apart
def test_restart_with_twenty_calls(lab, office, commands):
    """Parked on twenty people; all can be fetched within five seconds of the start."""
    people = [str(number) for number in range(201, 221)]
    more = "".join(f'[users.{each}]\nname = "P{each}"\nsite = "berlin"\n' for each in people)
    office.apply(OFFICE.replace("recall_seconds = 45", "recall_seconds = 600") + more)
    calls = []
    for each in people:
        call, line = talk(lab)
        line.transfer(f"*68{each}")
        line.wait_ended()
        calls.append(call)
    for each in people:
        waits(office, each, commands)
    office.kill()
    office.start()
    began = time.monotonic()
    office.wait_for_log("linked to the switch")
    linked = time.monotonic()
    fetchers = [lab.phone("102").call(f"*88{each}") for each in people]
    for line in fetchers:
        line.wait_answered(5)
    eventually(lambda: not slots(office), "a slot is occupied", 5)
    print(f"\nafter fsctl was ready it was linked in {linked - began:.2f} s, and all 20 were fetched in "
          f"{time.monotonic() - began:.2f} s")
    assert time.monotonic() - began < 5
    for call, line in zip(calls[::7], fetchers[::7], strict=True):
        together(call, line)
    office.apply(OFFICE)


def test_restart_of_the_switch(lab, office, commands):
    park(lab, office, commands)
    links = sum("linked to the switch" in line for line in office.log)
    lab.restart_switch()
    began = time.monotonic()
    eventually(lambda: not slots(office), "the slot stays occupied", 30)
    print(f"\nthe slot is free {time.monotonic() - began:.2f} s after the switch was back")
    office.wait_for_log("linked to the switch", count=links + 1)  # whoever subscribes before is not answered
    if isinstance(lab, Lab):  # a simulated switch hangs up on its calls when it goes
        office.wait_for_log("slot 701 is free: the switch was restarted")


# ---- lamps -----------------------------------------------------------------------------------------


def test_lamps_of_a_parked_call(lab, office, commands):
    """The slot's, the parker's own, and night service's, each in the right order; on a real switch only."""
    if not isinstance(lab, Lab):
        pytest.skip("no lamps of people in the simulator")
    watches = {name: lab.phone("103").watch(name) for name in ("101", "slot+701", "night+london")}
    try:
        for lamp in watches.values():
            lamp.wait("terminated")
        call, line = talk(lab)
        watches["101"].wait("confirmed")
        line.transfer("701")
        watches["slot+701"].wait("confirmed")
        watches["101"].wait("terminated")
        office.fsctl("night", "on", "london")
        watches["night+london"].wait("confirmed")
        fetcher = lab.phone("102").call("slot+701")
        together(call, fetcher)
        watches["slot+701"].wait("terminated")
        office.fsctl("night", "off", "london")
        watches["night+london"].wait("terminated")
        told = {name: [state for before, state in zip([None, *lamp.states], lamp.states, strict=False)
                       if state != before] for name, lamp in watches.items()}
        assert told == {
            "101": ["terminated", "early", "confirmed", "terminated"],
            "slot+701": ["terminated", "confirmed", "terminated"],
            "night+london": ["terminated", "confirmed", "terminated"],
        }
    finally:
        for lamp in watches.values():
            lamp.close()


def test_the_lamp_of_a_slot(lab, office, commands):
    """Lit while a call waits there, the recall too, and dark when the caller gives up."""
    lamp, person = lab.phone("102").watch("slot+702"), lab.phone("102").watch("slot+104")
    try:
        lamp.wait("terminated")
        person.wait("terminated")
        call, row = park(lab, office, commands, "702")
        lamp.wait("confirmed")
        time_is_over(commands, row)
        lab.phone("101").ringing().reject(486)
        eventually(lambda: commands.api(f"uuid_getvar {row['uuid']} current_application").strip() == "playback",
                   "no music", 5)
        assert set(lamp.states[lamp.states.index("confirmed"):]) == {"confirmed"}
        call.hang_up()
        lamp.wait("terminated")
        call, _ = park(lab, office, commands, "104")
        person.wait("confirmed")
        together(call, lab.phone("104").call("*88"))
        person.wait("terminated")
        domain = person.entities[0].partition("@")[2]
        for each, name in ((lamp, "slot+702"), (person, "slot+104")):
            told = len(each.entities)
            each.renew()
            eventually(lambda each=each, told=told: len(each.entities) > told, "it is not told again")
            assert set(each.entities) == {f"sip:{name}@{domain}"}
            assert not getattr(each, "faults", [])
    finally:
        lamp.close()
        person.close()
