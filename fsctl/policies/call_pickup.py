"""A call that rings at a colleague is taken at one's own phone, by star code or by pressing the blinking lamp.

Codes: ``pickup`` takes the call that has rung longest at somebody of one's pickup groups, ``pickup_directed`` and the
extension the one that rings there; so does ``pickup_lamp``, which phones dial by themselves. Who may take whose calls:
members of a group with ``pickup`` each other's, and everybody those of the people on his lamps; a filtered call of an
executive the executive and his assistants alone, wherever it rings.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from fsctl.model.actions import Because, Claim, Done, Pickup, Policy
from fsctl.model.call import Call
from fsctl.model.executives import may_take_filtered, share_executive, takes_filtered_calls
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.outcomes import Taken
from fsctl.model.reasons import declare, reason
from fsctl.model.sections import User
from fsctl.policies.feature import Code, Feature, themselves, through_groups
from fsctl.policies.intercept import fetching, turned_away
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import name_of, refuse
from fsctl.words import marked

REASONS = declare({
    "call_pickup.rings": "a call rings at {name}",
    "call_pickup.picks_up": "{name} picks it up",
    "call_pickup.gone": "somebody else was faster, or the caller gave up",
    "call_pickup.nothing_rings": "nothing rings there",
    "call_pickup.no_group": "{name} is in no pickup group",
    "call_pickup.no_phone": "no phone rings for {number}",
    "call_pickup.own_phone": "a call at one's own phone is answered there",
    "call_pickup.not_allowed": "{who} may not pick up calls of {number}",
    "call_pickup.no_link": "there is no link to the switch that would tell what rings",
})


@dataclass(frozen=True, slots=True, order=True)
class Ringing:
    """A call that rings: since when its caller waits, the caller's channel, and an extension at which it rings.

    ``caller`` is that channel, where the switch has told of it.
    """

    since: datetime
    uuid: str
    at: str
    caller: LiveCall | None = field(default=None, compare=False)


def ringing(
    live: Live, extensions: Collection[str], call: Call, office: Office, hunt: str | None = None, *,
    filtered_at: Collection[str] | None = None,
) -> list[Ringing]:
    """The calls that ring at these extensions, or of them those of one hunt group; the longest first.

    Filtered calls of executives are taken by their own people alone, at whatever assistant they ring, or of them those
    ``filtered_at`` certain extensions.

    Only phones that are rung count, never one that calls, whatever its far side lets it hear; nor do one's own calls,
    and those on another FreeSWITCH, which alone could connect them.
    """
    channels = {each.uuid: each for each in live.calls}
    own = channels.get(call.uuid)
    found: dict[str, Ringing] = {}
    for leg in live.calls:
        if leg.direction != "outbound" or leg.state != "ringing" or leg.user is None or leg.peer is None:
            continue
        if leg.group:  # its caller would talk with one alone, and the others would be in no call
            continue
        if leg.executive is None and leg.user not in extensions:
            continue
        if leg.executive and not _is_for_him(leg, leg.executive, call, office, filtered_at):
            continue
        if (own and leg.node != own.node) or (hunt and leg.hunt != hunt):
            continue
        caller = channels.get(leg.peer)
        if caller and (caller.peer or (caller.user and caller.user == call.user)):
            continue
        since = caller.since if caller and caller.state == "ringing" else leg.since
        each = Ringing(since, leg.peer, leg.user, caller)
        found[leg.peer] = min(found.get(leg.peer, each), each)
    return sorted(found.values())


def _is_for_him(
    leg: LiveCall, executive: str, call: Call, office: Office, filtered_at: Collection[str] | None
) -> bool:
    """Whether a filtered call at somebody else's phone is one that the caller may take."""
    if leg.user == call.user or not may_take_filtered(call.user or "", executive, office):
        return False
    return filtered_at is None or leg.user in filtered_at


