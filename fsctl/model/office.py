"""The office: who works where, which groups there are, and what was set for them. One immutable snapshot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from fsctl.model import numbers, schedule
from fsctl.model.codes import Codes, match
from fsctl.model.destination import Destination
from fsctl.model.opening import Opening, state_at
from fsctl.model.schedule import Times
from fsctl.model.sections import Attendant, Defaults, Forward, Group, Numbering, Schedule, Site, Trunk, User
from fsctl.model.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Office:
    """The whole office. Sections are mappings by the name that other sections refer to.

    No part of the file are ``settings``, what was switched at run time, and ``holidays``, which has the names of a
    public holiday by language for a region (``DE-BE``) and a day; None for other days and without a region.
    """

    version: int = 1
    office: Defaults = field(default_factory=Defaults)
    numbering: Numbering = field(default_factory=Numbering)
    codes: Codes = field(default_factory=Codes)
    trunks: Mapping[str, Trunk] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    sites: Mapping[str, Site] = field(default_factory=dict)
    users: Mapping[str, User] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    attendants: Mapping[str, Attendant] = field(default_factory=dict)
    announcements: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    holidays: Callable[[str, date], Mapping[str, str] | None] = field(
        default_factory=lambda: _no_holidays, compare=False, repr=False
    )

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
    def times(self) -> Mapping[str, Times]:
        """The schedules, read. ValueError where one cannot be: no office that was checked has such."""
        return {key: schedule.read(each) for key, each in self.schedules.items()}

    def opening(self, schedule_key: str, site_key: str, at: datetime) -> Opening:
        """Whether a schedule is open at an aware instant, by the clocks and the holidays of a site, and until when."""
        site = self.sites[site_key]
        return state_at(
            self.times[schedule_key], ZoneInfo(site.timezone), at, lambda day: self.holidays(site.holidays, day)
        )

    def site_of(self, extension: str | None) -> Site | None:
        """The site of a user; None for an outside caller."""
        user = self.users.get(extension or "")
        return self.sites.get(user.site) if user else None

    def site_for(self, to: Destination) -> Site | None:
        """The site that a destination belongs to; None where it belongs to none."""
        match to:
            case Destination("site", name):
                return self.sites.get(name)
            case Destination("user" | "mailbox", name):
                return self.site_of(name)
            case Destination("hunt" | "conference", name) if name in self.groups:
                return self.sites.get(self.groups[name].site)
        return None

    def may_pick_up(self, user: str, at: str) -> bool:
        """Whether ``user`` may take calls that ring ``at`` a colleague: of a pickup group of his, or on his lamps."""
        return user != at and user in self.users and (
            at in self.users[user].monitors or any({user, at} <= group for group in self._pickup_groups))

    def colleagues(self, user: str) -> tuple[str, ...]:
        """The other people of a user's pickup groups, in the order of the file."""
        groups = [group for group in self._pickup_groups if user in group]
        return tuple(other for other in self.users if other != user and any(other in group for group in groups))

    @cached_property
    def picked_up(self) -> frozenset[str]:
        """The users whose ringing calls somebody else may take."""
        monitored = (each for user in self.users.values() for each in user.monitors if each != user.extension)
        return frozenset(monitored).union(*(group for group in self._pickup_groups if len(group) > 1))

    @cached_property
    def _pickup_groups(self) -> tuple[frozenset[str], ...]:
        return tuple(
            frozenset(group.members) & self.users.keys() for group in self.groups.values() if group.pickup)

    def emergency_at(self, site: Site | None) -> tuple[str, ...]:
        """The emergency numbers of a site, which default to those of the office."""
        if site is None or site.emergency is None:
            return self.numbering.emergency
        return site.emergency

    def trunks_of(self, site: Site | None) -> tuple[Trunk, ...]:
        """The trunks for a site's outside calls, in the order to be tried: its own, then those for the rest."""
        own = [trunk for trunk in self.trunks.values() if site and site.key in trunk.sites]
        rest = [trunk for trunk in self.trunks.values() if not trunk.sites]
        return tuple(own + rest)

    def forwarding(self, extension: str) -> Forward:
        """Where a user's calls go: what was set by hand, else what the file says, as far as it still exists."""
        written = self.users[extension].forward

        def now(kind: str, by_file: Destination | None) -> Destination | None:
            by_hand = self.settings.forward(extension, kind)
            to = by_file if by_hand is None else by_hand
            return to if isinstance(to, Destination) and self.has(to) else None

        return Forward(
            always=now("always", written.always),
            busy=now("busy", written.busy),
            no_answer=now("no_answer", written.no_answer),
            offline=now("offline", written.offline),
        )

    def has(self, to: Destination) -> bool:
        """Whether there is such a person, group or attendant; other destinations need nothing to be there."""
        match to:
            case Destination("user" | "mailbox", name):
                return name in self.users
            case Destination("hunt" | "conference" as kind, name):
                return name in self.groups and getattr(self.groups[name], kind) is not None
            case Destination("attendant", name):
                return name in self.attendants
        return True

    def owner_of(self, to: Destination) -> Destination:
        """Whom an outside number belongs to where it is the office's own: that call never leaves the house."""
        return self.numbers.get(to.name, to) if to.kind == "number" else to

    def find(self, dialled: str, *, user: str | None, external: bool) -> Destination:
        """Where dialled digits lead, before any policy is asked; ``unknown:…`` when they lead nowhere.

        Outside callers reach people, groups and numbers of the office, never park slots, star codes, emergency
        numbers or the outside.
        """
        if external:
            return self._inward(dialled)
        if (emergency := self._emergency(dialled, user)) is not None:
            return emergency
        if dialled in self.extensions:
            return self.extensions[dialled]
        code = match(self.codes, dialled)
        return Destination("code", code.name) if code else self._outward(dialled)

    def _inward(self, dialled: str) -> Destination:
        extension = self.extensions.get(dialled)
        if extension is not None and extension.kind != "slot":
            return extension
        number = numbers.from_trunk(dialled, self.numbering.country)
        return self.numbers.get(number or "", Destination("unknown", dialled))

    def _emergency(self, dialled: str, user: str | None) -> Destination | None:
        served = self.emergency_at(self.site_of(user))
        for digits in (dialled, dialled.removeprefix(self.numbering.external_prefix)):
            if digits in served:
                return Destination("emergency", digits)
        return None

    def _outward(self, dialled: str) -> Destination:
        country, prefix = self.numbering.country, self.numbering.external_prefix
        if not dialled.startswith(("+", prefix)):
            return Destination("unknown", dialled)
        digits = dialled if dialled.startswith("+") else dialled.removeprefix(prefix)
        number = numbers.international(digits, country)
        if number is None:
            short = numbers.is_short(digits, country)
            return Destination("number", digits) if short else Destination("unknown", dialled)
        return self.numbers.get(number, Destination("number", number))


def _no_holidays(_region: str, _day: date) -> None:
    return None
