"""What a phone shows of the other party: by the answers to its INVITE, and by what it is told when a talk begins.

A profile has who is at the channel as the caller where the channel counts as one, else as the callee; the other is the
other party.
"""

from fsctl.simulator.channel.state import State


def called(channel: State) -> None:
    """A caller's phone is told whom it has reached (mod_sofia.c, generate_pai_str)."""
    profile, variables = channel.profile, channel.variables
    number = variables.get("initial_callee_id_number") or profile.callee_id_number or profile.destination_number
    name = variables.get("initial_callee_id_name") or profile.callee_id_name
    channel.display = sanitized(name or number), sanitized(number)


def pass_callee_id(leg: State, caller: State) -> None:
    """The caller's side learns who is at the leg (switch_channel_pass_callee_id)."""
    if leg.profile.callee_id_number:
        caller.profile.callee_id_name = leg.profile.callee_id_name
        caller.profile.callee_id_number = leg.profile.callee_id_number


def tell(channel: State, name: str, number: str) -> None:
    """Its phone is told by a message, which there is in a talk only, and not twice the same (mod_sofia.c:2012)."""
    if channel.answered and channel.told != (name, number):
        channel.display = channel.told = name, number
        bridged = {"Bridged_To": channel.partner.uuid} if channel.partner else {}
        channel.fire("CALL_UPDATE", Direction="SEND", **bridged)


def send(channel: State, text: str) -> None:
    """The same as ``name|number``."""
    name, _, number = text.partition("|")
    tell(channel, name, number)


def connected(first: State, second: State) -> None:
    """Both are told with whom they talk (switch_ivr_bridge.c, send_display)."""
    one, other = first.profile, second.profile
    tell(first, other.callee_id_name or other.callee_id_number, other.callee_id_number)
    tell(second, other.caller_id_name or one.caller_id_name, other.caller_id_number or one.caller_id_number)


def flip(channel: State) -> None:
    """Who was rung counts as a caller from now on (switch_channel_flip_cid)."""
    if not channel.calls:
        mine = channel.profile
        mine.caller_id_name, mine.callee_id_name = mine.callee_id_name, mine.caller_id_name
        mine.caller_id_number, mine.callee_id_number = mine.callee_id_number, mine.caller_id_number
        channel.calls = True


def meet(first: State, second: State) -> None:
    """Two are connected by somebody else, the first one as the caller (switch_ivr_uuid_bridge)."""
    flip(first)
    if second.calls:
        mine = second.profile
        if second.direction == "inbound":  # who was rung and sent on shows the first one himself (seen, if not wanted)
            mine.callee_id_name, mine.callee_id_number = mine.caller_id_name, mine.caller_id_number
        second.calls = False
    one, other = first.profile, second.profile
    one.callee_id_name, one.callee_id_number = other.callee_id_name, other.callee_id_number
    other.caller_id_name, other.caller_id_number = one.caller_id_name, one.caller_id_number


def sanitized(text: str) -> str:
    """A name or number as it goes out: cut at ``@``, and all before ``/`` and ``:`` (switch_sanitize_number)."""
    return text.partition("@")[0].rpartition("/")[2].rpartition(":")[2].replace('"', "")
