"""Walks the policies: asks each in turn, follows reroutes, and says why at every step."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from fsctl.model.actions import (
    Action,
    Answer,
    Ask,
    Because,
    Change,
    Claim,
    Connect,
    Done,
    Hangup,
    Mailbox,
    Park,
    Pass,
    Pickup,
    Play,
    Reroute,
    Reserve,
    Ring,
    Survey,
    Unpark,
    Wait,
)
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Answered, CallerGone, Failed, Moved, Outcome, Parked
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.policies import PIPELINE, Run
from fsctl.policies.language import language_for

REASONS = declare({
    "route.circles": "{to} was already tried: the call goes round in circles",
    "route.once": "asked only once for each call",
})

#: Reroutes of one call before it is taken for a loop.
HOP_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a call: which policy did what, to whom, and why."""

    policy: str
    action: str
    target: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Planned:
    """What the walk yields: an action to perform, or a Reroute to take note of, with its step.

    ``passed`` are the policies that were asked since the step before and left the call to the next one: their
    ``action`` is ``pass``, their ``target`` where the call was going, and their ``reason`` is NONE where the policy has
    nothing to do with such a destination. What the caller cannot notice has no step.
    """

    action: Action | Reroute
    step: Step | None
    passed: tuple[Step, ...] = ()


Walk = Generator[Planned, Outcome, None]
Pipeline = Sequence[tuple[str, Run]]


def walk(call: Call, office: Office, live: Live, pipeline: Pipeline = PIPELINE) -> Walk:
    """Yields each action in turn and is sent its outcome; for a Reroute, which needs no performing, ``next``.

    A call that comes back to where it was, or is rerouted more than HOP_LIMIT times, ends with an announcement; back
    to an attendant it may come, for it is the caller who chooses there.
    """
    visited, hops = {call.to}, 0
    passed: list[Step] = []
    while True:
        ending, policy, why = yield from _ask_all(call, office, live, pipeline, passed)
        if not isinstance(ending, Reroute):
            return
        to = office.owner_of(ending.to)
        hops += 1
        if (to in visited and to.kind != "attendant") or hops > HOP_LIMIT:
            yield from _end_loop(call, office, to, passed)
            return
        yield Planned(ending, Step(policy, "reroute", str(to), why), _taken(passed))
        visited.add(to)
        by = call.by if ending.by is None else ending.by
        skips, shown = (*call.skips, *ending.skips), ending.show or call.shown
        call = replace(call, to=to, by=by, skips=skips, outcome=None, why=NONE, shown=shown)


def _ask_all(
    call: Call, office: Office, live: Live, pipeline: Pipeline, passed: list[Step]
) -> Generator[Planned, Outcome, tuple[Pass | Reroute | Done, str, Reason]]:
    for name, run in pipeline:
        if name in call.skips:
            passed.append(Step(name, "pass", str(call.to), reason("route.once")))
            continue
        ending, why = yield from _ask(name, run, call, office, live, passed)
        if not isinstance(ending, Pass):
            return ending, name, why
        passed.append(Step(name, "pass", str(call.to), ending.why or why))
        if ending.outcome is not None:
            call = replace(call, outcome=ending.outcome, why=ending.why)
    return Done(), "", NONE


def _ask(
    name: str, run: Run, call: Call, office: Office, live: Live, passed: list[Step]
) -> Generator[Planned, Outcome, tuple[Pass | Reroute | Done, Reason]]:
    policy, why = run(call, office, live), NONE
    try:
        wanted = next(policy)
        while True:
            if isinstance(wanted, Because):
                why = wanted.reason
                wanted = next(policy)
                continue
            if isinstance(wanted, Survey | Reserve):
                wanted = policy.send((yield Planned(wanted, None)))
                continue
            outcome = yield Planned(wanted, Step(name, verb(wanted), target(wanted), why), _taken(passed))
            why = NONE
            wanted = policy.send(outcome)
    except StopIteration as end:
        return end.value, why


def _taken(passed: list[Step]) -> tuple[Step, ...]:
    """What was passed since it was last asked for."""
    taken = tuple(passed)
    passed.clear()
    return taken


def _end_loop(call: Call, office: Office, to: object, passed: list[Step]) -> Walk:
    why = reason("route.circles", to=str(to))
    for action in (Play("not-available", language_for(call, office)), Hangup("offline")):
        yield Planned(action, Step("route", verb(action), target(action), why), _taken(passed))


def verb(action: Action) -> str:
    """The action's name in a trace: ``ring``, ``play``, ``hangup``."""
    return type(action).__name__.lower()


def target(action: Action) -> str:
    """What an action acts on: the legs rung, the announcement, the mailbox, what a code changes, the reason."""
    match action:
        case Ring():
            return ", ".join(str(leg.target) for leg in action.legs)
        case Play(announcement) | Ask(announcement):
            return f"announcement:{announcement}"
        case Mailbox(user):
            return f"mailbox:{user}"
        case Change(effect):
            return effect
        case Claim(key):
            return key
        case Pickup(of=of):
            return f"pickup:{of}"
        case Park(slot) | Unpark(slot):
            return f"park:{slot}"
        case Connect(slot=slot):
            return f"retrieve:{slot}"
        case Survey(hunt) | Reserve(hunt) | Wait(hunt):
            return f"hunt:{hunt}"
        case Hangup(reason):
            return f"hangup:{reason}"
        case Answer():
            return "caller"


class Result:
    """Where a call ended up, kept up to date step by step: ``user:103``, ``announcement:blocked``, …

    What somebody got outweighs what the caller heard afterwards: an announcement the hang-up that follows it, a star
    code's effect the words that confirm it. An announcement after which the caller is asked, or sent on, was not the
    end of it.
    """

    def __init__(self) -> None:
        self.text = ""
        self._settled = self._announced = False

    @property
    def settled(self) -> str:
        """The text, if nothing that follows can change what the caller got but an answer; else ""."""
        return self.text if self._settled else ""

    def note(self, action: Action | Reroute, outcome: Outcome | None) -> None:
        """Take in one performed action and its outcome."""
        match action:
            case _ if isinstance(outcome, Answered):
                self.text, self._settled = str(outcome.by), True
            case _ if isinstance(outcome, Moved):  # whatever it was, it was cut short
                pass
            case Change() if not isinstance(outcome, Failed):
                self.text, self._settled = target(action), True
            case Park() if isinstance(outcome, Parked):
                self.text, self._settled = target(action), True
            case Mailbox(fetch=fetch):
                self.text, self._settled = "code:mailbox" if fetch else target(action), True
            case Play() if not self._settled and not isinstance(outcome, CallerGone):  # who was gone has not heard it
                self.text, self._settled, self._announced = target(action), True, True
            case Ask() | Reroute() if self._announced:
                self.text, self._settled, self._announced = "", False, False
            case Hangup() if not self._settled:
                self.text = target(action)
