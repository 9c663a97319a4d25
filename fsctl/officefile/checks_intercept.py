"""Rules about call intercept: which calls its rules are about, and what of them nobody would ever hear.

That the announcements, schedules and destinations are there is asked for all of the file (checks_references).
"""

from collections.abc import Iterator
from typing import Literal

from fsctl.model.intercept import ALL, Owner
from fsctl.model.numbers import international
from fsctl.model.sections import InterceptRule
from fsctl.officefile.checks_numbers import emergency_numbers
from fsctl.officefile.office_view import View
from fsctl.officefile.rule_words import can_match, known
from fsctl.schema import Finding, Path, shown

#: Kinds of calls.
KINDS = (ALL, "internal", "external", "anonymous", "international", "premium")

Direction = Literal["inbound", "outbound"]


def calls(view: View) -> Iterator[Finding]:
    """Of callers people have an extension; what is called can be a group's as well, or a public short number."""
    users = view.names("users")
    places = [extension for path, extension in view.places_of_extensions() if "park" not in path]
    emergency = {digits for _, digits in emergency_numbers(view)}
    for at, direction, rule in _rules(view):
        if not rule.calls:
            yield Finding((*at, "calls"), f"is about no call; name some of {known(KINDS)}")
        for index, word in enumerate(rule.calls):
            path = (*at, "calls", index)
            if word in emergency:
                yield Finding(path, f"{word} is an emergency number, which everybody may call")
            elif direction == "inbound":
                yield from can_match(path, word, view, KINDS, users)
            else:
                yield from can_match(path, word, view, KINDS, places, "user or group", short=True)


def new_numbers(view: View) -> Iterator[Finding]:
    """What is read out is something that one can dial."""
    extensions = [extension for _, extension in view.places_of_extensions()]
    for at, _, rule in _rules(view):
        number = rule.new_number
        if number and number not in extensions and international(number, view.office.numbering.country) != number:
            yield Finding((*at, "new_number"), f"{shown(number)} is no extension and no complete number; write it as"
                          " +4930…")


def without_effect(view: View) -> Iterator[Finding]:
    """A call can go on to one place only."""
    for at, _, rule in _rules(view):
        if rule.reroute and rule.mailbox:
            yield Finding((*at, "mailbox"), "has no effect beside `reroute`", warning=True)


def _rules(view: View) -> Iterator[tuple[Path, Direction, InterceptRule]]:
    owners: list[tuple[Path, Owner]] = [(("users", key), user) for key, user in view.office.users.items()]
    owners += [(("groups", key), group) for key, group in view.office.groups.items()]
    for path, owner in owners:
        for index, rule in enumerate(owner.intercept.inbound):
            yield (*path, "intercept", "inbound", index), "inbound", rule
        for index, rule in enumerate(owner.intercept.outbound):
            yield (*path, "intercept", "outbound", index), "outbound", rule


RULES = (calls, new_numbers, without_effect)
