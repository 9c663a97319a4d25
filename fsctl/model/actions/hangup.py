"""Ending a call."""

from dataclasses import dataclass
from typing import ClassVar

from fsctl.model.actions.verb import Certain, Weight, World
from fsctl.model.outcomes import CallerGone, Moved, Outcome

#: The words of ``hangup:…`` and the Q.850 cause each stands for.
HANGUP_CAUSES = {
    "busy": "USER_BUSY",
    "no-answer": "NO_ANSWER",
    "offline": "SUBSCRIBER_ABSENT",
    "rejected": "CALL_REJECTED",
    "unknown-number": "UNALLOCATED_NUMBER",
    "number-changed": "NUMBER_CHANGED",
    "normal": "NORMAL_CLEARING",
}

_WORDS = {cause: word for word, cause in HANGUP_CAUSES.items()}
_KIND = "hangup:"


def in_one_form(result: str) -> str:
    """A result or target in the one form that there is, also of an older journal: ``hangup:CALL_REJECTED`` is
    ``hangup:rejected``, and a cause without a word of its own stands like one, ``hangup:switch-congestion``.
    """
    cause = result.removeprefix(_KIND)
    return f"{_KIND}{_WORDS.get(cause) or cause.lower().replace('_', '-')}" if result.startswith(_KIND) else result


@dataclass(frozen=True, slots=True)
class Hangup(Certain[CallerGone | Moved]):
    """End the call. ``reason`` is a word of HANGUP_CAUSES, or the Q.850 name that the far side gave."""

    ends_call: ClassVar[bool] = True

    reason: str

    @property
    def target(self) -> str:
        return in_one_form(f"{_KIND}{self.reason}")

    def assumed(self, world: World) -> CallerGone:
        return CallerGone()

    def leaves(self, outcome: Outcome | None) -> tuple[Weight, str]:
        return Weight.ENDED, self.target
