"""What FreeSWITCH is told of an announcement, and which key breaks it off."""

from types import SimpleNamespace

import pytest

from fsctl.model.actions import Ask, Claim, Play
from fsctl.model.outcomes import Digits, Performed, Silence
from fsctl.switch.calls import verbs
from fsctl.switch.calls.control import PLAY_SECONDS, CallControl
from fsctl.switch.calls.verbs import speech
from fsctl.switch.session.ownership import GRACE_SECONDS
from fsctl.switch.wire import sounds
from tests.switch.commanded import Commanded
from tests.unit.builders import a_call, an_office

CHANGED, NEW = Play("number-changed", "de"), Play("number-changed", "de", digits="030 55501")
LANGUAGE, PHRASE, DIGITS = "set language=de", "phrase fsctl_announcement,number-changed", "phrase fsctl_digits,03055501"
FILE, TONE = (" ".join(way) for way in sounds.ways(CHANGED)[1:])
SPOKEN = f"playback {sounds.spoken('03055501', 'de')}"
SILENCE, FLUSH = "playback silence_stream://3000", "flush_dtmf"
KEYS, SET, UNSET = "execute_extension keys XML fsctl", "set playback_terminators=0", "unset playback_terminators"

HEARD, GONE, UNKNOWN = ({"Application-Response": text} for text in ("FILE PLAYED", "FILE NOT FOUND", "UNKNOWN ERROR"))


class Session(Commanded):
    """Of a caller of whom this is told of all that is played, one after the other."""

    uuid, facts = "c0ffee", {}

    def __init__(self, audio, told):
        super().__init__()
        self.audio, self.told, self.leases = audio, iter(told), []

    def api(self, text, timeout=5):
        self.leases += [text] if text.startswith("sched_transfer") else []
        return "+OK"

    def execute(self, *command):
        super().execute(*command)
        event = next(self.told) if command[0] in ("phrase", "playback") else {}
        patience = PLAY_SECONDS + (3 if " ".join(command) == SILENCE else 0)
        return SimpleNamespace(wait={patience: event}.get)


def broken_off(key, told=HEARD):
    return told | {"variable_playback_terminator_used": key}


def plays(play, *told, audio="answered", user=None):
    """What is said, and the outcome."""
    session = Session(audio, told)
    control = CallControl(session, a_call("user:101", user), an_office(), SimpleNamespace(hunts=None), None)
    outcome = speech.play(control, play)
    assert not list(session.told)
    assert session.leases == [f"sched_transfer +{PLAY_SECONDS + play.stay_seconds + GRACE_SECONDS} c0ffee failsafe_101"
                              " XML fsctl"] * (audio != "impossible")
    return [each.strip() for each in session.said], outcome


@pytest.mark.parametrize(("changes", "told", "said", "outcome"), [
    ({}, [HEARD], [PHRASE], Performed()),
    ({}, [broken_off("")], [PHRASE], Performed()),
    ({}, [broken_off("0")], [PHRASE], Digits("0")),
    ({}, [UNKNOWN, broken_off("0")], [PHRASE, FILE], Digits("0")),
    ({}, [broken_off("0", UNKNOWN)], [PHRASE], Digits("0")),
    ({}, [UNKNOWN, broken_off("0", GONE)], [PHRASE, FILE], Digits("0")),
    ({"digits": "030 55501"}, [HEARD, broken_off("0", UNKNOWN)], [PHRASE, DIGITS], Digits("0")),
    ({}, [UNKNOWN, GONE, broken_off("0")], [PHRASE, FILE, TONE], Digits("0")),
    ({"digits": "030 55501"}, [broken_off("0")], [PHRASE], Digits("0")),
    ({"digits": "030 55501"}, [HEARD, broken_off("0")], [PHRASE, DIGITS], Digits("0")),
    ({"digits": "030 55501"}, [HEARD, UNKNOWN, broken_off("0")], [PHRASE, DIGITS, SPOKEN], Digits("0")),
    ({"digits": "030 55501"}, [HEARD, HEARD], [PHRASE, DIGITS], Performed()),
    *(({"digits": "030 55501", "stay_seconds": 3}, [broken_off(key), broken_off(key), HEARD],
       [PHRASE, DIGITS, SILENCE], Performed()) for key in ("*", "#", "1", "")),
    ({"digits": "030 55501", "stay_seconds": 3}, [broken_off("*"), broken_off("0")], [PHRASE, DIGITS], Digits("0")),
    ({"stay_seconds": 3}, [broken_off("0")], [PHRASE], Digits("0")),
])
@pytest.mark.parametrize(("user", "hears"), [(None, [KEYS]), ("102", [])])
def test_a_key_breaks_it_off(changes, told, said, outcome, user, hears):
    """What was pressed counts: nothing is flushed, and the key is none for what comes next."""
    play = Play("number-changed", "de", **changes, keys="0")
    assert plays(play, *told, user=user) == ([LANGUAGE, *hears, SET, *said, UNSET], outcome)


@pytest.mark.parametrize(("key", "outcome"), [("1", Digits("1")), ("0", Digits("0")), ("9", Performed())])
def test_each_of_several_keys(key, outcome):
    said = [LANGUAGE, "set playback_terminators=10", PHRASE, UNSET]
    assert plays(Play("number-changed", "de", keys="10"), broken_off(key), user="102") == (said, outcome)


