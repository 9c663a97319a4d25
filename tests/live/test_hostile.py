"""Who means harm: peers at the controller's port, phones of the office, and callers from outside, many at once."""

import random
import socket
import time
from pathlib import Path

import pytest

from fsctl.store.settings import list_settings
from tests.live.scenarios import comes_back

CALLER = "+4915112345678"


@pytest.fixture(autouse=True)
def _unharmed(controller, lab):
    """After each of these, the next call is served at once and the log has no traceback."""
    lab.phones("101", "102", "103", "104")
    yield
    lab.hang_up_all()
    began = time.monotonic()
    call = lab.phone("101").call("102")
    line = lab.phone("102").ringing()
    assert time.monotonic() - began < 2  # the machine is busy with what came before
    line.answer()
    call.wait_answered()
    controller.wait_for_call(state="talking", result="user:102")
    call.hang_up()
    controller.wait_for_call(state="ended", result="user:102")
    assert not any("Traceback" in line for line in controller.log), "".join(controller.log)
    assert not list_settings(controller.store)
    assert not Path("/tmp/fsctl-x").exists()


def talk(lab, caller, called):
    call = caller.call(called)
    line = lab.phone(called).ringing()
    line.answer()
    call.wait_answered()
    return call, line


# ---- phones of the office ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["*72103", "*72000442079460999", "*73", "*78", "*281", "*86", "night+berlin"])
def test_nobody_is_made_to_dial_a_code(lab, controller, code):
    """By a transfer one would set a colleague's forwarding, which he never learns of."""
    call, line = talk(lab, lab.phone("101"), "102")
    line.transfer(code)
    comes_back(lab, call, "102")
    found = controller.wait_for_call(caller="101", state="ended")
    assert "which one dials oneself" in found["steps"][-2]["reason"], found


@pytest.mark.parametrize("to", [
    "failsafe_103", "ring_103", "caller", "done", "park+701", "recall+701", "music",
    "${system(touch /tmp/fsctl-x)}",
    "103,sofia/gateway/provider/000442079460999", "103%0AX-Forged: 1", "9" * 500, "inline:system touch",
])
def test_transfers_into_the_switch(lab, controller, to):
    call, line = talk(lab, lab.phone("101"), "102")
    line.transfer(to)
    comes_back(lab, call, "102")
    lab.phone("103").quiet(0.2)


@pytest.mark.apart
def test_a_transfer_out_of_a_call_that_the_failsafe_connected(lab, controller):
    """It goes where its transferor may call."""
    controller.kill()
    call, line = talk(lab, lab.outside(CALLER), "102")
    far = lab.outside("+442079460999")
    controller.start()
    controller.wait_for_log("linked")
    line.transfer("000442079460999")
    comes_back(lab, call, "102")
    far.quiet(0.1)


# ---- peers at the port ------------------------------------------------------------------------------


def answer(**facts):
    """What FreeSWITCH says to ``connect``, with these facts."""
    told = {"Event-Name": "CHANNEL_DATA", "Unique-ID": "00000000-0000-4000-8000-00000000beef", "Call-Direction": "inbound"}
    told |= {key.replace("_", "-") if key[0].isupper() else key: value for key, value in facts.items()}
    head = "Content-Type: command/reply\nReply-Text: +OK\nSocket-Mode: async\nControl: full\n"
    return "".join(f"{key}: {value}\n" for key, value in told.items()).encode() + head.encode() + b"\n"


GARBAGE = [
    b"", b"\n\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01" + bytes(200), b"A" * 1_000_000,
    b"Content-Length: 99999999999\n\n", b"Content-Length: -1\n\n", b"Content-Type: command/reply\n\n" * 1000,
    b"Content-Type: text/disconnect-notice\nContent-Length: 3\n\nbye", answer(Unique_ID="x\n\nexit"),
    answer(Caller_Destination_Number="${system(touch /tmp/fsctl-x)}", variable_user_name="101"),
    answer(Caller_Destination_Number="102", Caller_Caller_ID_Name="x" * 100_000),
    answer(Caller_Destination_Number="101", variable_user_name="102", variable_transfer_history="x" * 10_000),
    answer(Caller_Destination_Number="101", **{"Event-Date-Timestamp": "9" * 30, "Event-Sequence": "-1"}),
    answer(Caller_Destination_Number="failsafe_101"),
]


def test_garbage_at_the_port(lab, controller):
    for packet in GARBAGE:
        with socket.create_connection(("127.0.0.1", lab.socket_port), timeout=5) as peer:
            peer.settimeout(0.3)
            try:
                peer.sendall(packet)
                while peer.recv(65536):
                    pass
            except OSError:
                pass


def test_many_who_say_nothing(lab, controller):
    peers = [socket.create_connection(("127.0.0.1", lab.socket_port), timeout=5) for _ in range(300)]
    call, line = talk(lab, lab.phone("103"), "104")
    assert call.hears(line)
    for peer in peers:
        peer.close()


def test_a_peer_that_claims_a_living_call(lab, controller):
    """It can take the call's journal over, not the call: FreeSWITCH obeys the connections that it made itself."""
    call, line = talk(lab, lab.phone("103"), "104")
    controller.wait_for_call(state="talking", result="user:104")
    uuid = controller.calls(1)[0]["uuid"]
    with socket.create_connection(("127.0.0.1", lab.socket_port), timeout=5) as peer:
        peer.sendall(answer(Unique_ID=uuid, Caller_Destination_Number="102", variable_user_name="101"))
        time.sleep(0.5)
    assert call.hears(line) and not call.ended
    line.transfer("102")
    third = lab.phone("102").ringing()
    third.answer()
    assert call.hears(third)


# ---- callers ----------------------------------------------------------------------------------------


def test_sixty_strange_callers_at_once(lab, controller):
    """Numbers and names at random; the office's own people call each other meanwhile."""
    chance = random.Random(1)
    letters = "aZ0ü字 .,:;/@\"'`\\<>{}[]()$%&#!?^~|=+*-_"

    def strange(longest):
        return "".join(chance.choice(letters) for _ in range(chance.randrange(1, longest)))

    calls = []
    inside = lab.phone("103").call("104")
    for place in range(60):
        dialled = ("+49305550101", "+49305550100", "101", "112", "*72101", strange(40))[place % 6]
        calls.append(lab.outside(CALLER).call(dialled, name=strange(200)))
    line = lab.phone("104").ringing()
    line.answer()
    inside.wait_answered()
    assert inside.hears(line)
    time.sleep(3)
    lab.outside("112").quiet(0.1)
    for call in calls:
        if not call.ended:
            call.hang_up()
    for call in calls:
        call.wait_ended(10)
    assert inside.hears(line)
    inside.hang_up()
    deadline = time.monotonic() + 10
    while any(call["state"] != "ended" for call in controller.calls(100)):
        assert time.monotonic() < deadline, [call for call in controller.calls(100) if call["state"] != "ended"]
        time.sleep(0.1)
