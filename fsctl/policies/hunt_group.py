"""A call to a hunt group rings its members, and overflows when nobody takes it.

By the group's policy one after the other or all at once, the outside ones by the trunk. Whoever is busy is passed over,
and who is rung for one call is not rung for another. Where nobody takes the call, the group's own settings for busy,
unreachable and overflow count.
"""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import cast

from fsctl.model.actions import (
    OFFICE,
    Action,
    Because,
    Done,
    Ending,
    Leg,
    NotTaken,
    Party,
    Pass,
    Policy,
    Reroute,
    Reserve,
    Ring,
    Survey,
    Wait,
)
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import (
    Answered,
    Busy,
    CallerGone,
    Moved,
    Offline,
    Outcome,
    Redirected,
    Rejected,
    Surveyed,
    Taken,
)
from fsctl.model.reasons import Reason, declare, reason
from fsctl.model.sections import Group, Hunt
from fsctl.policies.caller_id import shown_inside
from fsctl.policies.class_of_service import trunks_for
from fsctl.policies.feature import Feature, through_groups
from fsctl.policies.hunt_members import Hindrance, hindrance, left_out, part_of
from fsctl.policies.hunt_order import order, why_first

REASONS = declare({
    "hunt_group.next": "next of {group}",
    "hunt_group.passed_over": "{because}; {hindrances}",
    "hunt_group.nobody": "nobody of {group} took the call",
    "hunt_group.nobody_in_time": "nobody of {group} took the call within {seconds} s",
    "hunt_group.all_busy": "all members of {group} are busy",
    "hunt_group.nobody_free": "nobody of {group} is free",
    "hunt_group.unreachable": "no member of {group} can be reached",
})

#: So often at once another call may be faster.
_LOOKS = 20

Steps = Generator[Action | Because, Outcome, Ending | None]


def run(call: Call, office: Office, live: Live) -> Policy:
    """Members' own forwarding, phones outside and mailboxes play no part; do not disturb does."""
    if call.to.kind != "hunt":
        return Pass()
    group = office.groups[call.to.name]
    if group.hunt is None:
        return Pass()
    return (yield from _Hunting(call, office, group, group.hunt).run())


@dataclass(frozen=True, slots=True)
class _Try:
    """How often a member was rung for this call, when the last time began, and what came of that."""

    times: int
    at: datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _View:
    """The members in the ``order`` of the policy: who can be rung, who is hindered, and who was tried and rests.

    Unless all are rung at once, nobody is looked at behind the first who can be rung and was not yet.
    """

    order: tuple[str, ...]
    free: tuple[str, ...]
    hindered: dict[str, Hindrance]
    resting: dict[str, _Try]

    def kept_from(self, *kinds: str) -> tuple[str, ...]:
        """Those who are hindered so."""
        return tuple(member for member, each in self.hindered.items() if each.kind in kinds)


