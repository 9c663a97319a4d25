"""An assistant calls in the executive's name, who is shown as the caller.

Code: ``on_behalf``, the executive's extension and a number. The call is one of the executive's: by his class of
service, his site's trunks, and under his number; colleagues see his name. Help is called as oneself.
"""

from fsctl.model.actions import Because, Policy, Reroute
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.executives import dialled_for, executives_of
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.parties import party_of
from fsctl.model.reasons import declare, reason
from fsctl.model.sections import User
from fsctl.policies.feature import Code, Feature, themselves
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import name_of, refuse
from fsctl.words import marked

REASONS = declare({
    "executive_on_behalf.not_of": "{name} is no assistant of {executive}",
    "executive_on_behalf.no_number": "no number was dialled after the extension of {executive}",
    "executive_on_behalf.himself": "{executive} cannot be called on his own behalf",
    "executive_on_behalf.no_code": "{dialled} can only be dialled by oneself",
    "executive_on_behalf.help": "{name} calls help, as oneself",
    "executive_on_behalf.calls": "{name} calls on behalf of {executive}",
})

#: What only works for oneself.
_ONESELF = ("code", "slot")


def _call(call: Call, office: Office, live: Live, digits: str) -> Policy:
    """The number is read as the executive dials it."""
    language, name = language_for(call, office), name_of(call.user, office)
    executive, dialled = dialled_for(digits, call.user or "", office)
    if executive is None:
        return (yield from refuse(reason("executive_on_behalf.not_of", name=name, executive=digits), language))
    if not dialled:
        why = reason("executive_on_behalf.no_number", executive=executive.name)
        return (yield from refuse(why, language, "unknown-number"))
    for who in (call.user, executive.extension):  # help has other numbers where he works
        to = office.find(dialled, user=who, external=False)
        if to.kind == "emergency":
            yield Because("executive_on_behalf.help", name=name)
            return Reroute(to)
    if to.kind in _ONESELF:
        return (yield from refuse(reason("executive_on_behalf.no_code", dialled=dialled), language))
    himself = Destination("user", executive.extension)
    if office.owner_of(to) == himself:
        return (yield from refuse(reason("executive_on_behalf.himself", executive=executive.name), language))
    yield Because("executive_on_behalf.calls", name=name, executive=executive.name)
    return Reroute(to, by=executive.extension, show=party_of(himself, office), on_behalf=executive.extension)


def _through(user: User, office: Office) -> str:
    return themselves(user, office) if executives_of(user.extension, office) else ""


FEATURE = Feature.of(__name__, __doc__, through=_through, codes={
    "on_behalf": Code(
        _call, asks="number", does=marked("calls the number after the executive's extension in his name")),
})
STAGE = FEATURE.stage()
