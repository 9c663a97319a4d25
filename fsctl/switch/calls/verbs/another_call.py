"""Taking a call that rings elsewhere."""

from fsctl.model.actions import Answer, Pickup
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, Taken
from fsctl.switch.calls import connecting, pickup
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.verbs import speech


def pick_up(control: CallControl, action: Pickup) -> Answered | Taken:
    if control.session.audio == "impossible":  # else the caller's thread would wait for its ACK
        speech.answer(control, Answer())
    control.lease(0)
    with connecting.giving_back(control):
        picker = control.party(control.call.user or "")
        taken = pickup.take(control.session, action.uuid, picker, control.party_at(action.uuid))
    if not taken:
        return Taken()
    outcome = Answered(Destination("pickup", action.of))
    control.progress.answered(outcome)
    control.session.wait_hangup()
    return outcome
