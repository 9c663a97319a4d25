"""Whether an executive's filter sends a call to the assistants, and which rule decides that."""

from dataclasses import dataclass

from fsctl.model.call import Call
from fsctl.model.executives import assistants_of, mode_now
from fsctl.model.office import Office
from fsctl.model.reasons import Reason, declare, reason
from fsctl.model.sections import ExecutiveRule, User
from fsctl.policies.callers import is_one

REASONS = declare({
    "executive_rules.own_assistant": "{assistant} is an assistant of {name} and gets through",
    "executive_rules.himself": "{name} calls the own number",
    "executive_rules.put_through": "{assistant}, an assistant of {name}, puts the call through",
    "executive_rules.off": "the filter of {name} is off",
    "executive_rules.all": "all calls for {name} go to the assistants",
    "executive_rules.internal": "internal calls for {name} go to the assistants",
    "executive_rules.external": "outside calls for {name} go to the assistants",
    "executive_rules.only_internal": "of {name} only internal calls are filtered",
    "executive_rules.only_external": "of {name} only outside calls are filtered",
    "executive_rules.accepts": "the rule \"{rule}\" of {name} accepts the call",
    "executive_rules.diverts": "the rule \"{rule}\" of {name} sends the call to the assistants",
    "executive_rules.none": "no rule of {name} is about this call",
})


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the assistants get the call, and why. ``rule`` is the name of the one that decided, if one did."""

    filtered: bool
    why: Reason
    rule: str = ""


def decide(call: Call, executive: User, office: Office) -> Decision:
    """His own assistants get through, and what they put through; for all others the filter counts as it is now."""
    name, assistants = executive.name, assistants_of(executive)
    if call.user in assistants:
        assistant = office.users[call.user or ""].name
        return Decision(False, reason("executive_rules.own_assistant", assistant=assistant, name=name))
    if call.user == executive.extension:
        return Decision(False, reason("executive_rules.himself", name=name))
    for each in (call.by, call.transferred_by):
        if each in assistants:
            assistant = office.users[each or ""].name
            return Decision(False, reason("executive_rules.put_through", assistant=assistant, name=name))
    match mode_now(executive, office):
        case "off":
            return Decision(False, reason("executive_rules.off", name=name))
        case "all":
            return Decision(True, reason("executive_rules.all", name=name))
        case "internal" if call.external:
            return Decision(False, reason("executive_rules.only_internal", name=name))
        case "internal":
            return Decision(True, reason("executive_rules.internal", name=name))
        case "external" if not call.external:
            return Decision(False, reason("executive_rules.only_external", name=name))
        case "external":
            return Decision(True, reason("executive_rules.external", name=name))
        case _:
            return _by_rules(call, executive, office)


def _by_rules(call: Call, executive: User, office: Office) -> Decision:
    """One that accepts wins over all that divert."""
    name, rules = executive.name, executive.executive.rules if executive.executive else ()
    found = [rule for rule in rules if matches(rule, call, executive, office)]
    for rule in found:
        if rule.action == "accept":
            return Decision(False, reason("executive_rules.accepts", rule=rule.name, name=name), rule.name)
    for rule in found:
        return Decision(True, reason("executive_rules.diverts", rule=rule.name, name=name), rule.name)
    return Decision(False, reason("executive_rules.none", name=name))


def matches(rule: ExecutiveRule, call: Call, executive: User, office: Office) -> bool:
    """Whether a rule is about this call: who calls, how he called, and when, by the clocks of the executive's site."""
    if not any(caller == "any" or is_one(caller, call) for caller in rule.from_):
        return False
    if rule.called and _called(call, office) not in rule.called:
        return False
    return rule.during is None or office.opening(rule.during, executive.site, call.at).open


def _called(call: Call, office: Office) -> str:
    """What was dialled, by the caller or by who transferred him."""
    who = call.transferred_by or call.user
    return office.number_dialled(call.dialled, user=who, external=who is None)
