"""What FreeSWITCH tells its inbound links of one call: of the caller's channel, and of the phone that rings for it."""

from load.channel import Channel
from load.template import gap


class Linked:
    """The events of one kind of call, by what happens."""

    def __init__(self, channel: Channel) -> None:
        leg = {
            "Unique-ID": gap("other"), "Call-Direction": "outbound", "Other-Leg-Unique-ID": gap("uuid"),
            "Caller-Direction": "outbound", "variable_uuid": gap("other"), "variable_fsctl_leg": gap("rung"),
        }
        bond = {"variable_signal_bond": gap("other")}
        ends = {"Bridge-A-Unique-ID": gap("uuid"), "Bridge-B-Unique-ID": gap("other")}
        active = {"Channel-Call-State": "ACTIVE"}
        over = {"Channel-State": "CS_REPORTING", "Channel-Call-State": "HANGUP", "Hangup-Cause": "ORIGINATOR_CANCEL"}
        self.arrives = (
            channel.event("CHANNEL_CREATE"), channel.event("CHANNEL_CALLSTATE"), channel.event("CHANNEL_PARK"))
        self.rings = (channel.event("CHANNEL_CREATE", leg), channel.event("CHANNEL_CALLSTATE", leg))
        self.answers = (
            channel.event("CHANNEL_CALLSTATE", leg | active, "answered"),
            channel.event("CHANNEL_CALLSTATE", active, "answered"),
            channel.event("CHANNEL_BRIDGE", ends | active | bond, "answered"),
        )
        self.parts = (channel.event("CHANNEL_UNBRIDGE", ends, "hangup"),)
        self.leg_ends = (channel.event("CHANNEL_HANGUP_COMPLETE", leg | over, "hangup"),)
        self.ends = (channel.event("CHANNEL_UNPARK", over, "hangup"), channel.event(
            "CHANNEL_HANGUP_COMPLETE", over, "hangup"))
