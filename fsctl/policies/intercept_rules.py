"""Which rule of call intercept is about a call: the user's own in their order, then those of his groups.

What was switched by hand counts before what the file says of the same user or group: on, all calls that come in are
intercepted; off, no rule is asked, for a user those of his groups neither.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from fsctl.model import call_classes, intercept
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.intercept import ALL, Owner, Switched, rule_by_hand, switched
from fsctl.model.office import Office
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.model.sections import InterceptRule, User
from fsctl.policies.callers import begins, is_of_class, is_one

REASONS = declare({
    "intercept_rules.inbound": "rule {number} of {name} about incoming calls",
    "intercept_rules.outbound": "rule {number} of {name} about outgoing calls",
    "intercept_rules.none": "no rule of the intercept is about this call",
    "intercept_rules.off": "{who} has switched off the intercept of {name}",
    "intercept_rules.by_hand": "{who} has switched on the intercept of {name}",
    "intercept_rules.intercepted": "calls to {name} are intercepted: {because}",
    "intercept_rules.may_not_call": "{name} may not call {to}: {because}",
})

#: Classes of outside calls that rules name.
_CLASSES = ("international", "premium")

#: All calls together.
_BOTH = {"internal", "external"}

#: What can be called inside.
_INSIDE = ("user", "hunt", "conference", "site")


@dataclass(frozen=True, slots=True)
class Found:
    """The rule that decides, and which one that is."""

    rule: InterceptRule
    why: Reason


def inbound(call: Call, to: Destination, office: Office) -> Found | None:
    """What intercepts this call where it goes to a user, a hunt group or a conference; None if nothing does."""
    country = office.numbering_of(office.site_for(to)).country
    rules = _inbound_rules(to, office, call.at)
    return next((found for found in rules if any(_calls(word, call, country) for word in found.rule.calls)), None)


def outbound(
    user: User, to: Destination, office: Office, at: datetime, *, withheld: bool = False
) -> Found | None:
    """What intercepts a call that somebody causes; None for what is no call to a person, group or number, or help."""
    for owner, _ in _asked(owners_of(Destination("user", user.extension), office), office, at):
        for found in _outbound_rules(owner, user, to, office, withheld):
            if _is_time(found.rule, owner, office, at):
                return found
    return None


def hindrance(call: Call, user: User, office: Office) -> Reason:
    """Why a call that others ring him for passes somebody over; NONE if none of his rules is about it."""
    found = inbound(call, Destination("user", user.extension), office)
    return reason("intercept_rules.intercepted", name=user.name, because=found.why) if found else NONE


def refusal(user: User, to: Destination, office: Office, at: datetime) -> Reason:
    """Why no telephone is rung for somebody at a place where he may not call; NONE if he may."""
    return _may_not_call(user, to, outbound(user, to, office, at))


def forbidden(user: User, to: Destination, office: Office) -> Reason:
    """Why somebody may not call there at any time, by the file; NONE if he sometimes may."""
    for owner in owners_of(Destination("user", user.extension), office):
        for found in _outbound_rules(owner, user, to, office, withheld=False):
            if found.rule.during is None:
                return _may_not_call(user, to, found)
    return NONE


def _may_not_call(user: User, to: Destination, found: Found | None) -> Reason:
    return reason("intercept_rules.may_not_call", name=user.name, to=to.name, because=found.why) if found else NONE


def for_all_calls(to: Destination, office: Office) -> InterceptRule | None:
    """The rule of the file that intercepts whatever comes in at any time; None if some call gets through.

    Where that takes several they may send calls to several places, so that it has none.
    """
    return _covering(rule for owner in owners_of(to, office) for rule in owner.intercept.inbound
                     if rule.during is None and not _leads_to(to, rule, office))


def gets_no_calls(user: User, office: Office, at: datetime) -> bool:
    """Whether whatever comes in for somebody is intercepted at an instant, by the file or by hand."""
    own = Destination("user", user.extension)
    return _covering(found.rule for found in _inbound_rules(own, office, at)) is not None


def why_none(to: Destination, office: Office, at: datetime) -> Reason:
    """Why rules about incoming calls, which there are, do not intercept one; NONE where there are none."""
    owners = [owner for owner in owners_of(to, office) if owner.intercept.inbound]
    for owner in owners:
        by_hand = switched(owner, office.settings, at)
        if by_hand and not by_hand.on:
            return reason("intercept_rules.off", who=by_hand.by, name=owner.name)
    return reason("intercept_rules.none") if owners else NONE


def _outbound_rules(
    owner: Owner, user: User, to: Destination, office: Office, withheld: bool
) -> Iterator[Found]:
    """Those of a user, or of a group of his, that are about what he calls, at whatever time."""
    country = office.numbering_of(office.sites.get(user.site)).country
    number = _number_of(to, office)
    for index, rule in enumerate(owner.intercept.outbound, 1):
        called = any(_is_called(word, to, number, country, withheld) for word in rule.calls)
        if called and not _leads_to(to, rule, office):
            yield Found(rule, reason("intercept_rules.outbound", number=index, name=owner.name))


def _inbound_rules(to: Destination, office: Office, at: datetime) -> Iterator[Found]:
    """All that count at an instant, in their order."""
    for owner, by_hand in _asked(owners_of(to, office), office, at):
        if by_hand:
            if by_hand.to and not office.has(by_hand.to):  # it was when somebody said so
                by_hand = replace(by_hand, to=None)
            why = reason("intercept_rules.by_hand", who=by_hand.by, name=owner.name)
            found = iter([Found(rule_by_hand(owner.intercept, by_hand), why)])
        else:
            found = (Found(rule, reason("intercept_rules.inbound", number=number, name=owner.name))
                     for number, rule in enumerate(owner.intercept.inbound, 1))
        yield from (each for each in found
                    if _is_time(each.rule, owner, office, at) and not _leads_to(to, each.rule, office))


def _covering(rules: Iterable[InterceptRule]) -> InterceptRule | None:
    words: set[str] = set()
    for rule in rules:
        if ALL in rule.calls or set(rule.calls) >= _BOTH:
            return rule
        words.update(rule.calls)
        if words >= _BOTH:
            return replace(rule, reroute=None)
    return None


def _asked(
    owners: Iterable[Owner], office: Office, at: datetime
) -> Iterator[tuple[Owner, Switched | None]]:
    """Whose rules count, in their order; with how their intercept was switched on, where it was."""
    for owner in owners:
        by_hand = switched(owner, office.settings, at)
        if by_hand is None or by_hand.on:
            yield owner, by_hand
        elif isinstance(owner, User):
            return


def owners_of(to: Destination, office: Office) -> Iterator[Owner]:
    """Of a user himself and all his groups, of a group's number the group alone."""
    match to:
        case Destination("user", name) if name in office.users:
            yield office.users[name]
            yield from office.groups_of(name)
        case Destination("hunt" | "conference", name) if name in office.groups:
            yield office.groups[name]


