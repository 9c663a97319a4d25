"""Commands as bytes, and what is refused."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsctl.switch import wire

UUID = "b3655eb5-b172-46b4-92db-8cc7bb6fef23"


def test_as_written() -> None:
    assert wire.connect() == b"connect\n\n"
    assert wire.api("status") == b"api status\n\n"
    assert wire.bgapi("originate x y", UUID) == f"bgapi originate x y\nJob-UUID: {UUID}\n\n".encode()
    assert wire.sendmsg_hangup("USER_BUSY") == b"sendmsg\ncall-command: hangup\nhangup-cause: USER_BUSY\n\n"
    assert wire.events(["conference::maintenance", "HEARTBEAT"]) == b"event plain HEARTBEAT CUSTOM conference::maintenance\n\n"
    assert wire.linger(5) + wire.myevents() == b"linger 5\n\nmyevents plain\n\n"
    assert wire.sendevent("PRESENCE_IN", {"proto": "slot"}) == b"sendevent PRESENCE_IN\nproto: slot\n\n"


def test_an_argument_travels_as_body() -> None:
    packet = wire.sendmsg_execute("set", "a=Zoë: x", UUID, True)
    assert packet == (
        f"sendmsg\ncall-command: execute\nexecute-app-name: set\nevent-uuid: {UUID}\nevent-lock: true\n"
        "content-type: text/plain\ncontent-length: 9\n\na=Zoë: x"
    ).encode()
    assert wire.sendmsg_execute("answer", "", UUID, False, UUID).endswith(f"event-uuid: {UUID}\n\n".encode())


BUILDERS: list[Callable[[str], bytes]] = [
    wire.api,
    wire.auth,
    wire.command,
    lambda text: wire.bgapi(text, UUID),
    lambda text: wire.bgapi("status", text),
    lambda text: wire.sendmsg_execute("set", text, UUID, True),
    lambda text: wire.sendmsg_execute(text, "", UUID, True),
    lambda text: wire.sendmsg_execute("set", "", text, True),
    lambda text: wire.sendmsg_execute("set", "", UUID, True, text),
    wire.sendmsg_hangup,
    lambda text: wire.events([text]),
    lambda text: wire.sendevent("X", {"name": text}),
    lambda text: wire.sendevent("X", {text: "value"}),
    lambda text: wire.sendevent(text, {}),
]


@pytest.mark.parametrize("build", BUILDERS)
@given(st.text(), st.sampled_from("\r\n\0"), st.text())
def test_nothing_cuts_a_command(build: Callable[[str], bytes], before: str, cut: str, after: str) -> None:
    with pytest.raises(ValueError):
        build(before + cut + after)


@pytest.mark.parametrize("build", BUILDERS)
@given(text=st.text())
def test_one_command_or_none(build: Callable[[str], bytes], text: str) -> None:
    try:
        packet = build(text)
    except ValueError:
        return
    block, end, body = packet.partition(b"\n\n")
    assert end and b"\r" not in packet and b"\0" not in packet and b"\n" not in body
    assert len(body) == (int(block.rpartition(b"content-length: ")[2]) if body else 0)


@pytest.mark.parametrize("build", [wire.api, BUILDERS[3], BUILDERS[11]])
@pytest.mark.parametrize("name", ["unload mod_event_socket", "x Mod_Event_Socket reLOAD", "mod_event_socketunload"])
def test_a_name_that_would_unload_the_event_socket(build: Callable[[str], bytes], name: str) -> None:
    with pytest.raises(ValueError, match="unload"):
        build(f"originate {{origination_caller_id_name='{name}'}}user/101 &park()")
    assert wire.sendmsg_execute("set", f"a={name}", UUID, True)  # bodies aren't looked into


@pytest.mark.parametrize("seconds", [0, -1, 601])
def test_lingering_without_a_limit(seconds: int) -> None:
    with pytest.raises(ValueError):
        wire.linger(seconds)


def test_empty_ones() -> None:
    for build in (wire.api, wire.command, lambda text: wire.bgapi(text, UUID)):
        with pytest.raises(ValueError):
            build("")
    with pytest.raises(ValueError):
        wire.command()
    with pytest.raises(ValueError):
        wire.events([])
    with pytest.raises(ValueError):
        wire.api("\ud800")
