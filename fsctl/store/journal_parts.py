"""A call's steps and parts, put together from the facts that were written about it one after the other.

Each connection of a call, and each other writer about it, has a part of its own. Nobody reads before he writes, and
facts of two processes may lie among each other in the table: parts are ordered by when they began.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from fsctl.store.database import stamp

#: What a part was told bit by bit: such lists grow with each fact that has one. Everything else, the last fact says.
_GROWING: Final = ("hunting",)
#: When a part began, its first fact says.
_BEGUN: Final = "begun"

#: What is not written of a step, since it is nothing; and all that is left of one whose beginning was lost.
_STEP: Final = {"policy": "", "action": "", "target": "", "reason": "", "outcome": "", "detail": ""}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about the step number ``step`` of a part, counted from 0, or (None) about what the part was told.

    ``body`` is ready for JSON. Of a step: ``policy action target reason``, ``passed``, the policies that were asked
    before it in vain, ``unplanned``, and later ``outcome`` and ``detail``. The first fact of a part has ``begun``.
    """

    part: str
    step: int | None
    body: Mapping[str, Any]


def new_part() -> str:
    """A name that no other part of a call has."""
    return uuid4().hex[:12]


def begun(at: datetime) -> dict[str, str]:
    """What the first fact of a part says besides: when it began."""
    return {_BEGUN: stamp(at)}


def assemble(facts: Iterable[Fact]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The steps and the parts of a call, from its facts in the order of their writing.

    ``passed`` stands in its part then, each with the index of the step ``before`` which it was asked, and ``first`` is
    the index of the part's first step. Who only wrote steps has no part in what the policies were told.
    """
    steps: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    for part in _ordered(facts):
        first = len(steps)
        passed: list[dict[str, Any]] = []
        for _, step in sorted(part.steps.items()):
            passed += [{**each, "before": len(steps)} for each in _each(step.pop("passed", ()))]
            steps.append(_STEP | step)
        if part.told:
            parts.append({"first": first, "saw_others": False} | part.told | {"passed": passed})
    return steps, parts


def _each(passed: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    """One by one: those that say nothing but their name lie together, ``[target, policy, policy, …]``."""
    for kept in passed:
        if isinstance(kept, list):
            target, *policies = kept
            yield from ({"policy": each, "action": "pass", "target": target, "reason": []} for each in policies)
        else:
            yield kept


def merged(told: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
    """What changes by ``news`` of what was told before."""
    return {key: told[key] + value if key in _GROWING and key in told else value
            for key, value in news.items() if key != _BEGUN or key not in told}


@dataclass(slots=True)
class _Part:
    begun: str = ""
    told: dict[str, Any] = field(default_factory=dict)
    steps: dict[int, dict[str, Any]] = field(default_factory=dict)

    def take(self, fact: Fact) -> None:
        body = dict(fact.body)
        self.begun = self.begun or body.get(_BEGUN, "")
        body.pop(_BEGUN, None)
        if fact.step is not None:
            self.steps.setdefault(fact.step, {}).update(body)
            return
        self.told |= merged(self.told, body)


def _ordered(facts: Iterable[Fact]) -> list[_Part]:
    parts: dict[str, _Part] = {}
    for fact in facts:
        parts.setdefault(fact.part, _Part()).take(fact)
    latest = ""
    for part in parts.values():  # one whose beginning was lost stays where it was written
        part.begun = latest = part.begun or latest
    return sorted(parts.values(), key=lambda part: part.begun)
