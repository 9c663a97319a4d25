"""The number of a group call rings all members of the group at once; whoever answers is in one conference.

Who dials it while it goes on joins it, or hears busy. It ends with the last but one, whoever began it.
"""

from collections.abc import Sequence

from fsctl.model.actions import (
    OFFICE,
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
from fsctl.model.group_calls import channels_of, claimed
from fsctl.model.live import Live, LiveCall
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
    "group_call.begins": "no group call of {group} goes on",
    "group_call.joins": "the group call of {group} goes on",
    "group_call.busy": "the group call of {group} goes on, and only who was in it may come back",
    "group_call.elsewhere": "the group call of {group} goes on at another switch",
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
    there = channels_of(conference.extension, live)
    if there and not _are_here(there, call, live):
        yield Because("group_call.elsewhere", group=group.name)
        return NotTaken("offline", "not-available", language)
    goes_on = bool(there)
    for _ in range(_TRIES):
        if not goes_on:
            members = invited(call, group, conference, office, live)
            rung = tuple(each.legs for each in members if each.legs)
            if not rung:  # nobody begins it, so that nobody else is called to whoever hears so
                return (yield from _ended(Busy() if any(each.busy for each in members) else Offline(),
                                          group, conference, language, members))
            yield Because("group_call.begins", group=group.name)
            if not isinstance((yield Claim(claimed(group.key))), Taken):
                yield Because(_left_out(reason("group_call.rings", group=group.name), members))
                shown = Party(f"{group.name} - {_name(call, office)}", conference.extension)
                outcome = yield Gather(group.key, rung, shown, conference.answer_seconds)
                return (yield from _ended(outcome, group, conference, language))
        yield Because("group_call.joins", group=group.name)
        entered = yield Enter(group.key, again=conference.second_caller == "busy")
        if isinstance(entered, Busy):
            yield Because("group_call.busy", group=group.name)
            return NotTaken("busy")
        if not isinstance(entered, Taken):
            return Done()
        goes_on = False
    yield Because("group_call.over", group=group.name)
    return NotTaken("offline", "not-available", language)


def _ended(
    outcome: Outcome, group: Group, conference: Conference, language: str, members: Sequence[Invited] = ()
) -> Policy:
    """Nobody is in it, and the caller hears so; or it is over. ``members`` are those of whom nobody was even rung."""
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
    yield Because(_left_out(why, members))
    return NotTaken(end, "not-available", language)


def _name(call: Call, office: Office) -> str:
    caller = shown_inside(call, office)
    return caller.name or caller.number


def _are_here(there: Sequence[LiveCall], call: Call, live: Live) -> bool:
    """Whether some of these are at the FreeSWITCH that has this call: no other one could connect them."""
    own = live.call(call.uuid)
    return own is None or any(each.node == own.node for each in there)


def _left_out(why: Reason, members: Sequence[Invited]) -> Reason:
    """The reason, with why members are not rung."""
    others = tuple(each.why_not for each in members if each.why_not != NONE)
    return reason("group_call.left_out", because=why, why_not=others) if others else why


def _may(call: Call, group: Group, conference: Conference, office: Office) -> bool:
    """Whether whoever causes the call may begin the group call, or join it. The office file itself always may."""
    if call.by == OFFICE or conference.callers == "anyone":
        return True
    if by := causer(call):
        return may_call(by, group, conference, office)
    return conference.callers == "members" and any(is_caller(member, call, office) for member in group.members)


def may_call(user: str, group: Group, conference: Conference, office: Office) -> bool:
    """Whether a user may begin the group call, or join it."""
    match conference.callers:
        case "anyone":
            return True
        case "site":
            return user in office.users and office.users[user].site == group.site
        case "members":
            return user in group.members


FEATURE = Feature.of(__name__, __doc__, through=through_groups(lambda group: group.conference))
STAGE = FEATURE.stage(run)
