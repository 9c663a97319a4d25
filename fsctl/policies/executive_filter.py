"""An executive switches the filter of his calls on and off, and so may his assistants.

Codes: ``filter_on`` turns on the file's mode, or all calls where the file says off; ``filter_off`` turns it off. Alone
for oneself, by assistants with the executive's extension behind it.
"""

from functools import partial

from fsctl.model.actions import Because, Change, Policy
from fsctl.model.call import Call
from fsctl.model.executives import assistants_of, executives_of
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.model.sections import User
from fsctl.model.settings import OFF, ON, filter_path
from fsctl.policies.feature import Code, Feature, themselves
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import confirmed, name_of, refuse
from fsctl.words import marked

REASONS = declare({
    "executive_filter.no_executive": "{who} is no executive",
    "executive_filter.not_his": "{who} is no assistant of {name}",
    "executive_filter.not_allowed": "the assistants of {name} may not switch the filter",
    "executive_filter.switched_on": "{who} switches the filter of {name} on",
    "executive_filter.switched_off": "{who} switches the filter of {name} off",
})


def refusal(who: str, executive: User) -> Reason:
    """Why somebody may not switch an executive's filter at a telephone; NONE if he may."""
    if who == executive.extension:
        return NONE
    if who not in assistants_of(executive):
        return reason("executive_filter.not_his", who=who, name=executive.name)
    if not (executive.executive and executive.executive.assistants_may_switch):
        return reason("executive_filter.not_allowed", name=executive.name)
    return NONE


def _switch(value: str, call: Call, office: Office, live: Live, digits: str) -> Policy:
    language, who = language_for(call, office), name_of(call.user, office)
    executive = office.users.get(digits or call.user or "")
    if executive is None or executive.executive is None:
        return (yield from refuse(reason("executive_filter.no_executive", who=digits or who), language))
    if why_not := refusal(call.user or "", executive):
        return (yield from refuse(why_not, language))
    if value == ON:
        yield Because("executive_filter.switched_on", who=who, name=executive.name)
    else:
        yield Because("executive_filter.switched_off", who=who, name=executive.name)
    outcome = yield Change(f"code:filter_{value}", filter_path(executive.extension), value)
    return (yield from confirmed(outcome, f"filter-{value}", language, digits))


def _through(user: User, office: Office) -> str:
    """His own filter, and those of others that he may switch."""
    filters = (*((user,) if user.executive else ()), *executives_of(user.extension, office))
    return ", ".join(themselves(each, office) for each in filters if not refusal(user.extension, each))


FEATURE = Feature.of(__name__, __doc__, through=_through, codes={
    "filter_on": Code(
        partial(_switch, ON), asks="extension", alone=True,
        does=marked("switches my filter on, or that of the executive dialled after it")),
    "filter_off": Code(
        partial(_switch, OFF), asks="extension", alone=True,
        does=marked("switches my filter off, or that of the executive dialled after it")),
})
STAGE = FEATURE.stage()
