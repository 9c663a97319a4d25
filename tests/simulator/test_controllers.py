"""Controllers that take calls, leave them, and die: every row was seen on the real switch."""

import json
import re

import pytest

from fsctl.simulator.channel.thread import FRAME_SECONDS
from fsctl.simulator.core.events import MYEVENTS
from tests import payloads

UUID = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"


#: Headers that nothing here reads.
NOT_SIMULATED = re.compile("Event-Calling|Codec|Callee-ID|Profile-Index|Resurrect|Hold")


def rings(switch, seconds=1.0):
    return switch.phone("102").ringing(seconds)


def test_the_reply_to_connect_has_what_the_real_one_has(switch, controller):
    switch.phone("101").call("102", "A%250AB: c$")
    reply = controller.accept().ask("connect")
    real = payloads.connect_reply().decode()
    names, real_names = (
        [line.partition(":")[0] for line in text.split("\n") if line and not line.startswith("variable_")] for text in (reply, real)
    )
    ours = [name for name in names if name in real_names]
    assert ours == [name for name in real_names if name in ours]
    assert not [name for name in real_names if name not in names and not NOT_SIMULATED.search(name)]
    assert "\nCaller-Caller-ID-Name: A%0AB%3A%20c%24\n" not in reply  # the dialplan cleaned it
    assert reply.endswith("Reply-Text: %2BOK%0A\nSocket-Mode: async\nControl: full\n\n")


@pytest.mark.parametrize("before", [
    pytest.param([], id="before connect"),
    pytest.param(["connect"], id="after connect"),
    pytest.param(["connect", "api uuid_setvar {} socket_resume"], id="as soon as the call is taken"),
])
def test_a_controller_that_dies_leaves_the_call_to_the_fail_safe(switch, controller, before):
    switch.phone("101").call("102")
    connection = controller.accept()
    for command in before:
        connection.ask(command.format(next(iter(switch.channels))))
    connection.close()
    rings(switch)


def test_a_queued_unset_strands_the_caller_of_a_controller_that_dies_at_once(switch, controller):
    """Not what anybody wants, but what the real one does: why take_over() uses ``api``."""
    switch.phone("101").call("102")
    connection = controller.accept()
    connection.ask("connect")
    channel = next(iter(switch.channels.values()))
    connection.ask(f"api sched_del {channel.uuid}")
    switch.wait(lambda: channel.controlled, 1)
    connection.ask(connection.execute("unset", "socket_resume"))
    connection.close()
    switch.phone("102").quiet(10 * FRAME_SECONDS)
    assert channel.reset and not channel.hung_up


def test_a_playback_outlives_its_controller_and_then_the_fail_safe_rings(switch, controller):
    switch.phone("101").call("102")
    call = controller.take()
    call.ask(call.execute("playback", "silence_stream://4000"))
    call.read_until("CHANNEL_EXECUTE", Application="playback")
    call.close()
    switch.phone("102").quiet(0.1)
    rings(switch)


def test_a_talk_outlives_its_controller_and_ends_without_ringing_again(switch, controller):
    line = switch.phone("101").call("102")
    call = controller.take()
    call.ask(call.execute("bridge", "user/102@127.0.0.1"))
    phone = rings(switch)
    phone.answer()
    call.read_until("CHANNEL_BRIDGE")
    call.close()
    assert not switch.wait(lambda: line.ended, 0.1)
    phone.hang_up()
    assert line.wait_ended() == "NORMAL_CLEARING"
    switch.phone("102").quiet(0.1)


def test_a_call_that_may_be_resumed_is_torn_out_of_its_talk(switch, controller):
    switch.phone("101").call("102")
    call = controller.accept()
    call.ask("connect")
    call.ask("api sched_del " + next(iter(switch.channels)))
    call.ask(call.execute("bridge", "user/102@127.0.0.1"))
    phone = rings(switch)
    phone.answer()
    assert switch.wait(lambda: phone.channel.partner is not None, 1)
    call.close()
    phone.wait_ended(1)


def test_who_stalls_loses_the_call_to_the_watchdog_and_may_come_back_late(switch, controller):
    switch.phone("101").call("102")
    connection = controller.accept()
    line = rings(switch, 3)
    facts = connection.ask("connect")
    assert "\nCaller-Destination-Number: failsafe_102\n" in facts
    assert "\nvariable_fsctl_failsafe: true\n" in facts
    line.answer()
    connection.close()
    assert not switch.wait(lambda: line.ended, 0.1)


def test_the_next_controller_of_the_list_is_asked(switch, controller):
    switch.globals["FSCTL_SOCKET"] = f"127.0.0.1:1|127.0.0.1:{controller.port}"
    switch.reload()
    switch.phone("101").call("102")
    assert "+OK" in controller.accept().ask("connect").replace("%2B", "+")


