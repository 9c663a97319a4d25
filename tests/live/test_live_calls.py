"""Live: what fsctl knows of the calls now, whatever happens to it or to the switch."""

import json
import socket
import time

import pytest

from fsctl import clock
from fsctl.store import claims
from fsctl.store.database import open_database
from fsctl.store.journal_table import open_calls
from fsctl.switch.controller import Controller
from fsctl.switch.link.live import LiveTable
from fsctl.switch.link.steady_link import Link
from tests.live import offices
from tests.live.controller import Controller as Serve
from tests.live.test_failsafe import CALLER
from tests.wire.peer import eventually

PHONES = ("101", "102", "103")

#: The sample office, whose hunt group rings all at once here.
OFFICE = offices.OFFICE.replace('policy = "circular"', 'policy = "simultaneous"')


@pytest.fixture
def serve(lab, tmp_path):
    """``fsctl serve`` with the sample office, not started."""
    serve = Serve(lab, tmp_path, OFFICE, apart=True)
    lab.phones(*PHONES, "104")
    yield serve
    serve.end()


def a_controller(lab, serve):
    """What ``fsctl serve`` runs, in this process, so that one can look into it."""
    store = open_database(serve.environment["FSCTL_DATABASE"])
    node = f"{socket.gethostname()} 127.0.0.1:{lab.socket_port}"
    controller = Controller(
        store, ("127.0.0.1", lab.socket_port), [("127.0.0.1", lab.esl_port)], "ClueCon", node=node)
    controller.start()
    return controller, store, node


@pytest.fixture
def controller(lab, serve):
    controller, store, _ = a_controller(lab, serve)
    eventually(lambda: controller.heard.current().known, "no link")
    yield controller
    lab.hang_up_all()
    controller.stop(1)
    store.close()


def seen(controller):
    """Each channel as: who is there, in which direction and state, with whom."""
    live = controller.heard.current()
    at = {call.uuid: call.user or call.number for call in live.calls}
    return in_order((at[call.uuid], call.direction, call.state, at.get(call.peer)) for call in live.calls)


def in_order(rows):
    """Of several rows of one person, those without a peer come first."""
    return sorted(rows, key=lambda row: (*row[:3], row[3] or ""))


def expect(controller, *rows, seconds=2):
    try:
        eventually(lambda: seen(controller) == in_order(rows), "", seconds)
    except AssertionError:
        assert seen(controller) == in_order(rows)


def talk(lab, controller, caller, called):
    call = lab.phone(caller).call(called)
    line = lab.phone(called).ringing()
    expect(controller, (caller, "inbound", "ringing", None), (called, "outbound", "ringing", caller))
    line.answer()
    call.wait_answered()
    expect(controller, (caller, "inbound", "talking", called), (called, "outbound", "talking", caller))
    return call, line


def test_who_holds(lab, controller):
    call, line = talk(lab, controller, "101", "102")
    line.hold()
    expect(controller, ("101", "inbound", "talking", "102"), ("102", "outbound", "held", "101"))
    line.unhold()
    expect(controller, ("101", "inbound", "talking", "102"), ("102", "outbound", "talking", "101"))
    call.hold()
    expect(controller, ("101", "inbound", "held", "102"), ("102", "outbound", "talking", "101"))
    line.hang_up()
    expect(controller)


def test_ringing_and_talking(lab, controller):
    call, _ = talk(lab, controller, "101", "102")
    call.hang_up()
    expect(controller)


def test_a_caller_from_outside_whom_three_phones_ring(lab, controller):
    call = lab.outside(CALLER).call("+49305550100")
    lines = [lab.phone(extension).ringing() for extension in PHONES]
    expect(controller, (CALLER, "inbound", "ringing", None), *((user, "outbound", "ringing", CALLER) for user in PHONES))
    lines[1].answer()
    call.wait_answered()
    expect(controller, (CALLER, "inbound", "talking", "102"), ("102", "outbound", "talking", CALLER))


def test_an_outside_line(lab, controller):
    call = lab.phone("101").call("001701234567")
    lab.outside("+491701234567").ringing().answer()
    call.wait_answered()
    expect(controller, ("101", "inbound", "talking", "+491701234567"), ("+491701234567", "outbound", "talking", "101"))


