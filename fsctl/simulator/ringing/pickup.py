"""The endpoint ``pickup``: a leg that waits for somebody to take its place."""

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.channel.profile import Profile
from fsctl.simulator.channel.routing import start


def new_pickup_leg(
    caller: Channel, key: str, variables: dict[str, str], shown: tuple[str, str], *, alone: bool
) -> Channel:
    """A leg that rings nobody, and that whoever executes ``pickup`` with its key takes the place of.

    ``alone``: it knows no caller.
    """
    profile = Profile(*shown, key, caller.profile.context)
    channel = Channel(caller.switch, "outbound", f"pickup/{key}", profile)
    channel.variables |= variables | ({} if alone else {"originator": caller.uuid})
    if not alone:
        channel.other, channel.other_type = caller, "originator"
    channel.enter("CS_ROUTING")
    channel.enter("CS_CONSUME_MEDIA")
    start(channel)
    return channel


def take_place(leg: Channel, picker: Channel) -> None:
    """The picker is the leg from now on."""
    leg.hang_up("PICKED_OFF")
    picker.answer()
    picker.set("picked_up_uuid", leg.uuid)
    picker.run_commands("api_on_pickup")
