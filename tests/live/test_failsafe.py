"""Calls when fsctl is absent, stalled, or dies: nobody is stranded, nobody is rung twice."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fsctl.switch.session.ownership import GRACE_SECONDS
from tests.live.lab import Lab
from tests.live.writings import CALLED, EMERGENCY, MOBILE, SHOWN
from tests.names import NAMES

CALLER = "+491701112233"

#: Names that try something, and what may be shown of them.
HOSTILE = {
    "Eve%0AX-Forged: 1": "EveX-Forged 1",
    "${system(touch /tmp/x)}": "system(touch tmpx)",
    "x%2524%257Bsystem(touch /tmp/x)%257D": "x247Bsystem(touch tmp",
    "a',api_on_answer='x": "aapi_on_answerx",
    "unload mod_event_socket": "unload mod_event_socket",
    "x" * 2000: "x" * 64,
    "xX," * 1000: "xXxXxXxX",
    "x," + "Y" * 2000: "x" + "Y" * 64,
    "\\${system(touch /tmp/x)}": "system(touch tmpx)",
    "%{system(touch /tmp/x)}": "system(touch tmpx)",
}


@pytest.fixture(autouse=True)
def phones(lab: Lab) -> None:
    """Who is at work in these tests."""
    lab.phones("101", "102", "103", "104", "120")


@pytest.fixture
def stalled(lab: Lab) -> Iterator[None]:
    """A controller that was stopped: the kernel takes its connections, nobody reads."""
    with socket.create_server(("127.0.0.1", lab.socket_port)):
        yield


Reaction = Callable[[socket.socket, str], None]


@pytest.fixture
def controller(lab: Lab) -> Iterator[Callable[[Reaction], None]]:
    """A controller that does one thing with each call and then dies."""
    listener = socket.create_server(("127.0.0.1", lab.socket_port))

    def serve(react: Reaction) -> None:
        def loop() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(10)
                    react(connection, _ask(connection, "connect"))

        threading.Thread(target=loop, daemon=True).start()

    yield serve
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def _ask(connection: socket.socket, command: str) -> str:
    """Send a command; the first reply, with its body."""
    connection.sendall(f"{command}\n\n".encode())
    received = b""
    while b"\n\n" not in received:
        received += connection.recv(65536)
    return received.decode()


def _execute(application: str, argument: str = "") -> str:
    head = f"sendmsg\ncall-command: execute\nexecute-app-name: {application}\nevent-lock: true"
    return f"{head}\nexecute-app-arg: {argument}" if argument else head


# ---- nobody listens -------------------------------------------------------------------------------


def test_a_colleague_rings_and_talks(lab):
    call = lab.phone("101").call("102")
    line = lab.phone("102").ringing()
    assert (line.shown_name, line.shown_number) == ("Anna Adler", "101")
    assert line.started_ringing_after < 1
    line.answer()
    call.wait_answered()
    assert call.hears(line) and line.hears(call)
    line.hang_up()
    assert call.wait_ended() == "NORMAL_CLEARING"
    lab.phone("102").quiet(0.5)


@pytest.mark.parametrize(("behaviour", "cause"), [
    ("busy", "USER_BUSY"), ("decline", "CALL_REJECTED"), ("absent", "NO_ANSWER"),
])
def test_the_caller_learns_what_the_phone_said(lab, behaviour, cause):
    lab.phone("102").behaviour = behaviour
    assert lab.phone("101").call("102").wait_ended() == cause


def test_a_phone_that_is_not_registered(lab):
    lab.phone("102").unregister()
    assert lab.phone("101").call("102").wait_ended() == "NO_USER_RESPONSE"


def test_the_phone_stops_when_the_caller_gives_up(lab):
    call = lab.phone("101").call("102")
    line = lab.phone("102").ringing()
    call.hang_up()
    line.wait_ended(1)


@pytest.mark.parametrize("dialled", [
    "+49305550101", "49305550101", "0049305550101", "0305550101", "101",
])
def test_the_trunk_reaches_a_user(lab, dialled):
    call = lab.outside(CALLER).call(dialled, "Jürgen Größe")
    line = lab.phone("101").ringing()
    assert (line.shown_name, line.shown_number) == ("Jürgen Größe", CALLER)
    line.answer()
    call.wait_answered()


def test_a_sites_number_rings_its_reception(lab):
    members = [lab.phone(extension) for extension in ("101", "102", "103")]
    call = lab.outside(CALLER).call("+49305550100")
    lines = [phone.ringing() for phone in members]
    lines[1].answer()
    call.wait_answered()
    for line in (lines[0], lines[2]):
        assert line.wait_ended(1)
    assert lab.phone("120") and lab.outside(CALLER).call("+442079460100")
    lab.phone("120").ringing()


@pytest.mark.parametrize(("dialled", "cause"), [
    ("777", "UNALLOCATED_NUMBER"),
    ("0030123456", "NORMAL_TEMPORARY_FAILURE"), ("*68104", "NORMAL_TEMPORARY_FAILURE"),
    ("701", "NORMAL_TEMPORARY_FAILURE"),
    ("anna", "UNALLOCATED_NUMBER"), ("101,sofia/gateway/provider/00", "UNALLOCATED_NUMBER"),
    ("${system(touch /tmp/x)}", "UNALLOCATED_NUMBER"), ("failsafe_101", "UNALLOCATED_NUMBER"),
    ("caller", "UNALLOCATED_NUMBER"), ("1" * 40, "INVALID_NUMBER_FORMAT"),
])
def test_what_nobody_has_is_refused(lab, dialled, cause):
    assert lab.phone("101").call(dialled).wait_ended(8) == cause


def test_the_outside_reaches_no_outside(lab):
    lab.outside("+493012345678")
    assert lab.outside(CALLER).call("+493012345678").wait_ended(8) == "UNALLOCATED_NUMBER"
    assert lab.outside(CALLER).call("112").wait_ended(8) != "NORMAL_CLEARING"
    lab.outside("112").quiet(0.2)


# ---- emergency ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialled", ["112", "0112", "110", "0110"])
@pytest.mark.parametrize(("extension", "shown"), [
    ("101", "+49305550101"), ("103", "+49305550100"), ("104", "+49305550100"),
])
def test_emergency(lab, dialled, extension, shown):
    call = lab.phone(extension).call(dialled)
    line = lab.outside(dialled.removeprefix("0")).ringing(2)
    assert line.shown_number == shown
    line.answer()
    call.wait_answered()


def test_emergency_while_the_controller_stalls(lab, stalled):
    lab.phone("104").call("112")
    assert lab.outside("112").ringing(2).started_ringing_after < 2


# ---- the controller stalls or dies ----------------------------------------------------------------


@pytest.mark.parametrize("caller", ["101", CALLER])
def test_a_stalled_controller_costs_three_seconds(lab, stalled, caller):
    call = (lab.outside(caller) if caller == CALLER else lab.phone(caller)).call("102")
    line = lab.phone("102").ringing()
    assert line.started_ringing_after < 4  # a busy machine is late by some tenths
    line.answer()
    call.wait_answered()
    lab.phone("102").quiet(3)
    assert not call.ended


def test_a_controller_that_dies_after_connect(lab, controller):
    controller(lambda connection, facts: None)
    lab.phone("101").call("102")
    assert lab.phone("102").ringing().started_ringing_after < 1


def _own(facts: str) -> str:
    own = re.search(r"^Unique-ID: (\S+)", facts, re.M)
    assert own
    return own[1]


def test_a_controller_that_dies_after_it_took_the_call(lab, controller):
    """Once the channel's thread has parked: what is queued is done by that thread alone."""
    def react(connection: socket.socket, facts: str) -> None:
        _ask(connection, f"api uuid_setvar {_own(facts)} socket_resume")
        _ask(connection, f"api sched_del {_own(facts)}")
        _ask(connection, "myevents plain")
        connection.sendall(f"{_execute('set', 'fsctl_test=parked')}\n\n".encode())
        received = b""
        while b"fsctl_test" not in received:
            received += connection.recv(65536)

    controller(react)
    lab.phone("101").call("102")
    assert lab.phone("102").ringing().started_ringing_after < 1


