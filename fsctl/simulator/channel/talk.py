"""Two channels that talk, and what becomes of the one whose partner leaves."""

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.channel.display import connected
from fsctl.simulator.channel.executor import execute
from fsctl.simulator.channel.profile import now_us


def talk(first: Channel, second: Channel) -> None:
    """Connect two legs until one of them leaves; ``first``'s thread waits here."""
    for one, other, kind in ((first, second, "originatee"), (second, first, "originator")):
        one.partner, one.other, one.other_type = other, other, kind
        one.profile.times.bridged = now_us()
        one.set("signal_bond", other.uuid)
        other.keys += "".join(one.digits)  # what nobody has read before (audio_bridge_thread)
        one.digits.clear()
    both = {"Bridge_A_Unique_ID": first.uuid, "Bridge_B_Unique_ID": second.uuid}
    first.fire("CHANNEL_BRIDGE", **both)
    second.enter("CS_EXCHANGE_MEDIA")
    for one, other, role in ((first, second, "originator"), (second, first, "originatee")):
        one.variables |= {
            "bridge_to": other.uuid, "last_bridge_to": other.uuid, "bridge_uuid": other.uuid,
            "bridge_channel": other.name, "last_bridge_role": role,
        }
    connected(first, second)
    first.switch.pulse()
    if application := first.get("bridge_pre_execute_aleg_app"):
        execute(first, application, first.get("bridge_pre_execute_aleg_data") or "")
    first.thread.wait(lambda: not second.ready or second.partner is not first)
    stays = second.ready and second.partner is first  # who was sent elsewhere is no longer ours
    for one, other in ((first, second), (second, first)):
        if one.partner is other:
            one.partner = None
            one.set("bridge_to", None)
    first.play_music(False)
    first.fire("CHANNEL_UNBRIDGE", **both)
    if stays:
        second.hang_up("NORMAL_CLEARING")


def afterwards(channel: Channel, partner: Channel) -> None:
    """The partner left: park, go elsewhere, hang up or go on, in this order (switch_ivr_bridge.c:1931)."""
    after = channel.get("transfer_after_bridge")
    if channel.true("park_after_bridge"):
        channel.transfer("park:", "inline")
    elif after:
        channel.transfer(*after.split(":")[:3])
    elif channel.true("hangup_after_bridge"):
        channel.hang_up(partner.hangup_cause or "NORMAL_CLEARING")
