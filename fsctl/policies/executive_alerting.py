"""Which assistants of an executive a filtered call rings, where, and who is passed over."""

from dataclasses import dataclass

from fsctl.model.actions import Leg, Party
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.executives import assistants_of, divert_of, takes_part
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.presence import engaged
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.model.sections import User
from fsctl.policies import class_of_service, intercept_rules, outside_loops
from fsctl.policies.language import language_of

REASONS = declare({
    "executive_alerting.opted_out": "{assistant} has opted out",
    "executive_alerting.do_not_disturb": "{name} does not want to be disturbed",
    "executive_alerting.on_a_call": "{name} is on a call and has no call waiting",
    "executive_alerting.calls": "{name} is who calls",
    "executive_alerting.diverted": "{assistant} diverts the call: {because}",
})


@dataclass(frozen=True, slots=True)
class Alerted:
    """A leg for each assistant who can be rung, in the file's order, and why others cannot."""

    legs: tuple[Leg, ...]
    passed_over: tuple[Reason, ...]


def alerted(call: Call, executive: User, office: Office, live: Live) -> Alerted:
    """At the desk phones alone, each for the executive's ``ring_seconds``. Nobody is rung twice."""
    seconds = executive.executive.ring_seconds if executive.executive else 0
    legs: dict[Destination, Leg] = {}
    passed_over = []
    for key in assistants_of(executive):
        found = _leg(call, office.users[key], executive, office, live, seconds)
        if isinstance(found, Leg):
            legs.setdefault(found.target, found)
        else:
            passed_over.append(found)
    return Alerted(tuple(legs.values()), tuple(passed_over))


def _leg(
    call: Call, assistant: User, executive: User, office: Office, live: Live, seconds: int
) -> Leg | Reason:
    """Where his diversion for this executive leads, else at his phone; or why not."""
    if not takes_part(assistant.extension, executive, office):
        return reason("executive_alerting.opted_out", assistant=assistant.name)
    to = divert_of(assistant.extension, executive, office)
    if to is None:
        return _at_desk(call, assistant, office, live, seconds)
    if to.kind == "user" and to.name in assistants_of(executive) and not takes_part(to.name, executive, office):
        found: Leg | Reason = reason("executive_alerting.opted_out", assistant=office.users[to.name].name)
    elif to.kind == "user":
        found = _at_desk(call, office.users[to.name], office, live, seconds)
    else:
        found = _outside(call, assistant, to, office, live, seconds)
    if isinstance(found, Leg):
        return found
    return reason("executive_alerting.diverted", assistant=assistant.name, because=found)


def _at_desk(call: Call, user: User, office: Office, live: Live, seconds: int) -> Leg | Reason:
    """No phones outside ring along, and nothing else of what he has set for his own calls counts."""
    return hindrance(call, user, office, live) or Leg(Destination("user", user.extension), seconds)


def hindrance(call: Call, user: User, office: Office, live: Live) -> Reason:
    """Why the phones of somebody are left alone, whether he is to take a filtered call or only to see it; NONE if they
    are not.
    """
    if user.extension == call.user:
        return reason("executive_alerting.calls", name=user.name)
    if intercepted := intercept_rules.hindrance(call, user, office):
        return intercepted
    if office.settings.dnd(user.extension):
        return reason("executive_alerting.do_not_disturb", name=user.name)
    if not user.call_waiting and engaged(live.of(user.extension), call.uuid):
        return reason("executive_alerting.on_a_call", name=user.name)
    return NONE


def _outside(
    call: Call, assistant: User, to: Destination, office: Office, live: Live, seconds: int
) -> Leg | Reason:
    """By the assistant's class of service. Whoever answers presses 1, so that no mailbox out there has the call."""
    site, own = office.sites.get(assistant.site), Destination("user", assistant.extension)
    if why_not := intercept_rules.refusal(assistant, to, office, call.at):
        return why_not
    if why_not := class_of_service.refusal(assistant, to.name, office):
        return why_not
    if no_way := class_of_service.not_carried(call, office, site):
        return no_way
    if circles := outside_loops.refusal(call, own, to.name, office, live):
        return circles
    trunks = class_of_service.trunks_for(call, office, site)
    shown = Party("", assistant.numbers[0] if assistant.numbers else trunks[0].caller_id)
    return Leg(to, seconds, trunks[0].key, confirm=language_of(assistant, office), show=shown,
               whose=assistant.extension, sent_by=own)