def _leads_to(to: Destination, rule: InterceptRule, office: Office) -> bool:
    """Whether a rule itself sends calls there: it keeps none from it. So a group's can send all to one member."""
    return any(place and office.owner_of(place) == to for place in (rule.zero, rule.reroute))


def _calls(word: str, call: Call, country: str) -> bool:
    """Whether a word of a rule is about who calls; ``country`` is where the called one is."""
    if word in _CLASSES:
        return is_of_class(word, call, country)
    return word == ALL or is_one(word, call)


def _is_called(word: str, to: Destination, number: str, country: str, withheld: bool) -> bool:
    """Whether a word of a rule is about what is called; ``country`` is where the caller is."""
    outside = to.kind == "number"
    if not outside and to.kind not in _INSIDE:
        return False
    match word:
        case intercept.ALL:
            return True
        case "internal":
            return not outside
        case "external":
            return outside
        case "anonymous":
            return withheld
    if word in _CLASSES:
        return outside and number != "" and call_classes.class_of(number, country) == word
    return begins(word, number)


def _number_of(to: Destination, office: Office) -> str:
    """The complete number outside, or the extension; "" for what has none."""
    return to.name if to.kind == "number" else office.extension_of(to)


def _is_time(rule: InterceptRule, owner: Owner, office: Office, at: datetime) -> bool:
    """By the clocks of the site that the user or the group belongs to."""
    return rule.during is None or office.opening(rule.during, owner.site, at).open
