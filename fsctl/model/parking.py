"""Where calls can be parked, who may do what there, and what becomes of a call that nobody fetches."""

from dataclasses import fields, replace

from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.sections import Group, GroupPark, ParkTerms, Site


def places(office: Office) -> tuple[str, ...]:
    """Wherever a call can be parked: on every person, and in the slots of groups."""
    return tuple(extension for extension, to in office.extensions.items() if to.kind in ("user", "slot"))


def is_place(slot: str, office: Office) -> bool:
    """Whether a call can be parked there."""
    to = office.extensions.get(slot)
    return to is not None and to.kind in ("user", "slot")


def group_of(slot: str, office: Office) -> Group | None:
    """The group that a slot belongs to; None for a person's extension, and for what is no slot any more."""
    return office.index.slots.get(slot)


def group_for(user: str, office: Office) -> Group | None:
    """The group in whose slots ``user`` parks without naming one: the first of his that has any."""
    return next((group for group in office.groups_of(user) if group.park and group.park.extensions), None)


def terms(slot: str, parker: str, office: Office) -> ParkTerms:
    """What becomes of a call parked there: as its group says, or for a person's extension his site, or the parker's."""
    if (group := group_of(slot, office)) is not None:
        return group_terms(group.park, office.sites.get(group.site))
    return group_terms(None, office.site_of(slot) or office.site_of(parker))


def group_terms(own: GroupPark | None, site: Site | None) -> ParkTerms:
    """Those of the site, but for what a group says itself."""
    by_site = site.park if site else ParkTerms()
    said = {each.name: getattr(own, each.name, None) for each in fields(ParkTerms)}
    return replace(by_site, **{name: value for name, value in said.items() if value is not None})


def may_park(user: str, slot: str, office: Office) -> bool:
    """Anybody of the site in the slots of a group, and everybody on a colleague's extension."""
    group = group_of(slot, office)
    return slot in office.users if group is None else office.users[user].site == group.site


def may_fetch(user: str, parked: LiveCall, office: Office) -> bool:
    """Who parked it, at any time; a group's members from its slots, and from a person's extension those of his site."""
    slot = parked.slot or ""
    if user == parked.parker:
        return True
    if (group := group_of(slot, office)) is not None:
        return user in group.members
    return slot in office.users and user in office.users and office.users[slot].site == office.users[user].site


def parked_at(slot: str, live: Live) -> LiveCall | None:
    """The call that waits there."""
    return next((call for call in live.waiting_in(slot) if call.state == "parked"), None)


def held_by(user: str, live: Live) -> LiveCall | None:
    """The channel of whom ``user`` holds, the one whom he put on hold last."""
    return next(iter(all_held_by(user, live)), None)


def all_held_by(user: str, live: Live) -> list[LiveCall]:
    """The channels of all whom ``user`` holds, the one whom he put on hold last first."""
    channels = {call.uuid: call for call in live.calls}
    holding = [call for call in live.of(user) if call.state == "held" and call.peer in channels]
    return [channels[each.peer or ""] for each in sorted(holding, key=lambda each: each.since, reverse=True)]
