"""Ringing, and what became of it: who answered, who picked the call up, or why nobody did."""

from collections.abc import Mapping

from fsctl.model.actions import Ring
from fsctl.model.outcomes import Answered, Moved, Redirected, RingOutcome
from fsctl.switch.calls import pickup, talk
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.outcomes import REDIRECTED, causes_of, outcome_of
from fsctl.switch.session import moving
from fsctl.switch.session.ownership import GRACE_SECONDS
from fsctl.switch.wire import dialstring


def ring(control: CallControl, action: Ring) -> RingOutcome:
    try:
        return _ring_legs(control, action)
    finally:
        control.hunted.ended()


def _ring_legs(control: CallControl, action: Ring) -> RingOutcome:
    session = control.session
    seconds = max(sum(leg.ring_seconds + 1 for leg in branch) for branch in action.branches)
    argument = dialstring.bridge(action, control.office, control.call)
    with session.batch():
        control.lease(seconds)
        session.execute("multiset", dialstring.prepare(action))
        bridge = session.execute("bridge", argument, lock=False)
    name, event = session.race(bridge, {"CHANNEL_BRIDGE"}, seconds + 2 * GRACE_SECONDS)
    if not moving.marked(event) and (picker := pickup.taken_by(event)):
        return _picked_up(control, action, picker, told=name == "CHANNEL_BRIDGE")
    control.ownership.heard(event)
    if name != "CHANNEL_BRIDGE":
        return _unanswered(control, event)
    leg = talk.other(event)
    outcome = Answered(talk.winner(control, action.legs, leg))
    control.progress.answered(outcome)
    control.hunted.accepted(action.hunt, outcome.by, leg)
    return talk.follow(control, outcome, leg) or outcome


def _picked_up(control: CallControl, action: Ring, picker: str, *, told: bool) -> RingOutcome:
    """``told``: FreeSWITCH itself tells both phones whom they talk with."""
    outcome = Answered(talk.target_of(control, picker) or action.legs[0].target)
    control.progress.picked_up(outcome)
    control.hunted.accepted(action.hunt, outcome.by, picker)
    if not told:
        pickup.show(control.session, picker, control.party(outcome.by.name), action.show)
    return talk.follow(control, outcome, picker) or outcome


def _unanswered(control: CallControl, event: Mapping[str, str]) -> RingOutcome:
    listed = causes_of(event)
    new, control.legs_ended = listed[control.legs_ended :], len(listed)
    for leg, cause in new:
        if cause == REDIRECTED and (to := control.state.redirected(leg)):
            return Redirected(to)
    outcome = outcome_of(event, [cause for _, cause in new])
    if isinstance(outcome, Moved):
        control.ownership.end_lease()
    return outcome
