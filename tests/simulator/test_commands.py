"""Commands, by whichever way they are run."""

import re

import pytest


@pytest.fixture
def call(switch, controller):
    """A controller's own connection."""
    switch.phone("101").call("102")
    return controller.take()


@pytest.mark.parametrize(("commands", "answers"), [
    (["insert/a/b/1", "select/a/b", "insert/a/b/2", "select/a/b"], ["+OK\n", "1", "+OK\n", "2"]),
    (["insert_ifempty/a/b/1", "insert_ifempty/a/b/2", "select/a/b"], ["+OK\n", "-ERR key already exists\n", "1"]),
    (["delete/a/b", "insert/a/b/1", "delete/a/b", "select/a/b"], ["-ERR Not found\n", "+OK\n", "+OK\n", ""]),
    (["insert/a/b/1", "delete_ifmatch/a/b/2", "delete_ifmatch/a/b/1"], ["+OK\n", "-ERR Doesn't match\n", "+OK\n"]),
    (["insert/a/b/c/d", "select/a/b", "select/a/c", "insert/a//e", "select/a/"], ["+OK\n", "c/d", "", "+OK\n", "e"]),
])
def test_what_mod_hash_keeps(switch, commands, answers):
    assert [switch.api(f"hash {command}") for command in commands] == answers


@pytest.mark.parametrize("argument", ["", "insert/a/b", "insert_ifempty/a/b", "select/a", "x/a/b/c"])
def test_what_mod_hash_does_not_understand(switch, argument):
    assert switch.api(f"hash {argument}").startswith("-ERR Usage: hash insert|")


@pytest.mark.parametrize(("way", "job"), [
    ("api bgapi {}", None), ("bgapi {}", None), ("api bgapi uuid:mine {}", "mine"), ("bgapi {}\nJob-UUID: mine", "mine"),
])
@pytest.mark.parametrize("connection", ["link", "call"])
def test_a_job_tells_what_its_command_printed(request, switch, way, job, connection):
    link = request.getfixturevalue(connection)
    link.ask("event json BACKGROUND_JOB")
    answered = re.search(r"\+OK Job-UUID: (\S+)\n", link.ask(way.format("hash insert/a/b/1")))[1]
    told = link.read_until("BACKGROUND_JOB")
    assert [told[f"Job-{name}"] for name in ("UUID", "Command", "Command-Arg")] == [job or answered, "hash", "insert/a/b/1"]
    assert told["_body"] == "+OK\n" and answered == told["Job-UUID"]


def test_a_call_begins_a_job_in_its_dialplan_and_goes_on(switch, link, call):
    link.ask("event json BACKGROUND_JOB")
    call.ask(call.execute("set", "job=${bgapi(originate user/103@127.0.0.1 park: inline)}"))
    call.read_until("CHANNEL_EXECUTE_COMPLETE", Application="set")
    line = switch.phone("103").ringing(1)
    assert switch.channels[call.uuid].get("job").startswith("+OK Job-UUID: ")
    line.answer()
    assert link.read_until("BACKGROUND_JOB")["_body"] == f"+OK {line.channel.uuid}\n"


@pytest.mark.parametrize("argument", ["", "uuid:mine", "uuid:mine "])
def test_no_job(switch, argument):
    assert switch.api(f"bgapi {argument}") == "-ERR Invalid syntax\n"


def test_a_room_counts_its_members(switch, call):
    assert switch.api("conference den list count") == "-ERR Conference den not found\n"
    call.ask(call.execute("conference", "den@default"))
    assert switch.wait(lambda: "den" in switch.rooms, 1)
    assert switch.api("conference den list count") == "1"
    assert switch.api("conference den list").endswith(";0;0;0\n")
