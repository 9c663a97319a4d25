"""In which order a hunt group's members get a call, by the group's policy."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from fsctl.model.hunting import Standing
from fsctl.model.reasons import Reason, declare, reason
from fsctl.model.sections import Hunt

REASONS = declare({
    "hunt_order.linear": "{group} from the top",
    "hunt_order.circular": "{group} in turn, after {member}",
    "hunt_order.circular_begins": "{group} in turn, from the top",
    "hunt_order.longest_idle": "{group}, who has been idle longest",
    "hunt_order.weighted": "{group} by weight",
    "hunt_order.simultaneous": "all members of {group} at once",
})

_NEVER = datetime.min.replace(tzinfo=UTC)
_NOW = datetime.max.replace(tzinfo=UTC)
_ALMOST_1 = 1 - 2**-53


def order(hunt: Hunt, members: Sequence[str], standing: Standing, chance: float) -> tuple[str, ...]:
    """All ``members``, who to ring first first. ``chance`` is from 0 to below 1 and counts for ``weighted`` alone.

    ``linear``, and ``simultaneous`` for want of an order, is the list's; ``circular`` begins behind who accepted last,
    or at the top where that one is no member any more.
    """
    match hunt.policy:
        case "circular":
            return _behind(members, standing.pointer)
        case "longest-idle":
            return tuple(sorted(members, key=lambda member: _idle_since(standing, member)))  # stable: ties as listed
        case "weighted":
            return _drawn(members, hunt.weights, chance)
    return tuple(members)


def why_first(hunt: Hunt, name: str, standing: Standing, members: Sequence[str]) -> Reason:
    """Why the first of that order is the first."""
    match hunt.policy:
        case "circular" if standing.pointer and standing.pointer in members:
            return reason("hunt_order.circular", group=name, member=standing.pointer)
        case "circular":
            return reason("hunt_order.circular_begins", group=name)
        case "longest-idle":
            return reason("hunt_order.longest_idle", group=name)
        case "weighted":
            return reason("hunt_order.weighted", group=name)
        case "simultaneous":
            return reason("hunt_order.simultaneous", group=name)
    return reason("hunt_order.linear", group=name)


def _behind(members: Sequence[str], pointer: str | None) -> tuple[str, ...]:
    start = members.index(pointer) + 1 if pointer in members else 0
    return (*members[start:], *members[:start])


def _idle_since(standing: Standing, member: str) -> datetime:
    tally = standing.tally(member)
    return _NOW if tally.talking else tally.idle_since or _NEVER


def _drawn(members: Sequence[str], weights: Mapping[str, int], chance: float) -> tuple[str, ...]:
    """Drawn one after another, each by its part of the weights that are left; who has none comes last, as listed.

    What a draw leaves over of ``chance`` is again as random as it was, and so serves the next one.
    """
    left = {member: weights.get(member, 0) for member in members if weights.get(member, 0) > 0}
    drawn = []
    while left:
        point, below = chance * sum(left.values()), 0.0
        for member, weight in left.items():
            if point < below + weight or member == next(reversed(left)):
                chance = min(max((point - below) / weight, 0.0), _ALMOST_1)
                drawn.append(member)
                del left[member]
                break
            below += weight
    return (*drawn, *(member for member in members if member not in drawn))
