"""The command ``show``: channels, tasks and registrations as tables."""

import json

from fsctl.simulator.channel.channel import Channel, Switch


def show(switch: Switch, argument: str) -> str:
    channels = list(switch.channels.values())
    if argument == "channels as json":
        return _table([_row(channel) for channel in channels])
    if argument == "channels count":
        return f"\n{len(channels)} total.\n"
    if argument == "tasks as json":
        return _table([{"task_group": group} for group in switch.schedule.groups()])
    if argument == "registrations as json":
        return _table([{"reg_user": user} for user in switch.registrations()])
    return "-ERR only: show channels as json | count, tasks as json, registrations as json\n"


def _table(rows: list[dict[str, str]]) -> str:
    return json.dumps({"row_count": len(rows)} | ({"rows": rows} if rows else {}), ensure_ascii=False) + "\n"


def _row(channel: Channel) -> dict[str, str]:
    profile = channel.profile
    return {
        "uuid": channel.uuid, "direction": channel.direction, "name": channel.name, "state": channel.state,
        "cid_name": profile.caller_id_name, "cid_num": profile.caller_id_number, "dest": profile.destination_number,
        "application": channel.variables.get("current_application", ""), "context": profile.context,
        "application_data": channel.variables.get("current_application_data", ""),
        "callstate": channel.call_state, "call_uuid": channel.partner.uuid if channel.partner else "",
        "presence_id": channel.variables.get("presence_id", ""), "hostname": channel.switch.stamps.hostname,
    }
