"""Where calls may be sent: one answer, in the same words, for the office file, star codes, shells and phones (302)."""

from collections.abc import Container
from typing import Protocol

from fsctl.model import numbers
from fsctl.model.actions import HANGUP_CAUSES
from fsctl.model.announcements import BUILT_IN
from fsctl.model.codes import all_codes
from fsctl.model.destination import FILE_KINDS, Destination
from fsctl.model.office import Office
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.model.sections import Site, User
from fsctl.policies import class_of_service
from fsctl.words.places import place

REASONS = declare({
    "destinations.none": "calls cannot be sent to {to}",
    "destinations.emergency": "calls cannot be sent to the emergency number {number}",
    "destinations.code": "calls cannot be sent to the star code {code}",
    "destinations.slot": "calls cannot be sent to {name}, where calls are parked",
    "destinations.nothing": "this is not a number",
    "destinations.unknown": "{number} is not a number that can be dialled here; write one outside as +4930…",
    "destinations.unknown_prefix": "{number} is not a number that can be dialled here; one outside is dialled with "
                                   "{prefix} before it, or written as +4930…",
    "destinations.no_user": "there is no user {name}",
    "destinations.no_mailbox": "user {name} has no mailbox; write mailbox = true there",
    "destinations.no_group": "there is no group {name}",
    "destinations.not_of_group": "group {name} has no {kind}",
    "destinations.no_attendant": "there is no attendant {name}",
    "destinations.no_announcement": "there is no announcement {name}",
    "destinations.no_cause": "\"{name}\" is no reason to hang up; known are {known}",
    "destinations.incomplete": "\"{number}\" is not a complete number; write it as +4930…",
}, {"to": place})


class Known(Protocol):
    """The names that there are, by the sections of the office file."""

    def names(self, section: str) -> Container[str]:
        """Those of a section."""
        ...

    def has(self, section: str, name: str, part: str) -> bool:
        """Whether something in a section has a certain table or switch."""
        ...


class OfOffice:
    """Those of an office that was checked."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def names(self, section: str) -> Container[str]:
        found: Container[str] = getattr(self._office, section)
        return found

    def has(self, section: str, name: str, part: str) -> bool:
        return getattr(getattr(self._office, section)[name], part) not in (None, False)


def dialled(digits: str, site: Site | None, office: Office) -> Destination:
    """Where dialled digits lead at a site, as it is kept: a number of the office's sites is what one dialled."""
    to = office.dialled_at(digits, site)
    return Destination("number", office.numbers_of(to)[0]) if to.kind == "site" else to


def refusal(
    to: Destination, office: Office, site: Site | None, *, by: User | None = None, known: Known | None = None
) -> Reason:
    """Why calls may not be sent to ``to``; NONE if they may. ``site`` is the one from which they are sent.

    ``by`` is whose decision it is, who may not cause calls that he may not make; None where that is asked later.
    """
    known = known or OfOffice(office)
    name = to.name
    match to.kind:
        case "user" | "mailbox" if name not in known.names("users"):
            return reason("destinations.no_user", name=name)
        case "mailbox" if not known.has("users", name, "mailbox"):
            return reason("destinations.no_mailbox", name=name)
        case "hunt" | "conference" if name not in known.names("groups"):
            return reason("destinations.no_group", name=name)
        case "hunt" | "conference" as kind if not known.has("groups", name, kind):
            return reason("destinations.not_of_group", name=name, kind=kind)
        case "attendant" if name not in known.names("attendants"):
            return reason("destinations.no_attendant", name=name)
        case "announcement" if name not in BUILT_IN and name not in known.names("announcements"):
            return reason("destinations.no_announcement", name=name)
        case "hangup" if name not in HANGUP_CAUSES:
            return reason("destinations.no_cause", name=name, known=", ".join(HANGUP_CAUSES))
        case "number":
            return _number(name, office, site, by)
        case kind if kind not in (*FILE_KINDS, "site"):
            return _only_dialled(to, office, site)
    return NONE


def _only_dialled(to: Destination, office: Office, site: Site | None) -> Reason:
    match to.kind:
        case "emergency":
            return reason("destinations.emergency", number=to.name)
        case "code":
            digits = {name: digits for name, digits in all_codes(office.codes)}
            return reason("destinations.code", code=digits.get(to.name, to.name))
        case "slot":
            return reason("destinations.slot", name=to.name)
        case "unknown" if not to.name:
            return reason("destinations.nothing")
        case "unknown" if prefix := office.numbering_of(site).external_prefix:
            return reason("destinations.unknown_prefix", number=to.name, prefix=prefix)
        case "unknown":
            return reason("destinations.unknown", number=to.name)
    return reason("destinations.none", to=str(to))


def _number(number: str, office: Office, site: Site | None, by: User | None) -> Reason:
    """Emergency numbers are called by people only: nobody would be there whom help could ask."""
    country = office.numbering_of(site).country
    if _is_emergency(number, office, country):
        return reason("destinations.emergency", number=number)
    if not numbers.is_short(number, country) and (why_not := incomplete(number, country)):
        return why_not
    if by is None or number in office.numbers:  # which is no call outside
        return NONE
    return class_of_service.refusal(by, number, office)


def incomplete(number: str, country: str) -> Reason:
    """Why it does not lead to one place from everywhere, as ``+4930…`` does and no short number; NONE if it does."""
    complete = numbers.international(number, country) == number
    return NONE if complete else reason("destinations.incomplete", number=number)


def _is_emergency(number: str, office: Office, country: str) -> bool:
    """Whether it is an emergency number of the office, or one of the country where it would be dialled."""
    return number in office.index.emergency_numbers or numbers.is_emergency(number, country)
