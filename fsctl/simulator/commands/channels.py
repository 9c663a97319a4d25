"""Commands about one channel or two, by their UUIDs."""

import json
from collections.abc import Callable

from fsctl.simulator.channel.channel import Channel, Switch
from fsctl.simulator.channel.join import take_over
from fsctl.simulator.dialplan.dialstring import separate

Command = Callable[[Switch, str], str]

#: There is no such channel.
NONE = "-ERR No such channel!\n"


def on(act: Callable[[Channel, str], str | None]) -> Command:
    """A command about one channel: its UUID first."""
    def command(switch: Switch, argument: str) -> str:
        uuid, _, rest = argument.partition(" ")
        channel = switch.find(uuid)
        return NONE if channel is None else act(channel, rest.strip()) or "+OK\n"

    return command


def setvar(channel: Channel, rest: str) -> None:
    name, _, value = rest.partition(" ")
    channel.set(name, value)


def setvar_multi(channel: Channel, rest: str) -> None:
    for each in separate(rest, ";"):
        name, _, value = each.partition("=")
        channel.set(name, value)


def getvar(channel: Channel, name: str) -> str:
    value = channel.get(name)
    return "_undef_" if value is None else value


def dump(switch: Switch, argument: str) -> str:
    uuid, _, kind = argument.partition(" ")
    channel = switch.channels.get(uuid)
    if channel is None:
        return NONE
    event = switch.stamps.event("CHANNEL_DATA", channel.headers())
    if kind.strip() == "json":
        return json.dumps(event, ensure_ascii=False)
    return "".join(f"{name}: {value}\n" for name, value in event.items())


def exists(switch: Switch, uuid: str) -> str:
    return str(switch.find(uuid) is not None).lower()


def transfer(channel: Channel, rest: str) -> None:
    first, *words = rest.split()
    if first in ("-both", "-bleg"):
        partner = channel.partner
        if partner is not None:
            partner.transfer(*words[:3])
        if first == "-bleg":
            return
        first, words = words[0], words[1:]
    channel.transfer(first, *words[:2])


def bridge(switch: Switch, argument: str) -> str:
    """Both leave what they do; the first one's thread holds the talk. ``+OK`` says that it began, no more."""
    channels = [switch.find(uuid) for uuid in argument.split()]
    if len(channels) != 2 or None in channels:
        return "-ERR Invalid uuid\n"
    first, second = channels
    assert first is not None and second is not None
    if not (first.answered and second.answered):  # seen to lose both, whatever the order
        first.hang_up("DESTINATION_OUT_OF_ORDER")
        second.hang_up("ORIGINATOR_CANCEL")
        return f"+OK {second.uuid}\n"
    take_over(first, second)
    return f"+OK {second.uuid}\n"
