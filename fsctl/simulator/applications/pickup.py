"""Taking a call that rings elsewhere: the applications ``pickup`` and ``intercept``."""

from fsctl.simulator.channel.channel import Channel, Switch
from fsctl.simulator.channel.join import join


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


def _free(switch: Switch, key: str) -> Channel | None:
    legs = (each for each in switch.channels.values() if each.name == f"pickup/{key}" and each.picker is None)
    return next((leg for leg in legs if not leg.hung_up), None)


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