@pytest.mark.parametrize(("play", "told", "said"), [
    (CHANGED, [HEARD], [PHRASE]), (CHANGED, [UNKNOWN, HEARD], [PHRASE, FILE]),
    (CHANGED, [UNKNOWN, GONE, HEARD], [PHRASE, FILE, TONE]), (NEW, [HEARD, HEARD], [PHRASE, DIGITS]),
    (NEW, [broken_off("*"), broken_off("*")], [PHRASE, DIGITS]),
    (NEW, [HEARD, UNKNOWN, HEARD], [PHRASE, DIGITS, SPOKEN]),
    (Play("number-changed", "de", stay_seconds=3), [HEARD, HEARD], [PHRASE, SILENCE]),
    (Play("number-changed", "de", "030", ("moments/today", "hours/8")), [HEARD, HEARD, HEARD],
     [PHRASE, "phrase fsctl_digits,030",
      "playback file_string://${fsctl_prompts}/de/moments/today.wav!${fsctl_prompts}/de/hours/8.wav"]),
    (Play("away", "de", file="weg.wav"), [broken_off("0")], ["playback ${fsctl_prompts}/weg.wav"]),
])
@pytest.mark.parametrize("user", [None, "102"])
def test_without_keys_what_is_pressed_meanwhile_is_no_answer(play, told, said, user):
    assert plays(play, *told, user=user) == ([LANGUAGE, *said, FLUSH], Performed())


def test_who_can_hear_nothing_is_told_nothing():
    assert plays(CHANGED, audio="impossible") == ([], Performed())


def test_but_is_answered_where_he_is_to_press_a_key():
    session = Session("impossible", [HEARD])
    control = CallControl(session, a_call("user:101", "102"), an_office(), SimpleNamespace(hunts=None), None)
    assert speech.play(control, Play("number-changed", "de", keys="0")) == Performed()
    assert [each.strip() for each in session.said] == ["answer", LANGUAGE, SET, PHRASE, UNSET]


@pytest.mark.parametrize(("audio", "before"), [("none", ["pre_answer"]), ("early", []), ("answered", [])])
def test_what_keys_a_line_has_is_known_once_there_is_audio(audio, before):
    said = plays(Play("number-changed", "de", keys="0"), HEARD, audio=audio)[0]
    assert said == [LANGUAGE, *before, KEYS, SET, PHRASE, UNSET]
    inside = plays(Play("number-changed", "de", keys="0"), HEARD, audio=audio, user="102")[0]
    assert inside == [LANGUAGE, SET, PHRASE, UNSET]


class Pressed(Session):
    """Keys are pressed between what is executed: ``so_far`` before the next is told, ``between`` before it begins."""

    def __init__(self, told, so_far, between):
        super().__init__("early", told)
        self.so_far, self.between = so_far, between

    def execute(self, *command):
        execution = super().execute(*command)
        if command[0] == "play_and_get_digits":
            return SimpleNamespace(wait=lambda seconds: next(self.told))
        return execution

    def keys_between(self, after, before):
        return self.so_far + (self.between if before else "")


DIGIT = Play("number-changed", "de", keys="0")
WHICH = Ask("press-0", "de", 1, 4, keys=("0",))


def answers(told, so_far, between, *wanted):
    """What comes of announcements and questions, one after the other, and whether something was not even executed."""
    session, call = Pressed(iter(told), so_far, between), a_call("user:101", "102")
    control = CallControl(session, call, an_office(), SimpleNamespace(hunts=None), None)
    found = [(speech.play if isinstance(each, Play) else speech.ask)(control, each) for each in wanted]
    return found, bool(list(session.told))


def asked(digits=""):
    return {"variable_fsctl_digits": digits}


THREE_KEYS = Ask("enter-extension", "de", 3)


@pytest.mark.parametrize(("told", "so_far", "between", "wanted", "found", "cut"), [
    ([HEARD, asked()], "", "", [DIGIT, WHICH], [Performed(), Silence()], False),
    ([HEARD, asked()], "", "0", [DIGIT, WHICH], [Performed(), Digits("0")], False),
    ([HEARD, asked("1")], "", "0", [DIGIT, WHICH], [Performed(), Digits("0")], False),  # the first one counts
    ([HEARD, asked()], "0", "", [DIGIT, WHICH], [Performed(), Digits("0")], True),  # he need not be asked
    ([HEARD, asked("12")], "1", "", [DIGIT, THREE_KEYS], [Performed(), Digits("112")], False),
    ([HEARD, asked()], "104", "", [DIGIT, THREE_KEYS], [Performed(), Digits("104")], True),
    ([HEARD, asked()], "1#", "", [DIGIT, THREE_KEYS], [Performed(), Digits("1")], True),
    ([HEARD, asked()], "#", "", [DIGIT, THREE_KEYS], [Performed(), Silence()], True),
    ([HEARD, asked("4")], "", "1#", [DIGIT, THREE_KEYS], [Performed(), Digits("1")], False),
    ([UNKNOWN, HEARD], "", "0", [DIGIT], [Digits("0")], False),
    ([UNKNOWN, broken_off("0"), asked()], "", "9", [DIGIT], [Digits("0")], True),
    ([UNKNOWN, HEARD], "", "9", [DIGIT], [Performed()], False),
    ([asked(), HEARD], "", "0", [WHICH, DIGIT], [Silence(), Digits("0")], False),
    ([asked(), HEARD, asked()], "", "0", [WHICH, CHANGED, WHICH], [Silence(), Performed(), Silence()], False),
])
def test_a_key_between_two_that_ask_for_one_is_not_lost(told, so_far, between, wanted, found, cut):
    assert answers(told, so_far, between, *wanted) == (found, cut)


def test_what_was_pressed_for_something_else_is_no_answer():
    """He was rung for since then, say."""
    session = Pressed(iter([asked()]), "0", "0")
    control = CallControl(session, a_call("user:101", "102"), an_office(), SimpleNamespace(hunts=None), None)
    control.asked = control.last = SimpleNamespace()
    control.state.claim = lambda *_: True
    verbs.perform(control, Claim("call:x"))
    assert verbs.perform(control, WHICH) == Silence()
