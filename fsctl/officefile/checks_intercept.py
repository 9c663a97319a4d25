"""Rules about call intercept: which calls its rules are about, and what of them nobody would ever hear.

That the announcements, schedules and destinations are there is asked for all of the file (checks_references).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fsctl.model.intercept import ALL, KINDS, Owner, places_of
from fsctl.model.numbers import international
from fsctl.model.sections import InterceptRule
from fsctl.officefile.office_view import View
from fsctl.officefile.rule_words import USER_OR_GROUP, can_match
from fsctl.schema import Finding, Path, shown
from fsctl.words import say
from fsctl.words.places import place


@dataclass(frozen=True, slots=True)
class _Rule:
    """Of whom it is, and where in the file it stands: the last part is its place in the list."""

    path: Path
    owner: Owner
    direction: Literal["inbound", "outbound"]
    rule: InterceptRule


def calls(view: View) -> Iterator[Finding]:
    """Of callers people have an extension; what is called can be a group's as well, or a public short number."""
    for each in _rules(view):
        at = (*each.path, "calls")
        if not each.rule.calls:
            message = say(
                "is about no call; name some of {kinds}, a number like +493012345, a pattern like +4917012345* or an"
                " extension", kinds=", ".join(KINDS))
            yield Finding(at, message)
        for index, word in enumerate(each.rule.calls):
            if each.direction == "inbound":
                yield from can_match((*at, index), word, view, KINDS, view.users)
            elif word in view.emergency_numbers:
                message = say("{number} is an emergency number, which everybody may call", number=word)
                yield Finding((*at, index), message)
            else:
                country = view.office.numbering_of(view.office.sites.get(each.owner.site)).country
                yield from can_match((*at, index), word, view, KINDS, view.called, USER_OR_GROUP, short_in=country)


def new_numbers(view: View) -> Iterator[Finding]:
    """What is read out is something that one can dial."""
    for each in _rules(view):
        number = each.rule.new_number
        if number and number not in view.called and international(number, view.office.numbering.country) != number:
            message = say("{number} is no extension and no complete number; write it as +4930…", number=shown(number))
            yield Finding((*each.path, "new_number"), message)


def places(view: View) -> Iterator[Finding]:
    """Nobody is sent to where he is anyway, and a message is left in a mailbox."""
    for each in _rules(view):
        mailbox = each.rule.mailbox
        if mailbox and mailbox.kind != "mailbox":
            message = say("must be a mailbox like mailbox:101, not {found}", found=mailbox)
            yield Finding((*each.path, "mailbox"), message)
        for key, to in (("zero", each.rule.zero), ("reroute", each.rule.reroute)):
            if to and each.direction == "inbound" and view.office.owner_of(to) in places_of(each.owner):
                message = say(
                    "{to} is {name}, whose calls are intercepted", to=place(str(to)), name=each.owner.name)
                yield Finding((*each.path, key), message)


def without_effect(view: View) -> Iterator[Finding]:
    """A call can go on to one place only, and what an earlier rule is always about no later one ever is."""
    before: set[Path] = set()
    for each in _rules(view):
        *section, _ = each.path
        if tuple(section) in before:
            yield Finding(each.path, say("is never asked: a rule before it is about all calls"), warning=True)
        elif ALL in each.rule.calls and not (each.rule.during or each.rule.zero or each.rule.reroute):
            before.add(tuple(section))
        if each.rule.reroute and each.rule.mailbox:
            yield Finding((*each.path, "mailbox"), say("has no effect beside `reroute`"), warning=True)


def names(view: View) -> Iterator[Finding]:
    """By its name the intercept of each is switched."""
    for key in view.office.groups:
        if key in view.office.users:
            message = say("{name} is an extension; `fsctl intercept on {name}` could mean either", name=key)
            yield Finding(("groups", key), message)


def _rules(view: View) -> Iterator[_Rule]:
    owners: list[tuple[Path, Owner]] = [(("users", key), user) for key, user in view.office.users.items()]
    owners += [(("groups", key), group) for key, group in view.office.groups.items()]
    for path, owner in owners:
        for index, rule in enumerate(owner.intercept.inbound):
            yield _Rule((*path, "intercept", "inbound", index), owner, "inbound", rule)
        for index, rule in enumerate(owner.intercept.outbound):
            yield _Rule((*path, "intercept", "outbound", index), owner, "outbound", rule)


RULES = (calls, new_numbers, places, without_effect, names)
