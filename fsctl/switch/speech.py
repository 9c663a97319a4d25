"""What a caller hears and is asked, by the applications of one call's session."""

import logging
from collections.abc import Mapping, Sequence

from fsctl.model.actions import Ask, Play
from fsctl.model.foreign import clean_number
from fsctl.model.outcomes import Digits, Outcome, Performed, Silence
from fsctl.switch import sounds
from fsctl.switch.ownership import Ownership
from fsctl.switch.session import CallSession

#: Longest announcement, in seconds.
PLAY_SECONDS = 60

#: What the switch says of a recording or a phrase macro that is not there.
_MISSING = ("FILE NOT FOUND", "UNKNOWN ERROR")

#: Seconds without a key after which a question's digits count as complete.
_NEXT_KEY_SECONDS = 3

log = logging.getLogger(__name__)


class Speech:
    """Of one call. Raises what the session's waits and its ownership do."""

    def __init__(self, session: CallSession, ownership: Ownership) -> None:
        self._session, self._ownership = session, ownership

    def answer(self) -> Outcome:
        """Take the call."""
        self._ownership.lease(PLAY_SECONDS)
        self.run("answer")
        return Performed()

    def play(self, play: Play) -> Outcome:
        """To its end."""
        self._ownership.lease(PLAY_SECONDS + play.stay_seconds)
        self._session.execute("set", f"language={play.language}")
        if self._say(sounds.ways(play)) == sounds.tone(play):
            log.warning("there is no recording %s: a tone instead", sounds.recording(play))
        if digits := clean_number(play.digits):
            self._say(sounds.ways_of_digits(digits, play.language))
        if play.stay_seconds:
            self.run("playback", f"silence_stream://{play.stay_seconds * 1000}", play.stay_seconds + PLAY_SECONDS)
        self._session.execute("flush_dtmf")  # keys pressed meanwhile are no answer to a question that comes next
        return Performed()

    def ask(self, ask: Ask) -> Outcome:
        """Until an answer is complete, or none comes."""
        self._ownership.lease(PLAY_SECONDS + ask.seconds)
        argument = (
            f"1 {ask.most} 1 {ask.seconds * 1000} # {sounds.prompt(ask)} silence_stream://1"
            f" fsctl_digits .+ {_NEXT_KEY_SECONDS * 1000}"
        )
        heard = self.run("play_and_get_digits", argument, PLAY_SECONDS + ask.seconds)
        digits = clean_number(heard.get("variable_fsctl_digits", ""))
        return Digits(digits) if digits else Silence()

    def run(self, app: str, arg: str = "", seconds: float = PLAY_SECONDS) -> Mapping[str, str]:
        """Execute, and wait for the end."""
        event = self._session.execute(app, arg).wait(seconds)
        self._ownership.heard(event)
        return event

    def _say(self, ways: Sequence[tuple[str, str]]) -> str:
        """Say it in the first of these ways that there is, whose argument this gives."""
        for application, argument in ways:
            if self.run(application, argument).get("Application-Response") not in _MISSING:
                break
        return argument
