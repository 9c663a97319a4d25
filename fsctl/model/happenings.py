"""The reasons of what happens to a call without a policy: what people do amid a talk, and what the switch does itself.

They stand here, and not in the switch, for whoever reads a journal has to word them, too.
"""

from fsctl.model.reasons import Reason, declare, reason

REASONS = declare({
    "switch.transferred": "{who} transferred the call",
    "switch.picked_up": "{who} picked the call up",
    "switch.parked": "{who} parked the call",
    "switch.fetched": "{who} fetched the call",
    "switch.taken": "{who} took the call",
    "switch.on_hold": "{name} has had the call on hold for {seconds} s",
    "switch.emergency": "emergency number, by the dialplan",
    "switch.failsafe": "fsctl did not take the call",
    "switch.party": "{kind} {name}",
    "switch.somebody": "somebody",
    "switch.another_call": "another call",
})


def who(place: str) -> Reason:
    """Somebody, by the place where he talks: ``user:102``; "" where that is not known."""
    kind, _, name = place.partition(":")
    return reason("switch.party", kind=kind, name=name) if place else reason("switch.somebody")
