"""How steps are shown: of a call that was explained, of one that was made, and of a test."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fsctl.model import happenings  # noqa: F401  its reasons are told here, too
from fsctl.model.outcomes import Digits
from fsctl.model.reasons import Reason, declare, from_json, reason, to_json
from fsctl.route import Step
from fsctl.store.journal_table import ORPHANED
from fsctl.words import say, term
from fsctl.words.places import place

REASONS = declare({
    # Why a policy passed that says nothing about it itself.
    "steps.unconcerned": "has nothing to do with {target}",
    # Why a policy goes on after a step that it gave a reason for; by the action.
    "steps.answer": "the caller is to hear more: {why}",
    "steps.ask": "the caller is asked: {why}",
    "steps.play": "the caller is told: {why}",
    "steps.hangup": "the call ends: {why}",
    "steps.goes_on": "it follows: {why}",
    "steps.untold": "the journal does not say why",
}, {"target": place})

Passed = Iterable[tuple[int, Step]]

#: Outcomes that somebody is told with.
_BY = {"answered": "answered by {who}", "picked-up": "picked-up by {who}"}

#: Keys that somebody pressed.
_DIGITS = "digits:{digits}"

#: All words of outcomes that are not those of the model, for the catalogues.
OUTCOMES = ("picked-up", _DIGITS, *_BY.values())

#: Where a call ends up that no policy has ended.
RESULTS = ("failsafe", ORPHANED)


def step_json(step: Step) -> dict[str, Any]:
    """``{policy, action, target, reason}``, the reason in words, and beside it ``reason_id`` and ``reason_values``."""
    return {"policy": step.policy, "action": step.action, "target": step.target} | reason_json(step.reason)


def recorded_json(step: Mapping[str, Any]) -> dict[str, Any]:
    """A step as the journal has it, or a policy that passed, with its reason likewise."""
    return {**step, **reason_json(from_json(step["reason"]))}


def with_reasons(steps: Iterable[Mapping[str, Any]], before: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Steps as above, each with words: one without a reason follows from the last of its policy's that has one.

    ``before`` is the step before them, where there is one.
    """
    told: list[dict[str, Any]] = []
    for step in steps:
        if step["reason"]:
            before = step
            told.append(dict(step))
            continue
        if before is None or before["policy"] != step["policy"] or not before["reason"]:
            told.append({**step, **reason_json(reason("steps.untold"))})
            continue
        why = from_json([before["reason_id"], before["reason_values"]])
        told.append({**step, **reason_json(_follows(step["action"], why))})
    return told


def _follows(action: str, why: Reason) -> Reason:
    match action:
        case "answer":
            return reason("steps.answer", why=why)
        case "ask":
            return reason("steps.ask", why=why)
        case "play":
            return reason("steps.play", why=why)
        case "hangup":
            return reason("steps.hangup", why=why)
    return reason("steps.goes_on", why=why)


def with_reason(passed: Mapping[str, Any]) -> dict[str, Any]:
    """A policy that passed; one that says nothing about it has nothing to do with such a destination."""
    if passed["reason"]:
        return dict(passed)
    return {**passed, **reason_json(reason("steps.unconcerned", target=passed["target"]))}


def passed_json(passed: Passed) -> list[dict[str, Any]]:
    """As steps, with the action ``pass``; ``before`` is the index of the step that came next."""
    return [with_reason(step_json(step)) | {"before": before} for before, step in passed]


def step_line(step: Mapping[str, Any]) -> str:
    """``extension: ring user:101  (101 is Anna Adler)``, and what became of it where that is known."""
    done = say("{policy}: {action} {target}", policy=term("policy", step["policy"]),
               action=term("action", step["action"]), target=place(plain(step["target"])))
    became = f" → {plain(_became(step))}" if step.get("outcome") else ""
    because = f"  ({plain(step['reason'])})" if step["reason"] else ""
    phones = step.get("left_out")
    left_out = f"  [{say('too many phones: {phones} did not ring', phones=phones)}]" if phones else ""
    return f"{done}{became}{because}{left_out}"


def path_lines(steps: Iterable[Step], passed: Passed) -> Iterator[str]:
    """Each step, and before it the policies that passed, with their reasons; those without one share a line."""
    yield from recorded_lines([step_json(step) for step in steps],
                              [step_json(step) | {"before": before} for before, step in passed])


def recorded_lines(steps: Iterable[Mapping[str, Any]], passed: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The same for steps and passed policies of the journal, as ``recorded_json`` has them."""
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
            yield _passed(unconcerned, reason("steps.unconcerned", target=target))
            unconcerned = []
        target = plain(each["target"])
        if each["reason"]:
            yield _passed([each["policy"]], plain(each["reason"]))
        elif each["policy"] not in unconcerned:
            unconcerned.append(each["policy"])
    if unconcerned:
        yield _passed(unconcerned, reason("steps.unconcerned", target=target))


def _passed(policies: Iterable[str], why: object) -> str:
    told = say("passed: {policies}", policies=", ".join(term("policy", each) for each in policies))
    return f"  {told}  ({why})"


def result_words(result: str) -> str:
    """Where a call ended up: a place, or what became of it; "" where nothing is known."""
    return place(result) if ":" in result and result not in RESULTS else outcome_words(result)


def outcome_words(outcome: str) -> str:
    """An outcome as ``--outcomes`` and the tree have it: ``no-answer``, ``digits:1``, ``answered by user:101``."""
    if outcome in RESULTS:
        return term("outcome", outcome)
    word, by, who = outcome.partition(" by ")
    if by:
        return _by(word, who)
    word, _, digits = outcome.partition(":")
    if digits and word == Digits.word:
        return term("outcome", _DIGITS, digits=digits)
    return term("outcome", outcome) if outcome else ""


def reason_json(told: Reason) -> dict[str, Any]:
    name, values = to_json(told) or ("", {})
    return {"reason": str(told), "reason_id": name, "reason_values": values}


def _became(step: Mapping[str, Any]) -> str:
    legs = step.get("legs", ())
    if len(legs) < 2 and not any(leg.get("status") for leg in legs):
        return _outcome(step)
    return f"{_outcome(step)} [{', '.join(map(_leg, legs))}]"


def _leg(leg: Mapping[str, Any]) -> str:
    """Of one who was rung in vain: ``user:101 busy (SIP 486)``."""
    status = f" (SIP {leg['status']})" if leg.get("status") else ""
    return f"{place(leg['target'])} {term('outcome', leg['became'])}{status}"


def _outcome(step: Mapping[str, Any]) -> str:
    outcome, detail = str(step["outcome"]), str(step.get("detail", ""))
    told = term("outcome", outcome)
    if outcome in _BY:
        return _by(outcome, detail) if detail and detail != step["target"] else told
    return f"{told} {detail}" if detail and detail != "CALL_REJECTED" else told


def _by(outcome: str, who: str) -> str:
    return term("outcome", _BY[outcome], who=place(who)) if outcome in _BY else f"{outcome} by {who}"


def plain(text: object) -> str:
    """What a terminal can show: a caller's number may hold anything."""
    return "".join(character if character.isprintable() else "?" for character in str(text))
