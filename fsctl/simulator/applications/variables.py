"""Applications that set variables and fields of the profile."""

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.dialplan.dialstring import separate


def set_(channel: Channel, data: str) -> None:
    name, _, value = data.partition("=")
    channel.set(name.strip(), channel.expand(value))  # `set` expands again: mod_dptools.c:1668


def multiset(channel: Channel, data: str) -> None:
    for each in separate(data):
        set_(channel, each)


def unset(channel: Channel, data: str) -> None:
    channel.set(data.strip(), None)


def multiunset(channel: Channel, data: str) -> None:
    for name in separate(data):
        channel.set(name, None)


def export(channel: Channel, data: str) -> None:
    name, _, value = data.removeprefix("nolocal:").partition("=")
    exported = [each for each in channel.variables.get("export_vars", "").split(",") if each]
    channel.set("export_vars", ",".join(dict.fromkeys([*exported, name])))
    channel.set(name if not data.startswith("nolocal:") else f"nolocal:{name}", value)


def set_profile_var(channel: Channel, data: str) -> None:
    name, _, value = data.partition("=")
    if channel.profile.get(name.strip()) is not None:
        setattr(channel.profile, name.strip(), value)
