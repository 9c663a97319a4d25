"""The number of a group call rings all members of the group at once; whoever answers is in one conference.

Who dials it while it goes on joins it, or hears busy. It ends with the last but one, whoever began it.
"""

from collections.abc import Generator, Sequence

from fsctl.model.actions import (
    OFFICE,
    Action,
    Because,
    Claim,
    Done,
    Enter,
    Gather,
    NotTaken,
    Party,
    Pass,
    Policy,
)
from fsctl.model.call import Call
from fsctl.model.group_calls import runs
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Busy, NoAnswer, Offline, Outcome, Redirected, Rejected, Taken
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.model.sections import Conference, Group
from fsctl.policies.caller_id import shown_inside
from fsctl.policies.class_of_service import causer
from fsctl.policies.feature import Feature, through_groups
from fsctl.policies.group_members import Invited, invited, is_caller
from fsctl.policies.language import language_for

REASONS = declare({
    "group_call.rings": "the group call of {group} rings all members",
    "group_call.left_out": "{because}; {why_not}",
    "group_call.nobody": "nobody of {group} answered within {seconds} s",
    "group_call.nobody_free": "nobody of {group} can take the call",
    "group_call.unreachable": "nobody of {group} can be reached",
    "group_call.no_member": "only members may make the group call of {group}",
    "group_call.not_of_site": "only people of the site may make the group call of {group}",
    "group_call.joins": "the group call of {group} goes on",
    "group_call.busy": "the group call of {group} goes on, and is for those who were called to it",
    "group_call.over": "the group call of {group} is over",
})

#: So often it may have ended, or begun, in the moment in which somebody joins it, or begins it.
_TRIES = 3


def run(call: Call, office: Office, live: Live) -> Policy:
    """Whether it goes on already is known by the calls that there are; of two who begin it at once one joins."""
    if call.to.kind != "conference":
        return Pass()
    group = office.groups[call.to.name]
    conference = group.conference
    if conference is None:
        return Pass()
    language = language_for(call, office)
    if not _may(call, group, conference, office):
        if conference.callers == "site":
            yield Because("group_call.not_of_site", group=group.name)
        else:
            yield Because("group_call.no_member", group=group.name)
        return NotTaken("rejected", "blocked", language)
    goes_on = runs(conference.extension, live)
    members = invited(call, group, conference, office, live)
    rings = any(each.legs for each in members)  # else nobody begins it, and nobody is to be called to whom hears so
    for _ in range(_TRIES):
        if goes_on or (rings and isinstance((yield Claim(f"conference:{group.key}")), Taken)):
            outcome = yield from _enter(group, conference)
            if isinstance(outcome, Busy):
                yield Because("group_call.busy", group=group.name)
                return NotTaken("busy")
            if not isinstance(outcome, Taken):
                return Done()
            goes_on = False
            continue
        return (yield from _gather(call, group, conference, office, members, language))
    yield Because("group_call.over", group=group.name)
    return NotTaken("offline", "not-available", language)


def _enter(group: Group, conference: Conference) -> Generator[Action | Because, Outcome, Outcome]:
    yield Because("group_call.joins", group=group.name)
    return (yield Enter(group.key, again=conference.second_caller == "busy"))


def _gather(
    call: Call, group: Group, conference: Conference, office: Office, members: Sequence[Invited], language: str
) -> Policy:
    rung = tuple(each.legs for each in members if each.legs)
    because = _left_out(reason("group_call.rings", group=group.name), members)
    outcome: Outcome
    if rung:
        yield Because(because)
        caller = shown_inside(call, office)
        shown = Party(f"{group.name} - {caller.name or caller.number}", conference.extension)
        outcome = yield Gather(group.key, rung, shown, conference.answer_seconds)
    else:
        outcome = Busy() if any(each.busy for each in members) else Offline()
        because = _left_out(reason("group_call.unreachable", group=group.name), members)
    match outcome:
        case Busy():
            why, end = reason("group_call.nobody_free", group=group.name), "busy"
        case NoAnswer():
            why = reason("group_call.nobody", group=group.name, seconds=conference.answer_seconds)
            end = "no-answer"
        case Rejected() | Redirected():  # where somebody's phone sends calls is not the group's
            why, end = reason("group_call.nobody_free", group=group.name), "rejected"
        case Offline():
            why, end = reason("group_call.unreachable", group=group.name), "offline"
        case _:
            return Done()
    yield Because(why if rung else because)
    return NotTaken(end, "not-available", language)


def _left_out(why: Reason, members: Sequence[Invited]) -> Reason:
    """The reason, with why members are not rung."""
    others = tuple(each.why_not for each in members if each.why_not != NONE)
    return reason("group_call.left_out", because=why, why_not=others) if others else why


def _may(call: Call, group: Group, conference: Conference, office: Office) -> bool:
    """Whether whoever causes the call may begin the group call, or join it. The office file itself always may."""
    if call.by == OFFICE or conference.callers == "anyone":
        return True
    by = causer(call)
    if conference.callers == "site":
        return by in office.users and office.users[by].site == group.site if by else False
    return by in group.members if by else any(is_caller(member, call) for member in group.members)


FEATURE = Feature.of(__name__, __doc__, through=through_groups(lambda group: group.conference))
STAGE = FEATURE.stage(run)
