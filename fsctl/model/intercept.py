"""Call intercept as it was switched by hand, for a user or a group, and how that is kept."""

import shlex
from dataclasses import dataclass, replace
from datetime import datetime

from fsctl.model.destination import Destination, parse
from fsctl.model.sections import Group, Intercept, InterceptRule, Number, User
from fsctl.model.settings import OFF, ON, Settings, intercept_path

Owner = User | Group

#: What a rule is about that is about every call.
ALL = "all"

#: Kinds of calls that rules name beside numbers.
KINDS = (ALL, "internal", "external", "anonymous", "international", "premium")

#: What is heard of who can no longer be called where nothing is named, and before a new number.
ANNOUNCED, CHANGED = "out-of-service", "number-changed"

_KEYS = ("until", "announce", "new-number", "to")


@dataclass(frozen=True, slots=True)
class Switched:
    """``on``: all incoming calls are intercepted; else no rule of the file counts. What is "" or None the file says.

    ``until`` is an aware instant, None for until further notice.
    """

    on: bool
    until: datetime | None = None
    announce: str = ""
    new_number: str = ""
    to: Destination | None = None
    by: str = ""


def key_of(owner: Owner) -> str:
    """What a user or a group is called by: the extension, or the name of the section."""
    return owner.extension if isinstance(owner, User) else owner.key


def places_of(owner: Owner) -> tuple[Destination, ...]:
    """Where the calls come in that are the owner's own, and no member's."""
    if isinstance(owner, User):
        return (Destination("user", owner.extension),)
    return Destination("hunt", owner.key), Destination("conference", owner.key)


def switched(owner: Owner, settings: Settings, at: datetime) -> Switched | None:
    """How it was switched, in force at an aware instant; None where the file counts, or nobody can read what was."""
    setting = settings.values.get(intercept_path(key_of(owner)))
    if setting is None or setting.at > at:
        return None
    try:
        state, *words = shlex.split(setting.value)
        told = dict(zip(words[::2], words[1::2], strict=True))
        until = datetime.fromisoformat(told["until"]) if "until" in told else None
        to = parse(told["to"]) if "to" in told else None
    except ValueError:
        return None
    if state not in (ON, OFF) or not told.keys() <= set(_KEYS):
        return None
    if until is not None and (until.tzinfo is None or until <= at):
        return None
    return Switched(state == ON, until, told.get("announce", ""), told.get("new-number", ""), to, setting.who)


def intercept_value(switched: Switched) -> str:
    """How it is kept: ``on until 2026-11-27T18:00:00+00:00 announce number-changed``."""
    until = switched.until.isoformat() if switched.until else ""
    to = str(switched.to) if switched.to else ""
    values = zip(_KEYS, (until, switched.announce, switched.new_number, to), strict=True)
    return shlex.join([ON if switched.on else OFF, *(word for pair in values if pair[1] for word in pair)])


def announced_by(rule: InterceptRule, otherwise: str = ANNOUNCED) -> str:
    """The announcement of a rule that is not silent; ``otherwise`` is what is usual."""
    return rule.announce or (CHANGED if rule.new_number else otherwise)


def is_silent(rule: InterceptRule) -> bool:
    """Whether callers hear nothing: they go elsewhere at once."""
    return rule.reroute is not None and not (rule.announce or rule.new_number or rule.zero)


def rule_by_hand(own: Intercept, switched: Switched) -> InterceptRule:
    """What callers hear then, and where they go: as the first rule of the file for all calls says.

    Else as its first one for all from outside, or for all colleagues, and as usual where it has none of these. Where
    anything was named they hear something, whatever the rule does without a word.
    """
    found = (rule for word in (ALL, "external", "internal") for rule in own.inbound if word in rule.calls)
    rule = replace(next(found, InterceptRule(calls=())), calls=(Number(ALL),), during=None)
    if switched.to:
        mailbox = switched.to.kind == "mailbox"
        rule = replace(rule, zero=None, mailbox=switched.to if mailbox else None,
                       reroute=None if mailbox else switched.to)
    if switched.to or switched.announce or switched.new_number:
        rule = replace(rule, announce=switched.announce or rule.announce,
                       new_number=Number(switched.new_number) or rule.new_number)
        rule = replace(rule, announce=announced_by(rule))
    return rule
