"""Applications that speak and listen: recordings, questions answered by keys, mailboxes."""

import math
import re
import time
from collections.abc import Callable

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.core.media import parts_of, seconds_of

#: Greeting and beep of a mailbox; longest message. Seconds.
_GREETING_SECONDS = 2.0
_MESSAGE_SECONDS = 300.0


def playback(channel: Channel, data: str) -> str:
    """Wait for as long as the sound takes. Application-Response tells whether there is such a file.

    Keys that are pressed meanwhile are lost, but for those that break it off.
    """
    channel.set("playback_terminator_used", "")
    seconds = seconds_of(data)
    if seconds is None:
        return "FILE NOT FOUND"
    channel.sounds += parts_of(data)
    limit = channel.get("playback_timeout_sec") or ""
    _listen(channel, min(seconds, float(limit)) if limit.isdigit() else seconds, lambda: _breaks_off(channel))
    return "FILE PLAYED" if channel.ready else "PLAYBACK ERROR"


def say(channel: Channel, data: str) -> None:
    """There are no recordings of numbers: nothing is heard, and nothing says so."""


def phrase(channel: Channel, data: str) -> str:
    """As where nobody has installed the macros: whoever wants to be heard must play files."""
    channel.pre_answer()
    return "UNKNOWN ERROR"


def play_and_get_digits(channel: Channel, data: str) -> None:
    """``min max tries timeout terminators file invalid-file variable regexp digit-timeout``; times in ms.

    A single file that is missing ends it at once, without waiting for keys.
    """
    words = data.split() + [""] * 10
    least, most, tries = (int(word or 1) for word in words[:3])
    timeout, between = (_seconds(word) for word in (words[3], words[9] or words[3]))
    terminators, file, invalid, variable = words[4], words[5], words[6], words[7]
    channel.set(variable, None)
    for _ in range(tries):
        prompt = seconds_of(file)
        if prompt is None:
            return
        digits = _collect(channel, most, terminators, prompt + timeout, between)
        if not channel.ready:
            return
        if len(digits) >= least and re.search(words[8] or r"\d+", digits):
            channel.set(variable, digits)
            return
        _listen(channel, seconds_of(invalid) or 0)


def voicemail(channel: Channel, data: str) -> None:
    """``[check [auth]] profile domain user``. A message is whatever is said until the caller hangs up.

    What is told of its recording is told without a cause (switch_ivr_play_say.c, switch_ivr_record_file_event).
    """
    words = data.split()
    channel.answer()
    mailbox = channel.switch.mailboxes[words[-1]]
    if "check" in words[:-3]:
        while mailbox.new and channel.ready:
            _listen(channel, mailbox.new[0])
            mailbox.saved.append(mailbox.new.pop(0))
            channel.switch.pulse()
        _listen(channel, _GREETING_SECONDS)
        return
    _listen(channel, _GREETING_SECONDS)
    if not channel.ready:
        return
    began = time.monotonic()
    file = f"/nowhere/voicemail/{'/'.join(words[-3:])}/msg_{channel.uuid}.wav"
    channel.fire("RECORD_START", Record_File_Path=file)
    _listen(channel, _MESSAGE_SECONDS)
    mailbox.new.append(time.monotonic() - began)
    channel.fire("RECORD_STOP", Record_File_Path=file)
    channel.switch.fire("CUSTOM", {
        "Event-Subclass": "vm::maintenance", "VM-Action": "leave-message", "VM-User": words[-1], "VM-Domain": words[-2],
        "VM-Caller-ID-Number": channel.profile.caller_id_number, "VM-Message-Len": f"{mailbox.new[-1]:.0f}",
    })


def endless_playback(channel: Channel, data: str) -> None:
    """Music for as long as it takes."""
    channel.thread.wait()


def _collect(channel: Channel, most: int, terminators: str, first: float, between: float) -> str:
    digits, patience = "", first
    while channel.ready and len(digits) < most:
        channel.thread.wait(lambda: bool(channel.digits), _scaled(channel, patience))
        if not channel.digits:
            break
        key, patience = channel.digits.popleft(), between
        if key in terminators:
            break
        digits += key
    return digits


def _breaks_off(channel: Channel) -> bool:
    terminators = channel.get("playback_terminators") or "*"
    while channel.digits:
        key = channel.digits.popleft()
        if key in terminators:
            channel.set("playback_terminator_used", key)
            return True
    return False


def _listen(channel: Channel, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
    channel.broken_off = False
    limit = None if math.isinf(seconds) else _scaled(channel, seconds)
    channel.thread.wait(lambda: channel.broken_off or until(), limit)


def _scaled(channel: Channel, seconds: float) -> float:
    return channel.switch.schedule.seconds(seconds)


def _seconds(milliseconds: str) -> float:
    return int(milliseconds) / 1000 if milliseconds.isdigit() else 5.0
