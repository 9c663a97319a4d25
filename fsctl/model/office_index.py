"""Where everything of an office is found, so that no call looks through all people or groups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from fsctl.model.destination import Destination
from fsctl.model.sections import Group, Numbering, Schedule, Site, Trunk, User

_Key = TypeVar("_Key")
_Found = TypeVar("_Found")


@dataclass(frozen=True, kw_only=True, eq=False)
class Index:
    """What follows from these sections of the file. Each is made once, when it is first asked for."""

    numbering: Numbering = field(default_factory=Numbering)
    trunks: Mapping[str, Trunk] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    sites: Mapping[str, Site] = field(default_factory=dict)
    users: Mapping[str, User] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)

    @cached_property
    def extensions(self) -> Mapping[str, Destination]:
        """Everything that a phone of the office reaches by a short number."""
        found = {user: Destination("user", user) for user in self.users}
        for group in self.groups.values():
            if group.hunt:
                found[group.hunt.extension] = Destination("hunt", group.key)
            if group.conference:
                found[group.conference.extension] = Destination("conference", group.key)
            for slot in group.park.extensions if group.park else ():
                found[slot] = Destination("slot", slot)
        return found

    @cached_property
    def longest_extension(self) -> int:
        """How many digits the longest one has at which a person or a hunt group is called."""
        return max((len(key) for key, to in self.extensions.items() if to.kind in ("user", "hunt")), default=0)

    @cached_property
    def slots(self) -> Mapping[str, Group]:
        """The group of each slot for parked calls."""
        found: dict[str, Group] = {}
        for group in self.groups.values():
            for slot in group.park.extensions if group.park else ():
                found.setdefault(slot, group)
        return found

    @cached_property
    def numbers(self) -> Mapping[str, Destination]:
        """Everything that the public network reaches by a number (``+49…``)."""
        found: dict[str, Destination] = {}
        for site in self.sites.values():
            found.update((number, Destination("site", site.key)) for number in site.numbers)
        for user in self.users.values():
            found.update((number, Destination("user", user.extension)) for number in user.numbers)
        for group in self.groups.values():
            if group.hunt:
                found.update((number, Destination("hunt", group.key)) for number in group.hunt.numbers)
        return found

    @cached_property
    def numbers_of(self) -> Mapping[Destination, tuple[str, ...]]:
        """By which numbers the public network reaches a place."""
        return _gathered((owner, number) for number, owner in self.numbers.items())

    @cached_property
    def shown_numbers(self) -> frozenset[str]:
        """What calls from here show outside."""
        return frozenset(self.numbers) | {trunk.caller_id for trunk in self.trunks.values() if trunk.caller_id}

    @cached_property
    def people_at_devices(self) -> Mapping[str, tuple[str, ...]]:
        """Whose telephone outside has a number."""
        return _gathered((number, user.extension) for user in self.users.values() for number in user.devices)

    @cached_property
    def groups_of(self) -> Mapping[str, tuple[Group, ...]]:
        """All groups that a user, or a number outside, is a member of, in the order of the file."""
        return _gathered((member, group) for group in self.groups.values() for member in dict.fromkeys(group.members))

    @cached_property
    def members_of(self) -> Mapping[str, tuple[str, ...]]:
        """Each group's members, everybody once."""
        return {key: tuple(dict.fromkeys(group.members)) for key, group in self.groups.items()}

    @cached_property
    def pickup_groups_of(self) -> Mapping[str, tuple[frozenset[str], ...]]:
        """The people of each pickup group that a user is in."""
        return _gathered((user, group) for group in self._pickup_groups for user in group)

    @cached_property
    def picked_up(self) -> frozenset[str]:
        """The users whose ringing calls somebody else may take."""
        monitored = (each for user in self.users.values() for each in user.monitors if each != user.extension)
        return frozenset(monitored).union(*(group for group in self._pickup_groups if len(group) > 1))

    @cached_property
    def _pickup_groups(self) -> tuple[frozenset[str], ...]:
        return tuple(
            frozenset(filter(self.users.__contains__, group.members))
            for group in self.groups.values() if group.pickup)

    @cached_property
    def counted_in_all_calls(self) -> frozenset[str]:
        """The members of hunt groups who are idle only since the end of a call of any kind."""
        counting = (group for group in self.groups.values() if group.hunt and group.hunt.idle_counts == "all")
        return frozenset(member for group in counting for member in group.members)

    @cached_property
    def executives_of(self) -> Mapping[str, tuple[User, ...]]:
        """Those whose calls somebody is listed to take, in the order of the file."""
        return _gathered(
            (assistant, user) for user in self.users.values() if user.executive
            for assistant in dict.fromkeys(user.executive.assistants))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each user in the file."""
        return {user: place for place, user in enumerate(self.users)}

    @cached_property
    def plans(self) -> Mapping[str, Numbering]:
        """How numbers are dialled and shown at each site."""
        return {site.key: _over(self.numbering, site) for site in self.sites.values()}

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Where the office is: its own country, then those of its sites."""
        return tuple(dict.fromkeys(plan.country for plan in (self.numbering, *self.plans.values())))

    @cached_property
    def emergency_numbers(self) -> frozenset[str]:
        """Those of the office and of all sites."""
        return frozenset(digits for plan in (self.numbering, *self.plans.values()) for digits in plan.emergency)

    @cached_property
    def trunks_of_the_rest(self) -> tuple[Trunk, ...]:
        """Those for sites that no trunk names."""
        return tuple(trunk for trunk in self.trunks.values() if not trunk.sites)

    @cached_property
    def trunks_of(self) -> Mapping[str, tuple[Trunk, ...]]:
        """Those that name a site; sites that none names are left out."""
        return _gathered((site, trunk) for trunk in self.trunks.values() for site in dict.fromkeys(trunk.sites))


def _gathered(pairs: Iterable[tuple[_Key, _Found]]) -> Mapping[_Key, tuple[_Found, ...]]:
    found: dict[_Key, list[_Found]] = {}
    for key, each in pairs:
        found.setdefault(key, []).append(each)
    return {key: tuple(each) for key, each in found.items()}


def _over(numbering: Numbering, site: Site) -> Numbering:
    """``[numbering]`` with what the site says of its own."""
    own = {name: getattr(site, name) for name in ("country", "emergency", "external_prefix")}
    return replace(numbering, **{name: value for name, value in own.items() if value is not None})
