"""Keys that are pressed at a telephone: to whom they go, and that links hear of each."""

import gevent
import pytest

KEYS = "0123456789*#"


@pytest.fixture
def call(switch, controller):
    """103 calls, and a controller has his call."""
    line = switch.phone("103").call("102")
    call = controller.take()
    call.line = line
    return call


@pytest.fixture
def enters(switch):
    """A phone that is rung goes into a room, with these flags of its own."""
    begun = []

    def enters(extension, flags):
        begun.append(gevent.spawn(
            switch.api, f"originate user/{extension}@127.0.0.1 conference:den@default+flags{{{flags}}} inline"))
        line = switch.phone(extension).ringing(1)
        line.answer()
        assert switch.wait(lambda: line.channel.in_room, 1)
        return line

    yield enters
    gevent.killall(begun)


def heard(link, line, keys):
    link.read_until("DTMF", DTMF_Digit=keys[-1], Unique_ID=line.channel.uuid)
    told = [event for event in link.events if event["Event-Name"] == "DTMF" and event["Unique-ID"] == line.channel.uuid]
    return "".join(event["DTMF-Digit"] for event in told)


@pytest.fixture
def talk(switch, call):
    call.send(call.execute("bridge", "user/102@127.0.0.1"))
    line = switch.phone("102").ringing(1)
    line.answer()
    call.line.wait_answered()
    assert line.hears(call.line)
    return call.line, line


@pytest.mark.parametrize("who", [0, 1], ids=["caller", "called"])
def test_in_a_talk_they_arrive_at_the_other_end(link, talk, who):
    link.ask("event json DTMF")
    one, other = talk[who], talk[1 - who]
    one.press(KEYS)
    assert (one.keys, other.keys) == ("", KEYS)
    assert heard(link, one, KEYS) == KEYS
    assert not one.channel.digits


def test_what_nobody_has_read_before_comes_with_the_talk(switch, call):
    call.send(call.execute("bridge", "user/102@127.0.0.1"))
    line = switch.phone("102").ringing(1)
    call.line.press("12")
    assert line.keys == ""
    line.answer()
    assert line.hears(call.line)
    assert line.keys == "12"


def test_in_a_room_the_flag_is_of_who_presses(switch, link, enters):
    link.ask("event json DTMF")
    giving, silent, third = (enters(*who) for who in (("101", "mintwo|dist-dtmf"), ("102", "mintwo"), ("103", "dist-dtmf")))
    switch.api(f"conference den mute {giving.channel.get('conference_member_id')}")
    giving.press(KEYS)
    silent.press("1")
    third.press("2")
    assert [each.keys for each in (giving, silent, third)] == ["2", f"{KEYS}2", KEYS]
    assert heard(link, giving, KEYS) == KEYS
    assert heard(link, silent, "1") == "1"
    assert switch.api("conference den list count") == "3"


def test_parked_under_a_controller_they_are_lost(link, call):
    link.ask("event json DTMF")
    call.line.press("1")
    assert heard(link, call.line, "1") == "1"
    assert not call.line.channel.digits
