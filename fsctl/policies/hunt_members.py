"""Which members of a hunt group a call may ring, and who of them is engaged just now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from fsctl.model.call import Call
from fsctl.model.destination import Destination
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

#: FreeSWITCH may tell of a talk so much later than its call was taken.
_TOLD_LATE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a member is passed over; nobody waits for one who is ``away``."""

    kind: Literal["busy", "reserved", "away"]
    why: Reason


def members_now(group: Group, office: Office, at: datetime) -> tuple[str, ...]:
    """The members who take calls at an aware instant, as listed: those who have not left."""
    return tuple(each for each in dict.fromkeys(group.members) if not office.settings.left(group.key, each, at))


def part_of(call: Call, group: Group, office: Office, at: datetime) -> tuple[str, ...]:
    """Those whom this call may ring: not the caller himself, and people outside only where a trunk may carry it."""
    trunks = trunks_for(call, office, office.sites.get(group.site))
    return tuple(
        member for member in members_now(group, office, at)
        if member != call.user and (member in office.users or trunks)
    )


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
    if tally.talking and tally.accepted_at and timedelta() <= seen.at - tally.accepted_at < _TOLD_LATE:
        return Hindrance("busy", reason("hunt_members.just_taken", member=member))
    return None
