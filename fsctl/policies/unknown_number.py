"""A number that does not exist gets an announcement, and the call ends as one to an unallocated number."""

from fsctl.model.actions import Because, Done, Hangup, Play, Policy
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.policies.language import language_for


def run(call: Call, office: Office, live: Live) -> Policy:
    """Last of all: whatever no other policy took, so that no call is left without an answer."""
    if call.to.kind == "hangup":
        yield Because("the office file says so")
        yield Hangup(call.to.name)
        return Done()
    if call.to.kind == "unknown":
        reason, announcement = f"{call.to.name or 'nothing'} is not a number of the office", "unknown-number"
    else:
        reason, announcement = f"{call.to} cannot take calls yet", "not-available"
    yield Because(reason)
    yield Play(announcement, language_for(call, office))
    yield Hangup("unknown-number" if call.to.kind == "unknown" else "offline")
    return Done()