class _Hunting:
    """One call's way through a group. A member who did not take it is rung again after ``ring_seconds``."""

    def __init__(self, call: Call, office: Office, group: Group, hunt: Hunt) -> None:
        self._call, self._office, self._group, self._hunt = call, office, group, hunt
        self._members = office.index.members_of[group.key]
        self._limit = max(hunt.overflow.after_seconds, 1) if hunt.overflow else _round_seconds(group, hunt)
        self._tried: dict[str, _Try] = {}
        self._taken = 0
        self._resting = timedelta(seconds=hunt.ring_seconds)

    def run(self) -> Policy:
        seen = yield from self._survey()
        began = seen.at
        while True:
            left = self._limit - (seen.at - began).total_seconds()
            if left < 1:
                return (yield from self._overflow(self._too_late()))
            view = self._view(seen)
            act = self._ring(view, seen, left) if view.free else self._nobody(view, seen, left)
            if (ending := (yield from act)) is not None:
                return ending
            seen = yield from self._survey()

    def _survey(self) -> Generator[Action | Because, Outcome, Surveyed]:
        idle = self._hunt.idle_counts if self._hunt.policy == "longest-idle" else None
        return cast(Surveyed, (yield Survey(self._group.key, self._members, idle)))

    def _view(self, seen: Surveyed) -> _View:
        free, hindered, resting = [], {}, {}
        ordered = order(self._hunt, self._members, seen.standing, self._call.chance)
        for member in part_of(ordered, self._call, self._group, self._office, seen.at):
            tried = self._tried.get(member)
            if tried and (_declined(tried) or not self._hunt.overflow or seen.at < tried.at + self._resting):
                resting[member] = tried
            elif hindered_by := hindrance(member, self._call, self._group, self._hunt, self._office, seen):
                hindered[member] = hindered_by
            else:
                free.append(member)
                if not tried and self._hunt.policy != "simultaneous":
                    break
        return _View(ordered, tuple(free), hindered, resting)

    def _ring(self, view: _View, seen: Surveyed, left: float) -> Steps:
        """Ring the next one, who is reserved first, or all at once."""
        name, at_once = self._group.name, self._hunt.policy == "simultaneous"
        rung = view.free if at_once else (min(view.free, key=self._times),)
        if not at_once and isinstance((yield self._reserve(rung[0], view, seen)), Taken):
            self._taken += 1
            if self._taken % _LOOKS == 0:  # whatever the reason is, nobody looks on without a pause
                yield Wait(self._group.key, (), (), 1)
            return None
        turn = reason("hunt_group.next", group=name)
        if at_once or not self._tried:
            turn = why_first(self._hunt, name, seen.standing, self._group.members)
        yield Because(_passed_over(turn, view))
        seconds = ceil(left) if at_once else min(self._hunt.ring_seconds, ceil(left))
        outcome = yield Ring(tuple((leg,) for leg in self._legs(rung, seconds)), self._shown(), self._group.key)
        if isinstance(outcome, Answered | CallerGone | Moved):
            return Done()
        for member in rung:
            self._tried[member] = _Try(self._times(member) + 1, seen.at, outcome)
        return None

    def _reserve(self, member: str, view: _View, seen: Surveyed) -> Reserve:
        """The pointer goes round with each call by as many places as the member is behind it."""
        place = seen.standing.place + view.order.index(member) + 1 if self._hunt.policy == "circular" else None
        return Reserve(self._group.key, member, seen.standing.turn, place)

    def _nobody(self, view: _View, seen: Surveyed, left: float) -> Steps:
        """There is nobody to ring now: wait for somebody, or go where the group says."""
        name = self._group.name
        gone = {member for member, tried in view.resting.items() if isinstance(tried.outcome, Offline)}
        again = {member: tried for member, tried in view.resting.items() if member not in gone and not _declined(tried)}
        awaited = view.kept_from("busy", "reserved")
        if not awaited and gone == view.resting.keys():
            return (yield from self._unreachable(view, seen))
        if not awaited and not again:
            return (yield from self._overflow(reason("hunt_group.nobody", group=name)))
        busy = view.kept_from("busy")
        reserved = view.kept_from("reserved")
        if not reserved and all(isinstance(tried.outcome, Busy) for tried in again.values()):
            yield Because(_passed_over(reason("hunt_group.all_busy", group=name), view))
            if self._hunt.busy:
                return Reroute(self._hunt.busy, by=OFFICE)
            if not self._hunt.overflow:
                return NotTaken("busy")
        elif not reserved and not self._hunt.overflow:
            return (yield from self._overflow(reason("hunt_group.nobody", group=name)))
        else:
            yield Because(_passed_over(reason("hunt_group.nobody_free", group=name), view))
        rested = [(tried.at + self._resting - seen.at).total_seconds() for tried in again.values()]
        seconds = min([left, *rested]) if self._hunt.overflow else left
        yield Wait(self._group.key, busy + reserved, reserved, seconds)
        return None

    def _unreachable(self, view: _View, seen: Surveyed) -> Policy:
        why = reason("hunt_group.unreachable", group=self._group.name)
        not_for = (left_out(each, self._call, self._group, self._office, seen.at) for each in self._members)
        yield Because(_passed_over(why, view, *filter(None, not_for)))
        if self._hunt.unreachable:
            return Reroute(self._hunt.unreachable, by=OFFICE)
        if self._hunt.overflow:
            return Reroute(self._hunt.overflow.to, by=OFFICE)
        return NotTaken("offline")

    def _overflow(self, because: Reason) -> Policy:
        yield Because(because)
        if self._hunt.overflow:
            return Reroute(self._hunt.overflow.to, by=OFFICE)
        return NotTaken("no-answer")

    def _too_late(self) -> Reason:
        if self._hunt.overflow:
            return reason("hunt_group.nobody_in_time", group=self._group.name, seconds=self._limit)
        return reason("hunt_group.nobody", group=self._group.name)

    def _times(self, member: str) -> int:
        return self._tried[member].times if member in self._tried else 0

    def _legs(self, members: Iterable[str], seconds: int) -> list[Leg]:
        """Outside members see the group's number: what an outside caller shows is not ours to send on."""
        site = self._office.sites.get(self._group.site)
        trunks = trunks_for(self._call, self._office, site)
        confirm = (site.language if site else "en") if self._hunt.confirm else ""
        legs = []
        for member in members:
            if member in self._office.users:
                legs.append(Leg(Destination("user", member), seconds))
            else:
                show = Party("", self._hunt.numbers[0] if self._hunt.numbers else trunks[0].caller_id)
                legs.append(Leg(Destination("number", member), seconds, trunks[0].key, confirm=confirm, show=show,
                                sent_by=Destination("hunt", self._group.key)))
        return legs

    def _shown(self) -> Party:
        caller = shown_inside(self._call, self._office)
        return Party(self._hunt.caller_name.replace("{caller}", caller.name or caller.number), caller.number)


def _passed_over(why: Reason, view: _View, *others: Reason) -> Reason:
    """The reason, with why members are not rung."""
    hindrances = (*(each.why for each in view.hindered.values()), *others)
    return reason("hunt_group.passed_over", because=why, hindrances=hindrances) if hindrances else why


def _declined(tried: _Try) -> bool:
    """Whether the member will not take this call. Where his phone sends calls is as little the group's as he."""
    return isinstance(tried.outcome, Rejected | Redirected)


def _round_seconds(group: Group, hunt: Hunt) -> int:
    """Without an overflow, for as long as it takes to ring everybody once."""
    return hunt.ring_seconds * max(1, 1 if hunt.policy == "simultaneous" else len(group.members))


FEATURE = Feature.of(__name__, __doc__, through=through_groups(lambda group: group.hunt))
STAGE = FEATURE.stage(run)
