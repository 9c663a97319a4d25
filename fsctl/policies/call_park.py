"""A call waits with music in a slot or on a colleague's extension until somebody fetches it, or else comes back.

Codes: ``park`` and an extension, or alone on one's own, ``group_park`` in the first free slot of one's group,
``retrieve`` likewise; the key ``slot+701`` parks or fetches. They park the call that one holds, and so does a transfer
to them or to a slot's number, which dialled by itself fetches.
"""

from fsctl.model.actions import Answer, Because, Claim, Connect, Done, Hangup, NotTaken, Pass, Play, Policy
from fsctl.model.call import Call
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.outcomes import Failed, Taken
from fsctl.model.parking import group_for, held_by, is_place, may_fetch, may_park, parked_at, places
from fsctl.model.reasons import Reason, declare, reason
from fsctl.model.sections import User
from fsctl.policies import park_recall
from fsctl.policies.feature import Code, Feature, through_groups
from fsctl.policies.intercept import fetching, turned_away
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import name_of, refuse
from fsctl.words import marked

REASONS = declare({
    "call_park.no_slots": "{name} is in no group with slots",
    "call_park.nothing_held": "{name} holds no call",
    "call_park.emergency": "nobody parks an emergency call",
    "call_park.no_slot": "no call can be parked on {slot}",
    "call_park.other_site": "{name} is of another site than {slot}",
    "call_park.parks": "{name} parks the call",
    "call_park.failed": "it could not be parked now",
    "call_park.all_occupied": "all slots of the group are occupied",
    "call_park.occupied": "another call waits in {slot}",
    "call_park.may_transfer": "{name} holds a call, which he may transfer to the slot",
    "call_park.empty": "no call waits in {slot}",
    "call_park.elsewhere": "it waits at another switch",
    "call_park.may_not_fetch": "{name} may not fetch calls from {slot}",
    "call_park.waits": "a call waits in {slot}",
    "call_park.fetches": "{name} fetches it",
    "call_park.gone": "somebody else was faster, or the caller gave up",
    "call_park.no_link": "there is no link to the switch that would tell which calls there are",
})

#: Who shall park dialled an empty slot to transfer the held call to it: so long that can take, in seconds.
TRANSFER_SECONDS = 60


def run(call: Call, office: Office, live: Live) -> Policy:
    """A slot's number fetches who waits there; who is transferred to it waits there, if it is free."""
    if call.to.kind == "recall":
        return (yield from park_recall.run(call, office))
    if call.to.kind != "slot":
        return Pass()
    slot = call.to.name
    if call.transferred_by:
        return (yield from _park(call, office, (slot,), None))
    if call.user and held_by(call.user, live):
        return (yield from _wait_for_transfer(call, office, live, slot))
    return (yield from _fetch(call, office, live, slot))


def _on_extension(call: Call, office: Office, live: Live, digits: str) -> Policy:
    return (yield from _park_by_code(call, office, live, (digits or call.by or "",)))


def _in_group(call: Call, office: Office, live: Live, digits: str) -> Policy:
    group = group_for(call.by or "", office)
    slots = group.park.extensions if group and group.park else ()
    if not slots:
        return (yield from _refuse(call, office, reason("call_park.no_slots", name=name_of(call.by, office))))
    return (yield from _park_by_code(call, office, live, slots))


def _retrieve(call: Call, office: Office, live: Live, digits: str) -> Policy:
    return (yield from _fetch(call, office, live, digits or call.user or ""))


def _key(call: Call, office: Office, live: Live, slot: str) -> Policy:
    """Who holds a call parks it, or is told that the slot is occupied, as by the slot's number; who holds none fetches.
    """
    holds = call.user is not None and held_by(call.user, live) is not None
    if call.transferred_by or (holds and parked_at(slot, live) is None):
        return (yield from _park_by_code(call, office, live, (slot,)))
    if holds:
        return (yield from _wait_for_transfer(call, office, live, slot))
    return (yield from _fetch(call, office, live, slot))


def _park_by_code(call: Call, office: Office, live: Live, slots: tuple[str, ...]) -> Policy:
    if call.transferred_by:
        return (yield from _park(call, office, slots, None))
    if not live.known:
        return (yield from _refuse(call, office, reason("call_park.no_link"), "not-available"))
    held = held_by(call.user or "", live)
    if held is None:
        why = reason("call_park.nothing_held", name=name_of(call.user, office))
        return (yield from _refuse(call, office, why, "nothing-held"))
    if office.is_emergency(held.number, office.site_of(call.user)):
        return (yield from _refuse(call, office, reason("call_park.emergency")))
    return (yield from _park(call, office, slots, held))