def test_a_call_that_comes_back_has_two_connections_that_both_hear(switch, controller):
    switch.phone("101").call("102")
    first = controller.take()
    first.ask(f"api uuid_transfer {first.uuid} 103")
    second = controller.take()
    assert second.uuid == first.uuid
    assert "\nCaller-Destination-Number: 103\n" in second.facts
    second.ask(second.execute("set", "a=b"))
    for connection in (first, second):
        connection.read_until("CHANNEL_EXECUTE_COMPLETE", Application="set", Application_Data="a=b")
    first.close()  # throws the call out of what the second one does
    second.read_until("CHANNEL_UNPARK")


def test_what_is_queued_runs_in_order_and_a_lock_keeps_the_rest_waiting(switch, controller):
    switch.phone("101").call("102")
    call = controller.take()
    call.send(call.execute("playback", "silence_stream://2000", UUID), call.execute("set", "a=b", OTHER))
    call.read_until("CHANNEL_EXECUTE_COMPLETE", Application_UUID=OTHER)
    told = [(event["Event-Name"], event["Application-UUID"]) for event in call.events if event.get("Application-UUID") in (UUID, OTHER)]
    both = ("CHANNEL_EXECUTE", "CHANNEL_EXECUTE_COMPLETE")
    assert told == [(name, uuid) for uuid in (UUID, OTHER) for name in both]


def test_without_a_lock_the_second_runs_within_the_first(switch, controller):
    switch.phone("101").call("102")
    call = controller.take()
    playback = call.execute("playback", "silence_stream://2000", UUID).replace("\nevent-lock: true", "")
    call.send(playback)
    call.read_until("CHANNEL_EXECUTE", Application_UUID=UUID)
    call.send(call.execute("set", "a=b", OTHER))
    call.read_until("CHANNEL_EXECUTE_COMPLETE", Application_UUID=OTHER)
    assert not any(e["Event-Name"] == "CHANNEL_EXECUTE_COMPLETE" and e["Application-UUID"] == UUID for e in call.events)


@pytest.mark.parametrize("linger", [True, False])
def test_the_end_of_a_call(switch, controller, linger):
    """The order in which the real switch tells it: tests/payloads/call.esl."""
    line = switch.phone("101").call("102")
    call = controller.take(*["linger 1"] * linger)
    call.ask(call.execute("bridge", "user/102@127.0.0.1"))
    phone = rings(switch)
    phone.answer()
    line.wait_answered()
    call.read_until("CHANNEL_BRIDGE")
    call.ask("sendmsg\ncall-command: hangup\nhangup-cause: USER_BUSY")
    assert line.wait_ended() == "USER_BUSY"
    assert phone.wait_ended() == "NORMAL_CLEARING"
    call.events.clear()
    packets = call.read_to_end()
    names = [event["Event-Name"] for event in call.events]
    if not linger:
        assert names == ["CHANNEL_HANGUP"]
        assert "Content-Disposition: disconnect" in packets[-1][0]
        return
    assert names[: names.index("CHANNEL_HANGUP_COMPLETE") + 1] == [
        "CHANNEL_HANGUP", "CHANNEL_UNBRIDGE", "CHANNEL_EXECUTE_COMPLETE", "CHANNEL_UNPARK", "CHANNEL_EXECUTE_COMPLETE",
        "CHANNEL_STATE", "CHANNEL_STATE", "CHANNEL_HANGUP_COMPLETE"]
    assert any("Content-Disposition: linger" in head for head, _ in packets)


def test_a_connection_hears_its_own_channel_only(switch, controller):
    switch.phone("101").call("102")
    call = controller.take()
    switch.phone("103").call("120")
    other = controller.take()
    other.ask(other.execute("answer"))
    other.read_until("CHANNEL_ANSWER")
    call.ask(call.execute("answer"))
    call.read_until("CHANNEL_ANSWER")
    assert {event["Unique-ID"] for event in call.events} == {call.uuid}
    assert {event["Event-Name"] for event in call.events} <= MYEVENTS


@pytest.mark.parametrize("data", [
    b"GET / HTTP/1.1\r\n\r\n", b"\0" * 1000, b"connect\n\nsendmsg\ncontent-length: 99999999999\n\n", b"connect\n\n" + b"api\n\n" * 50,
    b"sendmsg\n\n", b"connect\n\nexit\n\n",
])
def test_what_a_mad_controller_sends_hurts_its_own_call_only(switch, controller, data):
    switch.phone("103").call("120")
    sane = controller.take()
    switch.phone("101").call("102")
    mad = controller.accept()
    mad.sock.sendall(data)
    mad.close()
    rings(switch)
    assert json.loads(sane.ask(f"api uuid_dump {sane.uuid} json").partition("\n\n")[2])["Unique-ID"] == sane.uuid


def test_an_unknown_application_ends_the_call(switch, controller):
    line = switch.phone("101").call("102")
    call = controller.take()
    call.ask(call.execute("nonsense"))
    assert line.wait_ended() == "DESTINATION_OUT_OF_ORDER"
