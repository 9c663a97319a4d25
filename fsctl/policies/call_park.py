"""A call waits with music in a slot or on a colleague's extension until somebody fetches it, or else comes back.

Codes: ``park`` and an extension, or alone on one's own, ``group_park`` in the first free slot of one's group,
``retrieve`` likewise; the key ``slot+701`` parks or fetches. They park the call that one holds, and so does a transfer
to them or to a slot's number, which dialled by itself fetches.
"""

from fsctl.model.actions import (
    OFFICE,
    Answer,
    Because,
    Claim,
    Connect,
    Done,
    Hangup,
    Leg,
    Park,
    Party,
    Pass,
    Play,
    Policy,
    Reroute,
    Ring,
    Unpark,
)
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.outcomes import Answered, CallerGone, Failed, Moved, Taken
from fsctl.model.parking import group_for, group_of, held_by, may_fetch, may_park, parked_at, terms
from fsctl.policies.caller_id import shown_inside
from fsctl.policies.language import language_for, language_of
from fsctl.policies.star_codes import Code, refuse

#: Who shall park dialled an empty slot to transfer the held call to it: so long that can take, in seconds.
TRANSFER_SECONDS = 60

_RECALL = {"de": "Wiederanruf", "en": "Recall"}


def run(call: Call, office: Office, live: Live) -> Policy:
    """A slot's number fetches who waits there; who is transferred to it waits there, if it is free."""
    if call.to.kind == "recall":
        return (yield from _recall(call, office))
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
        return (yield from _refuse(call, office, f"{_name(call.by, office)} is in no group with slots"))
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
        return (yield from _refuse(call, office, _UNKNOWN, "not-available"))
    held = held_by(call.user or "", live)
    if held is None:
        return (yield from _refuse(call, office, f"{_name(call.user, office)} holds no call", "nothing-held"))
    return (yield from _park(call, office, slots, held))


def _park(call: Call, office: Office, slots: tuple[str, ...], held: LiveCall | None) -> Policy:
    """In the first of these slots that is free: the call itself, or the one that it finds on hold."""
    parker = call.by or ""
    for slot in slots:
        if office.extensions.get(slot) not in (Destination("slot", slot), Destination("user", slot)):
            return (yield from _refuse(call, office, f"no call can be parked on {slot}"))
        if not may_park(parker, slot, office):
            return (yield from _refuse(call, office, f"{_name(parker, office)} is of another site than {slot}"))
    for slot in slots:
        yield Because(f"{_name(parker, office)} parks the call")
        outcome = yield waiting(slot, parker, office, held.uuid if held else "")
        if isinstance(outcome, Failed):
            return (yield from _refuse(call, office, "it could not be parked now", "not-available"))
        if not isinstance(outcome, Taken):
            return Done()
    if len(slots) > 1:
        return (yield from _refuse(call, office, "all slots of the group are occupied", "slots-occupied"))
    return (yield from _refuse(call, office, f"another call waits in {slots[0]}", "slot-occupied"))


def waiting(slot: str, parker: str, office: Office, uuid: str = "") -> Park:
    """What the switch has to do for a call that ``parker`` parks, this one or that of the channel ``uuid``."""
    group, park = group_of(slot, office), terms(slot, parker, office)
    site = office.sites.get(group.site) if group else office.site_of(parker)
    user = office.users.get(parker)
    return Park(
        slot, parker, park.recall_seconds, group=group.key if group else "", music=site.music if site else "",
        fallback=_fallback(slot, parker, office), language=language_of(user, office) if user else "en", uuid=uuid)


def _fallback(slot: str, parker: str, office: Office) -> tuple[str, ...]:
    """Whom the call rings where nobody can decide: people only, as in the rest of the fail-safe."""
    park, group = terms(slot, parker, office), group_of(slot, office)
    people: list[str] = []
    if park.recall_to != "alternate":
        people.append(parker)
    elif park.alternate and park.alternate.kind == "user":
        people.append(park.alternate.name)
    elif park.alternate and park.alternate.kind == "hunt" and office.has(park.alternate):
        people += office.groups[park.alternate.name].members
    known = [each for each in people if each in office.users]
    others = dict.fromkeys((parker, slot, *(group.members if group else ())))
    return tuple(known or [each for each in others if each in office.users])


