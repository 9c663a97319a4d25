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
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.model.sections import Group, Hunt
from fsctl.policies import intercept_rules, outside_loops
from fsctl.policies.class_of_service import not_carried

REASONS = declare({
    "hunt_members.calls": "{member} calls",
    "hunt_members.left": "{member} has left the group",
    "hunt_members.not_carried": "{member} cannot be called: {because}",
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
    """Those of them whom this call is for: who have not left, and not the caller himself. None is looked at before he
    is asked for.
    """
    return (member for member in members if not left_out(member, call, group, office, at))


def left_out(member: str, call: Call, group: Group, office: Office, at: datetime) -> Reason:
    """Why a call is not for a member at all; NONE where it is."""
    if member == call.user:
        return reason("hunt_members.calls", member=member)
    if office.settings.left(group.key, member, at):
        return reason("hunt_members.left", member=member)
    return NONE


def hindrance(member: str, call: Call, group: Group, hunt: Hunt, office: Office, seen: Surveyed) -> Hindrance | None:
    """Why a member is not rung now; None for one who may be."""
    user = office.users.get(member)
    if user and (intercepted := intercept_rules.hindrance(call, user, office)):
        return Hindrance("away", intercepted)
    if office.settings.dnd(member):
        return Hindrance("busy", reason("hunt_members.do_not_disturb", member=member))
    if member in seen.standing.reserved and hunt.policy != "simultaneous":
        return Hindrance("reserved", reason("hunt_members.reserved", member=member))
    if user is None and (outside := _outside(member, call, group, office, seen)):
        return outside
    if not hunt.skip_busy and (user is None or user.call_waiting):
        return None
    # Where all are rung at once, a phone that rings may ring for the next call too.
    if engaged(seen.live.at(member), call.uuid, rung_counts=hunt.policy != "simultaneous"):
        return Hindrance("busy", reason("hunt_members.busy", member=member))
    tally = seen.standing.tally(member)
    if tally.talking and tally.accepted_at and timedelta() <= seen.at - tally.accepted_at < JUST_TAKEN:
        return Hindrance("busy", reason("hunt_members.just_taken", member=member))
    return None


def _outside(member: str, call: Call, group: Group, office: Office, seen: Surveyed) -> Hindrance | None:
    """They are the group's, whoever calls it: nobody's class of service counts, but a trunk must carry the call."""
    if no_way := not_carried(call, office, office.sites.get(group.site)):
        return Hindrance("away", reason("hunt_members.not_carried", member=member, because=no_way))
    circles = outside_loops.refusal(call, Destination("hunt", group.key), member, office, seen.live)
    return Hindrance("busy", circles) if circles else None
