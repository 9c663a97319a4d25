"""Everything that can happen to a call: the walk again and again, with each outcome that makes a difference."""

from collections import deque
from dataclasses import dataclass, field

from fsctl.explain import Assumptions, StandingOf, follow, untouched
from fsctl.model.actions import Action, Reroute
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import (
    Outcome,
)
from fsctl.route import Planned, Step

#: How many outcomes may follow one upon the other, and how many branches there may be in all.
DEPTH, BRANCHES = 10, 200


@dataclass(frozen=True, slots=True)
class Branch:
    """What happens from one point on: steps for certain, and then either a result or what each outcome leads to.

    ``outcomes`` has the words that lead to the same. ``cut``: more could happen than DEPTH and BRANCHES let be seen.
    """

    steps: tuple[Step, ...]
    passed: tuple[tuple[int, Step], ...] = ()
    result: str = ""
    outcomes: tuple[tuple[tuple[str, ...], "Branch"], ...] = ()
    cut: bool = False


@dataclass(slots=True)
class _Node:
    """A branch while it grows. ``decided`` are the outcomes that lead there."""

    decided: tuple[Outcome, ...]
    before: int
    steps: tuple[Step, ...] = ()
    passed: tuple[tuple[int, Step], ...] = ()
    result: str = ""
    children: list[tuple[str, "_Node"]] = field(default_factory=list)
    cut: bool = False


def possibilities(
    call: Call, office: Office, depth: int = DEPTH, branches: int = BRANCHES, standing: StandingOf = untouched
) -> Branch:
    """All branches, those that few outcomes lead to first, until there are too many.

    A caller can hang up at any time, and a phone can send its calls anywhere; that is not shown. A question that comes
    again is answered as before.
    """
    root = _Node((), 0)
    waiting, made = deque([root]), 1
    while waiting:
        node = waiting.popleft()
        choices = _grow(node, call, office, standing)
        if choices and (len(node.decided) >= depth or made + len(choices) > branches):
            node.cut = True
            continue
        for label, outcome in choices:
            child = _Node((*node.decided, outcome), node.before + len(node.steps))
            node.children.append((label, child))
            waiting.append(child)
        made += len(choices)
    return _frozen(root)


def _grow(node: _Node, call: Call, office: Office, standing: StandingOf) -> list[tuple[str, Outcome]]:
    """Walk until something can turn out in several ways: what these are."""
    decided, open_choices = iter(node.decided), list[tuple[str, Outcome]]()
    answers: dict[Action, Outcome] = {}
    assumptions = Assumptions(call, office, standing, Live())

    def outcome_of(planned: Planned) -> Outcome | None:
        action = planned.action
        if isinstance(action, Reroute):
            return None
        if action in answers:
            return answers[action]
        choices = list(action.choices(assumptions))
        if not choices:
            return assumptions.outcome_of(planned)
        outcome = next(decided, None)
        if outcome is None:
            open_choices.extend(choices)
            return None
        if action.alike:
            answers[action] = outcome
        return assumptions.came_to(action, outcome)

    found = follow(call, office, outcome_of)
    node.steps = found.steps[node.before :]
    node.passed = tuple((before - node.before, step) for before, step in found.passed if before >= node.before)
    node.result = "" if open_choices else found.result
    return open_choices


def _frozen(node: _Node) -> Branch:
    together: dict[Branch, list[str]] = {}
    for label, child in node.children:
        together.setdefault(_frozen(child), []).append(label)
    outcomes = tuple((tuple(labels), branch) for branch, labels in together.items())
    return Branch(node.steps, node.passed, node.result, outcomes, node.cut)
