"""The reasons of what happens to a call without a policy: what people do amid a talk, and what the switch does itself.

They stand here, and not in the switch, for whoever reads a journal has to word them, too.
"""

from functools import partial

from fsctl.model.reasons import Reason, declare, reason
from fsctl.words import term

REASONS = declare({
    "switch.transferred": "{who} transferred the call",
    "switch.picked_up": "{who} picked the call up",
    "switch.parked": "{who} parked the call",
    "switch.fetched": "{who} fetched the call",
    "switch.taken": "{who} took the call",
    "switch.joined": "{who} joined the talk",
    "switch.three_way": "{who} made it a talk of three",
    "switch.in_conference": "{who} is in the conference",
    "switch.third_left": "of the three one has left the talk",
    "switch.on_hold": "{name} has had the call on hold for {seconds} s",
    "switch.emergency": "emergency number, by the dialplan",
    "switch.failsafe": "fsctl did not take the call",
    "switch.too_long": "{dialled} is longer than any number",
    "switch.no_number": "{dialled} is no number that can be dialled",
    "switch.nothing_dialled": "the address that was called has no number",
    "switch.no_room": "the sessions that are left are for emergency calls",
    "switch.too_many_calls": "more calls in one second than the switch takes",
    "switch.party": "{kind} {name}",
    "switch.somebody": "somebody",
    "switch.another_call": "another call",
}, {"kind": partial(term, "kind of place")})


def refused(word: str, dialled: str) -> Reason | None:
    """Why the dialplan refused a call by itself, by the word that it told (fsctl_refused); None for no such word."""
    match word:
        case "too_long":
            return reason("switch.too_long", dialled=dialled)
        case "no_number":
            return reason("switch.no_number", dialled=dialled)
        case "nothing_dialled":
            return reason("switch.nothing_dialled")
        case "no_room":
            return reason("switch.no_room")
        case "too_many_calls":
            return reason("switch.too_many_calls")
    return None


def who(place: str) -> Reason:
    """Somebody, by the place where he talks: ``user:102``; "" where that is not known."""
    kind, _, name = place.partition(":")
    return reason("switch.party", kind=kind, name=name) if place else reason("switch.somebody")
