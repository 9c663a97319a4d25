"""Commands about the switch as a whole."""

import time
from pathlib import Path

from fsctl.simulator.channel.channel import Switch
from fsctl.simulator.core import jobs

#: What every phone calls itself (User-Agent).
CLIENT = "simulated telephone"

VERSION = "FreeSWITCH Version 1.10.12-simulated (fsctl simulator)\n"


def bgapi(switch: Switch, argument: str) -> str:
    """``[uuid:JOB] COMMAND…`` from wherever commands are run, also from a dialplan (mod_commands.c, bgapi_function)."""
    job, command = "", argument
    if argument.lower().startswith("uuid:"):
        job, _, command = argument[len("uuid:"):].partition(" ")
    return f"+OK Job-UUID: {jobs.begin(switch, command, job)}\n" if command else "-ERR Invalid syntax\n"


def boxcount(switch: Switch, argument: str) -> str:
    user = argument.partition("@")[0]
    count = switch.mailboxes[user].count if user in switch.mailboxes else "0:0:0:0"
    return count if argument.endswith("|all") else count.partition(":")[0]


def global_(switch: Switch, name: str) -> str:
    return switch.stamps.core_uuid if name == "core_uuid" else switch.globals.get(name, "")


def set_global(switch: Switch, argument: str) -> str:
    """A value with an equals sign is to be quoted (mod_commands.c, global_setvar_function)."""
    name, _, value = argument.partition("=")
    quoted = len(value) > 1 and value[0] == value[-1] == "'"
    switch.globals[name] = value[1:-1] if quoted else value.partition("=")[0]
    return "+OK\n"


def file_exists(switch: Switch, path: str) -> str:
    return "true" if Path(path).exists() else "false"


def hupall(switch: Switch, argument: str) -> str:
    cause, *match = argument.split() or ["MANAGER_REQUEST"]
    for channel in list(switch.channels.values()):
        if len(match) < 2 or channel.variables.get(match[0]) == match[1]:
            channel.hang_up(cause)
    return "+OK hangup all channels with cause " + cause + "\n"


def locate(switch: Switch, argument: str) -> str:
    words = argument.split()
    if words[:3] == ["dialplan", "context", "name"] and len(words) == 4 and words[3] in switch.dialplan:
        return switch.dialplan.text(words[3])
    if words == ["configuration", "configuration", "name", "conference.conf"]:
        return '<configuration name="conference.conf"><profile name="fsctl"></profile></configuration>\n'
    return "-ERR can't find xml\n"


def registrations(switch: Switch, argument: str) -> str:
    """``xmlstatus profile phones user USER@DOMAIN``: the telephones that are registered there."""
    if not argument.startswith("xmlstatus profile phones user "):
        return "-ERR only: sofia xmlstatus profile phones user <user>\n"
    rows = "".join(
        f"<registration><contact>&quot;&quot; &lt;{contact}&gt;</contact><agent>{CLIENT}</agent>"
        f"<status>Registered(UDP)(unknown) exp(2026-11-23 11:00:00) expsecs(3600)</status></registration>\n"
        for contact in switch.contacts(argument.split()[-1].partition("@")[0]))
    return f"<profile>\n<registrations>\n{rows}</registrations>\n</profile>\n"


def contacts(switch: Switch, argument: str) -> str:
    """``sofia_contact PROFILE/USER[@DOMAIN][/BEFORE][~CLIENT]``: the endpoints, each with what shall stand before it,
    of those whose phone calls itself so.
    """
    argument, _, client = argument.partition("~")
    profile, _, rest = argument.partition("/")
    user, _, before = rest.partition("/")
    told = ""
    for contact in switch.contacts(user.partition("@")[0]) if client.lower() in CLIENT else ():
        endpoint = f"{before}sofia/phones/{contact}"
        if profile != "*" or endpoint not in told:  # of all profiles each contact once (contact_callback)
            told += f"{endpoint},"
    return told.removesuffix(",") or "error/user_not_registered"


def reload(switch: Switch, argument: str) -> str:
    switch.reload()
    switch.fire("RELOADXML", {})
    return "+OK [Success]\n"


def epoch(switch: Switch, argument: str) -> str:
    """``strepoch`` without a date: seconds since 1970."""
    return str(int(time.time()))


def status(switch: Switch, argument: str) -> str:
    return (f"UP 0 years, 0 days\n{VERSION.strip()} is ready\n0 session(s) since startup\n"
            f"{len(switch.channels)} session(s) - peak 0, last 5min 0 \n"
            f"0 session(s) per Sec out of max 2000, peak 0, last 5min 0 \n{switch.max_sessions} session(s) max\n")
