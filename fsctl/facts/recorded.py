"""A call's facts as the journal keeps them, plain values for JSON, and reading them back.

Both walk the fields of the classes, so that a new one cannot be forgotten. The call itself, every step and every
outcome come back the same. Of other calls that policies looked at, names and all but short numbers are left out
(``unnamed``); of those that a hunt group's survey saw, also all but its members' (``of_members``).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn

from fsctl.model.actions import Action, Reroute, Reserve, Ring, Survey
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.happenings import who
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import Answered, Digits, LegEnd, Outcome, Surveyed, Unanswered, word
from fsctl.model.reasons import Reason, from_json, reason, to_json
from fsctl.route import Step

Kept = dict[str, Any]

#: More calls than these are not written down for each that looked at them.
MOST_SEEN: Final = 20

#: A number of so few digits is an extension's, or that of a service (112), which policies may have asked for.
_SHORT: Final = 6

_LEGS: Final = "legs"

#: What a call was picked up from comes to: to whoever picked it up.
_CLASSES: Final[Mapping[str, Any]] = {cls.word: cls for cls in get_args(Outcome)} | {"picked-up": Answered}
#: Those of an outcome's fields that are its ``detail``; of whom was rung it tells beside that.
_OWN: Final = {cls: [each.name for each in fields(cls) if each.name != _LEGS] for cls in get_args(Outcome)}
_TYPES: Final = {cls: [get_type_hints(cls)[name] for name in names] for cls, names in _OWN.items()}
_OUTCOMES: Final = {*get_args(Outcome), NoneType}


def kept_call(call: Call) -> Kept:
    """All that is known of a call."""
    kept: Kept = _CONVERTER.unstructure(call)
    return kept


def call_of(kept: Mapping[str, Any]) -> Call:
    """The call; what else stands beside its facts is passed over."""
    return _CONVERTER.structure(kept, Call)


def kept_step(step: Step) -> Kept:
    """A step of a plan, before anything became of it, or a policy that passed."""
    return {"policy": step.policy, "action": step.action, "target": step.target, "reason": to_json(step.reason)}


def kept_passed(steps: Iterable[Step]) -> list[Any]:
    """Policies that passed. Most have nothing to do with where the call goes: ``[target, policy, policy, …]``."""
    kept: list[Any] = []
    for step in steps:
        if step.reason:
            kept.append(kept_step(step))
        elif kept and isinstance(kept[-1], list) and kept[-1][0] == step.target:
            kept[-1].append(step.policy)
        else:
            kept.append([step.target, step.policy])
    return kept


def in_the_name_of(action: Action | Reroute) -> str:
    """The executive for whom others take the call, or make it; "" for none."""
    if isinstance(action, Ring):
        return action.executive
    return action.on_behalf if isinstance(action, Reroute) else ""


def step_of(kept: Mapping[str, Any]) -> Step:
    """The step as it was planned."""
    return Step(kept["policy"], kept["action"], kept["target"], from_json(kept["reason"]))


def unplanned(policy: str, action: str, target: str, why: Reason, outcome: str, detail: str) -> Kept:
    """A step that no policy wanted."""
    return kept_step(Step(policy, action, target, why)) | {
        "outcome": outcome, "detail": detail, "unplanned": True}


def fetched(by: str) -> Kept:
    """That of a parked call which somebody (``user:102``, "" where nobody knows who) has fetched."""
    outcome = "answered" if by else ""
    return unplanned("call_park", "connect", by, reason("switch.fetched", who=who(by)), outcome, by)


def kept_outcome(outcome: Outcome) -> Kept:
    """``outcome``, the word, and ``detail``: who answered, a cause, a slot; "" where the word says it all.

    ``legs`` are those who were rung in vain, where there are such.
    """
    kept: Kept = {"outcome": word(outcome), "detail": _detail(outcome)}
    if isinstance(outcome, Unanswered) and outcome.legs:
        kept[_LEGS] = _CONVERTER.unstructure(outcome.legs)
    return kept


def _detail(outcome: Outcome) -> Any:
    types, names = _TYPES[type(outcome)], _OWN[type(outcome)]
    if isinstance(outcome, Digits) or not types:
        return ""
    if len(types) > 1:
        return _CONVERTER.unstructure(outcome)
    return _CONVERTER.unstructure(getattr(outcome, names[0]), types[0])


def outcome_of(kept: Mapping[str, Any]) -> Outcome | None:
    """What became of a step or a look, or of a call; None where nobody knows."""
    name, _, digits = kept["outcome"].partition(":")
    if not name:
        return None
    cls = _CLASSES[name]
    types = _TYPES[cls]
    told: Any = digits if cls is Digits else kept["detail"]
    if len(types) > 1:
        return _CONVERTER.structure(told, cls)  # type: ignore[no-any-return]
    found: Outcome = cls(*(_CONVERTER.structure(told, each) for each in types))
    if isinstance(found, Unanswered) and _LEGS in kept:
        return replace(found, legs=_CONVERTER.structure(kept[_LEGS], tuple[LegEnd, ...]))
    return found


def kept_look(action: Action | Reroute, outcome: Outcome) -> Kept:
    """How a hunt group stood when the call looked, or who was to be reserved and whether he was."""
    if isinstance(outcome, Surveyed) and isinstance(action, Survey):
        return kept_outcome(of_members(outcome, action.members))
    return ({"reserve": action.member} if isinstance(action, Reserve) else {}) | kept_outcome(outcome)


def of_members(seen: Surveyed, members: Sequence[str]) -> Surveyed:
    """What is kept of a survey: the members' channels, unnamed but for the numbers that are members themselves."""
    known = frozenset(members)
    if len(seen.live) <= len(known):
        found = tuple(call for call in seen.live.calls if call.user in known or call.number in known)
    else:
        found = tuple({call.uuid: call for member in members for call in seen.live.at(member)}.values())
    return replace(seen, live=Live(tuple(unnamed(call, known) for call in found), seen.live.known))


