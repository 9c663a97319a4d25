"""What the office does not know goes on in the own dialplan of the FreeSWITCH, in the context `own_context`."""

from fsctl.model.actions import Because, Done, Leave, Pass, Policy
from fsctl.model.call import Call
from fsctl.model.codes import closed, unwithheld
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.reasons import declare
from fsctl.model.sections import User
from fsctl.policies.feature import Feature

REASONS = declare({
    "own_dialplan.leaves": "{number} is not a number of the office, and goes on in FreeSWITCH's own context {context}",
})


def run(call: Call, office: Office, live: Live) -> Policy:
    """Only what somebody of the office dialled, for a call of its own: outside callers reach the office alone."""
    context = office.office.own_context
    if not context or call.to.kind != "unknown" or not call.to.name or not call.by or call.sent_by or call.talk:
        return Pass()
    dialled = closed(office.codes, call.to.name)
    if not dialled or unwithheld(office.codes, dialled) != dialled:  # nothing can be withheld there
        return Pass()
    yield Because("own_dialplan.leaves", number=dialled, context=context)
    yield Leave(dialled)
    return Done()


def _through(user: User, office: Office) -> str:
    return "office" if office.office.own_context else ""


FEATURE = Feature.of(__name__, __doc__, through=_through)
STAGE = FEATURE.stage(run)
