"""What an apply clears since it belonged to what is gone, and what it leaves behind, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fsctl.model import belongings
from fsctl.model.office import Office
from fsctl.model.parking import is_place
from fsctl.model.settings import Setting
from fsctl.store import orphans
from fsctl.store.database import Store
from fsctl.store.parked import list_parked
from fsctl.store.settings import read_settings
from fsctl.words import marked, say
from fsctl.words.places import place

_MAILBOX = marked("FreeSWITCH keeps the messages and the greeting of that mailbox: delete them there")
_PASSWORD = marked("the SIP password stays in its file: take it out before somebody else gets the extension")


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was switched, or who took a hunt group's last call (``hunt.sales``), and is nobody's any more."""

    path: str
    before: str


@dataclass(frozen=True, slots=True)
class Left:
    """What stays though the office is another one, and why that may matter."""

    path: str
    value: str
    because: str


@dataclass(frozen=True, slots=True)
class Remains:
    """Both. ``settings`` are the paths of what is cleared, ``hunts`` the groups that there are, with their members."""

    cleared: tuple[Cleared, ...]
    left: tuple[Left, ...]
    settings: tuple[str, ...]
    hunts: Mapping[str, frozenset[str]]


#: Of a database without an office.
NOTHING = Remains((), (), (), {})


def remains(store: Store, before: Mapping[str, Any], office: Office) -> Remains:
    """What an apply of ``office`` comes to where the tree was as ``before``."""
    settings = read_settings(store)
    hunts = {key: frozenset(group.members) for key, group in office.groups.items() if group.hunt}
    orphaned = {path: each.value for path, each in sorted(settings.items()) if belongings.is_orphaned(path, office)}
    pointed = {f"hunt.{hunt}": pointer for hunt, pointer in orphans.pointers(store, hunts).items()}
    kept = {path: each for path, each in settings.items() if path not in orphaned}
    people = _people(before)
    left = (*_nowhere(kept, office), *_somebody_else(kept, people, office), *_outside(people, office),
            *_waiting(store, office))
    cleared = tuple(Cleared(path, value) for path, value in (orphaned | pointed).items())
    return Remains(cleared, left, tuple(orphaned), hunts)


def _people(before: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Those of the tree who can be read: of a damaged office not all."""
    people = before.get("users")
    if not isinstance(people, dict):
        return {}
    return {extension: person for extension, person in people.items() if isinstance(person, dict)}


def _nowhere(kept: Mapping[str, Setting], office: Office) -> Iterator[Left]:
    for path, setting in kept.items():
        to = belongings.sent_to(path, setting.value)
        if to is not None and not office.has(to):
            yield Left(path, setting.value,
                       say("{to} is not there, so that calls do not go there", to=place(str(to))))


def _somebody_else(kept: Mapping[str, Setting], people: Mapping[str, Any], office: Office) -> Iterator[Left]:
    """Of a person with another name nobody knows whether it is the same one."""
    names = {extension: person.get("name", "") for extension, person in people.items()}
    for path, setting in kept.items():
        for extension in sorted(belongings.people_of(path) & names.keys() & office.users.keys()):
            now = office.users[extension].name
            if names[extension] != now:
                yield Left(path, setting.value, say("{extension} was {before} and is {now}",
                                                    extension=extension, before=names[extension], now=now))


def _outside(people: Mapping[str, Any], office: Office) -> Iterator[Left]:
    """What others than fsctl keep for a person who is gone."""
    for extension, person in people.items():
        user = office.users.get(extension)
        if person.get("mailbox") and not (user and user.mailbox):
            yield Left(f"users.{extension}.mailbox", extension, say(_MAILBOX))
        if user is None:
            yield Left(f"users.{extension}", extension, say(_PASSWORD))


def _waiting(store: Store, office: Office) -> Iterator[Left]:
    for row in list_parked(store):
        if not is_place(row["slot"], office):
            yield Left(f"park.{row['slot']}", row["caller"] or "", say("a call waits there, and comes back by itself"))
