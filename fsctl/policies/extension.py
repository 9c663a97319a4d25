"""A call to a person rings all of that person's phones; the caller learns why nobody answers.

The phones outside that the file names as ``devices`` ring along.
"""

from fsctl.model.actions import HANGUP_CAUSES, Because, Done, Leg, NotTaken, Pass, Play, Policy, Reroute
from fsctl.model.answers import answer
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Answered, Busy, CallerGone, Moved, NoAnswer, Offline, Outcome, Redirected, Rejected
from fsctl.model.presence import engaged
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.model.sections import User
from fsctl.policies import destinations, intercept_rules
from fsctl.policies.class_of_service import device_legs
from fsctl.policies.feature import Feature, themselves
from fsctl.policies.outside_loops import refusal
from fsctl.policies.person import ring_person

REASONS = declare({
    "extension.rang": "{name} did not take the call while it rang for the transferor",
    "extension.of": "{extension} is {name}",
    "extension.without_devices": "{extension} is {name}, at the desk alone: {because}",
    "extension.some_devices": "{extension} is {name}, not at all phones outside: {because}",
    "extension.no_call_waiting": "{name} is on a call and has no call waiting",
    "extension.sent_nowhere": "the phone of {name} sends its calls on, but {because}",
    "extension.sent_on": "the phone of {name} sends its calls on",
    "extension.busy": "{name} is busy",
    "extension.no_answer": "{name} did not answer within {seconds} s",
    "extension.offline": "no phone of {name} is registered",
    "extension.declined": "{name} declined",
    "extension.phone": "the phone of {name} {answer}",
})


def run(call: Call, office: Office, live: Live) -> Policy:
    """Ring for the user's ``ring_seconds``; where he is on a call and has no call waiting, not at all."""
    if call.to.kind != "user" or call.outcome is not None:
        return Pass()
    user = office.users[call.to.name]
    if call.rang and call.sent_by is None:
        return Pass(NoAnswer(), reason("extension.rang", name=user.name))
    devices, why_not = phones_outside(call, user, office, live)
    if why_not and devices:
        why = reason("extension.some_devices", extension=call.to.name, name=user.name, because=why_not)
    elif why_not:
        why = reason("extension.without_devices", extension=call.to.name, name=user.name, because=why_not)
    else:
        why = reason("extension.of", extension=call.to.name, name=user.name)
    return (yield from ring(call, user, office, live, why, devices))


def phones_outside(call: Call, user: User, office: Office, live: Live) -> tuple[tuple[Leg, ...], Reason]:
    """Those that ring along with a person's own, and why not all; none where the call went round in circles then."""
    devices = device_legs(call, user, office)
    circles = (refusal(call, leg.sent_by, leg.target.name, office, live) for leg in devices)
    if why_not := next(filter(None, circles), NONE):
        return (), why_not
    places = (Destination("number", device) for device in user.devices)
    blocked = (intercept_rules.refusal(user, place, office, call.at) for place in places)
    return devices, next(filter(None, blocked), NONE)


def ring(
    call: Call, user: User, office: Office, live: Live, why: Reason, devices: tuple[Leg, ...] = (), *,
    announce: Play | None = None,
) -> Policy:
    """Ring a person, since ``why``, and say what becomes of the call; not at all where he is on one already."""
    if not user.call_waiting and engaged(live.of(user.extension), call.uuid):
        return Pass(Busy(), reason("extension.no_call_waiting", name=user.name))
    yield Because(why)
    outcome = yield ring_person(call, user, office, devices, announce=announce)
    if isinstance(outcome, Answered | CallerGone | Moved):
        return Done()
    if isinstance(outcome, Redirected):
        to = office.find(outcome.dialled, user=user.extension, external=False)
        if why_not := destinations.refusal(to, office, office.site_of(user.extension)):
            return Pass(Rejected(), reason("extension.sent_nowhere", name=user.name, because=why_not))
        yield Because("extension.sent_on", name=user.name)
        return Reroute(to, by=user.extension)
    return Pass(outcome, _why(user, outcome))


def run_unanswered(call: Call, office: Office, live: Live) -> Policy:
    """After forwarding and mailbox, which come first: the call ends with the reason."""
    if call.to.kind != "user" or call.outcome is None:
        return Pass()
    yield Because(call.why)
    match call.outcome:
        case Busy():
            return NotTaken("busy")
        case NoAnswer():
            return NotTaken("no-answer")
        case Offline():
            return NotTaken("offline")
        case Rejected(cause) if cause != HANGUP_CAUSES["rejected"]:
            return NotTaken(cause)
        case _:
            return NotTaken("rejected")


def _why(user: User, outcome: Outcome) -> Reason:
    if said := answer(outcome, Destination("user", user.extension)):
        return reason("extension.phone", name=user.name, answer=said)
    match outcome:
        case Busy():
            return reason("extension.busy", name=user.name)
        case NoAnswer():
            return reason("extension.no_answer", name=user.name, seconds=user.ring_seconds)
        case Offline():
            return reason("extension.offline", name=user.name)
        case Rejected():
            return reason("extension.declined", name=user.name)
    raise AssertionError(f"a ring cannot end with {outcome}")


FEATURE = Feature.of(__name__, __doc__, through=themselves)
STAGE = FEATURE.stage(run)
UNANSWERED = FEATURE.stage(run_unanswered, "extension_unanswered")
