"""A call that another one takes: its owner says nothing more, and no timer of it tears the new talk apart."""

import time

import pytest

from fsctl.switch.session import moving
from fsctl.switch.session.ownership import GRACE_SECONDS
from tests.live.esl import EventSocket
from tests.live.lab import Lab
from tests.wire.peer import eventually


@pytest.fixture(autouse=True)
def phones(lab, controller):
    """What is done here to other calls is done by FreeSWITCH's own applications, which the simulator has not."""
    if not isinstance(lab, Lab):
        pytest.skip("the simulator connects no channels by command")
    lab.phones("101", "102", "103", "104")


@pytest.fixture
def commands(lab):
    """The link of somebody who moves a channel."""

    class Commands(EventSocket):
        def api(self, text, timeout=5):
            return super().api(text)

        def apis(self, commands):
            return [self.api(each) for each in commands]

    link = Commands(lab.esl_port)
    yield link
    link.close()


def channel(commands, user):
    """The channel on which a phone calls, once FreeSWITCH lists it."""
    def found():
        listed = [line.split(",")[0] for line in commands.api("show channels").splitlines() if ",inbound," in line]
        return next((each for each in listed if commands.api(f"uuid_getvar {each} user_name").strip() == user), None)
    eventually(lambda: found() is not None, f"{user} has no call", 3)
    return found()


def talk(lab, caller, called):
    call = lab.phone(caller).call(called)
    line = lab.phone(called).ringing()
    line.answer()
    call.wait_answered()
    eventually(lambda: call.hears(line), "they do not hear each other", 3)
    return call, line


def journalled(controller, caller, **expected):
    """The newest call of a caller, once it is as expected."""
    def found():
        call = next(call for call in controller.calls(20) if call["caller"] == caller)
        return call if all(call[key] == value for key, value in expected.items()) else None
    eventually(lambda: found() is not None, f"{controller.calls(4)}", 5)
    return found()


def leases(commands, uuid):
    return [line for line in commands.api("show tasks").splitlines() if uuid in line]


@pytest.mark.parametrize("marked", [True, False])
def test_a_ringing_call_is_taken(lab, controller, commands, marked):
    """Without the mark: as a phone does it by itself (INVITE with Replaces)."""
    call = lab.phone("101").call("102")
    line = lab.phone("102").ringing()
    picker = lab.phone("103").call("104")
    lab.phone("104").ringing()
    caller, taker = channel(commands, "101"), channel(commands, "103")
    assert leases(commands, caller)
    if marked:
        assert moving.mark(commands, caller, taker)
    commands.api(f"uuid_transfer {taker} intercept:{caller} inline")
    call.wait_answered()
    line.wait_ended()
    eventually(lambda: call.hears(picker), "they do not hear each other", 3)
    assert picker.hears(call)
    found = journalled(controller, "101", state="talking", result="user:103")
    assert [(step["policy"], step["outcome"], step["reason"]) for step in found["steps"]][:2] == [
        ("extension", "moved" if marked else "picked-up", "102 is Bernd Brandt"),
        ("transfer", "answered", "user 103 took the call") if marked
        else ("call_pickup", "answered", "user 103 picked the call up")]
    eventually(lambda: not leases(commands, caller), f"{leases(commands, caller)}", 2)
    lab.phone("102").quiet(1)
    call.hang_up()
    picker.wait_ended()
    journalled(controller, "101", state="ended", result="user:103")


def test_a_talk_is_taken(lab, controller, commands):
    call, line = talk(lab, "101", "102")
    taker, other = talk(lab, "103", "104")
    caller, mover = channel(commands, "101"), channel(commands, "103")
    assert moving.mark(commands, caller, mover)
    commands.api(f"uuid_bridge {caller} {mover}")
    line.wait_ended()
    other.wait_ended()
    eventually(lambda: call.hears(taker), "they do not hear each other", 3)
    found = journalled(controller, "101", state="talking", result="user:103")
    assert found["steps"][-1]["reason"] == "user 103 took the call"
    taker.hang_up()
    call.wait_ended()


def test_a_talk_goes_into_a_conference(lab, controller, commands):
    call, line = talk(lab, "101", "102")
    caller = channel(commands, "101")
    assert moving.mark(commands, caller, "conference")
    commands.api(f"uuid_transfer {caller} -both conference:room@default+flags{{mintwo}} inline")
    eventually(lambda: commands.api(f"uuid_getvar {caller} current_application").strip() == "conference", "", 2)
    time.sleep(1)  # time to do something wrong
    assert call.hears(line) and line.hears(call)
    found = journalled(controller, "101", state="talking", result="user:102")
    assert found["steps"][-1]["reason"] == "another call took the call"
    line.hang_up()
    call.wait_ended()


@pytest.mark.parametrize("dialled", ["777", "*72"])
@pytest.mark.parametrize("marked", [True, False])
def test_who_hears_an_announcement_is_taken(lab, controller, commands, dialled, marked):
    """The announcement is cut short, or the question has no answer; neither is a reason to hang up."""
    call = lab.phone("101").call(dialled)
    taker, other = talk(lab, "103", "104")
    caller, mover = channel(commands, "101"), channel(commands, "103")
    if marked:
        assert moving.mark(commands, caller, mover)
    commands.api(f"uuid_answer {caller}")
    commands.api(f"uuid_bridge {caller} {mover}")
    other.wait_ended()
    eventually(lambda: call.hears(taker), "they do not hear each other", 3)
    time.sleep(2)
    assert not call.ended and call.hears(taker)
    assert not leases(commands, caller)
    journalled(controller, "101", state="talking", result="user:103")


def test_a_mover_who_fails(lab, controller, commands):
    """Marked, and then nothing: what was going on goes on."""
    call = lab.phone("101").call("103")
    line = lab.phone("103").ringing()
    assert moving.mark(commands, channel(commands, "101"), "conference")
    line.reject(486)
    assert call.wait_ended(moving.MOVE_SECONDS + 3) == "USER_BUSY"
    journalled(controller, "101", state="ended", result="hangup:busy")


def test_a_mover_who_takes_back_the_mark(lab, controller, commands):
    call = lab.phone("101").call("103")
    line = lab.phone("103").ringing()
    caller = channel(commands, "101")
    assert moving.mark(commands, caller, "conference")
    moving.unmark(commands, caller)
    began = time.monotonic()
    line.reject(486)
    assert call.wait_ended() == "USER_BUSY"
    assert time.monotonic() - began < moving.MOVE_SECONDS


def test_a_channel_that_is_gone_cannot_be_marked(commands):
    assert not moving.mark(commands, "00000000-0000-4000-8000-000000000001", "conference")


def test_a_taken_talk_outlives_the_time_that_its_ringing_had(lab, controller, commands):
    """It would be torn out of the talk and hung up when the lease for the ringing ends."""
    controller.forget_settings()
    call = lab.phone("101").call("001701234567")  # may ring for two minutes
    lab.outside("+491701234567").ringing()
    caller = channel(commands, "101")
    commands.api(f"sched_del {caller}")
    commands.api(f"sched_transfer +{GRACE_SECONDS} {caller} failsafe_102 XML fsctl")  # as if it were nearly over
    picker = lab.phone("103").call("104")
    lab.phone("104").ringing()
    commands.api(f"uuid_transfer {channel(commands, '103')} intercept:{caller} inline")
    call.wait_answered()
    time.sleep(GRACE_SECONDS + 1)
    assert not call.ended and call.hears(picker)
