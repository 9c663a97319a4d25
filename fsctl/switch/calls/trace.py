"""What happened to a call, step by step, as the journal keeps it: from what FreeSWITCH reported, not from the plan.

Each step has what the policy wanted (``policy action target reason``, the reason as fsctl.model.reasons.to_json has it)
and what became of it: ``outcome``, a word of fsctl.model.outcomes, and ``detail``, who answered, the cause of a
refusal, or where a phone sent the call. A step that no policy wanted is ``unplanned``: a transfer, a pickup by somebody
else.

Each part has what the policies were told: all fields of the Call, and whether the switch was known. ``saw_others``:
they looked at other calls as well, and if these were few, they are in ``saw``, without names and, but for short ones,
numbers. ``hunting`` is how hunt groups stood whenever the call looked, and who was reserved. ``passed`` are the
policies that left the call alone. fsctl.facts.recorded writes all that, and reads it back.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from fsctl import clock
from fsctl.facts.recorded import (
    fetched,
    in_the_name_of,
    kept_call,
    kept_look,
    kept_outcome,
    kept_passed,
    kept_step,
    kept_view,
    unplanned,
)
from fsctl.model.actions import Action, Reroute
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.happenings import who
from fsctl.model.live import Looked
from fsctl.model.outcomes import Answered, CallerGone, Outcome, Performed
from fsctl.model.reasons import Reason, reason, within
from fsctl.policies.outside_loops import WARNINGS
from fsctl.route import Planned, Result
from fsctl.store.journal_parts import Fact, begun, new_part
from fsctl.store.journal_queue import Journal
from fsctl.store.journal_table import JournalState
from fsctl.switch.wire.phones import MOST_AT_ONCE

log = logging.getLogger(__name__)

#: The policy of each kind of joining.
_JOINING: Final[Mapping[str, str]] = {
    "join": "executive_join", "barge_in": "barge_in", "three_way": "executive_join"}


class Trace:
    """One connection's part of a call. ``decided`` is called when the call needs this process no more.

    A call that was transferred goes on in a second connection, which need not know what was written of the first.
    """

    def __init__(
        self, call: Call, journal: Journal, decided: Callable[[], None], live: Looked, caller: str
    ) -> None:
        self._call, self._journal, self._decided, self._live = call, journal, decided, live
        self._part = new_part()
        self._steps = 0
        self._action = self._outcome = ""  # of the last step
        self._awaited: Action | None = None  # what it wants to become of something, and nobody knows yet
        self._unwritten: list[Fact] = []
        self._saw_others = False
        self._told: str | None = None
        self._result = Result()
        self._answered_by = ""
        self._talks_to = ""
        self._over = False
        self._joining = ""  # the policy by which somebody has joined, or this call another one
        self._tell(None, begun(call.at) | kept_call(call) | {"switch_known": live.known})
        if call.transferred_by:
            self._step("transfer", "transfer", str(call.to), _transferred(f"user:{call.transferred_by}"), "")
        journal.begin(call.uuid, *self._taken(), caller=caller, dialled=call.dialled, at=call.at)

    def give_up(self) -> None:
        """Another connection writes about this call from now on."""
        self._over = True

    def begin(self, planned: Planned) -> None:
        """Written before it is done, so that a killed controller leaves behind what it was doing."""
        if planned.step is None:  # it is written with the step that comes of it
            return
        step = kept_step(planned.step)
        if executive := in_the_name_of(planned.action):
            step["for"] = executive
        if any(each.name in WARNINGS for each in within(planned.step.reason)):
            log.warning("call %s: %s", self._call.uuid, planned.step.reason)
        if planned.passed:
            step["passed"] = kept_passed(planned.passed)
        self._next(step)
        if not isinstance(planned.action, Reroute):
            self._awaited = planned.action
            self._write()
            return
        self._result.note(planned.action, None)
        self._write(None, self._result.text if self._told else None)

    def left_out(self, phones: int) -> None:
        """So many phones of the last step do not ring, since there are too many."""
        uuid = self._call.uuid
        log.warning("call %s: FreeSWITCH rings %d phones at once, so that %d do not ring", uuid, MOST_AT_ONCE, phones)
        self._tell(self._steps - 1, {"left_out": phones})

    def answered(self, outcome: Answered) -> None:
        """Somebody took the call."""
        self._became("answered", str(outcome.by))
        self._answered_by = self._talks_to = str(outcome.by)
        self._joining = _JOINING.get(outcome.by.kind, self._joining)
        self._decided()
        self._write("talking", self._answered_by)

    def picked_up(self, outcome: Answered) -> None:
        """Somebody took the call from the phones that the last step rings at."""
        self._became("picked-up", str(outcome.by))
        self._answered_by = self._talks_to = str(outcome.by)
        why = reason("switch.picked_up", who=who(self._talks_to))
        self._step("call_pickup", "pickup", self._talks_to, why, "answered")
        self._decided()
        self._write("talking", self._answered_by)

    def parked(self, slot: str) -> None:
        """The call waits in a slot: parked by the last step, or from a talk by somebody who did not transfer it."""
        if self._action == "park":
            self._became("parked", slot)
        else:
            why = reason("switch.parked", who=who(self._talks_to))
            self._step("call_park", "park", f"park:{slot}", why, "parked")
        self._answered_by = f"park:{slot}"
        self._decided()
        self._write("parked", self._answered_by)

    def handed_over(self) -> None:
        """The last step sends it to somebody; its next connection tells what becomes of that."""
        self._became(**kept_outcome(Performed()))
        if self._awaited:
            self._result.note(self._awaited, Performed())
        self._decided()
        self._write()

    def fetched(self, by: Destination | None) -> None:
        """Somebody has fetched it from there. Where nobody knows who, the call's result stays the slot."""
        self._talks_to = str(by or "")
        self._answered_by = self._talks_to or self._answered_by
        self._next(fetched(self._talks_to))
        self._write("talking", self._answered_by)

    def connected(self, by: Destination | None) -> None:
        """The call talks with somebody else now, who was brought in by whom it talked to before."""
        before, self._talks_to = self._talks_to, str(by or "")
        self._step("transfer", "connect", self._talks_to, _transferred(before), "answered" if by else "")
        self._answered_by = self._talks_to or self._answered_by
        self._write("talking", self._answered_by)

    def taken_elsewhere(self, by: Destination | None) -> None:
        """Somebody has it where it went on."""
        self._talks_to = self._answered_by = str(by or self._result.settled)
        self._write("talking", self._answered_by)

    def joined(self, by: Destination) -> None:
        """Somebody talks along with the call and who has it, from now on."""
        self._joining, who_joins = _JOINING[by.kind], f"user:{by.name}"
        them = who(who_joins)
        why = reason("switch.three_way", who=them) if by.kind == "three_way" else reason("switch.joined", who=them)
        self._step(self._joining, "join", who_joins, why, "")
        self._write("talking")

    def two_left(self, by: Destination | None) -> None:
        """The call talks with another one of three, the last but he."""
        self._talks_to = str(by or "")
        why = reason("switch.third_left")
        self._step(self._joining, "connect", self._talks_to, why, "answered" if by else "")
        self._answered_by = self._talks_to or self._answered_by
        self._write("talking", self._answered_by)

    def entered(self, by: Destination) -> None:
        """Somebody is in the conference that the call is in."""
        self._step("group_call", "join", str(by), reason("switch.in_conference", who=who(str(by))), "")
        self._write("talking")

    def moved(self, by: Destination | None) -> None:
        """Another call has this one now, and who made that one talks here from now on, if anybody does."""
        why = reason("switch.taken", who=who(str(by)) if by else reason("switch.another_call"))
        self._step("transfer", "connect", str(by or ""), why, "answered" if by else "")
        if by:
            self._answered_by = self._talks_to = str(by)
        self._write("talking" if by else None, self._answered_by or None)

    def came_to(self, planned: Planned, outcome: Outcome) -> None:
        """What became of the step."""
        if planned.step is None:
            self._tell(None, {"hunting": [kept_look(planned.action, outcome)]})
            return
        self._awaited = None
        self._result.note(planned.action, outcome)
        if not self._outcome:
            self._became(**kept_outcome(outcome))
        self._write(None, self._answered_by or self._result.text)

    def gone(self, cause: str) -> None:
        """The caller hung up amid the last step, with a Q.850 cause."""
        if self._steps and not self._outcome:
            self._became(**kept_outcome(CallerGone()))
            if self._awaited:
                self._result.note(self._awaited, CallerGone())
        self.end("gone", cause)

    def end(self, result: str | None, cause: str) -> None:
        """The call is over, with a Q.850 cause."""
        if not self._over:
            told = self._answered_by or self._result.settled or result or self._result.text
            self._journal.end(self._call.uuid, told, cause, clock.now(), *self._taken())

    def _step(self, policy: str, action: str, target: str, why: Reason, outcome: str) -> None:
        self._next(unplanned(policy, action, target, why, outcome, target if outcome else ""))

    def _next(self, step: dict[str, Any]) -> None:
        self._steps += 1
        self._action, self._outcome = step["action"], step.get("outcome", "")
        self._tell(self._steps - 1, step)

    def _became(self, outcome: str, detail: str, **more: Any) -> None:
        self._outcome = outcome
        self._tell(self._steps - 1, {"outcome": outcome} | ({"detail": detail} if detail else {}) | more)

    def _tell(self, step: int | None, body: dict[str, Any]) -> None:
        self._unwritten.append(Fact(self._part, step, body))

    def _taken(self) -> list[Fact]:
        """What was not written yet."""
        if self._live.saw_others and not self._saw_others:
            self._saw_others = True
            self._tell(None, kept_view(self._live))
        taken, self._unwritten = self._unwritten, []
        return taken

    def _write(self, state: JournalState | None = None, result: str | None = None) -> None:
        if self._over:
            return
        facts, news = self._taken(), result if result != self._told else None
        self._told = result if result is not None else self._told
        if facts or news is not None or state:
            self._journal.update(self._call.uuid, *facts, state=state, result=news)


def _transferred(by: str) -> Reason:
    return reason("switch.transferred", who=who(by))