def test_a_blind_transfer(lab, controller):
    _, line = talk(lab, controller, "101", "102")
    was = next(call.uuid for call in controller.heard.current().calls if call.user == "102")
    line.transfer("103")
    third = lab.phone("103").ringing()
    expect(controller, ("101", "inbound", "talking", None), ("103", "outbound", "ringing", "101"))
    assert controller.heard.ended(was).user == "102"
    third.answer()
    expect(controller, ("101", "inbound", "talking", "103"), ("103", "outbound", "talking", "101"))


def in_room(view, *users):
    """Until just those are in the conference r1, each without a peer."""
    def told():
        return {(call.user, call.room, call.peer) for call in view().calls}
    eventually(lambda: told() == {(user, "r1", None) for user in users}, f"{told()}", 3)


def test_a_conference(lab, controller):
    """By the events, and by a link that comes later."""
    call, _ = talk(lab, controller, "101", "102")
    third = lab.phone("103").call("104")
    lab.phone("104").ringing().answer()
    third.wait_answered()
    now = controller.heard.current
    for user, both in (("101", "-both "), ("103", "")):
        channel = next(each.uuid for each in now().calls if each.user == user)
        lab.switch.api(f"uuid_transfer {channel} {both}conference:r1@default+flags{{mintwo}} inline")
    in_room(now, *PHONES)
    table = LiveTable("later")
    link = Link("127.0.0.1", lab.esl_port, "ClueCon", table)
    link.start()
    try:
        in_room(table.view, *PHONES)
    finally:
        link.stop()
    third.hang_up()
    in_room(now, "101", "102")
    first, second = (next(each.uuid for each in now().calls if each.user == user) for user in ("102", "101"))
    for uuid in (first, second):
        lab.switch.api(f"uuid_setvar_multi {uuid} hangup_after_conference=false;hangup_after_bridge=true")
    lab.switch.api(f"uuid_bridge {first} {second}")
    expect(controller, ("101", "inbound", "talking", "102"), ("102", "outbound", "talking", "101"))
    assert not [each for each in now().calls if each.room]
    call.hang_up()
    expect(controller)


def test_an_attended_transfer(lab, controller):
    _, line = talk(lab, controller, "101", "102")
    line.hold()
    asking = lab.phone("102").call("103")
    lab.phone("103").ringing().answer()
    asking.wait_answered()
    expect(controller, ("101", "inbound", "talking", "102"), ("102", "outbound", "held", "101"),
           ("102", "inbound", "talking", "103"), ("103", "outbound", "talking", "102"))
    line.transfer_to(asking)
    expect(controller, ("101", "inbound", "talking", "103"), ("103", "outbound", "talking", "101"))


def test_a_phone_that_sends_its_calls_elsewhere(lab, controller):
    lab.phone("101").call("102")
    lab.phone("102").ringing().redirect("103")
    lab.phone("103").ringing(2)


def test_status(lab, serve, controller):
    talk(lab, controller, "101", "102")
    lab.outside(CALLER).call("+49305550100")
    lab.phone("103").ringing()
    deadline = time.monotonic() + 5
    while True:  # FreeSWITCH's list of channels is behind
        rows = {row["user"]: row for row in json.loads(serve.fsctl("status", "--json"))}
        if rows["103"]["state"] == "ringing" or time.monotonic() > deadline:
            break
    assert {user: (rows[user]["state"], rows[user]["with"]) for user in PHONES} == {
        "101": ("busy", "102"), "102": ("busy", "101"), "103": ("ringing", CALLER)}
    assert rows["101"]["forward"]["busy"] == "mailbox:101" and rows["101"]["dnd"] is False


