"""A call that comes back by a transfer while another process takes the calls: the older connection falls silent."""

import pytest

from fsctl.store.database import open_database
from fsctl.switch.controller import Controller
from tests.live.controller import Controller as Serve
from tests.wire.peer import eventually


@pytest.fixture
def serve(lab, tmp_path):
    serve = Serve(lab, tmp_path, apart=True)
    lab.phones("101", "102", "103", "104")
    yield serve
    serve.end()


@pytest.fixture
def two(lab, serve):
    """Two controllers of one office, each with a link; the first one takes the calls."""
    stores = [open_database(serve.environment["FSCTL_DATABASE"]) for _ in range(2)]
    made = [Controller(store, ("127.0.0.1", lab.socket_port), [("127.0.0.1", lab.esl_port)], "ClueCon", node=f"node {place}")
            for place, store in enumerate(stores)]
    first, second = made
    first.start()
    first.stop_taking_calls()
    second.start()
    second.stop_taking_calls()
    first.take_calls(("127.0.0.1", lab.socket_port))
    eventually(lambda: all(each.heard.current().known for each in made), "no link")
    yield made
    lab.hang_up_all()
    for each, store in zip(made, stores, strict=True):
        each.stop(1)
        store.close()


def next_takes(lab, before, after):
    before.stop_taking_calls()
    after.take_calls(("127.0.0.1", lab.socket_port))


def newest(serve, caller):
    found = (call for call in serve.calls(10) if call["caller"] == caller)
    return next(found, {"state": "", "result": "", "steps": []})


def steps(call):
    return [(step["policy"], step["target"], step["outcome"]) for step in call["steps"]]


def test_a_transfer_to_another_controller(lab, serve, two):
    call = lab.phone("101").call("102")
    line = lab.phone("102").ringing()
    line.answer()
    call.wait_answered()
    eventually(lambda: newest(serve, "101")["state"] == "talking", "", 3)
    next_takes(lab, *two)
    line.transfer("103")
    line.wait_ended()
    third = lab.phone("103").ringing()
    third.answer()
    assert call.hears(third)
    eventually(lambda: newest(serve, "101")["result"] == "user:103", "", 3)
    next_takes(lab, *reversed(two))
    third.transfer("104")
    third.wait_ended()
    lab.phone("104").ringing()
    call.hang_up()
    call.wait_ended()
    eventually(lambda: newest(serve, "101")["state"] == "ended", f"{newest(serve, '101')}", 3)
    found = newest(serve, "101")
    assert (found["node"], found["result"]) == ("node 0", "gone")
    assert steps(found) == [
        ("extension", "user:102", "answered"), ("transfer", "user:103", ""), ("extension", "user:103", "answered"),
        ("transfer", "user:104", ""), ("extension", "user:104", "gone")]
    assert found["steps"][3]["reason"] == "user 103 transferred the call"


def test_a_call_that_waits_for_one_controller_and_is_transferred_to_another(lab, serve, two):
    """The older connection hears its announcement end, and does not go on from there."""
    call = lab.phone("101").call("777")
    eventually(lambda: newest(serve, "101")["steps"], "", 3)
    next_takes(lab, *two)
    uuid = newest(serve, "101")["uuid"]
    lab.switch.api(f"uuid_transfer {uuid} 103 XML default")
    line = lab.phone("103").ringing()
    line.answer()
    call.wait_answered()
    lab.phone("103").quiet(6)  # longer than the announcement
    assert not call.ended and call.hears(line)
    call.hang_up()
    eventually(lambda: newest(serve, "101")["state"] == "ended", f"{newest(serve, '101')}", 3)
    found = newest(serve, "101")
    assert (found["node"], found["result"]) == ("node 1", "user:103"), found


def test_two_workers_hand_a_call_to_one_another(lab, serve):
    """Whichever of them gets it, each step is in the journal, and each transferor."""
    serve.start("--workers", "2")
    serve.wait_for_workers()
    call = lab.phone("104").call("101")
    people, reasons = ["101", "102", "103"] * 3, []
    for here, there in zip(people, people[1:], strict=False):
        line = lab.phone(here).ringing()
        line.answer()
        call.wait_answered()
        eventually(lambda: newest(serve, "104")["result"] == f"user:{here}", "", 3)
        line.transfer(there)
        line.wait_ended()
        reasons.append(f"user {here} transferred the call")
    lab.phone(people[-1]).ringing()
    call.hang_up()
    eventually(lambda: newest(serve, "104")["state"] == "ended", "", 3)
    found = newest(serve, "104")
    assert [step["reason"] for step in found["steps"] if step["policy"] == "transfer"] == reasons
    assert (found["result"], len(found["steps"])) == ("gone", 2 * len(people) - 1)
