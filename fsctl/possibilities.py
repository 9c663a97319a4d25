"""Everything that can happen to a call: the walk again and again, with each outcome that makes a difference."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from fsctl.explain import Assumptions, StandingOf, follow, untouched
from fsctl.model.actions import Ask, Change, Claim, Connect, Park, Pickup, Ring
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import (
    Answered,
    Busy,
    Digits,
    Failed,
    NoAnswer,
    Offline,
    Outcome,
    Parked,
    Performed,
    Rejected,
    Silence,
    Taken,
    Won,
    word,
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
    answers: dict[Ask, Outcome] = {}
    assumptions = Assumptions(call, standing, Live())

    def outcome_of(planned: Planned) -> Outcome | None:
        action = planned.action
        if isinstance(action, Ask) and action in answers:
            return answers[action]
        choices = list(_choices(planned, call, office))
        if not choices:
            return assumptions.outcome_of(planned, iter(()))
        outcome = next(decided, None)
        if outcome is None:
            open_choices.extend(choices)
            return None
        if isinstance(action, Ask):
            answers[action] = outcome
        return assumptions.came_to(planned, outcome)

    found = follow(call, office, outcome_of)
    node.steps = found.steps[node.before :]
    node.passed = tuple((before - node.before, step) for before, step in found.passed if before >= node.before)
    node.result = "" if open_choices else found.result
    return open_choices


def _choices(planned: Planned, call: Call, office: Office) -> Iterator[tuple[str, Outcome]]:
    """The outcomes between which a plan can tell, each with its word; none where there is only one."""
    match planned.action:
        case Ring() as ring:
            targets = dict.fromkeys(leg.target for leg in ring.legs)
            for target in targets:
                yield "answered" if len(targets) == 1 else f"answered by {target}", Answered(target)
            for outcome in (Busy(), NoAnswer(), Offline(), Rejected()):
                yield word(outcome), outcome
        case Ask() as ask:
            for digits in _digits(ask, call, office):
                yield f"digits:{digits}", Digits(digits)
            yield "silence", Silence()
        case Claim():
            yield from ((word(outcome), outcome) for outcome in (Won(), Taken()))
        case Pickup(of=of):
            yield "answered", Answered(Destination("pickup", of))
            yield "taken", Taken()
        case Park(slot):
            yield "parked", Parked(slot)
            yield "taken", Taken()
        case Connect(slot=slot):
            yield "answered", Answered(Destination("retrieve", slot))
            yield "taken", Taken()
        case Change():
            yield from ((word(outcome), outcome) for outcome in (Performed(), Failed()))


def _digits(ask: Ask, call: Call, office: Office) -> Iterator[str]:
    """The keys that lead somewhere and one that does not; where anything may be dialled, a colleague's extension."""
    if ask.keys:
        yield from ask.keys
        yield from [key for key in "123456789" if key not in ask.keys][:1]
    else:
        yield from [user for user in office.users if user != call.user][:1]


def _frozen(node: _Node) -> Branch:
    together: dict[Branch, list[str]] = {}
    for label, child in node.children:
        together.setdefault(_frozen(child), []).append(label)
    outcomes = tuple((tuple(labels), branch) for branch, labels in together.items())
    return Branch(node.steps, node.passed, node.result, outcomes, node.cut)
