"""A parked call that nobody fetches comes back: to who parked it, to the alternate, or it waits on.

What the switch has to know for that, also when no controller lives by then, is told when the call is parked.
"""

from collections.abc import Iterable

from fsctl.model.actions import OFFICE, Because, Done, Park, Policy, Reroute, Unpark
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.office import Office
from fsctl.model.outcomes import Answered, CallerGone, Failed, Moved, Taken
from fsctl.model.parking import group_of, terms
from fsctl.model.reasons import declare, reason
from fsctl.policies.caller_id import as_recall
from fsctl.policies.intercept_rules import for_all_calls
from fsctl.policies.language import language_for, language_of
from fsctl.policies.person import ring_person
from fsctl.policies.star_codes import refuse

REASONS = declare({
    "park_recall.not_fetched": "nobody fetched the call from {slot}",
    "park_recall.not_fetched_in_time": "nobody fetched the call from {slot} within {seconds} s",
    "park_recall.not_taken_back": "{name} did not take the call back from {slot}",
    "park_recall.cannot_wait": "{because}, and it cannot wait any longer",
    "park_recall.left": "it waits there no more",
})


def waiting(slot: str, parker: str, office: Office, uuid: str = "") -> Park:
    """What the switch has to do for a call that ``parker`` parks, this one or that of the channel ``uuid``."""
    group, park = group_of(slot, office), terms(slot, parker, office)
    site = office.sites.get(group.site) if group else office.site_of(parker)
    user = office.users.get(parker)
    return Park(
        slot, parker, park.recall_seconds, group=group.key if group else "", music=site.music if site else "",
        fallback=_fallback(slot, parker, office), language=language_of(user, office) if user else "en", uuid=uuid)


def run(call: Call, office: Office) -> Policy:
    """Nobody fetched it: it rings who parked it, the alternate, or waits on.

    Where another call has its slot by now, it waits in another slot of the group; else it is a call to its parker.
    """
    slot, parker = call.to.name, office.users.get(call.parker or "")
    park = terms(slot, call.parker or "", office)
    show = as_recall(call, parker, office, slot)
    alternate = park.alternate if park.recall_to != "parker" and park.alternate and office.has(park.alternate) else None
    why = reason("park_recall.not_fetched", slot=slot)
    if parker and (park.recall_to != "alternate" or alternate is None):
        seconds = park.alternate_after_seconds if alternate else parker.ring_seconds
        yield Because("park_recall.not_fetched_in_time", slot=slot, seconds=park.recall_seconds)
        outcome = yield ring_person(call, parker, office, seconds=seconds, show=show)
        if isinstance(outcome, Answered | CallerGone | Moved):
            return Done()
        why = reason("park_recall.not_taken_back", name=parker.name, slot=slot)
    if alternate is None and parker is None:
        alternate = _somebody(slot, office)
    if alternate is None:
        group = group_of(slot, office)
        for each in dict.fromkeys((slot, *(group.park.extensions if group and group.park else ()))):
            yield Because(why)
            outcome = yield waiting(each, call.parker or "", office)
            if isinstance(outcome, Failed):
                break
            if not isinstance(outcome, Taken):
                return Done()
        why = reason("park_recall.cannot_wait", because=why)
        if parker is None:
            return (yield from refuse(why, language_for(call, office), "not-available"))
        alternate = Destination("user", parker.extension)
    yield Because("park_recall.left")
    yield Unpark(slot)
    yield Because(why)
    return Reroute(alternate, by=OFFICE, show=show)


def _fallback(slot: str, parker: str, office: Office) -> tuple[str, ...]:
    """Whom the call rings where nobody can decide: people only, as in the rest of the fail-safe.

    Who parked it has had it already, so that no intercept of his calls counts.
    """
    park, group = terms(slot, parker, office), group_of(slot, office)
    people: list[str] = []
    if park.recall_to != "alternate":
        people.append(parker)
    elif park.alternate and park.alternate.kind == "user":
        people.append(park.alternate.name)
    elif park.alternate and park.alternate.kind == "hunt" and office.has(park.alternate):
        people += office.groups[park.alternate.name].members
    others = dict.fromkeys((parker, slot, *(group.members if group else ())))
    return _rung(people, parker, office) or _rung(others, parker, office)


def _rung(people: Iterable[str], parker: str, office: Office) -> tuple[str, ...]:
    known = (each for each in people if each in office.users)
    return tuple(each for each in known
                 if each == parker or for_all_calls(Destination("user", each), office) is None)


def _somebody(slot: str, office: Office) -> Destination | None:
    """For a call that nobody knows who parked it: the person, the group's hunt or its first member, the reception."""
    if slot in office.users:
        return Destination("user", slot)
    group = group_of(slot, office)
    if group and group.hunt:
        return Destination("hunt", group.key)
    members = [each for each in group.members if each in office.users] if group else []
    site = office.sites.get(group.site) if group else next(iter(office.sites.values()), None)
    return Destination("user", members[0]) if members else site.reception if site else None
