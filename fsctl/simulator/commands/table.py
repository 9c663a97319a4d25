"""The switch's commands: what ``api`` and ``bgapi`` run, and what an argument expands ``${name(…)}`` to."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from fsctl.simulator.channel.join import take_over
from fsctl.simulator.commands.originate import originate
from fsctl.simulator.dialplan.dialstring import separate

if TYPE_CHECKING:
    from fsctl.simulator.channel.channel import Channel
    from fsctl.simulator.switch import Simulator

Command = Callable[["Simulator", str], str]

_NONE = "-ERR No such channel!\n"
_VERSION = "FreeSWITCH Version 1.10.12-simulated (fsctl simulator)\n"


def run(switch: "Simulator", text: str) -> str:
    """What a command prints; an unknown one says so."""
    name, _, argument = text.strip().partition(" ")
    command = COMMANDS.get(name)
    return command(switch, argument.strip()) if command else f"-ERR {name} Command not found!\n"


def _on(act: Callable[["Channel", str], str | None]) -> Command:
    """A command about one channel: its UUID first."""
    def command(switch: "Simulator", argument: str) -> str:
        uuid, _, rest = argument.partition(" ")
        channel = switch.find(uuid)
        return _NONE if channel is None else act(channel, rest.strip()) or "+OK\n"

    return command


def _setvar(channel: "Channel", rest: str) -> None:
    name, _, value = rest.partition(" ")
    channel.set(name, value)


def _setvar_multi(channel: "Channel", rest: str) -> None:
    for each in separate(rest, ";"):
        name, _, value = each.partition("=")
        channel.set(name, value)


def _getvar(channel: "Channel", name: str) -> str:
    value = channel.get(name)
    return "_undef_" if value is None else value


def _dump(switch: "Simulator", argument: str) -> str:
    uuid, _, kind = argument.partition(" ")
    channel = switch.channels.get(uuid)
    if channel is None:
        return _NONE
    event = switch.stamps.event("CHANNEL_DATA", channel.headers())
    if kind.strip() == "json":
        return json.dumps(event, ensure_ascii=False)
    return "".join(f"{name}: {value}\n" for name, value in event.items())


def _exists(switch: "Simulator", uuid: str) -> str:
    return str(switch.find(uuid) is not None).lower()


def _transfer(channel: "Channel", rest: str) -> None:
    first, *words = rest.split()
    if first in ("-both", "-bleg"):
        partner = channel.partner
        if partner is not None:
            partner.transfer(*words[:3])
        if first == "-bleg":
            return
        first, words = words[0], words[1:]
    channel.transfer(first, *words[:2])


def _bridge(switch: "Simulator", argument: str) -> str:
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


def _sched_transfer(switch: "Simulator", argument: str) -> str:
    when, uuid, *where = argument.split()
    channel = switch.find(uuid)
    if channel is None:
        return _NONE
    channel.set("last_sched_id", str(switch.schedule.add(uuid, float(when), lambda: channel.transfer(*where[:3]))))
    return "+OK\n"


def _sched_del(switch: "Simulator", key: str) -> str:
    return f"+OK Deleted: {switch.schedule.delete(key)}\n"


def _sched_api(switch: "Simulator", argument: str) -> str:
    when, group, command = argument.split(maxsplit=2)

    def run_it() -> None:
        run(switch, command)

    return f"+OK Added: {switch.schedule.add(group, float(when), run_it)}\n"


def _display(channel: "Channel", rest: str) -> None:
    name, _, number = rest.partition("|")
    channel.display = name, number


def _show(switch: "Simulator", argument: str) -> str:
    channels = list(switch.channels.values())
    if argument == "channels as json":
        return _table([_row(channel) for channel in channels])
    if argument == "channels count":
        return f"\n{len(channels)} total.\n"
    if argument == "tasks as json":
        return _table([{"task_group": group} for group in switch.schedule.groups()])
    if argument == "registrations as json":
        return _table([{"reg_user": user} for user in switch.users if switch.registered(user)])
    return "-ERR only: show channels as json | count, tasks as json, registrations as json\n"


def _table(rows: list[dict[str, str]]) -> str:
    return json.dumps({"row_count": len(rows)} | ({"rows": rows} if rows else {}), ensure_ascii=False) + "\n"


def _row(channel: "Channel") -> dict[str, str]:
    profile = channel.profile
    return {
        "uuid": channel.uuid, "direction": channel.direction, "name": channel.name, "state": channel.state,
        "cid_name": profile.caller_id_name, "cid_num": profile.caller_id_number, "dest": profile.destination_number,
        "application": channel.variables.get("current_application", ""), "context": profile.context,
        "application_data": channel.variables.get("current_application_data", ""),
        "callstate": channel.call_state, "call_uuid": channel.partner.uuid if channel.partner else "",
        "presence_id": channel.variables.get("presence_id", ""), "hostname": channel.switch.stamps.hostname,
    }


def _boxcount(switch: "Simulator", argument: str) -> str:
    user = argument.partition("@")[0]
    count = switch.mailboxes[user].count if user in switch.mailboxes else "0:0:0:0"
    return count if argument.endswith("|all") else count.partition(":")[0]


def _global(switch: "Simulator", name: str) -> str:
    return switch.stamps.core_uuid if name == "core_uuid" else switch.globals.get(name, "")


def _hupall(switch: "Simulator", argument: str) -> str:
    cause, *match = argument.split() or ["MANAGER_REQUEST"]
    for channel in list(switch.channels.values()):
        if len(match) < 2 or channel.variables.get(match[0]) == match[1]:
            channel.hang_up(cause)
    return "+OK hangup all channels with cause " + cause + "\n"


def _locate(switch: "Simulator", argument: str) -> str:
    words = argument.split()
    if words[:3] == ["dialplan", "context", "name"] and len(words) == 4 and words[3] in switch.dialplan:
        return switch.dialplan.text(words[3])
    return "-ERR can't find xml\n"


def _reload(switch: "Simulator", argument: str) -> str:
    switch.reload()
    switch.fire("RELOADXML", {})
    return "+OK [Success]\n"


def _status(switch: "Simulator", argument: str) -> str:
    return f"UP 0 years, 0 days\n{_VERSION.strip()} is ready\n{len(switch.channels)} session(s)\n"


COMMANDS: dict[str, Command] = {
    "echo": lambda switch, argument: argument,
    "global_getvar": _global, "hupall": _hupall, "originate": originate, "reloadxml": _reload, "sched_del": _sched_del,
    "sched_api": _sched_api, "sched_transfer": _sched_transfer, "show": _show,
    "status": _status, "version": lambda switch, argument: _VERSION, "xml_locate": _locate,
    "uuid_answer": _on(lambda channel, rest: channel.answer()),
    "uuid_break": _on(lambda channel, rest: channel.break_off()),
    "uuid_bridge": _bridge, "uuid_dump": _dump, "uuid_display": _on(_display), "uuid_exists": _exists,
    "uuid_getvar": _on(_getvar),
    "uuid_kill": _on(lambda channel, rest: channel.hang_up(rest or "NORMAL_CLEARING")),
    "vm_boxcount": _boxcount,
    "uuid_setvar": _on(_setvar), "uuid_setvar_multi": _on(_setvar_multi), "uuid_transfer": _on(_transfer),
}
