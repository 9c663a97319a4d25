"""Recordings of a channel, and what is played to it beside its talk."""

import re
import wave

import gevent
import pytest


@pytest.fixture
def call(switch, controller):
    """A call that its controller has answered."""
    switch.phone("101").call("102")
    call = controller.take()
    call.ask(call.execute("answer"))
    call.read_until("CHANNEL_ANSWER")
    return call


@pytest.fixture
def run(switch, call):
    """A command about the call: the first word, and what comes after the UUID."""
    def run(command, rest):
        return switch.api(f"{command} {call.uuid} {rest}")

    return run


@pytest.fixture
def told(switch):
    """What is told of recordings, and of ends."""
    events = []
    switch.listen(lambda event: events.append(event) if re.match("RECORD|CHANNEL_(HANGUP|CALL)", event["Event-Name"]) else None)
    return events


def silent(file, lasts):
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1), sound.setsampwidth(2), sound.setframerate(8000)
        sound.writeframes(bytes(2 * 8000 * lasts))


def seconds(file):
    with wave.open(str(file)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 8000)
        return sound.getnframes() / sound.getframerate()


def test_a_recording_is_as_long_as_it_lasted(run, told, call, tmp_path):
    file = tmp_path / "müller" / "a talk.wav"
    assert run("uuid_record", f"start '{file}'") == "+OK Success\n"
    assert seconds(file) == 0
    gevent.sleep(2)
    assert run("uuid_record", f"start '{file}'") == "+OK Success\n"  # it goes on
    gevent.sleep(1)
    assert run("uuid_record", f"stop '{file}'") == "+OK Success\n"
    assert seconds(file) == pytest.approx(3, abs=0.1)
    assert run("uuid_record", f"stop '{file}'") == "-ERR Cannot stop record session!\n"
    start, stop = told
    assert [start["Event-Name"], stop["Event-Name"]] == ["RECORD_START", "RECORD_STOP"]
    assert {start["Record-File-Path"], stop["Record-File-Path"]} == {str(file)}
    assert {start["Unique-ID"], stop["Unique-ID"]} == {call.uuid}
    assert stop["Record-Completion-Cause"] == stop["variable_record_completion_cause"] == "success-maxtime"
    assert stop["variable_record_seconds"] == "3" and stop["variable_record_file_size"] == str(file.stat().st_size)


def test_a_program_hears_of_it(run, link, tmp_path):
    link.ask("event json RECORD_START RECORD_STOP")
    run("uuid_record", f"start {tmp_path}/a.wav")
    assert link.read_until("RECORD_START")["Record-File-Path"] == f"{tmp_path}/a.wav"
    run("uuid_record", "stop all")
    link.read_until("RECORD_STOP")


@pytest.mark.parametrize("command", ["uuid_record", "uuid_displace"])
@pytest.mark.parametrize(("arguments", "answer"), [
    ("", "-USAGE: <uuid> [start|stop"), ("{} start", "-USAGE: <uuid> [start|stop"), ("{} sing /a.wav", "-USAGE: <uuid> [start|stop"),
    ("nobody start /a.wav", "-ERR Cannot locate session!"), ("nobody sing /a.wav", "-ERR Cannot locate session!"),
])
def test_what_is_not_understood(switch, call, command, arguments, answer):
    assert switch.api(f"{command} {arguments.format(call.uuid)}").startswith(answer)


@pytest.mark.parametrize("path", ["/proc/a.wav", "/proc/nothing/a.wav", "{}/a.nosuchformat", "{}/a", "{}"])
def test_what_cannot_be_written(run, told, tmp_path, path):
    assert run("uuid_record", f"start {path.format(tmp_path)}") == "-ERR Cannot record session!\n"
    assert run("uuid_record", "stop all") == "-ERR Cannot stop record session!\n" and not told


@pytest.mark.parametrize(("command", "refusal"), [
    ("uuid_record", "-ERR Cannot record session!\n"), ("uuid_displace", "-ERR Cannot displace session!\n"),
])
def test_before_anybody_answers(switch, call, command, refusal, tmp_path):
    """A caller gets early media; who is rung has none."""
    switch.api("bgapi originate user/103@127.0.0.1 park: inline")
    line = switch.phone("103").ringing(1)
    what = f"{tmp_path}/a.wav" if command == "uuid_record" else "silence_stream://100"
    assert switch.api(f"{command} {line.channel.uuid} start {what}") == refusal
    other = switch.phone("120").call("102")
    assert not other.progress
    assert switch.api(f"{command} {other.channel.uuid} start {what}") == "+OK Success\n"
    assert other.progress == ["early media"]


