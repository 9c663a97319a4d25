"""What FreeSWITCH is told to ring the members of a group call, each by a command of his own, and to have them in it.

Everything that has to be done from then on does its dialplan (freeswitch_conf/dialplan/fsctl/group-call.xml): no
controller is needed for that.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from fsctl.model.actions import Gather, Leg, Party
from fsctl.model.office import Office
from fsctl.model.parties import party_of
from fsctl.switch.wire import displays
from fsctl.switch.wire.contacts import Ask
from fsctl.switch.wire.dialstring import calling, confirming, mark, outside, quoted, registered
from fsctl.switch.wire.phones import Phone
from fsctl.switch.wire.text import word

#: Variables of FreeSWITCH that an application's argument would be given the values of, and a command is not.
VARIABLES: Final = ("domain", "fsctl_prompts", "fsctl_trunk_srtp")

#: Who is alone in a room is hung up on, and keys do nothing there.
THERE = ("hangup_after_conference=true", "conference_controls=none")

#: The dialplan's extension for who enters the room, and how a caller is marked who is called into it.
MEMBER, GATHERED = "gather", "gathered"


def entering(extension: str) -> str:
    """Where whoever enters the room goes, as arguments of a transfer."""
    return f"{MEMBER}+{word(extension)} XML fsctl"


def calls(extension: str, caller: str) -> tuple[str, ...]:
    """What the channel of who is about to be in the room says; ``caller`` is the channel of who began it."""
    return (f"fsctl_group={word(extension)}", f"fsctl_group_caller={word(caller)}")


def joining(extension: str, caller: str) -> tuple[str, ...]:
    """The same of who is called into one that goes on, or whose ``caller`` waits; "" where none does."""
    return calls(extension, caller) if caller else (f"fsctl_group={word(extension)}",)


def beginning(extension: str, run: str) -> tuple[str, ...]:
    """The same where nobody calls: ``run`` is a name that no other one has (``forget``)."""
    return (f"fsctl_group={word(extension)}", f"fsctl_group_run={word(run)}")


def run_of(leg: str) -> str:
    """The command that tells which one a telephone rings for."""
    return f"uuid_getvar {word(leg)} fsctl_group_run"


def forget(run: str, seconds: int) -> str:
    """The command by which FreeSWITCH keeps the name of such a one no longer than needed."""
    return f"sched_api +{seconds} {word(run)} hash delete/fsctl_group/{word(run)}"


def values(ask: Ask) -> dict[str, str]:
    """What VARIABLES are at a FreeSWITCH."""
    return dict(zip(VARIABLES, map(str.strip, ask([f"global_getvar {name}" for name in VARIABLES])), strict=True))


def prepare(action: Gather, extension: str, uuid: str, office: Office, now: float) -> str:
    """The command that tells the channel of who calls, before his members ring: an application could run too late.

    Without a controller he waits until the first of them answers, or their time is over. ``now`` is in seconds since
    1970, by a clock that goes as FreeSWITCH's does.
    """
    called = party_of(action.conference, office) or Party("", extension)
    waits = (*calls(extension, uuid), f"fsctl_group_until={int(now) + action.seconds + 1}",
             f"api_reporting_hook=hash delete/fsctl_group/{word(uuid)}", *THERE, displays.before_the_talk(called))
    return f"uuid_setvar_multi {word(uuid)} {';'.join(waits)}"


def over(uuid: str) -> str:
    """The command after which who calls waits for nobody any more: he may hear words, or be called elsewhere."""
    return f"uuid_setvar_multi {word(uuid)} fsctl_group=;fsctl_group_caller=;fsctl_group_until="


def originate(
    phones: Sequence[Phone], show: Party, seconds: int, told: Sequence[str], extension: str, office: Office,
    values: Mapping[str, str],
) -> str:
    """The command that rings all ``phones`` of one member at once: whoever answers first goes to the room.

    ``told`` is what all legs are told of the group call, ``values`` has those of VARIABLES. What is quoted may have
    commas, and a command loses the quotes before it is taken apart (switch_utils.c, cleanup_separated_string); so it is
    by semicolons.
    """
    for_all = ";".join((
        f"originate_timeout={seconds + 1}", "ignore_early_media=true", "outbound_redirect_fatal=true",
        "hangup_after_bridge=true", *THERE, *told, *calling(show)))
    command = f"bgapi originate {{^^;{for_all}}}{','.join(_leg(phone, office) for phone in phones)}"
    for name in VARIABLES:
        command = command.replace(f"${{{name}}}", values.get(name, ""))
    return f"{command} {entering(extension)}"


def _leg(phone: Phone, office: Office) -> str:
    leg = phone.leg
    variables = [f"origination_uuid={word(phone.uuid)}", f"fsctl_leg={mark(leg.target)}"]
    if leg.confirm:
        variables += confirming(leg.confirm)
    if leg.trunk is not None:
        variables += outside(leg, _there(leg, office)) + (calling(leg.show) if leg.show else [])
    else:
        variables += quoted(registered(leg.target.name, office, "${domain}"))
    return f"[^^;{';'.join(variables)}]{phone.endpoint}"


def _there(leg: Leg, office: Office) -> Party:
    return party_of(leg.person, office) or Party("", leg.target.name)


