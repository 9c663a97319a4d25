"""Who is rung for a group call, at which telephones, and who is not, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fsctl.model.actions import Leg, Party
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.group_calls import is_at, members_of, rung_for
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.presence import engaged
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.model.sections import Conference, Group, User
from fsctl.policies import class_of_service, intercept_rules, outside_loops

REASONS = declare({
    "group_members.do_not_disturb": "{name} does not want to be disturbed",
    "group_members.busy": "{name} is on a call and has no call waiting",
    "group_members.caller": "{name} calls",
    "group_members.there": "{name} is in it",
    "group_members.rung": "{name} is rung already",
    "group_members.cannot_be_called": "{name} cannot be called: {because}",
})


@dataclass(frozen=True, slots=True)
class Invited:
    """A member, with all telephones that are rung for him at once; without any, why he is left out."""

    member: str
    legs: tuple[Leg, ...] = ()
    why_not: Reason = NONE
    busy: bool = False


def invited(call: Call, group: Group, conference: Conference, office: Office, live: Live) -> tuple[Invited, ...]:
    """Each member once. No forwarding, no mailbox: these could be in the conference instead of anybody."""
    members = tuple(dict.fromkeys(group.members))
    found = (_invited(member, call, group, conference, office, live) for member in members)
    return tuple(_without(each, members) for each in found)


def called_into(
    call: Call, group: Group, conference: Conference, office: Office, live: Live, whom: Sequence[str]
) -> tuple[Invited, ...]:
    """These, members or not, whether it goes on or begins with them. Who is in it, or rung for it, is left out."""
    there, rung = members_of(conference.extension, live), rung_for(conference.extension, live)
    whom = tuple(dict.fromkeys(whom))
    numbers = (*whom, *(each.number for each in (*there, *rung)))

    def found(who: str) -> Invited:
        if any(is_at(who, each) for each in there):
            return Invited(who, why_not=reason("group_members.there", name=_name(who, office)))
        if any(is_at(who, each) for each in rung):
            return Invited(who, why_not=reason("group_members.rung", name=_name(who, office)))
        return _without(_invited(who, call, group, conference, office, live), numbers)

    return tuple(map(found, whom))


def _invited(
    member: str, call: Call, group: Group, conference: Conference, office: Office, live: Live
) -> Invited:
    if is_caller(member, call, office):
        return Invited(member, why_not=reason("group_members.caller", name=_name(member, office)))
    user = office.users.get(member)
    if user is None:
        return _outside(member, call, group, conference, office, live)
    if intercepted := intercept_rules.hindrance(call, user, office):
        return Invited(member, why_not=intercepted)
    if office.settings.dnd(member):
        return Invited(member, why_not=reason("group_members.do_not_disturb", name=user.name), busy=True)
    if not user.call_waiting and engaged(live.of(member), call.uuid):
        return Invited(member, why_not=reason("group_members.busy", name=user.name), busy=True)
    own = Leg(Destination("user", member), conference.answer_seconds)
    return Invited(member, (own, *_devices(call, user, conference.answer_seconds, office, live)))


def _outside(
    member: str, call: Call, group: Group, conference: Conference, office: Office, live: Live
) -> Invited:
    site = office.sites.get(group.site)
    trunks = class_of_service.trunks_for(call, office, site)
    cause = Destination("conference", group.key)
    why_not = _may_not(call, member, office) or outside_loops.refusal(call, cause, member, office, live)
    if not why_not and (no_way := class_of_service.not_carried(call, office, site)):
        why_not = reason("group_members.cannot_be_called", name=member, because=no_way)
    if why_not:
        return Invited(member, why_not=why_not)
    confirm = (site.language if site else "en") if conference.confirm else ""
    return Invited(member, (Leg(
        Destination("number", member), conference.answer_seconds, trunks[0].key, confirm=confirm,
        show=Party("", trunks[0].caller_id), sent_by=cause),))


def _devices(call: Call, user: User, seconds: int, office: Office, live: Live) -> Iterator[Leg]:
    """The telephones outside that ring along with his own."""
    for leg in class_of_service.device_legs(call, user, office):
        if not outside_loops.refusal(call, leg.sent_by, leg.target.name, office, live):
            yield replace(leg, ring_seconds=seconds)


def _may_not(call: Call, number: str, office: Office) -> Reason:
    """Why whoever causes the call may not cause one there. What the office file causes needs nobody's class."""
    user = office.users.get(class_of_service.causer(call) or "")
    if user is None:
        return NONE
    if refused := class_of_service.refusal(user, number, office):
        return reason("group_members.cannot_be_called", name=number, because=refused)
    return intercept_rules.refusal(
        user, Destination("number", number), office, call.at)


def _without(found: Invited, numbers: Sequence[str]) -> Invited:
    """Not at a telephone outside that is rung, or there, by itself: a member, say."""
    return replace(found, legs=tuple(leg for leg in found.legs if not (leg.whose and leg.target.name in numbers)))


def is_caller(member: str, call: Call, office: Office) -> bool:
    """Whether a member is the one who calls: from outside he is known by the number that his line shows, or that of a
    telephone of his there. Whoever shows an extension is no colleague.
    """
    if not call.external:
        return member == call.user
    numbers = office.users[member].devices if member in office.users else (member,)
    return not call.withheld and call.caller.number.startswith("+") and call.caller.number in numbers


def _name(member: str, office: Office) -> str:
    return office.users[member].name if member in office.users else member
