"""How FreeSWITCH is made to do what a policy wants: one function a verb, which tells what became of it."""

from collections.abc import Callable, Mapping
from typing import Any

from fsctl.model import actions
from fsctl.model.outcomes import Outcome
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.verbs import (
    another_call,
    executive_calls,
    group_calls,
    hangup,
    hunting,
    joining,
    leave,
    mailbox,
    parking,
    ring,
    speech,
    state,
)

#: Each does its verb and waits for what became of it. It raises what the session's waits and its ownership do.
PERFORMERS: Mapping[type[actions.Action], Callable[[CallControl, Any], Outcome]] = {
    actions.Ring: ring.ring,
    actions.Answer: speech.answer,
    actions.Play: speech.play,
    actions.Ask: speech.ask,
    actions.Mailbox: mailbox.mailbox,
    actions.Change: state.change,
    actions.Claim: state.claim,
    actions.Pickup: another_call.pick_up,
    actions.Park: parking.park,
    actions.Unpark: parking.unpark,
    actions.Connect: parking.connect,
    actions.Push: executive_calls.push,
    actions.TakeOver: executive_calls.take_over,
    actions.Join: joining.join,
    actions.EndJoined: executive_calls.end_joined,
    actions.Gather: group_calls.gather,
    actions.Enter: group_calls.enter,
    actions.Survey: hunting.survey,
    actions.Reserve: hunting.reserve,
    actions.Wait: hunting.wait,
    actions.Leave: leave.leave,
    actions.Hangup: hangup.hang_up,
}


def perform(control: CallControl, action: actions.Action) -> Outcome:
    """Do it and wait for what became of it."""
    if not isinstance(action, actions.Play | actions.Ask):
        control.asked = None
    return PERFORMERS[type(action)](control, action)
