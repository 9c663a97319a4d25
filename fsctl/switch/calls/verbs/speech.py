"""What a caller hears and is asked, by FreeSWITCH's applications."""

from collections.abc import Sequence

from fsctl.model.actions import Answer, Ask, Play
from fsctl.model.foreign import clean_number
from fsctl.model.outcomes import Digits, Performed, Silence
from fsctl.switch.calls.control import PLAY_SECONDS, CallControl
from fsctl.switch.link.prompts import MISSED
from fsctl.switch.wire import sounds

#: What the switch says of a recording or a phrase macro that is not there.
_MISSING = ("FILE NOT FOUND", "UNKNOWN ERROR")

#: Seconds without a key after which a question's digits count as complete.
_NEXT_KEY_SECONDS = 3

#: The key that ends an answer.
_CLOSES = "#"


def answer(control: CallControl, action: Answer) -> Performed:
    """Take the call."""
    control.lease(PLAY_SECONDS)
    control.run("answer")
    return Performed()


def play(control: CallControl, action: Play) -> Performed | Digits:
    """To its end, or until one of its keys is pressed.

    A caller who could not hear it before the answer is answered where keys are asked for, and else hears nothing.
    """
    if control.session.audio == "impossible":
        if not action.keys:
            return Performed()
        answer(control, Answer())
    control.lease(PLAY_SECONDS + action.stay_seconds)
    control.session.execute("set", f"language={action.language}")
    if not action.keys:
        _say_all(control, action)
        control.asked = None
        control.session.execute("flush_dtmf")  # keys pressed meanwhile are no answer to a question that comes next
        return Performed()
    control.hear_keys()
    control.session.execute("set", f"playback_terminators={action.keys}")
    try:
        pressed = _say_all(control, action)
    finally:  # whoever is called away hears other announcements to their end
        control.session.execute("unset", "playback_terminators")
    return Digits(pressed) if pressed else Performed()


def _say_all(control: CallControl, action: Play) -> str:
    """The announcement, the digits, the words, and silence. The key that broke it off, "" for none."""
    argument, pressed = _say(control, sounds.ways(action), action.keys)
    if argument == sounds.tone(action):
        MISSED(sounds.recording(action))
    if not pressed and (digits := clean_number(action.digits)):
        _, pressed = _say(control, sounds.ways_of_digits(digits, action.language), action.keys)
    if not pressed and action.words:
        _, pressed = _say(control, (("playback", sounds.spoken_words(action.words, action.language)),), action.keys)
    if not pressed and action.stay_seconds:
        silence = f"silence_stream://{action.stay_seconds * 1000}"
        control.run("playback", silence, action.stay_seconds + PLAY_SECONDS)
    return pressed


def ask(control: CallControl, action: Ask) -> Digits | Silence:
    """Until an answer is complete, or none comes; a caller who can hear no question is answered first."""
    if control.session.audio == "impossible":
        answer(control, Answer())
    control.hear_keys()
    pressed = control.keys_so_far()
    if len(pressed) >= action.most or _CLOSES in pressed:  # he knows what he will be asked
        control.asked = None
        return _answered(pressed, action)
    control.lease(PLAY_SECONDS + action.seconds)
    argument = (
        f"1 {action.most} 1 {action.seconds * 1000} {_CLOSES} {sounds.prompt(action)} silence_stream://1"
        f" fsctl_digits .+ {_NEXT_KEY_SECONDS * 1000}"
    )
    heard = control.run("play_and_get_digits", argument, PLAY_SECONDS + action.seconds)
    return _answered(control.keys_before() + heard.get("variable_fsctl_digits", ""), action)


def _answered(keys: str, action: Ask) -> Digits | Silence:
    digits = clean_number(keys.partition(_CLOSES)[0])[: action.most]
    return Digits(digits) if digits else Silence()


def _say(control: CallControl, ways: Sequence[tuple[str, str]], keys: str) -> tuple[str, str]:
    """Say it in the first of these ways that there is: its argument, and which of the keys broke it off, "" for none.

    One may be pressed before it shows that there is no such recording, or between two of them. A star always breaks it
    off, unless other keys are set: that is none of them (mod_dptools.c, on_dtmf).
    """
    pressed = ""
    for application, argument in ways:
        event = control.run(application, argument)
        before = control.keys_before() if keys else ""
        told = before + event.get("variable_playback_terminator_used", "")
        pressed = next((key for key in told if key in list(keys)), "")
        if pressed or event.get("Application-Response") not in _MISSING:
            break
    return argument, pressed
