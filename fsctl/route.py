"""Walks the policies: asks each in turn, follows reroutes, and says why at every step."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from fsctl.model.actions import Action, Because, Done, Ending, Hangup, NotTaken, Pass, Play, Reroute, Ring, Weight
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Answered, Moved, Outcome
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.policies import transfer_recall
from fsctl.policies.feature import Stage
from fsctl.policies.language import language_for
from fsctl.policies.stages import PIPELINE
from fsctl.words.places import place

REASONS = declare({
    "route.circles": "{to} was already tried: the call goes round in circles",
    "route.once": "asked only once for each call",
}, {"to": place})

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
Pipeline = Sequence[Stage]


def walk(call: Call, office: Office, live: Live, pipeline: Pipeline = PIPELINE) -> Walk:
    """Yields each action in turn and is sent its outcome; for a Reroute, which needs no performing, ``next``.

    A call that comes back to where it was, or is rerouted more than HOP_LIMIT times, is not taken; back to an attendant
    it may come, for it is the caller who chooses there. One that is not taken comes back to who transferred it, for
    the executive for whom he had it, or ends with an announcement.
    """
    visited, hops, for_user = {call.to}, 0, call.for_user
    passed: list[Step] = []
    while True:
        ending, policy, why, call = yield from _ask_all(call, office, live, pipeline, passed)
        if isinstance(ending, Reroute):
            to = office.owner_of(ending.to)
            hops += 1
            if (to in visited and to.kind != "attendant") or hops > HOP_LIMIT:
                ending, policy = NotTaken("offline", "not-available", language_for(call, office)), "route"
                why = reason("route.circles", to=str(to))
        if isinstance(ending, NotTaken):
            back = transfer_recall.comes_back(replace(call, for_user=for_user), office, ending, why)
            if back is None:
                yield from _end(call, office, ending, policy, why, passed)
                return
            call, reroute, why = back
            yield Planned(reroute, Step(transfer_recall.NAME, "reroute", str(call.to), why), _taken(passed))
            visited, hops = {call.to}, 0
            continue
        if not isinstance(ending, Reroute):
            return
        yield Planned(ending, Step(policy, "reroute", str(to), why), _taken(passed))
        visited.add(to)
        by = call.by if ending.by is None else ending.by
        skips, shown = (*call.skips, *ending.skips), ending.show or call.shown
        withheld = call.withheld or ending.withheld
        call = replace(call, to=to, by=by, skips=skips, outcome=None, why=NONE, shown=shown, withheld=withheld,
                       sent_by=call.to, on_behalf=ending.on_behalf or call.on_behalf,
                       intercepted=call.intercepted or ending.intercepted)


def _ask_all(
    call: Call, office: Office, live: Live, pipeline: Pipeline, passed: list[Step]
) -> Generator[Planned, Outcome, tuple[Ending, str, Reason, Call]]:
    """How the first that does not pass ends, which one it is, why, and what the call has become by then."""
    for stage in pipeline:
        name = stage.feature.name
        if stage.name in call.skips:
            passed.append(Step(name, "pass", str(call.to), reason("route.once")))
            continue
        ending, why, call = yield from _ask(stage, call, office, live, passed)
        if not isinstance(ending, Pass):
            return ending, name, why, call
        passed.append(Step(name, "pass", str(call.to), ending.why or why))
        if ending.skips:
            call = replace(call, skips=(*call.skips, *ending.skips))
        if ending.outcome is not None:
            call = replace(call, outcome=ending.outcome, why=ending.why)
    return Done(), "", NONE, call


def _ask(
    stage: Stage, call: Call, office: Office, live: Live, passed: list[Step]
) -> Generator[Planned, Outcome, tuple[Ending, Reason, Call]]:
    assert stage.run is not None
    name, policy, why = stage.feature.name, stage.run(call, office, live), NONE
    try:
        wanted = next(policy)
        while True:
            if isinstance(wanted, Because):
                why = wanted.reason
                wanted = next(policy)
                continue
            if not wanted.noticed:
                wanted = policy.send((yield Planned(wanted, None)))
                continue
            outcome = yield Planned(wanted, Step(name, wanted.name, wanted.target, why), _taken(passed))
            why = NONE
            if isinstance(wanted, Ring) and wanted.executive not in ("", call.for_user):
                call = replace(call, for_user="")  # another one's now, as its channel says
            wanted = policy.send(outcome)
    except StopIteration as end:
        return end.value, why, call


def _taken(passed: list[Step]) -> tuple[Step, ...]:
    """What was passed since it was last asked for."""
    taken = tuple(passed)
    passed.clear()
    return taken


def _end(call: Call, office: Office, ending: NotTaken, policy: str, why: Reason, passed: list[Step]) -> Walk:
    """Whoever came back to his transferor in vain hears at least that nobody is there. A talk goes on."""
    if ending.announcement or call.recalled:
        said = Play(ending.announcement or "not-available", ending.language if ending.announcement else language_for(
            call, office))
        yield Planned(said, Step(policy, said.name, said.target, why), _taken(passed))
        why = NONE
    if call.talk:
        return
    ended = Hangup(ending.hangup)
    yield Planned(ended, Step(policy, ended.name, ended.target, why), _taken(passed))


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
        """Take in one performed action and its outcome; a Reroute, and what is not known yet, have None."""
        if isinstance(outcome, Answered):
            self.text, self._settled = str(outcome.by), True
            return
        if isinstance(outcome, Moved):  # whatever it was, it was cut short
            return
        weight, text = (Weight.ASKED, "") if isinstance(action, Reroute) else action.leaves(outcome)
        match weight:
            case Weight.GOT:
                self.text, self._settled = text, True
            case Weight.HEARD if not self._settled:
                self.text, self._settled, self._announced = text, True, True
            case Weight.ASKED if self._announced:
                self.text, self._settled, self._announced = "", False, False
            case Weight.ENDED if not self._settled:
                self.text = text
