"""How steps are shown: of a call that was explained, of one that was made, and of a test."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from fsctl.route import Step

#: Why a policy passed that says nothing about it itself.
UNCONCERNED = "has nothing to do with {target}"

Passed = Iterable[tuple[int, Step]]


def step_json(step: Step) -> dict[str, Any]:
    """``{policy, action, target, reason}``."""
    return asdict(step)


def passed_json(passed: Passed) -> list[dict[str, Any]]:
    """As steps, with the action ``pass``; ``before`` is the index of the step that came next."""
    return [{**asdict(step), "reason": step.reason or UNCONCERNED.format(target=step.target), "before": before}
            for before, step in passed]


def step_line(step: Mapping[str, Any]) -> str:
    """``extension: ring user:101  (101 is Anna Adler)``, and what became of it where that is known."""
    became = f" → {plain(_became(step))}" if step.get("outcome") else ""
    because = f"  ({plain(step['reason'])})" if step["reason"] else ""
    return f"{step['policy']}: {step['action']} {plain(step['target'])}{became}{because}"


def path_lines(steps: Iterable[Step], passed: Passed) -> Iterator[str]:
    """Each step, and before it the policies that passed, with their reasons; those without one share a line."""
    yield from recorded_lines([asdict(step) for step in steps],
                              [asdict(step) | {"before": before} for before, step in passed])


def recorded_lines(steps: list[Mapping[str, Any]], passed: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The same for steps and passed policies as the journal has them."""
    by_index: dict[int, list[Mapping[str, Any]]] = {}
    for each in passed:
        by_index.setdefault(each["before"], []).append(each)
    for index, step in enumerate(steps):
        yield from _passed_lines(by_index.get(index, []))
        yield step_line(step)


def _passed_lines(passed: list[Mapping[str, Any]]) -> Iterator[str]:
    target = ""
    unconcerned: list[str] = []
    for each in passed:
        if each["target"] != target and unconcerned:
            yield f"  passed: {', '.join(unconcerned)}  ({UNCONCERNED.format(target=target)})"
            unconcerned = []
        target = plain(each["target"])
        if each["reason"]:
            yield f"  passed: {each['policy']}  ({plain(each['reason'])})"
        elif each["policy"] not in unconcerned:
            unconcerned.append(each["policy"])
    if unconcerned:
        yield f"  passed: {', '.join(unconcerned)}  ({UNCONCERNED.format(target=target)})"


def _became(step: Mapping[str, Any]) -> str:
    detail = step.get("detail", "")
    if step["outcome"] in ("answered", "picked-up"):
        return f"{step['outcome']} by {detail}" if detail and detail != step["target"] else str(step["outcome"])
    return f"{step['outcome']} {detail}" if detail and detail != "CALL_REJECTED" else str(step["outcome"])


def plain(text: object) -> str:
    """What a terminal can show: a caller's number may hold anything."""
    return "".join(character if character.isprintable() else "?" for character in str(text))
