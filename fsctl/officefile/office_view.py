"""What the checks look at: the office, the names in its file, and every place where something is named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from fsctl.model.destination import Destination
from fsctl.model.office import Office
from fsctl.model.sections import Numbering, Site
from fsctl.schema import NOT_OF_THE_FILE, Path, Tree

#: Fields that hold the name of the section itself.
_NAMES = ("key", "extension")

#: What nothing is in; asked first, for the most are so.
_PLAIN = (str, int, bool, Destination)

#: So many digits of an extension stand before the star of a pattern at most.
LONGEST_BEGINNING = 5


class _Anything(dict[str, Any]):
    """The names of a section that cannot be read: whatever is looked for may be there."""

    def __contains__(self, _: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True


_ANYTHING = _Anything()


class Extensions(frozenset[str]):
    """A set that also knows how its extensions begin."""

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        lengths = range(1, LONGEST_BEGINNING + 1)
        return frozenset(extension[:length] for extension in self for length in lengths)

    def begin(self, digits: str) -> bool:
        """Whether there is one whose first digits, LONGEST_BEGINNING at most, are these."""
        return digits in self._beginnings


@dataclass(frozen=True)
class View:
    """An office, the tree it was read from, and when it is looked at, which is aware.

    Names count even where their section has mistakes of its own.
    """

    office: Office
    tree: Tree
    now: datetime
    #: Where the office has something else than the file, which cannot be read there.
    assumed: frozenset[Path] = frozenset()

    def unsure(self, *path: str | int) -> bool:
        """Whether something cannot be read of what the file has there, or this as a whole."""
        return any(each[:len(path)] == path[:len(each)] for each in self.assumed)

    def names(self, section: str) -> Mapping[str, Any]:
        """What the file has in a section; anything, where it cannot be read at all."""
        found = self.tree.get(section)
        return found if isinstance(found, Mapping) else {} if found is None else _ANYTHING

    def has(self, section: str, name: str, part: str) -> bool:
        """Whether something in a section has a certain table or switch, or may have it."""
        found = self.names(section).get(name)
        if self.assumed and self.unsure(section, name) and not (isinstance(found, Mapping) and part in found):
            return (section, name) in self.assumed or (section,) in self.assumed or self.unsure(section, name, part)
        return isinstance(found, Mapping) and found.get(part) not in (None, False)

    def places_of_extensions(self) -> Iterator[tuple[Path, str]]:
        """All extensions with the place that gives each."""
        for user in self.office.users:
            yield ("users", user), user
        for key, group in self.office.groups.items():
            if group.hunt:
                yield ("groups", key, "hunt", "extension"), group.hunt.extension
            if group.conference:
                yield ("groups", key, "conference", "extension"), group.conference.extension
            for index, slot in enumerate(group.park.extensions if group.park else ()):
                yield ("groups", key, "park", "extensions", index), slot

    def places_of_numbers(self) -> Iterator[tuple[Path, str]]:
        """All outside numbers that belong to the office, with their places."""
        for section in ("sites", "users"):
            for name, owner in getattr(self.office, section).items():
                for index, number in enumerate(owner.numbers):
                    yield (section, name, "numbers", index), number
        for key, group in self.office.groups.items():
            for index, number in enumerate(group.hunt.numbers if group.hunt else ()):
                yield ("groups", key, "hunt", "numbers", index), number

    def plans(self) -> Iterator[tuple[Path, Numbering | Site]]:
        """Everything that says how dialled digits are read."""
        yield ("numbering",), self.office.numbering
        for key, site in self.office.sites.items():
            yield ("sites", key), site

    def places_of_emergency_numbers(self) -> Iterator[tuple[Path, str]]:
        """All emergency numbers that the file names, with their places."""
        for at, plan in self.plans():
            for index, digits in enumerate(plan.emergency or ()):
                yield (*at, "emergency", index), digits

    @cached_property
    def users(self) -> Extensions:
        """All people, whatever is wrong with them."""
        return Extensions(self.names("users"))

    @cached_property
    def called(self) -> Extensions:
        """All extensions at which somebody can be called."""
        return Extensions(extension for path, extension in self.places_of_extensions() if "park" not in path)

    @cached_property
    def extensions(self) -> frozenset[str]:
        """All extensions, those of slots for parked calls as well."""
        return frozenset(extension for _, extension in self.places_of_extensions())

    @cached_property
    def emergency_numbers(self) -> Mapping[str, Path]:
        """All that the file names, each with the first of its places."""
        found: dict[str, Path] = {}
        for path, digits in self.places_of_emergency_numbers():
            found.setdefault(digits, path)
        return found

    def leaves(self) -> Iterator[tuple[Path, Any]]:
        """Every value of the office with its path; those at their defaults, which are right, are left out."""
        for name, key, default in _fields(Office):
            value = getattr(self.office, name)
            if is_dataclass(value):
                yield from _leaves(value, (key,))
            elif isinstance(value, Mapping):
                for entry, each in value.items():
                    yield from _leaves(each, (key, entry))
            elif value is not default:
                yield (key,), value

    def destinations(self) -> Iterator[tuple[Path, Destination]]:
        """Wherever calls are sent."""
        return ((path, value) for path, value in self.leaves() if isinstance(value, Destination))


def _leaves(value: Any, path: Path) -> list[tuple[Path, Any]]:
    found: list[tuple[Path, Any]] = []
    _gather(value, path, found)
    return found


def _gather(value: Any, path: Path, found: list[tuple[Path, Any]]) -> None:
    cls = type(value)
    if cls in _PLAIN:
        found.append((path, value))
    elif cls is tuple:
        for index, each in enumerate(value):
            _gather(each, (*path, index), found)
    elif cls is dict:
        for key, each in value.items():
            _gather(each, (*path, key), found)
    elif is_dataclass(cls):
        for name, key, default in _fields(cls, len(path) == 2):
            each = getattr(value, name)
            if each is not default:
                _gather(each, (*path, key), found)
    else:
        found.append((path, value))


@cache
def _fields(cls: type[Any], named: bool = False) -> tuple[tuple[str, str, Any], ...]:
    """Of a class of the model, each field with its key in the file and its default."""
    return tuple(
        (field.name, field.name.removesuffix("_"), field.default) for field in fields(cls)
        if not (named and field.name in _NAMES) and not (cls is Office and field.name in NOT_OF_THE_FILE))
