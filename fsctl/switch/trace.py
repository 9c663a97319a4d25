"""What happened to a call, step by step, as the journal keeps it: from what FreeSWITCH reported, not from the plan.

Each step has what the policy wanted (``policy action target reason``, the reason as fsctl.model.reasons.to_json has it)
and what became of it: ``outcome``, a word of fsctl.model.outcomes, and ``detail``, who answered, the cause of a refusal
or where a phone sent the call. A step that no policy wanted is ``unplanned``: a transfer, a pickup by somebody else.

Each part has what the policies were told: ``at user external dialled transferred_by parker``, and whether the switch
was known; ``first`` is the index of its first step. ``saw_others``: they looked at other calls as well, and if these
were few, they are in ``saw``, without names and numbers. ``hunting`` is how hunt groups stood whenever the call looked,
and who was reserved; ``chance`` the call's random number. ``passed`` are the policies that left the call alone, each
with the index of the step ``before`` which it was asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from fsctl import clock
from fsctl.model.actions import Action, Reroute, Reserve, Survey
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.happenings import who
from fsctl.model.live import Looked
from fsctl.model.outcomes import Answered, CallerGone, Moved, Outcome, Redirected, Rejected, Surveyed, word
from fsctl.model.reasons import Reason, reason, to_json
from fsctl.route import Planned, Result, Step
from fsctl.store.journal import Journal, JournalState

#: More calls than these are not written down for each that looked at them.
MOST_SEEN = 20


@dataclass(frozen=True, slots=True)
class Written:
    """What is written of a call: its steps and its parts."""

    steps: Sequence[dict[str, Any]] = ()
    parts: Sequence[dict[str, Any]] = ()


class Trace:
    """One connection's part of a call. ``decided`` is called when the call needs this process no more.

    A call that was transferred goes on in a second connection, with the steps it took so far: ``before``.
    """

    def __init__(
        self, call: Call, journal: Journal, decided: Callable[[], None], live: Looked, before: Written = Written()
    ) -> None:
        self._call, self._journal, self._decided, self._live = call, journal, decided, live
        self._steps: list[dict[str, Any]] = list(before.steps)
        self._passed: list[dict[str, Any]] = []
        self._part: dict[str, Any] = {
            "first": len(self._steps), "at": call.at.isoformat(), "user": call.user, "external": call.external,
            "dialled": call.dialled, "transferred_by": call.transferred_by, "parker": call.parker,
            "chance": call.chance, "switch_known": live.known, "saw_others": False, "passed": self._passed,
        }
        self._parts: list[dict[str, Any]] = [*before.parts, self._part]
        self._result = Result()
        self._answered_by = ""
        self._talks_to = ""
        self._over = False
        journal.begin(call.uuid, caller=call.user or call.caller.number, dialled=call.dialled, at=call.at)
        if call.transferred_by:
            self._step("transfer", "transfer", str(call.to), _transferred(f"user:{call.transferred_by}"), "")
            self._write()

    def give_up(self) -> None:
        """Another connection writes about this call from now on."""
        self._over = True

    @property
    def written(self) -> Written:
        """What was done so far."""
        return Written(tuple(self._steps), tuple(self._parts))

    def begin(self, planned: Planned) -> None:
        """Written before it is done, so that a killed controller leaves behind what it was doing."""
        if planned.step is None:  # it is written with the step that comes of it
            return
        self._passed += [kept(each) | {"before": len(self._steps)} for each in planned.passed]
        self._steps.append(kept(planned.step) | {"outcome": "", "detail": ""})
        self._write()

    def answered(self, outcome: Answered) -> None:
        """Somebody took the call."""
        self._steps[-1] |= {"outcome": "answered", "detail": str(outcome.by)}
        self._answered_by = self._talks_to = str(outcome.by)
        self._decided()
        self._write("talking", self._answered_by)

    def picked_up(self, outcome: Answered) -> None:
        """Somebody took the call from the phones that the last step rings at."""
        self._steps[-1] |= {"outcome": "picked-up", "detail": str(outcome.by)}
        self._answered_by = self._talks_to = str(outcome.by)
        why = reason("switch.picked_up", who=who(self._talks_to))
        self._step("call_pickup", "pickup", self._talks_to, why, "answered")
        self._decided()
        self._write("talking", self._answered_by)

    def parked(self, slot: str) -> None:
        """The call waits in a slot: parked by the last step, or from a talk by somebody who did not transfer it."""
        if self._steps and self._steps[-1]["action"] == "park":
            self._steps[-1] |= {"outcome": "parked", "detail": slot}
        else:
            why = reason("switch.parked", who=who(self._talks_to))
            self._step("call_park", "park", f"park:{slot}", why, "parked")
        self._answered_by = f"park:{slot}"
        self._decided()
        self._write("parked", self._answered_by)

    def fetched(self, outcome: Answered) -> None:
        """Somebody has fetched it from there."""
        self._answered_by = self._talks_to = str(outcome.by)
        self._steps.append(fetched(self._talks_to))
        self._write("talking", self._answered_by)

    def connected(self, outcome: Answered) -> None:
        """The call talks with somebody else now, who was brought in by whom it talked to before."""
        before, self._talks_to = self._talks_to, str(outcome.by)
        self._step("transfer", "connect", self._talks_to, _transferred(before), "answered")
        self._answered_by = self._talks_to
        self._write("talking", self._talks_to)

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
            self._part.setdefault("hunting", []).append(_hunted(planned.action, outcome))
            return
        self._result.note(planned.action, outcome)
        if not self._steps[-1]["outcome"]:
            self._steps[-1] |= {"outcome": word(outcome), "detail": _detail(outcome)}
        self._write(None, self._answered_by or self._result.text)

    def gone(self, cause: str) -> None:
        """The caller hung up amid the last step, with a Q.850 cause."""
        if self._steps and not self._steps[-1]["outcome"]:
            self._steps[-1]["outcome"] = word(CallerGone())
            self._write()
        self.end("gone", cause)

    def end(self, result: str | None, cause: str) -> None:
        """The call is over, with a Q.850 cause."""
        if not self._over:
            told = self._answered_by or self._result.settled or result or self._result.text
            self._journal.end(self._call.uuid, told, cause, clock.now())

    def _step(self, policy: str, action: str, target: str, why: Reason, outcome: str) -> None:
        self._steps.append(unplanned(policy, action, target, why, outcome, target if outcome else ""))

    def _write(self, state: JournalState | None = None, result: str | None = None) -> None:
        if not self._over:
            if self._live.saw_others and not self._part["saw_others"]:
                self._part |= {"saw_others": True} | _seen(self._live)
            self._journal.update(self._call.uuid, state=state, steps=self._steps, parts=self._parts, result=result)


def kept(step: Step) -> dict[str, Any]:
    """A step of a plan as the journal has it, before anything became of it."""
    return {"policy": step.policy, "action": step.action, "target": step.target, "reason": to_json(step.reason)}


def unplanned(policy: str, action: str, target: str, why: Reason, outcome: str, detail: str) -> dict[str, Any]:
    """A step that no policy wanted, as the journal has it."""
    return kept(Step(policy, action, target, why)) | {"outcome": outcome, "detail": detail, "unplanned": True}


def fetched(by: str) -> dict[str, Any]:
    """That of a parked call which somebody (``user:102``) has fetched."""
    return unplanned("call_park", "connect", by, reason("switch.fetched", who=who(by)), "answered", by)


def _transferred(by: str) -> Reason:
    return reason("switch.transferred", who=who(by))


def _seen(live: Looked) -> dict[str, Any]:
    if len(live.calls) > MOST_SEEN:
        return {}
    return {"saw": [asdict(each) | {"since": each.since.isoformat(), "number": "", "name": ""} for each in live.calls]}


def _hunted(action: Action | Reroute, outcome: Outcome) -> dict[str, Any]:
    """What a survey saw, members' channels without names and numbers; or who was reserved, and whether he was."""
    if isinstance(outcome, Surveyed) and isinstance(action, Survey):
        standing, channels = outcome.standing, [call for each in action.members for call in outcome.live.at(each)]
        return {
            "at": outcome.at.isoformat(), "pointer": standing.pointer, "turn": standing.turn, "place": standing.place,
            "reserved": sorted(standing.reserved),
            "tallies": {member: {key: value.isoformat() if isinstance(value, datetime) else value
                                 for key, value in asdict(tally).items()}
                        for member, tally in standing.tallies.items()},
            "channels": [{"uuid": call.uuid, "member": call.user or call.number, "peer": call.peer,
                          "direction": call.direction, "state": call.state} for call in channels],
        }
    return {"reserve": action.member if isinstance(action, Reserve) else "", "outcome": word(outcome)}


def _detail(outcome: Outcome) -> str:
    match outcome:
        case Answered(by):
            return str(by)
        case Rejected(text) | Redirected(text) | Moved(text):
            return text
    return ""
