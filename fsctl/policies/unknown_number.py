"""A number that does not exist gets an announcement, and the call ends as one to an unallocated number."""

from fsctl.model.actions import Because, NotTaken, Policy
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.reasons import declare
from fsctl.policies.feature import Feature
from fsctl.policies.language import language_for
from fsctl.words.places import place

REASONS = declare({
    "unknown_number.by_file": "the office file says so",
    "unknown_number.unknown": "{number} is not a number of the office",
    "unknown_number.nothing": "nothing is not a number of the office",
    "unknown_number.cannot_yet": "{to} cannot take calls yet",
}, {"to": place})


def run(call: Call, office: Office, live: Live) -> Policy:
    """Last of all: whatever no other policy took, so that no call is left without an answer."""
    if call.to.kind == "hangup":
        yield Because("unknown_number.by_file")
        return NotTaken(call.to.name)
    if call.to.kind != "unknown":
        yield Because("unknown_number.cannot_yet", to=str(call.to))
    elif call.to.name:
        yield Because("unknown_number.unknown", number=call.to.name)
    else:
        yield Because("unknown_number.nothing")
    if call.to.kind == "unknown":
        return NotTaken("unknown-number", "unknown-number", language_for(call, office))
    return NotTaken("offline", "not-available", language_for(call, office))


FEATURE = Feature.of(__name__, __doc__)
STAGE = FEATURE.stage(run)
