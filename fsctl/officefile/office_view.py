"""What the checks look at: the office, the names in its file, and every place where something is named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

from fsctl.model.destination import Destination
from fsctl.model.office import Office
from fsctl.schema import Path, Tree

#: Fields that hold the name of the section itself.
_NAMES = ("key", "extension")


@dataclass(frozen=True, slots=True)
class View:
    """An office, the tree it was read from, and when it is looked at, which is aware.

    Names count even where their section has mistakes of its own.
    """

    office: Office
    tree: Tree
    now: datetime

    def names(self, section: str) -> Mapping[str, Any]:
        """What the file has in a section."""
        found = self.tree.get(section)
        return found if isinstance(found, Mapping) else {}

    def has(self, section: str, name: str, part: str) -> bool:
        """Whether something in a section has a certain table or switch."""
        found = self.names(section).get(name)
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

    def leaves(self) -> Iterator[tuple[Path, Any]]:
        """Every value of the office with its path."""
        return _leaves(self.office, ())

    def destinations(self) -> Iterator[tuple[Path, Destination]]:
        return ((path, value) for path, value in self.leaves() if isinstance(value, Destination))


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if is_dataclass(value) and not isinstance(value, Destination):
        named = len(path) == 2
        for field in fields(value):
            if not (named and field.name in _NAMES):
                yield from _leaves(getattr(value, field.name), (*path, field.name.removesuffix("_")))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(each, (*path, key))
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _leaves(each, (*path, index))
    else:
        yield path, value