def unnamed(call: LiveCall, known: Collection[str] = ()) -> LiveCall:
    """Another call without the name and, unless it is ``known`` anyway or short, the number of who makes it."""
    short = call.number.isdigit() and len(call.number) <= _SHORT and not call.withheld
    return replace(call, name="", number=call.number if short or call.number in known else "")


def kept_view(live: Live) -> Kept:
    """The other calls that policies have looked at, if these were few enough to be kept."""
    if len(live) > MOST_SEEN:
        return {"saw_others": True}
    return {"saw_others": True, "saw": [_CONVERTER.unstructure(unnamed(call)) for call in live.calls]}


def live_of(part: Mapping[str, Any]) -> Live | None:
    """The calls that there were, as far as the policies of that part looked at them; None if they were too many."""
    if part["saw_others"] and "saw" not in part:
        return None
    return Live(_CONVERTER.structure(part.get("saw", ()), tuple[LiveCall, ...]), known=part["switch_known"])


def _is_outcome(cls: Any) -> bool:
    """Outcome, some of its classes, or None besides."""
    return get_origin(cls) in (Union, UnionType) and set(get_args(cls)) <= _OUTCOMES


def _some_outcome(kept: Any, _: Any) -> Outcome | None:
    return outcome_of(kept) if kept else None


def _table(cls: Any) -> Callable[[Any], Kept]:
    return make_dict_unstructure_fn(cls, _CONVERTER, _cattrs_omit_if_default=True)


def _converter() -> Converter:
    converter = Converter(
        detailed_validation=False, unstruct_collection_overrides={tuple: list, frozenset: sorted})
    converter.register_unstructure_hook_factory(is_dataclass, _table)
    converter.register_unstructure_hook_func(_is_outcome, lambda outcome: outcome and kept_outcome(outcome))
    converter.register_structure_hook_func(_is_outcome, _some_outcome)
    converter.register_unstructure_hook(Destination, str)
    converter.register_structure_hook(Destination, lambda text, _: Destination(*text.split(":", 1)))
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_unstructure_hook(Reason, to_json)
    converter.register_structure_hook(Reason, lambda kept, _: from_json(kept))
    return converter


_CONVERTER: Final = _converter()
