"""Talks that are recorded by a code dialled in them: what is heard of it, and what is kept."""

import json
import os
import re
import wave
from pathlib import Path

import gevent
import pytest

from fsctl.store.database import open_database
from fsctl.switch import controller as switch
from tests.live import offices
from tests.live.lab import Lab
from tests.live.sip_phone import SipLine
from tests.live.test_barge_in import TALKS, by_colleague, by_outside, joins
from tests.live.test_executive_calls import CALLER, journal, over, together
from tests.live.test_group_tones import told_while
from tests.live.test_talk_codes import asks, dials
from tests.live.tones import recorded, tones
from tests.ports import free_port
from tests.wire.peer import eventually

RECORDS, OVER = 1400, 900
OFFICE = offices.changed(offices.EXECUTIVES, ("record = false ", "record = true "))
NOBODY = offices.EXECUTIVES
UNWRITABLE = offices.changed(OFFICE, ('recordings = "recordings" ', 'recordings = "/proc/nowhere" '))


@pytest.fixture(autouse=True)
def _as_the_file_says(controller, lab):
    lab.phones("103", "102", "101", "104", "130", "131", "132")
    controller.forget_settings()
    controller.apply(OFFICE)
    controller.wait_for_log("linked")


def listed(controller):
    return json.loads(controller.fsctl("recordings", "list", "--json"))


def begins(controller, line, user="101"):
    """The person at this line records from now on; the file."""
    known = {row["file"] for row in listed(controller)}
    row = dials(controller, line, "*44", "recording:2", user)
    (file,) = {row["file"] for row in listed(controller)} - known
    assert row["result"] == f"recording:{Path(file).name}"
    return Path(file)


def ends(controller, line, user="101"):
    dials(controller, line, "*44", "recording:off", user)


def seconds_of(file):
    """By its own head."""
    with wave.open(str(file)) as sound:
        return sound.getnframes() / sound.getframerate()


def in_it(file, *lines):
    """Whether they are all heard within some fifth of a second of it."""
    if not isinstance(lines[0], SipLine):
        return True
    rate, samples = recorded(file)
    wanted = {line.tone for line in lines}
    return any(wanted <= set(tones(rate, samples[:end])) for end in range(rate // 5, len(samples), rate // 5))


# ---- made --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begun", TALKS)
def test_who_talks_records(lab, controller, begun):
    line, call = begun(lab)
    file = begins(controller, line)
    gevent.sleep(2)
    ends(controller, line)
    together(line, call)
    assert seconds_of(file) >= 2 and in_it(file, line, call)
    (row,) = [row for row in listed(controller) if row["file"] == str(file)]
    caller, number = {
        "by_colleague": ("104", "101"), "to_colleague": ("101", "104"), "by_outside": (CALLER, "+49305550101"),
        "to_outside": ("101", "00301234567")}[begun.__name__]
    assert (row["by"], row["caller"], row["dialled"]) == ("101", caller, number)
    assert re.fullmatch(r"\d{8}T\d{6}\.\d{3}Z_[0-9a-f-]{36}\.wav", file.name) and row["call"] in file.name
    assert row["seconds"] == pytest.approx(seconds_of(file), abs=0.01)
    assert call.keys == "*44*44"
    over(controller, line, call)
    assert controller.fsctl("calls", "show", row["call"])


def test_it_ends_with_the_talk(lab, controller):
    line, call = by_outside(lab)
    file = begins(controller, line)
    gevent.sleep(1)
    over(controller, call, line)
    assert seconds_of(file) >= 1


def test_both_hear_a_tone(lab, controller):
    if not isinstance(lab, Lab):
        pytest.skip("nothing is heard in the simulator")
    SipLine._tones = 10  # nobody's own tone is one of these
    line, call = by_colleague(lab)
    for tone in (RECORDS, OVER):
        heard = gevent.spawn(told_while, line, lambda: None, (RECORDS, OVER), 5)
        assert told_while(call, lambda: line.press("*44"), (RECORDS, OVER), 5) == [tone]
        assert heard.get() == [tone]
    together(line, call)


def test_each_of_the_two_records(lab, controller):
    line, call = by_colleague(lab)
    first, second = begins(controller, line), begins(controller, call, "104")
    assert first != second
    ends(controller, line)
    gevent.sleep(1)
    ends(controller, call, "104")
    assert seconds_of(second) > 1 and in_it(second, line, call)


def test_three_are_recorded(lab, controller):
    line, call = by_outside(lab)
    his = joins(lab, line, call)
    file = begins(controller, line)
    gevent.sleep(1.5)
    ends(controller, line)
    assert in_it(file, line, call, his)


def test_it_goes_on_with_whom_the_other_transfers(lab, controller):
    """Who comes in hears the tone, too."""
    SipLine._tones = 10
    line, call = by_colleague(lab)
    file = begins(controller, line)
    call.transfer("102")
    other = lab.phone("102").ringing()
    if isinstance(lab, Lab):
        assert told_while(other, other.answer, (RECORDS,)) == [RECORDS]
    else:
        other.answer()
    together(line, other)
    gevent.sleep(0.5)
    ends(controller, line)
    assert in_it(file, line, other)


def test_one_call_is_recorded_and_the_other_is_not(lab, controller):
    line, call = by_outside(lab)
    begins(controller, line)
    second, other = asks(lab, line)
    known = len(listed(controller))
    mine = begins(controller, second)
    assert len(listed(controller)) == known + 1
    gevent.sleep(1)
    over(controller, second, other)
    assert in_it(mine, second, other)
    line.unhold()
    together(line, call)
    ends(controller, line)


# ---- refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("office", "told", "why"), [
    (NOBODY, "not-possible", "in this office nobody records calls"),
    (UNWRITABLE, "not-available", "it could not be recorded")])
