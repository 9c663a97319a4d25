"""A channel as events show it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fsctl.simulator.channel.channel import Channel

_STATES = {"CS_NEW": 0, "CS_INIT": 1, "CS_ROUTING": 2, "CS_SOFT_EXECUTE": 3, "CS_EXECUTE": 4, "CS_EXCHANGE_MEDIA": 5,
           "CS_CONSUME_MEDIA": 7, "CS_HIBERNATE": 8, "CS_RESET": 9, "CS_HANGUP": 10, "CS_REPORTING": 11,
           "CS_DESTROY": 12}


def headers(channel: "Channel", variables: bool) -> dict[str, str]:
    """Its state, its profile, the other leg's, and on request its variables; in the real switch's order."""
    number = _STATES["CS_HANGUP"] if channel.hung_up and channel.state == "CS_EXECUTE" else _STATES[channel.state]
    shown = {
        "Channel-State": channel.state, "Channel-Call-State": channel.call_state,
        "Channel-State-Number": str(number), "Channel-Name": channel.name,
        "Unique-ID": channel.uuid, "Call-Direction": channel.direction, "Presence-Call-Direction": channel.direction,
        "Channel-HIT-Dialplan": str(channel.direction == "inbound").lower(),
        "Channel-Presence-ID": channel.variables.get("presence_id", ""), "Channel-Call-UUID": channel.uuid,
        "Answer-State": _answer_state(channel), "Hangup-Cause": channel.hangup_cause,
    }
    shown = {name: value for name, value in shown.items() if value}
    shown |= channel.profile.headers("Caller", channel.direction, channel.uuid, channel.name)
    if (other := channel.other) is not None:
        shown["Other-Type"] = channel.other_type
        shown |= other.profile.headers("Other-Leg", other.direction, other.uuid, other.name)
    if variables:
        shown |= {f"variable_{name}": value for name, value in channel.variables.items()}
    return shown


def _answer_state(channel: "Channel") -> str:
    if channel.hung_up:
        return "hangup"
    return "answered" if channel.answered else "early" if channel.early else "ringing"
