"""A call to a person rings all of that person's phones; the caller learns why nobody answers.

The phones outside that the file names as ``devices`` ring along.
"""

from fsctl.model.actions import Because, Done, Hangup, Leg, Pass, Policy, Reroute, Ring
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Answered, Busy, CallerGone, Moved, NoAnswer, Offline, Outcome, Redirected, Rejected
from fsctl.model.sections import User
from fsctl.policies.caller_id import shown_inside
from fsctl.policies.class_of_service import device_legs

#: Where a phone may send its calls: never to a code, nor to an emergency number, which nobody would have called.
_SENT_ON = ("user", "hunt", "site", "number")


def run(call: Call, office: Office, live: Live) -> Policy:
    """Ring for the user's ``ring_seconds``; where he is on a call and has no call waiting, not at all."""
    if call.to.kind != "user" or call.outcome is not None:
        return Pass()
    user = office.users[call.to.name]
    if not user.call_waiting and any(each.uuid != call.uuid for each in live.of(user.extension)):
        return Pass(Busy(), f"{user.name} is on a call and has no call waiting")
    yield Because(f"{call.to.name} is {user.name}")
    legs = (Leg(call.to, user.ring_seconds), *device_legs(call, user, office))
    outcome = yield Ring(tuple((leg,) for leg in legs), shown_inside(call, office))
    if isinstance(outcome, Answered | CallerGone | Moved):
        return Done()
    if isinstance(outcome, Redirected):
        to = office.find(outcome.dialled, user=user.extension, external=False)
        if to.kind not in _SENT_ON:
            return Pass(Rejected(), f"the phone of {user.name} wants its calls at {to}, where none can be sent")
        yield Because(f"the phone of {user.name} sends its calls on")
        return Reroute(to, by=user.extension)
    return Pass(outcome, _why(user, outcome))


def run_unanswered(call: Call, office: Office, live: Live) -> Policy:
    """After forwarding and mailbox, which come first: the call ends with the reason."""
    if call.to.kind != "user" or call.outcome is None:
        return Pass()
    yield Because(call.why)
    match call.outcome:
        case Busy():
            yield Hangup("busy")
        case NoAnswer():
            yield Hangup("no-answer")
        case Offline():
            yield Hangup("offline")
        case _:
            yield Hangup("rejected")
    return Done()


def _why(user: User, outcome: Outcome) -> str:
    match outcome:
        case Busy():
            return f"{user.name} is busy"
        case NoAnswer():
            return f"{user.name} did not answer within {user.ring_seconds} s"
        case Offline():
            return f"no phone of {user.name} is registered"
        case Rejected():
            return f"{user.name} declined"
    raise AssertionError(f"a ring cannot end with {outcome}")
