"""A colleague's call becomes one's own as well: one that rings there is taken, a talk is joined.

Code: ``barge_in`` and the extension. Who may is said by ``[office] barge_in``; a person with ``barge_in = false`` keeps
his calls to himself, those too that an assistant has for him. Whoever may not hears busy, and so does everybody where
the person called has not exactly one call, or one in which two do not just talk with each other.
"""

from collections.abc import Iterator

from fsctl.model.actions import Because, Claim, Done, Join, NotTaken, Policy
from fsctl.model.call import Call
from fsctl.model.executives import may_take_filtered
from fsctl.model.joined import whose
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.outcomes import Taken
from fsctl.model.presence import is_rung
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.model.sections import User
from fsctl.policies.call_pickup import ringing, take
from fsctl.policies.feature import Code, Feature, through_groups
from fsctl.policies.intercept import fetching, turned_away
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import name_of, refuse
from fsctl.words import marked

REASONS = declare({
    "barge_in.talks": "{name} is in a talk",
    "barge_in.joins": "{name} joins it",
    "barge_in.over": "that talk is over, or somebody else was faster",
    "barge_in.no_person": "no person has the extension {number}",
    "barge_in.own_calls": "nobody joins his own calls",
    "barge_in.no_link": "there is no link to the switch that would tell who talks with whom",
    "barge_in.nobody": "in this office nobody joins calls of others",
    "barge_in.no_colleague": "{who} is in no pickup group with {name}",
    "barge_in.other_site": "{who} is not at the site of {name}",
    "barge_in.exempt": "nobody joins calls of {name}",
    "barge_in.no_call": "{name} is on no call",
    "barge_in.several_calls": "{name} has several calls",
    "barge_in.no_talk": "{name} talks with nobody yet",
    "barge_in.on_hold": "the call of {name} is on hold",
    "barge_in.joined": "{name} is in a talk that somebody has joined already",
    "barge_in.conference": "{name} is in a conference",
    "barge_in.own_call": "that is the caller's own call with {name}",
    "barge_in.emergency": "nobody disturbs an emergency call",
    "barge_in.not_taken": "what rings at {name} is not to be taken",
    "barge_in.elsewhere": "that call is at another switch",
})


def _barge_in(call: Call, office: Office, live: Live, digits: str) -> Policy:
    language = language_for(call, office)
    to = office.extensions.get(digits)
    if to is None or to.kind != "user":
        return (yield from refuse(reason("barge_in.no_person", number=digits), language))
    if to.name == call.user:
        return (yield from refuse(reason("barge_in.own_calls"), language))
    person = office.users[to.name]
    if why_not := _may_not(call.user, person, office):
        return (yield from _busy(why_not))
    if not live.known:
        return (yield from refuse(reason("barge_in.no_link"), language, "not-available"))
    calls = _calls_of(person, live)
    if len(calls) != 1:
        several = reason("barge_in.several_calls", name=person.name)
        return (yield from _busy(several if calls else reason("barge_in.no_call", name=person.name)))
    return (yield from _at(calls[0], person, call, office, live))


def _at(found: LiveCall, person: User, call: Call, office: Office, live: Live) -> Policy:
    """The call at that channel, which is the person's only one, rings, or is talked."""
    if live.apart(call.uuid, found.node):
        return (yield from refuse(reason("barge_in.elsewhere"), language_for(call, office), "not-available"))
    other = live.call(found.peer or "")
    if other and other.user and other.user == call.user:
        return (yield from _busy(reason("barge_in.own_call", name=person.name)))
    if is_rung(found):
        rings = ringing(live, (person.extension,), call, office, filtered_at=(person.extension,))
        if not rings:
            return (yield from _busy(reason("barge_in.not_taken", name=person.name)))
        return (yield from take(rings, call, office))
    if found.room and whose(found.room):
        return (yield from _busy(reason("barge_in.joined", name=person.name)))
    if found.room:
        return (yield from _busy(reason("barge_in.conference", name=person.name)))
    if other is None or other.peer != found.uuid or "ringing" in (found.state, other.state):
        return (yield from _busy(reason("barge_in.no_talk", name=person.name)))
    if why_not := _hindrance(found, other, person, call.user, office):
        return (yield from _busy(why_not))
    if blocked := fetching(call, other, office):
        return (yield from turned_away(blocked, call, office))
    return (yield from _join(found, other, person, call, office))


