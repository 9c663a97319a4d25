"""An executive takes over a call that an assistant handles for him; the assistant's phone is free at once.

Code: ``take_over``, alone for the call that has gone on longest, or with the assistant's extension for that one's.
"""

from fsctl.model.actions import Because, Claim, Done, Policy, TakeOver
from fsctl.model.call import Call
from fsctl.model.executives import Handled, assistants_of, handled_for
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.outcomes import Taken
from fsctl.model.reasons import Reason, declare, reason
from fsctl.model.sections import User
from fsctl.policies.feature import Code, Feature, themselves
from fsctl.policies.intercept import fetching, turned_away
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import name_of, refuse
from fsctl.words import marked

REASONS = declare({
    "executive_take_over.no_executive": "{who} is no executive",
    "executive_take_over.not_his": "{name} has no assistant {assistant}",
    "executive_take_over.no_link": "there is no link to the switch that would tell who talks with whom",
    "executive_take_over.none": "no assistant talks for {name}",
    "executive_take_over.not_by": "{assistant} does not talk for {name}",
    "executive_take_over.joined": "somebody has joined the talk for {name}",
    "executive_take_over.elsewhere": "that call is at another switch",
    "executive_take_over.handles": "{assistant} handles a call for {name}",
    "executive_take_over.takes": "{name} takes it over",
    "executive_take_over.over": "that talk is over, or somebody else was faster",
})


def chosen(call: Call, office: Office, live: Live, assistant: str) -> tuple[Handled | None, Reason]:
    """The call that its executive means: of those of ``assistant``, "" for all, the one that has gone on longest.

    Why not, where there is none.
    """
    executive = office.users.get(call.user or "")
    if executive is None or executive.executive is None:
        return None, reason("executive_take_over.no_executive", who=name_of(call.user, office))
    if assistant and assistant not in assistants_of(executive):
        return None, reason("executive_take_over.not_his", name=executive.name, assistant=assistant)
    if not live.known:
        return None, reason("executive_take_over.no_link")
    handled = [each for each in handled_for(executive, live) if assistant in ("", each.by)]
    found = next((each for each in handled if not each.joined), None)
    if found is None and handled:
        return None, reason("executive_take_over.joined", name=executive.name)
    if found is None and assistant:
        return None, reason("executive_take_over.not_by", assistant=office.users[assistant].name, name=executive.name)
    if found is None:
        return None, reason("executive_take_over.none", name=executive.name)
    if live.apart(call.uuid, found.caller.node):
        return None, reason("executive_take_over.elsewhere")
    return found, reason("executive_take_over.handles", assistant=name_of(found.by, office), name=executive.name)


def announcement(why_not: Reason) -> str:
    """What he hears then: there may be one that cannot be reached now."""
    later = why_not.name in ("executive_take_over.no_link", "executive_take_over.elsewhere")
    return "not-available" if later else "nothing-to-take-over"


def _take_over(call: Call, office: Office, live: Live, digits: str) -> Policy:
    language = language_for(call, office)
    found, why = chosen(call, office, live, digits)
    if found is None:
        return (yield from refuse(why, language, announcement(why)))
    if blocked := fetching(call, found.caller, office):
        return (yield from turned_away(blocked, call, office))
    yield Because(why)
    if not isinstance((yield Claim(f"call:{found.caller.uuid}")), Taken):
        yield Because("executive_take_over.takes", name=name_of(call.user, office))
        if not isinstance((yield TakeOver(found.caller.uuid, found.channel.uuid, found.by)), Taken):
            return Done()
    return (yield from refuse(reason("executive_take_over.over"), language, "nothing-to-take-over"))


def _through(user: User, office: Office) -> str:
    return themselves(user, office) if user.executive else ""


def one_handled(call: Call, office: Office) -> Live:
    """Each assistant of the caller handles a call for him, the first one since longest."""
    executive = office.users.get(call.user or "")
    if executive is None or executive.executive is None:
        return Live()
    both = (
        (LiveCall(f"caller-{each}", None, f"at-{each}", "inbound", "talking", call.at, for_user=executive.extension),
         LiveCall(f"at-{each}", each, f"caller-{each}", "outbound", "talking", call.at,
                  for_user=executive.extension, executive=executive.extension))
        for each in assistants_of(executive))
    return Live(tuple(channel for pair in both for channel in pair))


FEATURE = Feature.of(__name__, __doc__, through=_through, codes={
    "take_over": Code(
        _take_over, asks="extension", alone=True, acts_on=one_handled,
        does=marked("I take over the call that my assistant has for me")),
})
STAGE = FEATURE.stage()