def test_refused(lab, controller, office, told, why):
    controller.apply(office)
    line, call = by_outside(lab)
    known = len(listed(controller))
    found = dials(controller, line, "*44", f"announcement:{told}")
    assert found["steps"][-1]["reason"] == why
    together(line, call)
    assert len(listed(controller)) == known


def test_what_is_recorded_can_be_ended_though_nobody_may_record_any_more(lab, controller):
    line, call = by_outside(lab)
    begins(controller, line)
    controller.apply(NOBODY)
    ends(controller, line)
    together(line, call)


def test_it_is_dialled_in_a_talk(lab, controller):
    call = lab.phone("101").call("*44")
    call.wait_ended(8)
    journal(controller, caller="101", dialled="*44", result="announcement:not-possible")
    assert "dialled in the talk" in controller.fsctl("explain", "101", "*44")


# ---- kept --------------------------------------------------------------------------------------------------------


@pytest.mark.apart
def test_without_fsctl_it_goes_on(lab, controller):
    line, call = by_outside(lab)
    file = begins(controller, line)
    controller.kill()
    gevent.sleep(1)
    together(line, call)
    controller.start()
    controller.wait_for_log("linked to the switch")
    ends(controller, line)
    assert seconds_of(file) > 1 and in_it(file, line, call)


@pytest.mark.apart
def test_without_fsctl_it_ends_with_the_talk(lab, controller):
    line, call = by_outside(lab)
    file = begins(controller, line)
    controller.kill()
    gevent.sleep(1)
    line.hang_up()
    call.wait_ended()
    eventually(lambda: os.path.getsize(file) and seconds_of(file) > 1, "it is not complete", 5)
    (row,) = [row for row in listed(controller) if row["file"] == str(file)]
    assert (row["by"], row["caller"]) == ("101", CALLER)


def test_the_switch_is_killed(lab, controller):
    """All but the last moment is there, and can be played."""
    if not isinstance(lab, Lab):
        pytest.skip("the simulator does not die so")
    line, call = by_outside(lab)
    file = begins(controller, line)
    gevent.sleep(3)
    phones = lab.kill_switch()
    with pytest.raises(wave.Error):
        seconds_of(file)
    there = (file.stat().st_size - 44) / 16000
    lab.start_switch(phones)
    eventually(lambda: file.read_bytes()[4:8] != b"\x08\0\0\0", "its head was not written", 20)
    assert seconds_of(file) == pytest.approx(there, abs=0.001) and there > 2.8
    assert in_it(file, line, call)


def test_of_several_controllers_one_records(lab, controller, another):
    line, call = by_outside(lab)
    begins(controller, line)
    gevent.sleep(1)
    rows = [row for row in controller.calls(1000) if row["dialled"] == "*44"]
    ends(controller, line)
    gevent.sleep(1)
    assert len([row for row in controller.calls(1000) if row["dialled"] == "*44"]) == len(rows) + 1
    together(line, call)


@pytest.fixture
def another(lab, controller):
    """A second controller of the office, which hears the same switch."""
    store = open_database(controller.environment["FSCTL_DATABASE"])
    port = free_port()
    made = switch.Controller(store, ("127.0.0.1", port), [("127.0.0.1", lab.esl_port)], "ClueCon", node="another")
    made.start()
    eventually(lambda: made.heard.current().known, "no link", 5)
    yield made
    made.stop(1)
    store.close()