def test_several_and_all(run, told, tmp_path):
    for name in "ab":
        assert run("uuid_record", f"START {tmp_path}/{name}.wav") == "+OK Success\n"
    gevent.sleep(1)
    assert run("uuid_record", "stop ALL") == "+OK Success\n"
    assert [event["Record-File-Path"][-5:] for event in told if event["Event-Name"] == "RECORD_STOP"] == ["a.wav", "b.wav"]
    assert seconds(tmp_path / "b.wav") == pytest.approx(1, abs=0.1)


def test_a_limit(run, switch, told, tmp_path):
    run("uuid_record", f"start {tmp_path}/a.wav 20")
    assert switch.wait(lambda: told[-1]["Event-Name"] == "RECORD_STOP", 3)
    assert seconds(tmp_path / "a.wav") == pytest.approx(1, abs=0.1)  # the switch's own clock runs twenty times as fast
    run("uuid_record", f"start {tmp_path}/a.wav 20")
    run("uuid_record", f"stop {tmp_path}/a.wav")
    run("uuid_record", f"start {tmp_path}/a.wav")
    gevent.sleep(3)
    assert run("uuid_record", f"stop {tmp_path}/a.wav") == "+OK Success\n"


@pytest.mark.parametrize(("lasts", "least", "cause"), [
    (0, "0", "empty-file"), (1, "2", "input-too-short"), (1, "", "success-maxtime"),
])
def test_what_is_too_short_is_thrown_away(run, told, tmp_path, lasts, least, cause):
    run("uuid_setvar", f"RECORD_MIN_SEC {least}")
    run("uuid_record", f"start {tmp_path}/a.wav")
    gevent.sleep(lasts)
    assert run("uuid_record", f"stop {tmp_path}/a.wav") == "+OK Success\n"
    assert told[-1]["Record-Completion-Cause"] == cause
    assert (tmp_path / "a.wav").exists() == ("variable_RECORD_DISCARDED" not in told[-1]) == (cause == "success-maxtime")


def test_it_ends_with_the_channel(run, switch, call, told, tmp_path):
    run("uuid_record", f"start {tmp_path}/a.wav")
    gevent.sleep(1)
    told.clear()
    run("uuid_kill", "")
    assert switch.wait(lambda: told[-1]["Event-Name"] == "CHANNEL_HANGUP_COMPLETE", 2)
    mine = [event for event in told if event["Unique-ID"] == call.uuid]
    assert [event["Event-Name"] for event in mine] == [
        "CHANNEL_HANGUP", "RECORD_STOP", "CHANNEL_CALLSTATE", "CHANNEL_HANGUP_COMPLETE"]
    assert (mine[1]["Channel-State"], mine[1]["Record-Completion-Cause"]) == ("CS_HANGUP", "success-silence")
    assert seconds(tmp_path / "a.wav") == pytest.approx(1, abs=0.1)


def test_what_is_played_beside_the_talk(run, switch, call, tmp_path):
    for name in "ab":
        silent(tmp_path / f"{name}.wav", lasts=20)
    both = f"file_string://{tmp_path}/a.wav!{tmp_path}/none.wav!{tmp_path}/b.wav"
    assert run("uuid_displace", f"start {both} 30 mux") == "+OK Success\n"
    assert run("uuid_displace", f"start {both} 30 mux") == "-ERR Cannot displace session!\n"  # it is still heard
    gevent.sleep(1.6)  # of thirty seconds, at a clock twenty times as fast
    assert run("uuid_displace", "start 'tone_stream://%(400,0,1400)' 4 mux") == "+OK Success\n"
    assert run("uuid_displace", f"start {both} 30 mux") == "+OK Success\n"
    assert run("uuid_displace", f"stop {both}") == "+OK Success\n"
    assert run("uuid_displace", f"stop {both}") == "-ERR Cannot stop displace session!\n"
    files = [f"{tmp_path}/a.wav", f"{tmp_path}/b.wav"]
    assert switch.channels[call.uuid].sounds == [*files, "tone_stream://%(400,0,1400)", *files]


@pytest.mark.parametrize("sound", ["{}/none.wav", "file_string://{}/none.wav!{}/none.wav"])
def test_what_is_missing_is_not_played(run, switch, call, tmp_path, sound):
    assert run("uuid_displace", f"start {sound.format(*[tmp_path] * 2)}") == "-ERR Cannot displace session!\n"
    assert not switch.channels[call.uuid].sounds


def test_a_phone_tells_what_was_played_to_it(switch, controller):
    line = switch.phone("101").call("102")
    call = controller.take()
    call.ask(call.execute("playback", "tone_stream://%(100,0,500)"))
    call.read_until("CHANNEL_EXECUTE_COMPLETE", Application="playback")
    call.ask(call.execute("conference", "den@default"))
    assert switch.wait(lambda: "den" in switch.rooms, 1)
    switch.api("conference den play tone_stream://%(100,0,700)")
    switch.api("conference den play /nowhere/none.wav")
    assert line.sounds == ["tone_stream://%(100,0,500)", "tone_stream://%(100,0,700)"]
