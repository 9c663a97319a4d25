"""The ``bridge`` application: ring, and connect who answers."""

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.channel.display import pass_callee_id
from fsctl.simulator.channel.join import join
from fsctl.simulator.channel.talk import afterwards, talk
from fsctl.simulator.core.causes import FORGIVEN
from fsctl.simulator.dialplan.dialstring import parse
from fsctl.simulator.ringing.originate import originate


def bridge(channel: Channel, data: str) -> None:
    """Blocks until the talk is over, or nobody took the call."""
    try:
        dial = parse(data)
    except ValueError:
        channel.set("originate_disposition", "DESTINATION_OUT_OF_ORDER")
        _failed(channel)
        return
    if channel.answered:
        channel.set_call_state("RING_WAIT")
        if len(dial.branches) > 1:
            channel.set_call_state("ACTIVE")
    winner = originate(channel, dial)
    if channel.left_to is not None:
        _inherit(channel, winner)
    elif winner is None:
        if channel.answered and not channel.hung_up:
            channel.set_call_state("ACTIVE")
        _failed(channel)
    else:
        if channel.answered:
            channel.other, channel.other_type = winner, "originatee"
            channel.set_call_state("ACTIVE")
        pass_callee_id(winner, channel)
        channel.pre_answer()
        if winner.answered:
            channel.answer()
        talk(channel, winner)
        channel.bridging = channel.join_to is not None
        if channel.ready:
            channel.set("bridge_hangup_cause", winner.hangup_cause or "NORMAL_CLEARING")
            if winner.answered:
                afterwards(channel, winner)


def _failed(channel: Channel) -> None:
    """Go on only where ``continue_on_fail`` or the cause itself allows it."""
    if not channel.ready:
        return
    cause = channel.get("originate_disposition") or "DESTINATION_OUT_OF_ORDER"
    forgiven = channel.get("continue_on_fail")
    if channel.true("continue_on_fail") or cause in (FORGIVEN if forgiven is None else forgiven.upper().split(",")):
        return
    channel.hang_up(cause)


def _inherit(channel: Channel, winner: Channel | None) -> None:
    """A consultation whose phone is gone has rung to its end: connect who waits for it, or let him go on in its place.

    He goes on in the dialplan of the consultation, after the application that rang.
    """
    heir = channel.left_to
    assert heir is not None
    if heir.hung_up:
        pass
    elif winner is not None:
        join(heir, winner)
    else:
        heir.inherited = list(channel.remaining)
        heir.transfer(channel.profile.destination_number, "inherited", channel.profile.context)
    channel.hang_up("NORMAL_CLEARING")
