"""What happened to an action: the answers that a policy receives for what it yielded."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final

from fsctl.model.destination import Destination
from fsctl.model.hunting import Standing
from fsctl.model.live import Live


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody took the call, and it is over for the policy."""

    word: ClassVar[str] = "answered"

    by: Destination


@dataclass(frozen=True, slots=True)
class LegEnd:
    """What became of one who was rung: ``became`` is an outcome's word, ``cause`` the Q.850 name and ``status`` the SIP
    status of the phone or line that counted; "" and 0 where it gave none.
    """

    target: Destination
    became: str
    cause: str = ""
    status: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Nobody took the call. ``legs`` tell of each who was rung, where that is known; policies judge by the whole."""

    legs: tuple[LegEnd, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class NoAnswer(Unanswered):
    """It rang until its time was over."""

    word: ClassVar[str] = "no-answer"


@dataclass(frozen=True, slots=True)
class Busy(Unanswered):
    """Every leg was engaged."""

    word: ClassVar[str] = "busy"


@dataclass(frozen=True, slots=True)
class Offline(Unanswered):
    """There was nobody to ring: no phone registered, or the trunk did not take the call."""

    word: ClassVar[str] = "offline"


@dataclass(frozen=True, slots=True)
class Rejected(Unanswered):
    """The called side refused. ``cause`` is the Q.850 name it gave, to be passed on to the caller."""

    word: ClassVar[str] = "rejected"

    cause: str = "CALL_REJECTED"


@dataclass(frozen=True, slots=True)
class Redirected(Unanswered):
    """The called phone asked to be called elsewhere (SIP 302). ``dialled`` is what it named, reduced to digits."""

    word: ClassVar[str] = "redirected"

    dialled: str


@dataclass(frozen=True, slots=True)
class Performed:
    """It was done: the announcement was heard to its end, the call taken, the setting changed."""

    word: ClassVar[str] = "done"


@dataclass(frozen=True, slots=True)
class Failed:
    """It could not be done now: the database or the switch did not do it."""

    word: ClassVar[str] = "failed"


@dataclass(frozen=True, slots=True)
class Digits:
    """The keys that were pressed after a question, one at least, without the closing ``#``."""

    word: ClassVar[str] = "digits"

    digits: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was pressed after a question."""

    word: ClassVar[str] = "silence"


@dataclass(frozen=True, slots=True)
class Won:
    """What was claimed is this call's now."""

    word: ClassVar[str] = "won"


@dataclass(frozen=True, slots=True)
class Taken:
    """Another call was faster with the claim."""

    word: ClassVar[str] = "taken"


@dataclass(frozen=True, slots=True)
class Parked:
    """The call waits, or waited, in a slot."""

    word: ClassVar[str] = "parked"

    slot: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """The talk is recorded from now on, in this ``file`` of the folder of recordings."""

    word: ClassVar[str] = "recorded"

    file: str


@dataclass(frozen=True, slots=True)
class Surveyed:
    """How a hunt group stands at the aware instant ``at``, and the calls that there are then."""

    word: ClassVar[str] = "surveyed"

    standing: Standing
    live: Live
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """Another call or a transfer took this call over: release what was reserved, and do nothing more to it."""

    word: ClassVar[str] = "moved"

    by: str


@dataclass(frozen=True, slots=True)
class CallerGone:
    """The call is over, by the caller or by a Hangup; nothing more can be done for it."""

    word: ClassVar[str] = "gone"


#: What ringing can come to.
RingOutcome = Answered | NoAnswer | Busy | Offline | Rejected | Redirected | Moved | CallerGone

#: What it comes to when nobody takes the call.
Silent = Redirected | NoAnswer | Busy | Rejected | Offline

Outcome = RingOutcome | Performed | Failed | Digits | Silence | Won | Taken | Parked | Recorded | Surveyed


#: Which of these counts where those who were rung did different things.
_FOREMOST: Final = (Redirected, NoAnswer, Busy, Rejected, Offline)


def rank(outcome: Silent) -> int:
    """Of several outcomes the one of the lowest rank counts."""
    return _FOREMOST.index(type(outcome))


def word(outcome: Outcome) -> str:
    """The outcome as the journal and ``--outcomes`` write it: ``no-answer``, ``digits:1``."""
    return f"{outcome.word}:{outcome.digits}" if isinstance(outcome, Digits) else outcome.word