def _park(call: Call, office: Office, slots: tuple[str, ...], held: LiveCall | None) -> Policy:
    """In the first of these slots that is free: the call itself, or the one that it finds on hold."""
    parker = call.by or ""
    for slot in slots:
        if not is_place(slot, office):
            return (yield from _refuse(call, office, reason("call_park.no_slot", slot=slot)))
        if not may_park(parker, slot, office):
            why = reason("call_park.other_site", name=name_of(parker, office), slot=slot)
            return (yield from _refuse(call, office, why))
    for slot in slots:
        yield Because("call_park.parks", name=name_of(parker, office))
        outcome = yield park_recall.waiting(slot, parker, office, held.uuid if held else "")
        if isinstance(outcome, Failed):
            return (yield from _refuse(call, office, reason("call_park.failed"), "not-available"))
        if not isinstance(outcome, Taken):
            return Done()
    if len(slots) > 1:
        return (yield from _refuse(call, office, reason("call_park.all_occupied"), "slots-occupied"))
    return (yield from _refuse(call, office, reason("call_park.occupied", slot=slots[0]), "slot-occupied"))


def _wait_for_transfer(call: Call, office: Office, live: Live, slot: str) -> Policy:
    """Somebody holds a call and asks what is in the slot: he will transfer it there, or meant to fetch another one.

    Two strangers must not be connected by that, so he fetches nothing before he has let go of the first call.
    """
    occupied = parked_at(slot, live) is not None
    language = language_for(call, office)
    yield Because("call_park.may_transfer", name=name_of(call.user, office))
    yield Answer()
    yield Play("slot-occupied" if occupied else "nothing-parked", language, stay_seconds=TRANSFER_SECONDS)
    yield Hangup("normal")
    return Done()


def _fetch(call: Call, office: Office, live: Live, slot: str) -> Policy:
    language = language_for(call, office)
    if not live.known:
        return (yield from refuse(reason("call_park.no_link"), language, "not-available"))
    parked = parked_at(slot, live)
    if parked is None:
        return (yield from refuse(reason("call_park.empty", slot=slot), language, "nothing-parked"))
    if live.apart(call.uuid, parked.node):
        return (yield from refuse(reason("call_park.elsewhere"), language, "not-available"))
    if not may_fetch(call.user or "", parked, office):
        why = reason("call_park.may_not_fetch", name=name_of(call.user, office), slot=slot)
        return (yield from refuse(why, language))
    if blocked := fetching(call, parked, office):
        return (yield from turned_away(blocked, call, office))
    yield Because("call_park.waits", slot=slot)
    if not isinstance((yield Claim(f"call:{parked.uuid}")), Taken):
        yield Because("call_park.fetches", name=name_of(call.user, office))
        if not isinstance((yield Connect(parked.uuid, slot)), Taken):
            return Done()
    return (yield from refuse(reason("call_park.gone"), language, "nothing-parked"))


def _refuse(call: Call, office: Office, why: Reason, announcement: str = "not-possible") -> Policy:
    """Tell him who wants to park, also where he had transferred the call already and it comes back to him."""
    yield Because(why)
    return NotTaken("rejected", announcement, language_for(call, office), tell=True)


def _through(user: User, office: Office) -> str:
    """Where a person's calls are parked by default, and everybody can park on him."""
    slots = through_groups(lambda group: group.park and group.park.extensions)(user, office)
    return ", ".join(filter(None, (slots, f"site {user.site}")))


def _one_held(call: Call, office: Office) -> Live:
    """The caller holds a call."""
    return Live((
        LiveCall("holder", call.user, "held", "inbound", "held", call.at),
        LiveCall("held", None, "holder", "outbound", "talking", call.at),
    ))


def _one_in_each_slot(call: Call, office: Office) -> Live:
    """A call waits wherever one can."""
    return Live(tuple(
        LiveCall(f"in-{slot}", None, None, "inbound", "parked", call.at, slot=slot) for slot in places(office)
    ))


def _in_slots(call: Call, office: Office) -> Live:
    """A slot's number fetches."""
    return _one_in_each_slot(call, office) if call.to.kind == "slot" else Live()


def _in_any_group(office: Office) -> bool:
    return any(group.park and group.park.extensions for group in office.groups.values())


def _in_ones_group(user: User, office: Office) -> bool:
    group = group_for(user.extension, office)
    return group is not None and group.site == user.site


FEATURE = Feature.of(__name__, __doc__, through=_through, acts_on=_in_slots, codes={
    "park": Code(
        _on_extension, asks="extension", alone=True, by_transfer=True, in_talk="digits", acts_on=_one_held,
        does=marked("parks the call that I hold on the extension dialled after it, alone: on mine")),
    "group_park": Code(
        _in_group, counts=_in_any_group, serves=_in_ones_group, by_transfer=True, in_talk="alone", acts_on=_one_held,
        does=marked("parks the call that I hold in the first free slot of my group, which I am told")),
    "retrieve": Code(
        _retrieve, asks="extension", alone=True, acts_on=_one_in_each_slot,
        does=marked("fetches the call that is parked on the extension or slot dialled after it, alone: on mine")),
    "slot_key": Code(
        _key, asks="key", by_transfer=True, acts_on=_one_held,
        does=marked("parks the call that I hold, or fetches the one that waits there")),
})
STAGE = FEATURE.stage(run)
