"""What stands behind the plus of a lamp's key, of each kind that a person has a use for, or anybody in the office."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from fsctl.model.codes import CONFERENCE_KEY
from fsctl.model.office import Office
from fsctl.model.sections import Group, User
from fsctl.policies.assistant_pool import chosen
from fsctl.policies.group_call import may_call
from fsctl.policies.night_service import switched_by

_Names = Callable[[Office, User | None], Iterable[str]]


def groups_of(office: Office, user: User | None) -> tuple[Group, ...]:
    """A person's, or all."""
    return office.groups_of(user.extension) if user else tuple(office.groups.values())


def group_calls(office: Office, user: User | None) -> tuple[Group, ...]:
    """The groups whose call a person may make, or anybody."""
    return tuple(
        group for group in office.groups.values()
        if group.conference and (not user or may_call(user.extension, group, group.conference, office)))


def _slots(office: Office, user: User | None) -> Iterable[str]:
    """A person's own extension is one, too."""
    found = [slot for group in groups_of(office, user) if group.park for slot in group.park.extensions]
    return found or ([user.extension] if user else [])


def _nights(office: Office, user: User | None) -> Iterable[str]:
    sites = switched_by(user.extension, office) if user else office.sites.values()
    return (site.key for site in sites if site.night)


def _hunts(office: Office, user: User | None) -> Iterable[str]:
    return (group.key for group in groups_of(office, user) if group.hunt)


def _conferences(office: Office, user: User | None) -> Iterable[str]:
    return (group.key for group in group_calls(office, user))


def _executives(office: Office, user: User | None) -> Iterable[str]:
    people = chosen(user.extension, "", office, out=True)[0] if user else office.users.values()
    return (each.extension for each in people if each.executive and each.executive.opt_out)


#: By the key's name.
LAMPS: Final[Mapping[str, _Names]] = {
    "slot_key": _slots, "night_key": _nights, "hunt_key": _hunts, CONFERENCE_KEY: _conferences,
    "assistant_key": _executives,
}
