"""What a phone's REFER does: blind, attended, and while the third phone still rings."""

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.channel.join import join


def blind(channel: Channel, dialled: str) -> None:
    """``channel``'s phone sends the other party to ``dialled``; the trunk's profile refuses that."""
    partner = channel.partner
    if _left_room(channel) or partner is None or _outside(channel):
        return
    channel.set("transfer_to", f"blind:{partner.uuid}")
    partner.set("transfer_source", f"{channel.uuid}:bl_xfer:{dialled}")
    partner.transfer(dialled)
    channel.switch.wait(lambda: channel.partner is not partner, 1)  # its bridge ends first
    channel.hang_up("NORMAL_CLEARING")


def attended(channel: Channel, consultation: Channel) -> None:
    """``channel``'s phone connects its other party with the one it has in ``consultation``, by Replaces."""
    partner, third = channel.partner, consultation.partner
    if _left_room(channel) or partner is None or _outside(channel):
        return
    if third is not None:
        join(partner, third)
    elif consultation.answered:  # by the switch itself: the other party goes where that call is
        consultation.hang_up("ATTENDED_TRANSFER")
        if where := consultation.get("inline_destination"):
            partner.transfer(where, "inline")
        else:
            partner.transfer(consultation.get("destination_number") or consultation.profile.destination_number)
    else:
        # The consultation goes on ringing without its phone, for the other party, who hears music meanwhile.
        consultation.answer()
        partner.set("att_xfer_kill_uuid", consultation.uuid)
        consultation.left_to = partner
        partner.transfer(f"endless_playback:{channel.switch.globals['hold_music']}", "inline")
    channel.hang_up("NORMAL_CLEARING")
    channel.switch.pulse()


def _left_room(channel: Channel) -> bool:
    """From a conference there is nobody to send: the phone hangs up, and that is all."""
    if channel.in_room:
        channel.hang_up("NORMAL_CLEARING")
    return channel.in_room


def _outside(channel: Channel) -> bool:
    return channel.name.startswith("sofia/trunk/")
