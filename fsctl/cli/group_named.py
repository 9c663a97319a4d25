"""How the commands of group calls read what they are given: a group, and who is to be called, or is there."""

from fsctl.errors import FsctlError
from fsctl.model import numbers
from fsctl.model.destination import Destination
from fsctl.model.digits import plain
from fsctl.model.office import Office
from fsctl.model.sections import Conference, Group
from fsctl.policies import destinations
from fsctl.words import say


def conferences(office: Office) -> list[tuple[Group, Conference]]:
    """The groups that have a group call."""
    return [(group, group.conference) for group in office.groups.values() if group.conference]


def chosen(office: Office, name: str) -> tuple[Group, Conference]:
    """By its name in the office file, or as it is dialled; FsctlError names those there are."""
    for group, conference in conferences(office):
        if name in (group.key, conference.extension):
            return group, conference
    known = ", ".join(group.key for group, _ in conferences(office)) or say("none")
    raise FsctlError(say("there is no group call {name}; there are {known}", name=repr(name), known=known))


def to_call(text: str, group: Group, office: Office) -> str:
    """An extension, or a number outside; FsctlError says what cannot be called into a group call."""
    site = office.sites.get(group.site)
    to = _read(text, group, office)
    if to.kind not in ("user", "number"):
        raise FsctlError(say("{text} is nobody's extension and no number outside; write that as dialled, or as +4930…",
                             text=repr(text)))
    if why_not := destinations.refusal(to, office, site):
        raise FsctlError(say("{who} cannot be called into a group call: {why}", who=text, why=why_not))
    return to.name


def person(text: str, group: Group, office: Office) -> str:
    """Somebody who is there: by extension, by number, or as ``fsctl group list`` shows him."""
    to = _read(text, group, office)
    return to.name if to.kind in ("user", "number") else plain(text) or text


def _read(text: str, group: Group, office: Office) -> Destination:
    """As one dials it at the group's site; else as one writes numbers there."""
    site, digits = office.sites.get(group.site), plain(text)
    to = office.dialled_at(digits, site) if digits else Destination("unknown", text)
    if to.kind == "unknown" and (complete := numbers.international(digits, office.numbering_of(site).country)):
        return office.owner_of(Destination("number", complete))
    return to
