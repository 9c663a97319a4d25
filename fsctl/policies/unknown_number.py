"""A number that does not exist gets an announcement, and the call ends as one to an unallocated number."""

from fsctl.model.actions import Because, Done, Hangup, Play, Policy
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.reasons import declare
from fsctl.policies.language import language_for

REASONS = declare({
    "unknown_number.by_file": "the office file says so",
    "unknown_number.unknown": "{number} is not a number of the office",
    "unknown_number.nothing": "nothing is not a number of the office",
    "unknown_number.cannot_yet": "{to} cannot take calls yet",
})


def run(call: Call, office: Office, live: Live) -> Policy:
    """Last of all: whatever no other policy took, so that no call is left without an answer."""
    if call.to.kind == "hangup":
        yield Because("unknown_number.by_file")
        yield Hangup(call.to.name)
        return Done()
    if call.to.kind != "unknown":
        yield Because("unknown_number.cannot_yet", to=str(call.to))
    elif call.to.name:
        yield Because("unknown_number.unknown", number=call.to.name)
    else:
        yield Because("unknown_number.nothing")
    yield Play("unknown-number" if call.to.kind == "unknown" else "not-available", language_for(call, office))
    yield Hangup("unknown-number" if call.to.kind == "unknown" else "offline")
    return Done()
