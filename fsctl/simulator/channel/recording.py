"""A channel's recordings: how they begin and end, and what is told of it (switch_ivr_async.c, record_callback)."""

import time
from pathlib import Path

import gevent

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.core.media import parts_of, seconds_of
from fsctl.simulator.core.recording import HEADER_BYTES, RATE, SAMPLE_BYTES, Recording


def start(channel: Channel, path: str, limit: int) -> bool:
    """Whether it records. What is recorded already goes on as it is; other formats than WAV there are none."""
    if not _media(channel):
        return False
    if path in channel.recordings:
        return True
    if not path.startswith("/") or not path.endswith(".wav"):
        return False
    try:
        recording = channel.recordings[path] = Recording(path)
    except OSError:
        return False
    channel.fire("RECORD_START", Record_File_Path=path)
    if limit > 0:
        gevent.spawn_later(channel.switch.schedule.seconds(limit), _over, channel, recording)
    return True


def stop(channel: Channel, path: str) -> bool:
    """End one recording, or ``all``; whether there was any (switch_ivr_stop_record_session)."""
    paths = list(channel.recordings) if path.lower() == "all" else [path] if path in channel.recordings else []
    for each in paths:
        _finish(channel, channel.recordings.pop(each))
    return bool(paths)


def displace(channel: Channel, sound: str, limit: int) -> bool:
    """Play it to this channel alone, beside what it hears else (switch_ivr_displace_session).

    False where there is no such sound, or it is being played there. It goes on by the clock, where the real one waits
    while there is nothing else to hear: while its phone holds, or where it is parked.
    """
    seconds, now = seconds_of(sound), time.monotonic()
    if not _media(channel) or seconds is None or channel.displaced.get(sound, now) > now:
        return False
    channel.displaced[sound] = now + channel.switch.schedule.seconds(min(seconds, limit) if limit > 0 else seconds)
    channel.sounds += parts_of(sound)
    return True


def stop_displace(channel: Channel, sound: str) -> bool:
    """Whether it was being played."""
    now = time.monotonic()
    return channel.displaced.pop(sound, now) > now


def _media(channel: Channel) -> bool:
    """A caller is given early media for it; a leg that rings has none."""
    if channel.direction == "inbound":
        channel.pre_answer()
    return channel.answered or channel.early


def _over(channel: Channel, recording: Recording) -> None:
    if channel.recordings.get(recording.path) is recording:
        stop(channel, recording.path)


def _finish(channel: Channel, recording: Recording) -> None:
    """What is empty, or shorter than ``RECORD_MIN_SEC``, is thrown away."""
    samples = recording.finish()
    least = channel.get("RECORD_MIN_SEC") or ""
    cause = "success-silence" if channel.hung_up else "success-maxtime"
    if not samples or samples < RATE * int(least if least.isdecimal() else 0):
        Path(recording.path).unlink(missing_ok=True)
        channel.set("RECORD_DISCARDED", "true")
        cause = "input-too-short" if samples else "empty-file"
    channel.variables |= {
        "record_file_size": str(HEADER_BYTES + samples * SAMPLE_BYTES), "record_samples": str(samples),
        "record_seconds": str(samples // RATE), "record_ms": str(samples * 1000 // RATE),
        "record_completion_cause": cause,
    }
    channel.fire("RECORD_STOP", Record_File_Path=recording.path, Record_Completion_Cause=cause)
