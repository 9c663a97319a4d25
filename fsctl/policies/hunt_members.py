"""Which members of a hunt group a call may ring, and who of them is engaged just now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.hunting import JUST_TAKEN
from fsctl.model.office import Office
from fsctl.model.outcomes import Surveyed
from fsctl.model.presence import engaged
from fsctl.model.reasons import Reason, declare, reason
from fsctl.model.sections import Group, Hunt
from fsctl.policies import intercept_rules, outside_loops
from fsctl.policies.class_of_service import trunks_for

REASONS = declare({
    "hunt_members.do_not_disturb": "{member} does not want to be disturbed",
    "hunt_members.reserved": "{member} is rung for another call",
    "hunt_members.busy": "{member} is on a call",
    "hunt_members.just_taken": "{member} has just taken a call",
})


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a member is passed over; nobody waits for one who is ``away``."""

    kind: Literal["busy", "reserved", "away"]
    why: Reason


def part_of(
    members: Iterable[str], call: Call, group: Group, office: Office, at: datetime
) -> Iterator[str]:
    """Those of them whom this call may ring: who have not left, not the caller himself, and people outside only where
    a trunk may carry it. None is looked at before he is asked for.
    """
    trunks = trunks_for(call, office, office.sites.get(group.site))
    for member in members:
        reached = member != call.user and (member in office.users or trunks)
        if reached and not office.settings.left(group.key, member, at):
            yield member


def hindrance(member: str, call: Call, hunt: Hunt, office: Office, seen: Surveyed) -> Hindrance | None:
    """Why a member is not rung now; None for one who may be."""
    user = office.users.get(member)
    if user and (intercepted := intercept_rules.hindrance(call, user, office)):
        return Hindrance("away", intercepted)
    if office.settings.dnd(member):
        return Hindrance("busy", reason("hunt_members.do_not_disturb", member=member))
    if member in seen.standing.reserved and hunt.policy != "simultaneous":
        return Hindrance("reserved", reason("hunt_members.reserved", member=member))
    group = Destination("hunt", office.extensions[hunt.extension].name) if hunt.extension in office.extensions else None
    if user is None and (circles := outside_loops.refusal(call, group, member, office, seen.live)):
        return Hindrance("busy", circles)
    if not hunt.skip_busy and (user is None or user.call_waiting):
        return None
    # Where all are rung at once, a phone that rings may ring for the next call too.
    if engaged(seen.live.at(member), call.uuid, rung_counts=hunt.policy != "simultaneous"):
        return Hindrance("busy", reason("hunt_members.busy", member=member))
    tally = seen.standing.tally(member)
    if tally.talking and tally.accepted_at and timedelta() <= seen.at - tally.accepted_at < JUST_TAKEN:
        return Hindrance("busy", reason("hunt_members.just_taken", member=member))
    return None
