"""What happened to an action: the answers that a policy receives for what it yielded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fsctl.model.destination import Destination
from fsctl.model.hunting import Standing
from fsctl.model.live import Live


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody took the call, and it is over for the policy."""

    by: Destination


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """It rang until its time was over."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Every leg was engaged."""


@dataclass(frozen=True, slots=True)
class Offline:
    """There was nobody to ring: no phone registered, or the trunk did not take the call."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The called side refused. ``cause`` is the Q.850 name it gave, to be passed on to the caller."""

    cause: str = "CALL_REJECTED"


@dataclass(frozen=True, slots=True)
class Redirected:
    """The called phone asked to be called elsewhere (SIP 302). ``dialled`` is what it named, reduced to digits."""

    dialled: str


@dataclass(frozen=True, slots=True)
class Performed:
    """It was done: the announcement was heard to its end, the call taken, the setting changed."""


@dataclass(frozen=True, slots=True)
class Failed:
    """It could not be done now: the database or the switch did not do it."""


@dataclass(frozen=True, slots=True)
class Digits:
    """The keys that were pressed after a question, one at least, without the closing ``#``."""

    digits: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was pressed after a question."""


@dataclass(frozen=True, slots=True)
class Won:
    """What was claimed is this call's now."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Another call was faster with the claim."""


@dataclass(frozen=True, slots=True)
class Parked:
    """The call waits, or waited, in a slot."""

    slot: str


@dataclass(frozen=True, slots=True)
class Surveyed:
    """How a hunt group stands at the aware instant ``at``, and the calls that there are then."""

    standing: Standing
    live: Live
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """Another call or a transfer took this call over: release what was reserved, and do nothing more to it."""

    by: str


@dataclass(frozen=True, slots=True)
class CallerGone:
    """The call is over, by the caller or by a Hangup; nothing more can be done for it."""


#: What ringing can come to.
RingOutcome = Answered | NoAnswer | Busy | Offline | Rejected | Redirected | Moved | CallerGone

Outcome = RingOutcome | Performed | Failed | Digits | Silence | Won | Taken | Parked | Surveyed

#: What each outcome is called; the keys that were pressed follow ``digits`` and a colon.
WORDS: Mapping[type, str] = {
    Answered: "answered", NoAnswer: "no-answer", Busy: "busy", Offline: "offline", Rejected: "rejected",
    Redirected: "redirected", Performed: "done", Failed: "failed", Silence: "silence", Won: "won", Taken: "taken",
    Moved: "moved", CallerGone: "gone", Surveyed: "surveyed", Parked: "parked",
    Digits: "digits",
}


def word(outcome: Outcome) -> str:
    """The outcome as the journal and ``--outcomes`` write it: ``no-answer``, ``digits:1``."""
    return f"digits:{outcome.digits}" if isinstance(outcome, Digits) else WORDS[type(outcome)]
