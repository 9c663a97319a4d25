"""A user's calls go where that user wants them: always, or when busy, not answering or offline.

Codes: ``forward_always`` and the number sends all calls there, ``forward_always_off`` ends that.
"""

from fsctl.model.actions import Because, Change, Pass, Policy, Reroute
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Busy, NoAnswer, Offline, Rejected
from fsctl.model.reasons import Reason, declare, reason
from fsctl.model.sections import Forward, User
from fsctl.model.settings import OFF, forward_path
from fsctl.policies import destinations
from fsctl.policies.feature import Code, Feature, themselves
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import confirmed, refuse
from fsctl.words import marked
from fsctl.words.places import place

REASONS = declare({
    "forwarding.always": "{name} forwards all calls",
    "forwarding.not_always": "{name} does not forward all calls",
    "forwarding.none_such": "{because}, and forwards no such calls",
    "forwarding.to_himself": "{user} cannot send calls to himself",
    "forwarding.no_user": "only a user of the office can forward",
    "forwarding.switched_on": "{name} sends all calls to {to}",
    "forwarding.switched_off": "{name} takes calls again",
}, {"to": place})


def run(call: Call, office: Office, live: Live) -> Policy:
    """Forwarding of all calls: the user's own phones stay quiet."""
    if call.to.kind != "user" or call.outcome is not None:
        return Pass()
    user = office.users[call.to.name]
    to = office.forwarding(user.extension).always
    if to is None:
        return Pass(why=reason("forwarding.not_always", name=user.name))
    yield Because("forwarding.always", name=user.name)
    return Reroute(to, by=user.extension)


def run_unanswered(call: Call, office: Office, live: Live) -> Policy:
    """Forwarding of calls that the user's phones did not take; declining counts as being busy."""
    if call.to.kind != "user" or call.outcome is None:
        return Pass()
    user = office.users[call.to.name]
    forward = office.forwarding(user.extension)
    match call.outcome:
        case Busy() | Rejected():
            to = forward.busy
        case NoAnswer():
            to = forward.no_answer
        case Offline():
            to = forward.offline
        case _:
            to = None
    if to is None:
        return Pass(why=reason("forwarding.none_such", because=call.why))
    yield Because(call.why)
    return Reroute(to, by=user.extension)


def refusal(user: str, to: Destination, office: Office) -> Reason:
    """Why ``user`` may not send his calls to ``to``; NONE if he may. Asked by star code and command line alike."""
    if to == Destination("user", user):
        return reason("forwarding.to_himself", user=user)
    return destinations.refusal(to, office, office.site_of(user), by=office.users[user])


def target(digits: str, user: str, office: Office) -> Destination:
    """Where a user's calls shall go who has dialled these digits, or names them at a shell."""
    return destinations.dialled(digits, office.site_of(user), office)


def _on(call: Call, office: Office, live: Live, digits: str) -> Policy:
    language, user = language_for(call, office), call.user or ""
    if user not in office.users:
        return (yield from refuse(reason("forwarding.no_user"), language))
    to = target(digits, user, office)
    if why_not := refusal(user, to, office):
        return (yield from refuse(why_not, language, "blocked" if to.kind == "number" else "not-possible"))
    yield Because("forwarding.switched_on", name=office.users[user].name, to=str(to))
    outcome = yield Change("code:forward_always", forward_path(user, "always"), str(to))
    return (yield from confirmed(outcome, "forward-on", language, digits))


def _off(call: Call, office: Office, live: Live, digits: str) -> Policy:
    language, user = language_for(call, office), call.user or ""
    if user not in office.users:
        return (yield from refuse(reason("forwarding.no_user"), language))
    by_file = office.users[user].forward.always is not None
    yield Because("forwarding.switched_off", name=office.users[user].name)
    outcome = yield Change("code:forward_always_off", forward_path(user, "always"), OFF if by_file else None)
    return (yield from confirmed(outcome, "forward-off", language))


def _through(user: User, office: Office) -> str:
    return themselves(user, office) if office.forwarding(user.extension) != Forward() else ""


def _at_will(office: Office) -> bool:
    """Also where nobody does it yet."""
    return True


FEATURE = Feature.of(__name__, __doc__, through=_through, codes={
    "forward_always": Code(
        _on, counts=_at_will, asks="number", does=marked("sends my calls to the number dialled after it")),
    "forward_always_off": Code(_off, counts=_at_will, does=marked("lets my calls come to me again")),
})
STAGE = FEATURE.stage(run, "forwarding_always")
UNANSWERED = FEATURE.stage(run_unanswered, "forwarding_unanswered")
