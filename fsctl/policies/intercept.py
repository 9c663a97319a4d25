"""Calls to a number that is out of service or has changed hear so unanswered, or go elsewhere; nobody's phone rings.

Likewise calls that somebody may not make: dialled, transferred, forwarded, picked up or fetched by him, made on his
behalf, or reached by him through an attendant. What a rule is about, and whose rules count, is told in intercept_rules.
"""

from collections.abc import Generator, Iterator
from dataclasses import replace

from fsctl.model import numbers
from fsctl.model.actions import OFFICE, Action, Ask, Because, NotTaken, Pass, Play, Policy, Reroute
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.intercept import ANNOUNCED, Owner, announced_by, is_silent, key_of
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.outcomes import Digits, Outcome
from fsctl.model.reasons import declare
from fsctl.model.sections import Intercept, InterceptRule, User
from fsctl.model.settings import intercept_path
from fsctl.policies.announcement import in_language
from fsctl.policies.class_of_service import causer
from fsctl.policies.feature import Feature, themselves, through_groups
from fsctl.policies.intercept_rules import Found, inbound, outbound, why_none
from fsctl.policies.language import language_for

REASONS = declare({
    "intercept.zero": "the caller pressed 0",
    "intercept.mailbox": "after the announcement a message can be left",
})

#: What is heard by who may not make a call, where the rule names nothing.
BLOCKED = "blocked"

#: So often an announcement is heard after which nothing comes.
TIMES = 2

#: How long a caller may think whether to press the key.
SECONDS = 4

_KEY = "0"


def run(call: Call, office: Office, live: Live) -> Policy:
    """Whether it may be made is asked first, then whether it may come in."""
    if call.outcome is not None:
        return Pass()
    for user in _callers(call, office):
        if blocked := outbound(user, call.to, office, call.at, withheld=call.withheld):
            return (yield from turned_away(blocked, call, office))
    if found := inbound(call, call.to, office):
        return (yield from _intercepted(found, call, office, ANNOUNCED, "unknown-number"))
    return Pass(why=why_none(call.to, office, call.at))


def fetching(call: Call, other: LiveCall | None, office: Office) -> Found | None:
    """What intercepts picking up, or fetching, whoever is at a channel: that counts as a call to him."""
    user, who = office.users.get(call.user or ""), other.who if other else None
    if who is None or (who.kind == "number" and not who.name.startswith("+")):  # nobody can be called by what he shows
        who = Destination("number", "")
    return outbound(user, who, office, call.at) if user else None


def turned_away(found: Found, call: Call, office: Office) -> Policy:
    """Whoever may not make a call hears so, or is sent where the rule says."""
    return (yield from _intercepted(found, call, office, BLOCKED, "rejected"))


def _intercepted(found: Found, call: Call, office: Office, otherwise: str, end: str) -> Policy:
    """An announcement before the answer, and from there by the key 0, to a mailbox, or on. A mere reroute says nothing.

    What an intercept has sent here already is sent no further.
    """
    rule = found.rule
    if call.intercepted:
        rule = replace(rule, zero=None, mailbox=None, reroute=None)
    yield Because(found.why)
    if not is_silent(rule):
        said = _said(rule, otherwise, call, office)
        for _ in range(TIMES if rule.zero or not (rule.reroute or rule.mailbox) else 1):
            if to := (yield from _by_key(said, rule.zero)):
                yield Because("intercept.zero")
                return Reroute(to, by=OFFICE)
        yield Because(found.why)
    if rule.reroute:
        return Reroute(rule.reroute, by=OFFICE, intercepted=True)
    if rule.mailbox:
        yield Because("intercept.mailbox")
        return Reroute(rule.mailbox, by=OFFICE)
    return NotTaken("number-changed" if rule.new_number else end)


def _by_key(said: Play, zero: Destination | None) -> Generator[Action | Because, Outcome, Destination | None]:
    """Where a caller goes who presses the key while it is said, or when he is asked then; None without."""
    if zero is None:
        yield said
        return None
    heard = yield replace(said, keys=_KEY)
    if not isinstance(heard, Digits):
        heard = yield Ask("press-0", said.language, 1, SECONDS, keys=(_KEY,))
    return zero if heard == Digits(_KEY) else None


def _callers(call: Call, office: Office) -> Iterator[User]:
    """Who causes the call to go where it goes: the executive and the assistant too who dials for him."""
    by = causer(call)
    names = (by, call.user) if by and by == call.on_behalf else (by,)
    yield from (office.users[name] for name in names if name and name in office.users)


def _said(rule: InterceptRule, otherwise: str, call: Call, office: Office) -> Play:
    """What the rule announces, with the new number as one dials it where the caller is, or else the called one."""
    language = language_for(call, office)
    name = announced_by(rule, otherwise)
    site = office.site_of(call.user) or office.site_for(call.to)
    digits = numbers.national(rule.new_number, office.numbering_of(site).country)
    file = in_language(office.announcements.get(name, {}), language)
    return Play(name, language, digits, file=file)


def _through(user: User, office: Office) -> str:
    def counts(owner: Owner) -> bool:
        return owner.intercept != Intercept() or intercept_path(key_of(owner)) in office.settings.values

    own = themselves(user, office) if counts(user) else ""
    return ", ".join(filter(None, (own, through_groups(counts)(user, office))))


FEATURE = Feature.of(__name__, __doc__, through=_through)
STAGE = FEATURE.stage(run)