def _wait_for_transfer(call: Call, office: Office, live: Live, slot: str) -> Policy:
    """Somebody holds a call and asks what is in the slot: he will transfer it there, or meant to fetch another one.

    Two strangers must not be connected by that, so he fetches nothing before he has let go of the first call.
    """
    occupied = parked_at(slot, live) is not None
    language = language_for(call, office)
    yield Because(f"{_name(call.user, office)} holds a call, which he may transfer to the slot")
    yield Answer()
    yield Play("slot-occupied" if occupied else "nothing-parked", language, stay_seconds=TRANSFER_SECONDS)
    yield Hangup("normal")
    return Done()


def _fetch(call: Call, office: Office, live: Live, slot: str) -> Policy:
    language = language_for(call, office)
    if not live.known:
        return (yield from refuse(_UNKNOWN, language, "not-available"))
    parked = parked_at(slot, live)
    if parked is None:
        return (yield from refuse(f"no call waits in {slot}", language, "nothing-parked"))
    own = next((each for each in live.calls if each.uuid == call.uuid), None)
    if own and own.node != parked.node:
        return (yield from refuse("it waits at another switch", language, "not-available"))
    if not may_fetch(call.user or "", parked, office):
        return (yield from refuse(f"{_name(call.user, office)} may not fetch calls from {slot}", language))
    yield Because(f"a call waits in {slot}")
    if not isinstance((yield Claim(f"call:{parked.uuid}")), Taken):
        yield Because(f"{_name(call.user, office)} fetches it")
        if not isinstance((yield Connect(parked.uuid, slot)), Taken):
            return Done()
    return (yield from refuse("somebody else was faster, or the caller gave up", language, "nothing-parked"))


def _recall(call: Call, office: Office) -> Policy:
    """Nobody fetched it: it rings who parked it, the alternate, or waits on.

    Where another call has its slot by now, it waits in another slot of the group; else it is a call to its parker.
    """
    slot, parker = call.to.name, office.users.get(call.parker or "")
    park = terms(slot, call.parker or "", office)
    show = _shown(call, office, slot)
    alternate = park.alternate if park.recall_to != "parker" and park.alternate and office.has(park.alternate) else None
    why = f"nobody fetched the call from {slot}"
    if parker and (park.recall_to != "alternate" or alternate is None):
        seconds = park.alternate_after_seconds if alternate else parker.ring_seconds
        yield Because(f"{why} within {park.recall_seconds} s")
        outcome = yield Ring(((Leg(Destination("user", parker.extension), seconds),),), show)
        if isinstance(outcome, Answered | CallerGone | Moved):
            return Done()
        why = f"{parker.name} did not take the call back from {slot}"
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
        why = f"{why}, and it cannot wait any longer"
        if parker is None:
            return (yield from refuse(why, language_for(call, office), "not-available"))
        alternate = Destination("user", parker.extension)
    yield Because("it waits there no more")
    yield Unpark(slot)
    yield Because(why)
    return Reroute(alternate, by=OFFICE, show=show)


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


def _refuse(call: Call, office: Office, reason: str, announcement: str = "not-possible") -> Policy:
    """Tell him who wants to park. A call that he had transferred already comes back to him, and he hears why."""
    transferor = office.users.get(call.transferred_by or "")
    if transferor is None:
        return (yield from refuse(reason, language_for(call, office), announcement))
    back = Destination("user", transferor.extension)
    yield Because(reason)
    leg = Leg(back, transferor.ring_seconds, announce=Play(announcement, language_of(transferor, office)))
    if isinstance((yield Ring(((leg,),), shown_inside(call, office))), Answered | CallerGone | Moved):
        return Done()
    yield Because(f"{transferor.name} does not take it back")
    return Reroute(back)


def _shown(call: Call, office: Office, slot: str) -> Party:
    """The display says that it is a recall, from where, and who waits."""
    parker = office.users.get(call.parker or "")
    who = shown_inside(call, office)
    word = _RECALL[language_of(parker, office) if parker else "en"]
    return Party(f"{word} {slot} - {who.name or who.number}", who.number)


def _name(user: str | None, office: Office) -> str:
    return office.users[user].name if user and user in office.users else "the caller"


_UNKNOWN = "there is no link to the switch that would tell which calls there are"

CODES = {
    "park": Code(_on_extension, asks="extension", alone=True, by_transfer=True),
    "group_park": Code(_in_group, by_transfer=True),
    "retrieve": Code(_retrieve, asks="extension", alone=True),
    "slot_key": Code(_key, asks="key", by_transfer=True),
}
