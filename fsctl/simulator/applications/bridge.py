"""The ``bridge`` application: ring, and connect who answers."""

from typing import TYPE_CHECKING

from fsctl.simulator.channel.hold import play_music
from fsctl.simulator.channel.profile import now_us
from fsctl.simulator.core.causes import FORGIVEN
from fsctl.simulator.dialplan.dialstring import parse
from fsctl.simulator.ringing.originate import originate
from fsctl.simulator.telephones.transfer import inherit

if TYPE_CHECKING:
    from fsctl.simulator.channel.channel import Channel


def bridge(channel: "Channel", data: str) -> None:
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
        inherit(channel, winner)
    elif winner is None:
        if channel.answered and not channel.hung_up:
            channel.set_call_state("ACTIVE")
        _failed(channel)
    else:
        if channel.answered:
            channel.other, channel.other_type = winner, "originatee"
            channel.set_call_state("ACTIVE")
        channel.pre_answer()
        channel.answer()
        talk(channel, winner)
        channel.bridging = channel.join_to is not None
        if channel.ready:
            channel.set("bridge_hangup_cause", winner.hangup_cause or "NORMAL_CLEARING")
            afterwards(channel, winner)


def talk(first: "Channel", second: "Channel") -> None:
    """Connect two legs until one of them leaves; ``first``'s thread waits here."""
    for one, other, kind in ((first, second, "originatee"), (second, first, "originator")):
        one.partner, one.other, one.other_type = other, other, kind
        one.profile.times.bridged = now_us()
        one.set("signal_bond", other.uuid)
    both = {"Bridge_A_Unique_ID": first.uuid, "Bridge_B_Unique_ID": second.uuid}
    first.fire("CHANNEL_BRIDGE", **both)
    second.enter("CS_EXCHANGE_MEDIA")
    for one, other, role in ((first, second, "originator"), (second, first, "originatee")):
        one.variables |= {
            "bridge_to": other.uuid, "last_bridge_to": other.uuid, "bridge_uuid": other.uuid,
            "bridge_channel": other.name, "last_bridge_role": role,
        }
        if one is second or one.direction == "inbound" or one.in_dialplan:
            one.fire("CALL_UPDATE", Direction="SEND", Bridged_To=other.uuid)
    first.switch.pulse()
    if application := first.get("bridge_pre_execute_aleg_app"):
        first.executor.execute(application, first.get("bridge_pre_execute_aleg_data") or "")
    first.executor.wait(lambda: not second.ready or second.partner is not first)
    stays = second.ready and second.partner is first  # who was sent elsewhere is no longer ours
    for one, other in ((first, second), (second, first)):
        if one.partner is other:
            one.partner = None
            one.set("bridge_to", None)
    play_music(first, False)
    first.fire("CHANNEL_UNBRIDGE", **both)
    if stays:
        second.hang_up("NORMAL_CLEARING")


def afterwards(channel: "Channel", partner: "Channel") -> None:
    """The partner left: park, go elsewhere, hang up or go on, in this order (switch_ivr_bridge.c:1931)."""
    after = channel.get("transfer_after_bridge")
    if channel.true("park_after_bridge"):
        channel.transfer("park:", "inline")
    elif after:
        channel.transfer(*after.split(":")[:3])
    elif channel.true("hangup_after_bridge"):
        channel.hang_up(partner.hangup_cause or "NORMAL_CLEARING")


def _failed(channel: "Channel") -> None:
    """Go on only where ``continue_on_fail`` or the cause itself allows it."""
    if not channel.ready:
        return
    cause = channel.get("originate_disposition") or "DESTINATION_OUT_OF_ORDER"
    forgiven = channel.get("continue_on_fail")
    if channel.true("continue_on_fail") or cause in (FORGIVEN if forgiven is None else forgiven.upper().split(",")):
        return
    channel.hang_up(cause)