def test_a_controller_that_dies_within_a_millisecond_of_taking_the_call(lab, controller):
    """As fsctl takes it: with a lease.

    A channel's thread notices the answer to ``connect`` once in a millisecond and parks only then. If the controller
    has come and gone by that time, nobody ends the park (mod_event_socket.c:538, switch_ivr.c:999): what takes the
    caller to the fail-safe is the lease, and nothing in the dialplan.
    """
    def react(connection: socket.socket, facts: str) -> None:
        own = _own(facts)
        connection.sendall("".join(f"{command}\n\n" for command in (
            f"api uuid_setvar {own} socket_resume", f"api sched_del {own}",
            f"api sched_transfer +{GRACE_SECONDS} {own} failsafe_102 XML fsctl")).encode())
        received = b""
        while received.count(b"api/response") < 3:
            received += connection.recv(65536)

    controller(react)
    lab.phone("101").call("102")
    assert lab.phone("102").ringing(GRACE_SECONDS + 3).started_ringing_after < GRACE_SECONDS + 2


def test_a_call_that_was_ended_on_purpose_does_not_ring(lab, controller):
    done = threading.Event()

    def react(connection: socket.socket, facts: str) -> None:
        _ask(connection, _execute("set", "fsctl_done=true"))
        done.wait(0.2)
        _ask(connection, "exit")

    controller(react)
    call = lab.phone("101").call("102")
    assert call.wait_ended()
    lab.phone("102").quiet(0.2)