def take(calls: Collection[Ringing], call: Call, office: Office) -> Policy:
    """Take the first of these calls that nobody else gets first, and that one may have."""
    language = language_for(call, office)
    blocked = {each: found for each in calls if (found := fetching(call, each.caller, office))}
    if blocked and len(blocked) == len(calls):
        return (yield from turned_away(blocked[next(iter(blocked))], call, office))
    for each in calls:
        if each in blocked:
            continue
        yield Because("call_pickup.rings", name=office.users[each.at].name)
        # FreeSWITCH gives it to one alone too, so that a database that does not answer stops nobody.
        if isinstance((yield Claim(f"call:{each.uuid}")), Taken):
            continue
        yield Because("call_pickup.picks_up", name=office.users[call.user or ""].name)
        if not isinstance((yield Pickup(each.uuid, each.at)), Taken):
            return Done()
    why = reason("call_pickup.gone") if calls else reason("call_pickup.nothing_rings")
    return (yield from refuse(why, language, "nothing-to-pick-up"))


def _group(call: Call, office: Office, live: Live, digits: str) -> Policy:
    language, user = language_for(call, office), call.user or ""
    colleagues = office.colleagues(user)
    if not colleagues and not takes_filtered_calls(user, office):
        return (yield from refuse(reason("call_pickup.no_group", name=name_of(user, office)), language))
    if not live.known:
        return (yield from _unknown(language))
    return (yield from take(ringing(live, colleagues, call, office), call, office))


def _directed(call: Call, office: Office, live: Live, digits: str) -> Policy:
    language, user = language_for(call, office), call.user or ""
    to = office.extensions.get(digits)
    if to is None or to.kind not in ("user", "hunt"):
        return (yield from refuse(reason("call_pickup.no_phone", number=digits), language))
    if to.name == user:
        return (yield from refuse(reason("call_pickup.own_phone"), language))
    wanted = office.groups[to.name].members if to.kind == "hunt" else (to.name,)
    allowed = tuple(each for each in wanted if office.may_pick_up(user, each))
    if not allowed and not any(share_executive(user, each, office) for each in wanted):
        who = user or name_of(None, office)
        return (yield from refuse(reason("call_pickup.not_allowed", who=who, number=digits), language))
    if not live.known:
        return (yield from _unknown(language))
    hunt = to.name if to.kind == "hunt" else None
    return (yield from take(ringing(live, allowed, call, office, hunt, filtered_at=wanted), call, office))


def _unknown(language: str) -> Policy:
    return (yield from refuse(reason("call_pickup.no_link"), language, "not-available"))


def _through(user: User, office: Office) -> str:
    groups = through_groups(lambda group: group.pickup)(user, office)
    by_himself = user.monitors or takes_filtered_calls(user.extension, office)
    return groups or (themselves(user, office) if by_himself else "")


def _ringing_elsewhere(call: Call, office: Office) -> Live:
    """A call rings at everybody else."""
    return Live(tuple(
        LiveCall(f"at-{user}", user, f"for-{user}", "outbound", "ringing", call.at)
        for user in office.users if user != call.user
    ))


def _in_a_group(user: User, office: Office) -> bool:
    return bool(office.colleagues(user.extension)) or takes_filtered_calls(user.extension, office)


def _of_somebody(user: User, office: Office) -> bool:
    return _in_a_group(user, office) or any(each != user.extension for each in user.monitors)


_BY_EXTENSION = Code(_directed, asks="extension", acts_on=_ringing_elsewhere, serves=_of_somebody,
                     does=marked("takes the call that rings at the extension dialled after it"))

FEATURE = Feature.of(__name__, __doc__, through=_through, codes={
    "pickup": Code(_group, acts_on=_ringing_elsewhere, serves=_in_a_group,
                   does=marked("takes the call that rings longest in my group")),
    "pickup_directed": _BY_EXTENSION,
    "pickup_lamp": _BY_EXTENSION,
})
STAGE = FEATURE.stage()
