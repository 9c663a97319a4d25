"""Recordings that are not there: the log says so of each once, and the doctor of all of them."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from fsctl.cli import doctor_recordings
from fsctl.model import spoken_moment
from fsctl.model.actions import Ask, Play
from fsctl.model.sections import Attendant
from fsctl.switch.calls.verbs import speech
from fsctl.switch.link import prompts
from fsctl.switch.link.prompts import Missed, Prompts
from fsctl.switch.wire import sounds
from tests.unit.builders import AT, an_office

BERLIN = next(iter(an_office().sites.values()))
OFFICE = an_office(
    users={key: replace(user, language=None) for key, user in an_office().users.items()},
    announcements={"closed": {"de": "zu.wav", "en": "closed.wav"}},
    attendants={"welcome": Attendant(key="welcome", greeting={"de": "willkommen.wav"})},
    sites={"berlin": replace(BERLIN, music="jazz.wav"), "moh": replace(BERLIN, key="moh", music="moh"),
           "stream": replace(BERLIN, key="stream", music="local_stream://jazz")})
OWN = [f"${{fsctl_prompts}}/{each}" for each in ("closed.wav", "jazz.wav", "willkommen.wav", "zu.wav")]


class Switch:
    """What is asked of an event socket, and which files FreeSWITCH has."""

    def __init__(self, *there):
        self.there, self.asked = set(there), []

    def open(self):
        pass

    close = open

    def api(self, text, timeout=None):
        assert text == "global_getvar fsctl_prompts"
        return "/srv/prompts"

    def apis(self, texts):
        self.asked += (texts := list(texts))
        return ["true" if text.removeprefix("file_exists ") in self.there else "false" for text in texts]


@pytest.fixture
def missed(monkeypatch):
    fresh = Missed()
    for module in (prompts, speech):
        monkeypatch.setattr(module, "MISSED", fresh)
    return fresh


def test_what_callers_may_hear_of_the_offices_own_and_the_programs():
    assert sounds.own(OFFICE) == OWN
    shipped = sounds.shipped(OFFICE)
    for heard in (Play("blocked", "de"), Ask("enter-number", "de", 20)):
        assert sounds.recording(heard) in shipped
    until = spoken_moment.until(AT + timedelta(days=40, minutes=1), AT, ZoneInfo("Europe/Berlin"), "de")
    assert all(each in shipped for each in sounds.spoken_words(until, "de").removeprefix("file_string://").split("!"))
    assert all(each in shipped for each in sounds.spoken("0*#+", "de").removeprefix("file_string://").split("!"))
    assert not [each for each in shipped if "/en/" in each]
    en = replace(next(iter(OFFICE.users.values())), language="en")
    assert [each for each in sounds.shipped(replace(OFFICE, users={"101": en})) if "/en/" in each]


def test_the_log_warns_once_of_what_no_call_tells_and_again_when_it_is_lost_again(missed, caplog):
    looking, switch = Prompts(lambda: OFFICE), Switch()
    for _ in range(3):
        looking.round(switch)
    told = [record.args[0] for record in caplog.records]
    assert sorted(told) == sorted(sounds.unnoticed(OFFICE)) and set(OWN) < set(told)
    assert "file_exists /srv/prompts/zu.wav" in switch.asked
    caplog.clear()
    switch.there.add("/srv/prompts/zu.wav")
    looking.round(switch)
    switch.there.clear()
    looking.round(switch)
    assert [record.args[0] for record in caplog.records] == ["${fsctl_prompts}/zu.wav"]


def test_the_log_warns_once_of_what_is_played(missed, caplog):
    control = SimpleNamespace(
        session=SimpleNamespace(audio="answered", execute=lambda *command: None), lease=lambda seconds: None,
        run=lambda *command: {"Application-Response": "FILE NOT FOUND"})
    for name in ("blocked", "blocked", "wrong-key", "blocked"):
        speech.play(control, Play(name, "de"))
    assert [record.args[0] for record in caplog.records] == [
        "${fsctl_prompts}/de/blocked.wav", "${fsctl_prompts}/de/wrong-key.wav"]


@pytest.mark.parametrize(("there", "told"), [
    ((), ["the office's own that are missing, so that a tone is heard: closed.wav, jazz.wav, willkommen.wav, zu.wav;"
          " put them below /srv/prompts, or name others in the office file",
          "the program's that are missing, so that a tone is heard: de/blocked.wav, "]),
    (sounds.shipped(OFFICE), ["the office's own that are missing"]),
    (sounds.shipped(OFFICE) + OWN, ["all are in /srv/prompts"]),
])
def test_doctor_lists_all_that_are_missing(monkeypatch, there, told):
    switch = Switch(*(each.replace(sounds.FOLDER, "/srv/prompts") for each in there))
    monkeypatch.setattr(doctor_recordings, "EventSocket", lambda *_: switch)
    found = doctor_recordings.recordings("127.0.0.1", 1, "secret", OFFICE)
    assert all(each.ok and each.detail.startswith(text) for each, text in zip(found, told, strict=True))
    assert [each.warning for each in found] == [not text.startswith("all") for text in told]
    if len(found) == 2:
        more = len(sounds.shipped(OFFICE)) - 10
        assert found[1].detail.endswith(f" and {more} more; speak them with: scripts/make-prompts /srv/prompts")