def test_kill_and_restart_with_calls_in_every_state(lab, serve):
    """Twenty calls: six talk, four of them on hold, eight ring, two hear an announcement."""
    serve.start()
    talks = []
    for index in range(10):
        called = PHONES[index % 3]
        call = (lab.outside(CALLER).call("+49305550101") if called == "101"
                else lab.phone("101").call(called))
        line = lab.phone(called).ringing()
        line.answer()
        call.wait_answered()
        talks.append((call, line))
    for _, line in talks[:4]:
        line.hold()
    rings = []
    for index in range(8):
        call = lab.phone("101").call("102" if index % 2 else "103")
        rings.append((call, lab.phone("102" if index % 2 else "103").ringing()))
    announced = [lab.phone("103").call("777") for _ in range(2)]
    serve.wait_for_call(dialled="777")
    serve.kill()

    began = time.monotonic()
    serve.start()
    serve.wait_for_log("linked to the switch", 10)  # with 38 channels, or 36 once the announcements are over
    print(f"\nthe link is up {time.monotonic() - began:.2f} s after the start of the process", end="; ")
    serve.kill()
    began = time.monotonic()
    controller, store, node = a_controller(lab, serve)

    def right():
        rows = seen(controller)
        outbound = [row for row in rows if row[1] == "outbound"]
        states = {state: sum(row[2] == state for row in outbound) for state in ("talking", "held", "ringing")}
        return controller.heard.current().known and states == {"talking": 6, "held": 4, "ringing": 8} and all(
            row[3] for row in outbound)

    try:
        eventually(right, f"Live is {seen(controller)}", 5)
        print(f"Live is right {time.monotonic() - began:.2f} s after the start, with {len(seen(controller))} channels")
        assert not any(call.ended for call, _ in [*talks, *rings])
        for call, line in rings:
            line.answer()
            call.wait_answered()
        assert talks[5][0].hears(talks[5][1])
        eventually(lambda: sum(row[2] == "talking" for row in seen(controller) if row[1] == "outbound") == 14, "lost", 5)
        for call, _ in [*talks, *rings]:
            call.hang_up()
        for call in announced:
            call.wait_ended(30)
        expect(controller, seconds=5)
        eventually(lambda: not open_calls(store, node), f"open: {open_calls(store, node)}", 25)  # two rounds of comparison
        rows = json.loads(serve.fsctl("calls", "list", "--json"))
        answered = [row for row in rows if row["result"] in ("user:101", "user:102", "user:103")]
        assert len(answered) == 18, [(row["dialled"], row["result"]) for row in rows]
    finally:
        lab.hang_up_all()
        controller.stop(1)
        store.close()


def test_a_restart_of_freeswitch_releases_everything(lab, serve, controller):
    talk(lab, controller, "101", "102")
    node = f"{socket.gethostname()} 127.0.0.1:{lab.socket_port}"
    store = open_database(serve.environment["FSCTL_DATABASE"])
    uuid = next(call.uuid for call in controller.heard.current().calls if call.user == "101")
    eventually(lambda: open_calls(store, node) == {uuid: "talking"}, "the journal lags")
    assert claims.take(store, "slot:701", uuid, node, clock.now())
    lab.restart_switch()
    began = time.monotonic()
    eventually(lambda: controller.heard.current().known and not seen(controller), "no link", 30)
    eventually(lambda: claims.holder_of(store, "slot:701") is None and not open_calls(store, node), "not released", 5)
    print(f"\nall released {time.monotonic() - began:.2f} s after FreeSWITCH was there again", end="")
    talk(lab, controller, "101", "102")
    store.close()


def test_a_caller_whom_a_dying_controller_stranded_is_sent_on(lab, serve):
    """The one hole that mechanisms leave: dead within 20 ms of the queued ``unset``, with the watchdog cancelled."""
    with socket.create_server(("127.0.0.1", lab.socket_port)) as server:
        server.settimeout(5)
        call = lab.phone("101").call("102")
        dying, _ = server.accept()
        with dying:
            dying.sendall(b"connect\n\n")
            uuid = next(line for line in dying.makefile("rb") if line.startswith(b"Unique-ID: "))[11:].strip().decode()
            dying.sendall(b"sendmsg\ncall-command: execute\nexecute-app-name: unset\nexecute-app-arg: socket_resume\n\n"
                          b"api sched_del %s\n\nexit\n\n" % uuid.encode())
            while dying.recv(65536):
                pass
    lab.phone("102").quiet(4)
    assert not call.ended
    controller, store, _ = a_controller(lab, serve)
    try:
        line = lab.phone("102").ringing(15)
        line.answer()
        call.wait_answered()
        assert call.hears(line)
    finally:
        lab.hang_up_all()
        controller.stop(1)
        store.close()


def test_workers_hear_the_link_of_another_process(lab, serve):
    """A phone's 302 is told on the link alone; the worker that rings must hear of it."""
    serve.start("--workers", "2")
    serve.wait_for_workers()
    for _ in range(4):  # whichever worker has it
        call = lab.phone("101").call("102")
        lab.phone("102").ringing().redirect("103")
        lab.phone("103").ringing()
        call.hang_up()
        call.wait_ended()