def _join(found: LiveCall, other: LiveCall, person: User, call: Call, office: Office) -> Policy:
    """Who called comes first, whoever of them was named: of two who join them at once, one has the claims of both, and
    it is his call that tells who is left.
    """
    first, second = sorted((found, other), key=lambda each: (each.direction != "inbound", each.uuid))
    yield Because("barge_in.talks", name=person.name)
    for each in (first, second):
        if isinstance((yield Claim(f"call:{each.uuid}")), Taken):
            return (yield from _busy(reason("barge_in.over")))
    yield Because("barge_in.joins", name=name_of(call.user, office))
    join = Join(first.uuid, second.uuid, person.extension, call.user or "", office.office.barge_tone, "barge_in")
    if isinstance((yield join), Taken):
        return (yield from _busy(reason("barge_in.over")))
    return Done()


def _busy(why: Reason) -> Policy:
    yield Because(why)
    return NotTaken("busy")


def _may_not(user: str | None, person: User, office: Office) -> Reason:
    """Why somebody may join no calls of a person; NONE if he may."""
    who = name_of(user, office)
    match office.office.barge_in:
        case "nobody":
            return reason("barge_in.nobody")
        case "pickup-group" if person.extension not in office.colleagues(user or ""):
            return reason("barge_in.no_colleague", who=who, name=person.name)
        case "site" if office.site_of(user) != office.site_of(person.extension):
            return reason("barge_in.other_site", who=who, name=person.name)
    return NONE if person.barge_in else reason("barge_in.exempt", name=person.name)


def _calls_of(person: User, live: Live) -> tuple[LiveCall, ...]:
    """A channel of each call of a person, though it may ring at several of his phones, or yet while he talks."""
    rung_first = sorted(live.of(person.extension), key=is_rung, reverse=True)
    calls = {each.peer if each.direction == "outbound" and each.peer else each.uuid: each for each in rung_first}
    return tuple(calls.values())


def _hindrance(at: LiveCall, other: LiveCall, person: User, who: str | None, office: Office) -> Reason:
    """Why somebody does not join the talk of a person at that channel with the other; NONE if he may."""
    if "held" in (at.state, other.state):
        return reason("barge_in.on_hold", name=person.name)
    if office.is_emergency(other.number, office.site_of(person.extension)):
        return reason("barge_in.emergency")
    exempt = next((user for user in _others(at, other, office) if not user.barge_in and user.extension != who), None)
    return reason("barge_in.exempt", name=exempt.name) if exempt else NONE


def _others(at: LiveCall, other: LiveCall, office: Office) -> Iterator[User]:
    """Whose call it is as well: who is at the other end, and the executive for whom one of his people has it."""
    if other.user in office.users:
        yield office.users[other.user or ""]
    for executive in (at.for_user, other.for_user):
        if executive and any(may_take_filtered(each.user or "", executive, office) for each in (at, other)):
            yield office.users[executive]


def _through(user: User, office: Office) -> str:
    match office.office.barge_in:
        case "pickup-group":
            return through_groups(lambda group: group.pickup)(user, office)
        case "site":
            return f"site {user.site}"
        case "nobody":
            return ""


def _talking(call: Call, office: Office) -> Live:
    """Everybody else talks with a caller from outside."""
    both = (
        (LiveCall(f"caller-{user}", None, f"at-{user}", "inbound", "talking", call.at),
         LiveCall(f"at-{user}", user, f"caller-{user}", "outbound", "talking", call.at))
        for user in office.users if user != call.user)
    return Live(tuple(channel for pair in both for channel in pair))


def _at_somebody(user: User, office: Office) -> bool:
    in_groups = office.office.barge_in == "pickup-group"
    others = office.colleagues(user.extension) if in_groups else office.users
    return any(each != user.extension and not _may_not(user.extension, office.users[each], office) for each in others)


FEATURE = Feature.of(__name__, __doc__, through=_through, codes={
    "barge_in": Code(
        _barge_in, asks="extension", acts_on=_talking, serves=_at_somebody,
        does=marked("takes the call that rings at the extension dialled after it, or joins the talk there")),
})
STAGE = FEATURE.stage()
