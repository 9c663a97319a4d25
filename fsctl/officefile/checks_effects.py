"""Rules about what is right by itself and would never be noticed: each says what is missing for that."""

import re
from collections.abc import Iterator, Mapping

from fsctl.model.numbers import international
from fsctl.model.schedule import HOLIDAYS
from fsctl.officefile.checks_numbers import NO_TRUNK
from fsctl.officefile.office_view import View
from fsctl.schema import Finding, Path, shown
from fsctl.words import say


def holidays(view: View) -> Iterator[Finding]:
    """A schedule closes on the holidays of the site that uses it."""
    for key, sites in _sites_of_schedules(view).items():
        if HOLIDAYS not in view.office.schedules[key].except_:
            continue
        at: Path = ("schedules", key, "except", view.office.schedules[key].except_.index(HOLIDAYS))
        for site in sites:
            if site in view.office.sites and _lacks(view, site, "holidays"):
                message = say(
                    'site {site} has none: write holidays = "DE-BE", or what it is, in [sites.{site}]', site=site)
                yield Finding(at, message, warning=True)


def _sites_of_schedules(view: View) -> dict[str, tuple[str, ...]]:
    """Of each schedule the sites by whose days it is read, each once."""
    found: dict[str, dict[str, None]] = {key: {} for key in view.office.schedules}
    for path, value in view.leaves():
        if path[-1] in ("during", "outside") and value in found:
            section, name = str(path[0]), str(path[1])
            found[value][name if section == "sites" else getattr(view.office, section)[name].site] = None
    return {key: tuple(sites) for key, sites in found.items()}


def receptions(view: View) -> Iterator[Finding]:
    """By day the calls to a site's numbers go to its reception, and no others do."""
    for key, site in view.office.sites.items():
        if site.numbers and _lacks(view, key, "reception"):
            message = say("calls to these reach nobody by day; write where they go as `reception`")
            yield Finding(("sites", key, "numbers"), message, warning=True)
        if site.reception and _lacks(view, key, "numbers"):
            yield Finding(("sites", key, "reception"), say("has no effect without `numbers`"), warning=True)


def transit(view: View) -> Iterator[Finding]:
    """Reception and night service get outside callers, who go outside again by few trunks."""
    trunks = view.office.trunks
    may = any(trunk.allow_transit for trunk in trunks.values())
    if may or not trunks or trunks.keys() != view.names("trunks").keys():  # one of them has mistakes of its own
        return
    for key, site in view.office.sites.items():
        for path, to in ((("reception",), site.reception), (("night", "to"), site.night.to if site.night else None)):
            if to and view.office.owner_of(to).kind == "number":
                message = say("no trunk takes outside callers there; write allow_transit = true in one")
                yield Finding(("sites", key, *path), message, warning=True)


def nights(view: View) -> Iterator[Finding]:
    """What is said about the night service of a site is about one that there is."""
    office = view.office
    said: list[tuple[Path, str]] = [(("users", key, "night"), each.site) for key, each in office.users.items()
                                    if each.night != "follow"]
    said += [(("groups", key, "hunt", "night"), each.site) for key, each in office.groups.items()
             if each.hunt and each.hunt.night != "follow"]
    for key, site in office.sites.items():
        said += [(("sites", key, name), key) for name, is_default in (
            ("night_by", site.night_by == "site"), ("night_by_phone", site.night_by_phone == "next-change"))
            if not is_default]
    for path, name in said:
        if name in office.sites and _lacks(view, name, "night"):
            yield Finding(path, say("has no effect: site {site} has no night service", site=name), warning=True)


def menus(view: View) -> Iterator[Finding]:
    """A caller can press what stands in a menu, and it leads to one place."""
    for key, attendant in view.office.attendants.items():
        for pressed in attendant.menu:
            at = ("attendants", key, "menu", pressed)
            if not re.fullmatch("[0-9*]+", pressed):
                message = say("nobody can press {keys}; write digits or *, since # ends what is pressed",
                              keys=shown(pressed))
                yield Finding(at, message)
            elif attendant.extensions and len(pressed) > 1 and pressed in view.called:
                message = say("callers cannot dial extension {extension} here: the menu has it", extension=pressed)
                yield Finding(at, message, warning=True)
        if "0" in attendant.menu and attendant.zero:
            yield Finding(("attendants", key, "zero"), say("has no effect: the menu has the key 0"), warning=True)


def groups(view: View) -> Iterator[Finding]:
    """A group has the people, the slots and the weights that its settings are about."""
    for key, group in view.office.groups.items():
        at = ("groups", key)
        if group.pickup and sum(member in view.users for member in group.members) < 2:
            message = say("has no effect: nobody else of the group could pick up a call")
            yield Finding((*at, "pickup"), message, warning=True)
        if group.conference and not group.members:
            yield Finding((*at, "conference"), say("the group has no members to ring"), warning=True)
        if group.park and not group.park.extensions:
            yield Finding((*at, "park"), say("has no effect without slots; write `extensions`"), warning=True)
        if group.hunt and group.hunt.policy == "weighted" and not any(group.hunt.weights.values()):
            message = say("nobody has a weight: all are rung in their order; write `weights`")
            yield Finding((*at, "hunt", "policy"), message, warning=True)
        if group.hunt and group.hunt.idle_counts == "all" and group.hunt.policy != "longest-idle":
            message = say('has no effect with policy = "{policy}"', policy=group.hunt.policy)
            yield Finding((*at, "hunt", "idle_counts"), message, warning=True)


def telephones_outside(view: View) -> Iterator[Finding]:
    """Some trunk rings them (where calls are sent: checks_numbers)."""
    if view.names("trunks"):
        return
    for extension, user in view.office.users.items():
        for index in range(len(user.devices)):
            yield Finding(("users", extension, "devices", index), say(NO_TRUNK), warning=True)
    for key, group in view.office.groups.items():
        for index, member in enumerate(group.members):
            if international(member, view.office.numbering.country) == member:
                yield Finding(("groups", key, "members", index), say(NO_TRUNK), warning=True)


def _lacks(view: View, site: str, key: str) -> bool:
    """Whether the file says nothing of it; what it says wrong is another rule's."""
    written = view.names("sites").get(site)
    return isinstance(written, Mapping) and not written.get(key)


RULES = (holidays, receptions, transit, nights, menus, groups, telephones_outside)
