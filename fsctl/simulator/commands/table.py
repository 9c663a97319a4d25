"""The switch's commands, by name: what ``api`` and ``bgapi`` run, and what an argument expands ``${name(…)}`` to."""

from uuid import uuid4

from fsctl.simulator.channel import display
from fsctl.simulator.channel.channel import Switch
from fsctl.simulator.commands import channels, conference, limits, recording, schedule, system
from fsctl.simulator.commands.channels import Command, on
from fsctl.simulator.commands.originate import originate
from fsctl.simulator.commands.show import show


def run(switch: Switch, text: str) -> str:
    """What a command prints; an unknown one says so."""
    name, _, argument = text.strip().partition(" ")
    command = COMMANDS.get(name)
    return command(switch, argument.strip()) if command else f"-ERR {name} Command not found!\n"


COMMANDS: dict[str, Command] = {
    "bgapi": system.bgapi, "conference": conference.conference,
    "create_uuid": lambda switch, argument: str(uuid4()), "echo": lambda switch, argument: argument,
    "expr": limits.expr, "file_exists": system.file_exists, "fsctl": limits.fsctl,
    "global_getvar": system.global_, "global_setvar": system.set_global, "hash": limits.hash_, "hupall": system.hupall,
    "module_exists": limits.module_exists, "originate": originate, "reloadxml": system.reload,
    "sched_api": schedule.sched_api, "sched_del": schedule.sched_del, "sched_transfer": schedule.sched_transfer,
    "show": show, "sofia": system.registrations, "sofia_contact": system.contacts, "status": system.status,
    "strepoch": system.epoch,
    "uuid_answer": on(lambda channel, rest: channel.answer()),
    "uuid_break": on(lambda channel, rest: channel.break_off()),
    "uuid_bridge": channels.bridge, "uuid_displace": recording.displace, "uuid_display": on(display.send),
    "uuid_dump": channels.dump,
    "uuid_exists": channels.exists, "uuid_getvar": on(channels.getvar),
    "uuid_kill": on(lambda channel, rest: channel.hang_up(rest or "NORMAL_CLEARING")),
    "uuid_limit": on(limits.limit), "uuid_record": recording.record,
    "uuid_ring_ready": on(lambda channel, rest: channel.ring_ready()),
    "uuid_setvar": on(channels.setvar), "uuid_setvar_multi": on(channels.setvar_multi),
    "uuid_transfer": on(channels.transfer),
    "version": lambda switch, argument: system.VERSION, "vm_boxcount": system.boxcount, "xml_locate": system.locate,
}