def test_a_controller_that_hangs_up(lab, controller):
    controller(lambda connection, facts: _ask(connection, "sendmsg\ncall-command: hangup\nhangup-cause: USER_BUSY"))
    assert lab.phone("101").call("102").wait_ended() == "USER_BUSY"
    lab.phone("102").quiet(0.2)


# ---- transfers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("caller", ["104", CALLER])
def test_a_call_can_be_transferred_again_and_again(lab, caller):
    call = (lab.outside(caller) if caller == CALLER else lab.phone(caller)).call("101")
    for here, there in [("101", "102"), ("102", "103"), ("103", "101")]:
        line = lab.phone(here).ringing()
        line.answer()
        call.wait_answered()
        line.transfer(there)
        line.wait_ended()
    lab.phone("101").ringing().answer()
    assert not call.ended


# ---- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["inside", "trunk"])
@pytest.mark.parametrize(("name", "shown"), HOSTILE.items(), ids=lambda text: text[:20])
def test_hostile_names(lab, origin, name, shown):
    phone = lab.phone("103") if origin == "inside" else lab.outside(CALLER)
    call = phone.call("101", name)
    line = lab.phone("101").ringing()
    assert line.shown_name == ("Clara Conrad" if origin == "inside" else shown)
    line.answer()
    call.wait_answered()
    call.hang_up()
    line.wait_ended()
    assert not Path("/tmp/x").exists()


@pytest.mark.parametrize("number", ["12\r\nX-Forged: 1", "12%0AX-Forged: 1", "${uuid}", "eve"])
def test_hostile_numbers(lab, number):
    lab.outside(number).call("101", "Eve")
    line = lab.phone("101").ringing()
    assert (line.shown_name, line.shown_number) == ("Eve", "anonymous")
    assert "X-Forged" not in line.headers


@pytest.mark.parametrize("name", ["Jürgen Größe", "Ольга Иванова", "山田太郎", "Zoë-Anne d–É (2)"])
def test_letters_of_any_script(lab, name):
    lab.outside(CALLER).call("101", name)
    assert lab.phone("101").ringing().shown_name == name


@pytest.mark.parametrize(("name", "shown"), [
    ("Gesellschaft für Bergbau und Hüttenwesen Mittelhausen, Einkauf [Süd]",
     "Gesellschaft für Bergbau und Hüttenwesen Mittelhausen Einkauf Süd"),
    ("山" * 40 + ", " + "川" * 30, "山" * 40 + " " + "川" * 30),
])
def test_a_long_name_keeps_what_is_harmless(lab, name, shown):
    lab.outside(CALLER).call("101", name)
    assert lab.phone("101").ringing().shown_name == shown


@pytest.mark.parametrize("name", ["Eve%0AX-Forged: 1", "${system(touch /tmp/x)}"])
def test_hostile_names_on_emergency_calls(lab, name):
    lab.phone("103").call("112", name)
    line = lab.outside("112").ringing()
    assert (line.shown_name, line.shown_number) == ("+49305550100", "+49305550100")


# ---- numbers as people write them and trunks show them ----------------------------------------------------------


@pytest.mark.parametrize("dialled", EMERGENCY)
def test_emergency_numbers_as_they_are_written(lab: Lab, dialled: str) -> None:
    services = lab.outside("112")
    call = lab.phone("104").call(dialled)
    services.ringing(2).answer()
    call.wait_answered()
    call.hang_up()


@pytest.mark.parametrize("dialled", CALLED)
def test_called_numbers_as_trunks_write_them(lab: Lab, dialled: str) -> None:
    call = lab.outside(MOBILE).call(dialled)
    lab.phone("101").ringing()
    call.hang_up()


@pytest.mark.parametrize("shown", SHOWN)
def test_callers_as_trunks_write_them(lab: Lab, shown: str) -> None:
    call = lab.outside(shown).call("+49305550101")
    line = lab.phone("101").ringing()
    assert (line.shown_number, line.shown_name) == (MOBILE, MOBILE)
    call.hang_up()


def test_names_of_every_script_are_shown(lab: Lab) -> None:
    """FreeSWITCH's PCRE may not know the youngest ones."""
    for name in NAMES:
        call = lab.outside(CALLER).call("+49305550101", name)
        assert lab.phone("101").ringing().shown_name == name
        call.hang_up()
