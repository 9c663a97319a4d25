"""Taking a call that rings elsewhere: the endpoint ``pickup``, the application of that name, and ``intercept``."""

from typing import TYPE_CHECKING

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.channel.join import join
from fsctl.simulator.channel.profile import Profile

if TYPE_CHECKING:
    from fsctl.simulator.switch import Simulator


def new_pickup_leg(caller: Channel, key: str, variables: dict[str, str], shown: tuple[str, str]) -> Channel:
    """A leg that rings nobody, and that whoever executes ``pickup`` with its key takes the place of."""
    profile = Profile(*shown, key, caller.profile.context)
    channel = Channel(caller.switch, "outbound", f"pickup/{key}", profile)
    channel.variables |= variables | {"originator": caller.uuid}
    channel.other, channel.other_type = caller, "originator"
    channel.enter("CS_ROUTING")
    channel.enter("CS_CONSUME_MEDIA")
    channel.executor.start()
    return channel


def pickup(channel: Channel, key: str) -> None:
    """The oldest leg with this key is taken at once; the talk begins when the channel has left what it does."""
    leg = _free(channel.switch, key)
    if leg is None:
        return
    leg.picker = channel
    leg.set_call_state("ACTIVE")
    channel.variables |= {name: value for name, value in leg.variables.items() if name != "originator"}
    mine = channel.profile
    mine.callee_id_name, mine.callee_id_number = mine.caller_id_name, mine.caller_id_number
    mine.caller_id_name, mine.caller_id_number = leg.profile.caller_id_name, leg.profile.caller_id_number
    channel.other, channel.other_type = leg.other, "originator"
    channel.transfer_to = ("", "hibernate", "")
    channel.wake()
    leg.wake()


def _free(switch: "Simulator", key: str) -> Channel | None:
    legs = (each for each in switch.channels.values() if each.name == f"pickup/{key}" and each.picker is None)
    return next((leg for leg in legs if not leg.hung_up), None)


def take_place(leg: Channel, picker: Channel) -> None:
    """The picker is the leg from now on."""
    leg.hang_up("PICKED_OFF")
    picker.answer()
    picker.set("picked_up_uuid", leg.uuid)
    for name, command in list(picker.variables.items()):
        if name.startswith("api_on_pickup"):
            picker.switch.api(command)
    if leg.other is not None:
        leg.other.display = picker.profile.callee_id_name, picker.profile.callee_id_number
    picker.display = picker.profile.caller_id_name, picker.profile.caller_id_number


def intercept(channel: Channel, uuid: str) -> None:
    """Answer both and connect them, whoever else rings for the other one (switch_ivr_intercept_session)."""
    other = channel.switch.find(uuid)
    if other is None or (channel.true("intercept_unanswered_only") and other.answered):
        return
    channel.answer()
    other.answer()
    other.intercepted = True
    join(channel, other)
    other.set("signal_bond", channel.uuid)
    channel.set("signal_bond", other.uuid)
    other.wake()
