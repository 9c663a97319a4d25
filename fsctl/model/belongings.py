"""What that people have switched belongs to whom or what of the office, by its path (fsctl.model.settings)."""

import shlex
from collections.abc import Callable, Mapping
from typing import Final

from fsctl.model.destination import Destination, parse
from fsctl.model.executives import assistants_of
from fsctl.model.office import Office


def is_orphaned(path: str, office: Office) -> bool:
    """Whether the person, group, site or part that it was switched for is gone. What is of no known kind is not."""
    kind, _, names = path.partition(".")
    there = _THERE.get(kind)
    return there is not None and not there(names, office)


def people_of(path: str) -> frozenset[str]:
    """The extensions that it is about."""
    kind, _, names = path.partition(".")
    match kind:
        case "forward":
            return frozenset({names.partition(".")[0]})
        case "hunt":
            return frozenset({names.rpartition(".")[2]})
        case "assistant" | "divert":
            return frozenset(names.split("."))
        case "dnd" | "filter" | "intercept":
            return frozenset({names})
    return frozenset()


def sent_to(path: str, value: str) -> Destination | None:
    """Where it sends calls; None for what sends none, and for what nobody can read."""
    kind = path.partition(".")[0]
    try:
        if kind in ("forward", "divert"):
            return parse(value)
        if kind == "intercept":
            _, *words = shlex.split(value)
            to = dict(zip(words[::2], words[1::2], strict=True)).get("to")
            return parse(to) if to else None
    except ValueError:
        pass
    return None


def _user(name: str, office: Office) -> bool:
    return name in office.users


def _forward(names: str, office: Office) -> bool:
    return names.partition(".")[0] in office.users


def _night(site: str, office: Office) -> bool:
    return site in office.sites and office.sites[site].night is not None


def _hunt(names: str, office: Office) -> bool:
    group, _, member = names.rpartition(".")
    found = office.groups.get(group)
    return found is not None and found.hunt is not None and member in found.members


def _filter(executive: str, office: Office) -> bool:
    return executive in office.users and office.users[executive].executive is not None


def _pool(names: str, office: Office) -> bool:
    executive, _, assistant = names.partition(".")
    return executive in office.users and assistant in assistants_of(office.users[executive])


def _intercept(owner: str, office: Office) -> bool:
    return owner in office.users or owner in office.groups


#: By the first word of a path: whether what the rest names is there.
_THERE: Final[Mapping[str, Callable[[str, Office], bool]]] = {
    "forward": _forward, "dnd": _user, "night": _night, "hunt": _hunt, "filter": _filter,
    "assistant": _pool, "divert": _pool, "intercept": _intercept,
}
