"""The office: who works where, which groups there are, and what was set for them. One immutable snapshot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import PurePosixPath

from fsctl.model import dialling, lamp_names
from fsctl.model.codes import Codes, closed, match, unwithheld
from fsctl.model.destination import Destination
from fsctl.model.office_index import Index
from fsctl.model.opening import Opening
from fsctl.model.sections import Attendant, Defaults, Forward, Group, Numbering, Schedule, Site, Trunk, User
from fsctl.model.settings import Settings
from fsctl.model.timetable import Timetables


@dataclass(frozen=True, kw_only=True)
class Office:
    """The whole office. Sections are mappings by the name that other sections refer to.

    No part of the file are ``settings``, what was switched at run time, ``folder``, where the file lies, and
    ``holidays``, which has the names of a public holiday by language for a region (``DE-BE``) and a day; None for other
    days and without a region. ``timetables`` and ``index`` follow from the sections, and go along to other settings:
    they need not be made again for what was only switched.
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
    folder: str = ""
    holidays: Callable[[str, date], Mapping[str, str] | None] = field(
        default_factory=lambda: _no_holidays, compare=False, repr=False
    )
    timetables: Timetables = field(default_factory=Timetables, compare=False, repr=False)
    index: Index = field(default_factory=Index, compare=False, repr=False)

    def __post_init__(self) -> None:
        sections = {each.name: getattr(self, each.name) for each in fields(Index)}
        if any(getattr(self.index, name) is not section for name, section in sections.items()):
            object.__setattr__(self, "index", Index(**sections))

    @property
    def recordings_folder(self) -> str:
        """The folder of the recordings; "" if nobody knows where it is."""
        return self._beside_the_file(self.office.recordings)

    @property
    def prompts_folder(self) -> str:
        """The folder of the sound files, unless FreeSWITCH is told another one; "" if nobody knows where it is."""
        return self._beside_the_file(self.office.prompts)

    def _beside_the_file(self, name: str) -> str:
        folder = PurePosixPath(self.folder, name)
        return str(folder) if folder.is_absolute() else ""

    @property
    def extensions(self) -> Mapping[str, Destination]:
        """Everything that a phone of the office reaches by a short number."""
        return self.index.extensions

    def extension_of(self, to: Destination) -> str:
        """By which short number a person or a group is reached; "" for none."""
        match to:
            case Destination("user", name) if name in self.users:
                return name
            case Destination("hunt" | "conference" as kind, name) if name in self.groups:
                found = self.groups[name].hunt if kind == "hunt" else self.groups[name].conference
                return found.extension if found else ""
        return ""

    def groups_of(self, member: str) -> tuple[Group, ...]:
        """All groups that a user, or a number outside, is a member of, in the order of the file."""
        return self.index.groups_of.get(member, ())

    @property
    def numbers(self) -> Mapping[str, Destination]:
        """Everything that the public network reaches by a number (``+49…``)."""
        return self.index.numbers

    @property
    def shown_numbers(self) -> frozenset[str]:
        """What calls from here show outside."""
        return self.index.shown_numbers

    def numbers_of(self, to: Destination) -> tuple[str, ...]:
        """By which numbers the public network reaches a place."""
        return self.index.numbers_of.get(to, ())

    def opening(self, schedule_key: str, site_key: str, at: datetime) -> Opening:
        """Whether a schedule is open at an aware instant, by the clocks and the holidays of a site, and until when."""
        schedule, site = self.schedules[schedule_key], self.sites[site_key]
        return self.timetables.of(schedule, site.timezone, site.holidays, self.holidays).opening(at)

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
            at in self.users[user].monitors or any(at in group for group in self.index.pickup_groups_of.get(user, ())))

    def colleagues(self, user: str) -> tuple[str, ...]:
        """The other people of a user's pickup groups, in the order of the file."""
        others = frozenset[str]().union(*self.index.pickup_groups_of.get(user, ())) - {user}
        return tuple(sorted(others, key=self.index.places.__getitem__))

    @property
    def picked_up(self) -> frozenset[str]:
        """The users whose ringing calls somebody else may take."""
        return self.index.picked_up

    def numbering_of(self, site: Site | None) -> Numbering:
        """How numbers are dialled and shown at a site; for whom there is none, as ``[numbering]`` says."""
        return self.index.plans.get(site.key, self.numbering) if site else self.numbering

    def caller_number(self, shown: str, site: Site | None) -> str:
        """The number (``+49…``) of a caller from outside, whose trunk shows this; as shown where it is none.

        ``site`` is the one that is called: a trunk shows callers as people write numbers in its country.
        """
        countries = (self.numbering_of(site).country, *self.index.countries)
        return dialling.shown_by_trunk(shown, self.numbers, countries) or shown

    def is_emergency(self, number: str, site: Site | None) -> bool:
        """Whether that is an emergency number at a site, or for whom there is none."""
        return number in self.numbering_of(site).emergency

    def trunks_of(self, site: Site | None) -> tuple[Trunk, ...]:
        """The trunks that serve a site, in the order to be tried: those that name it, else those that name none."""
        rest = self.index.trunks_of_the_rest
        return self.index.trunks_of.get(site.key, rest) if site else rest

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
        return self.called_from_outside(dialled) if external else self.dialled_at(dialled, self.site_of(user))

    def dialled_at(self, dialled: str, site: Site | None) -> Destination:
        """Where it leads from a phone at a site, or of somebody who has none."""
        plan = self.numbering_of(site)
        digits = closed(self.codes, dialled)
        called = unwithheld(self.codes, digits)
        for each in (called, called.removeprefix(plan.external_prefix)):
            if each in plan.emergency:  # such a call withholds nothing
                return Destination("emergency", each)
        if digits in self.extensions:
            return self.extensions[digits]
        if code := match(self.codes, digits):
            return Destination("code", code.name)
        if (lamp := lamp_names.split(digits)) and self.has(named := Destination(*lamp)):
            return named
        number = dialling.outside(digits, plan, self.numbers, self.index.countries)
        return self.owner_of(Destination("number", number)) if number else Destination("unknown", dialled)

    def number_dialled(self, dialled: str, *, user: str | None, external: bool) -> str:
        """Which extension or number (``+49…``) that was; as dialled where it is none."""
        site = self.site_of(user)
        digits = dialled.rstrip("#") if external else unwithheld(self.codes, closed(self.codes, dialled))
        if digits in self.extensions:
            return digits
        if external:
            return dialling.shown_by_trunk(digits, self.numbers, self.index.countries) or dialled
        return dialling.outside(digits, self.numbering_of(site), self.numbers, self.index.countries) or dialled

    def called_from_outside(self, dialled: str) -> Destination:
        """Where it leads when a trunk names it."""
        digits = dialled.rstrip("#")
        extension = self.extensions.get(digits)
        if extension is not None and extension.kind != "slot":
            return extension
        number = dialling.shown_by_trunk(digits, self.numbers, self.index.countries)
        return self.numbers.get(number or "", Destination("unknown", dialled))


def _no_holidays(_region: str, _day: date) -> None:
    return None
