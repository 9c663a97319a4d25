"""Point 18: what mod_voicemail says, by FreeSWITCH's own word of the files that it plays."""

import re
import shutil
import subprocess
import sys
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.live import offices
from tests.live.esl import EventSocket
from tests.live.lab import Lab
from tests.live.test_features import messages

OFFICE = offices.OFFICE

_FILE = re.compile(r"file_string://\S*?/((?:de|en)/[\w/-]+)\.wav")


@pytest.fixture
def said(lab, controller):
    """The files that FreeSWITCH plays, by their names below the folder of prompts; they are all there."""
    if not isinstance(lab, Lab):
        pytest.skip("the simulator says nothing")
    if not shutil.which("espeak-ng"):
        pytest.skip("no espeak-ng here")
    subprocess.run([sys.executable, "scripts/make-prompts", str(lab.prompts)], check=True, capture_output=True)
    lab.phones("102", "120")
    played = []

    def play(event):
        if found := _FILE.search(event.get("Playback-File-Path", "")):
            played.append(found[1])

    link = EventSocket(lab.esl_port, play)
    link.subscribe("PLAYBACK_START")
    yield played
    link.close()
    lacking = [name for name in played if not (lab.prompts / f"{name}.wav").exists()]
    shutil.rmtree(lab.prompts)
    assert not lacking


def clocks(zone):
    """Day and month, hour and minute."""
    return f"{datetime.now(ZoneInfo(zone)):%d%m %H%M}".split()


@pytest.mark.parametrize(("extension", "language", "zone"), [
    ("102", "de", "Europe/Berlin"), ("120", "en", "Europe/London")])
def test_point_18_a_mailbox_says_whose_it_is_how_many_messages_there_are_and_of_when(
    lab, controller, said, extension, language, zone
):
    def words(*names):
        return [f"{language}/{name if '/' in name else f'voicemail-{name}'}" for name in names]

    def digits(number):
        return [f"digits/{digit}" for digit in number]

    lab.switch.api(f"vm_delete {extension}@127.0.0.1")
    lab.phone(extension).behaviour = "busy"
    call = lab.phone("120" if extension == "102" else "102").call(extension)
    greeting = words("play-greeting", *digits(extension), "record-message")
    lab.wait(lambda: said == greeting, 20, "nothing is said")
    time.sleep(6)  # the last of the words, the tone, and this is how long the message is
    before = clocks(zone)
    call.hang_up()
    lab.wait(lambda: messages(lab, extension) == 1, 5, "there is no message")
    after = clocks(zone)
    said.clear()
    call = lab.phone(extension).call("*86")
    call.wait_answered()
    asked = words("listen-file-check")[0]
    lab.wait(lambda: asked in said, 60, "nothing is asked")
    assert said[:said.index(asked)] in [
        words("hello", "one-new-message", "say-new-message", "digits/1", "say-date", *digits(day), "say-time",
              *digits(time_of_day)) for day, time_of_day in (before, after)]
    call.press("7")
    lab.wait(lambda: words("ack-deleted")[0] in said, 20, "it is not deleted")
    call.hang_up()
    lab.wait(lambda: messages(lab, extension) == 0, 5, "it is still new")


def test_point_18_the_menus_of_a_mailbox_are_said_in_words(lab, controller, said):
    lab.switch.api("vm_delete 102@127.0.0.1")
    call = lab.phone("102").call("*86")
    call.wait_answered()
    wanted = []
    for key, *names in (("", "hello", "no-new-messages", "no-saved-messages", "menu"), ("5", "config-menu"),
                        ("2", "choose-greeting"), ("0", "greeting-selected")):
        if key:
            call.press(key)
        wanted += [f"de/voicemail-{name}" for name in names]
        lab.wait(lambda expected=tuple(wanted): tuple(said[:len(expected)]) == expected, 20, f"not said: {names}")
    lab.wait(lambda: said[-1] == "de/digits/0", 10, "which greeting is not said")
    call.hang_up()
