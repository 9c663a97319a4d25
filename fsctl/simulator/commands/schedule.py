"""Commands that take effect later."""

from fsctl.simulator.channel.channel import Switch
from fsctl.simulator.commands.channels import NONE


def sched_transfer(switch: Switch, argument: str) -> str:
    when, uuid, *where = argument.split()
    channel = switch.find(uuid)
    if channel is None:
        return NONE
    channel.set("last_sched_id", str(switch.schedule.add(uuid, float(when), lambda: channel.transfer(*where[:3]))))
    return "+OK\n"


def sched_del(switch: Switch, key: str) -> str:
    return f"+OK Deleted: {switch.schedule.delete(key)}\n"


def sched_api(switch: Switch, argument: str) -> str:
    when, group, command = argument.split(maxsplit=2)

    def run_it() -> None:
        switch.api(command)

    return f"+OK Added: {switch.schedule.add(group, float(when), run_it)}\n"
