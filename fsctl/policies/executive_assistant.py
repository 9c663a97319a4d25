"""A filtered call for an executive rings the assistants, one after the other or all at once, and not the executive.

Where none of them takes it, it goes where the executive's ``rollover`` says, or on to the executive as any call does.
Whom it rings, which rule decides, and how the executive sees it meanwhile, is told in executive_alerting,
executive_rules and executive_screening.
"""

import re
from collections.abc import Generator
from dataclasses import replace
from typing import cast

from fsctl.model.actions import ANONYMOUS, Action, Because, Done, Leg, Party, Pass, Policy, Reroute, Ring, Survey
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.executives import executives_of
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Answered, CallerGone, Moved, Offline, Outcome, Surveyed
from fsctl.model.parties import party_of
from fsctl.model.reasons import Reason, declare, reason
from fsctl.model.sections import Executive, User
from fsctl.policies.caller_id import shown_inside
from fsctl.policies.executive_alerting import alerted
from fsctl.policies.executive_rules import decide
from fsctl.policies.executive_screening import Screening, lasting, screening
from fsctl.policies.feature import Feature, themselves

NAME = "executive_assistant"

REASONS = declare({
    "executive_assistant.passed_over": "{because}; {hindrances}",
    "executive_assistant.next": "the next assistants of {name}",
    "executive_assistant.none_left": "no assistant of {name} can be rung: {hindrances}",
    "executive_assistant.nobody": "{name} has no assistants",
    "executive_assistant.rang": "it rang at the assistants of {name} before it was transferred",
    "executive_assistant.offline": "no assistant of {name} has a phone that can be reached",
    "executive_assistant.not_taken": "no assistant of {name} took the call",
    "executive_assistant.not_taken_in_time": "no assistant of {name} took the call within {seconds} s",
})

#: How ``display`` names the parts of what an assistant sees.
_DISPLAYS = {
    "executive": "{executive}", "caller": "{caller}", "executive-caller": "{executive} - {caller}",
    "caller-executive": "{caller} - {executive}",
}


def run(call: Call, office: Office, live: Live) -> Policy:
    """Decided once for each call: what was one executive's filtered call is never filtered for another."""
    if call.to.kind != "user" or call.outcome is not None:
        return Pass()
    user = office.users[call.to.name]
    terms = user.executive
    if terms is None:
        return Pass()
    decision = decide(call, user, office)
    if not decision.filtered:
        return Pass(why=decision.why)
    if call.rang and call.sent_by is None:
        return (yield from _roll_over(user, terms, office, reason("executive_assistant.rang", name=user.name)))
    found = alerted(call, user, office, live)
    if not found.legs:
        if not found.passed_over:
            return (yield from _roll_over(user, terms, office, reason("executive_assistant.nobody", name=user.name)))
        why = reason("executive_assistant.none_left", name=user.name, hindrances=found.passed_over)
        return (yield from _roll_over(user, terms, office, why))
    seen, because = screening(call, user, office, live, found.legs), decision.why
    if hindrances := found.passed_over + seen.left_alone:
        because = reason("executive_assistant.passed_over", because=because, hindrances=hindrances)
    return (yield from _alert(call, user, terms, office, found.legs, because, seen))


def _alert(
    call: Call, user: User, terms: Executive, office: Office, legs: tuple[Leg, ...], because: Reason, seen: Screening
) -> Policy:
    """One ring for all of them, which goes on without us. Only where the time that is left may not do for all, since
    some could still decline, those who are left are rung once it is known how much that is. An executive who declined
    is not shown it again.
    """
    most = terms.rollover.after_seconds if terms.rollover else 0
    limit = most or sum(leg.ring_seconds for leg in legs)
    rung, left = _within(legs, limit, terms)
    began = (yield from _look()).at if left else call.at
    while True:
        yield Because(seen.told(because, user))
        branches = (rung,) if terms.alerting == "sequential" else tuple((leg,) for leg in rung)
        lasts = max(sum(leg.ring_seconds for leg in branch) for branch in branches)
        outcome = yield Ring(branches, shown_to_assistants(call, user, terms, office),
                             called=party_of(call.to, office), executive=user.extension,
                             screening=lasting(seen.legs, lasts))
        if isinstance(outcome, Answered | CallerGone | Moved):
            return Done()
        if not left:
            return (yield from _roll_over(user, terms, office, _why(user, outcome)))
        seconds = int(limit - ((yield from _look()).at - began).total_seconds())
        if seconds < 1:
            why = reason("executive_assistant.not_taken_in_time", name=user.name, seconds=limit)
            return (yield from _roll_over(user, terms, office, why))
        seen = seen.unless_declined(outcome)
        because = reason("executive_assistant.next", name=user.name)
        rung, left = _within(left, seconds, terms)


def _within(
    legs: tuple[Leg, ...], seconds: int, terms: Executive
) -> tuple[tuple[Leg, ...], tuple[Leg, ...]]:
    """Who is rung in that time, if nobody declines, each for how long; and who is left then."""
    rung: list[Leg] = []
    for index, leg in enumerate(legs):
        if seconds < 1:
            return tuple(rung), legs[index:]
        rung.append(replace(leg, ring_seconds=min(leg.ring_seconds, seconds)))
        if terms.alerting == "sequential":
            seconds -= leg.ring_seconds
    return tuple(rung), ()


def _look() -> Generator[Action | Because, Outcome, Surveyed]:
    """What time it is."""
    return cast(Surveyed, (yield Survey("", ())))


def _why(user: User, outcome: Outcome) -> Reason:
    if isinstance(outcome, Offline):
        return reason("executive_assistant.offline", name=user.name)
    return reason("executive_assistant.not_taken", name=user.name)


def _roll_over(user: User, terms: Executive, office: Office, why: Reason) -> Policy:
    """To himself is as if nothing were said: his phones, his forwarding and his mailbox have their turn."""
    if terms.rollover is None or office.owner_of(terms.rollover.to) == Destination("user", user.extension):
        return Pass(why=why, skips=(NAME,))
    yield Because(why)
    return Reroute(terms.rollover.to, by=user.extension, skips=(NAME,))


def shown_to_assistants(call: Call, user: User, terms: Executive, office: Office) -> Party:
    """For whom the call is and who calls, as ``display`` and ``show_number`` say. Names are text, braces or not."""
    caller = shown_inside(call, office)
    names = {"executive": user.name, "caller": caller.name or caller.number or ANONYMOUS.name}
    text = _DISPLAYS.get(terms.display, terms.display)
    name = re.sub(r"\{(executive|caller)\}", lambda found: names[found[1]], text)
    return Party(name, user.extension if terms.show_number == "executive" else caller.number)


def _through(user: User, office: Office) -> str:
    """His own calls, and those of others that ring at him."""
    concerned = (*((user,) if user.executive else ()), *executives_of(user.extension, office))
    return ", ".join(themselves(each, office) for each in concerned)


FEATURE = Feature.of(__name__, __doc__, through=_through)
STAGE = FEATURE.stage(run)
