"""Writes down the ringing of held calls: each is a call of its own, from who is on hold to who holds."""

from datetime import datetime
from typing import Any, Final

from fsctl.facts.recorded import unplanned
from fsctl.model.hold_recall import Held
from fsctl.model.office import Office
from fsctl.model.outcomes import Offline, word
from fsctl.model.reasons import reason
from fsctl.store.journal_parts import Fact, begun
from fsctl.store.journal_queue import Journal
from fsctl.switch.calls.outcomes import PhoneEnd, of_phone

#: The one part of such a call, the same whoever writes about it: what is told twice is so once.
_PART: Final = "recall"

#: Causes of a ringing that became pointless.
_GONE = ("LOSE_RACE", "ORIGINATOR_CANCEL")


class RecallJournal:
    """``leg`` is the UUID of the channel that rings."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def rings(self, leg: str, held: Held, office: Office, at: datetime) -> None:
        """It begins to ring."""
        caller = held.caller.user or held.caller.number
        step = begun(at) | _step(held, office, "")
        self._journal.begin(leg, Fact(_PART, 0, step), caller=caller, dialled=held.holder.user or "", at=at)

    def answered(self, leg: str, held: Held, office: Office, at: datetime) -> None:
        """They talk. That it rang may be unwritten, if the process that rang was killed."""
        self.rings(leg, held, office, at)
        step = _step(held, office, "answered")
        self._journal.update(leg, Fact(_PART, 0, step), state="talking", result=f"user:{held.holder.user}")

    def unanswered(self, leg: str, held: Held, office: Office, cause: str, at: datetime) -> None:
        """It rings no more; the Q.850 ``cause`` says why."""
        outcome = "gone" if cause in _GONE else word(of_phone(PhoneEnd(cause)) or Offline())
        result, step = "gone" if outcome == "gone" else f"hangup:{outcome}", _step(held, office, outcome)
        self._journal.end(leg, result, cause, at, Fact(_PART, 0, step))

    def ended(self, leg: str, cause: str, at: datetime) -> None:
        """The talk is over; who talked stays written."""
        self._journal.end(leg, None, cause, at)


def _step(held: Held, office: Office, outcome: str) -> dict[str, Any]:
    who = office.users[held.holder.user or ""]
    why = reason("switch.on_hold", name=who.name, seconds=office.office.hold_recall_seconds)
    target = f"user:{who.extension}"
    return unplanned("hold_recall", "ring", target, why, outcome, target if outcome == "answered" else "")
