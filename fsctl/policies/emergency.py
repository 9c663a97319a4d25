"""An emergency number goes to the trunk at once, whatever else was set.

FreeSWITCH's dialplan does the same before fsctl is asked at all; this is the same answer for ``explain`` and for
a dialplan that leaves emergency calls to fsctl.
"""

from itertools import product

from fsctl.model.actions import Because, Done, Hangup, Leg, Party, Pass, Policy, Ring
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Answered, CallerGone, Moved
from fsctl.model.reasons import declare
from fsctl.model.sections import User
from fsctl.policies.caller_id import shown_outside
from fsctl.policies.feature import Feature

REASONS = declare({
    "emergency.number": "{number} is an emergency number",
    "emergency.plain": "no trunk took the emergency call, so it is tried without encryption",
    "emergency.no_trunk": "no trunk took the emergency call",
})

RING_SECONDS = 300

#: A trunk that shows no sign of life for so long is given up where there is another one.
SILENT_TRUNK_SECONDS = 6


def run(call: Call, office: Office, live: Live) -> Policy:
    """One trunk after the other until one takes the call; then all once more without encryption, which not all have."""
    if call.to.kind != "emergency":
        return Pass()
    site = office.site_of(call.user)
    trunks = office.emergency_trunks(site)
    for plain, trunk in product((False, True), trunks):
        yield Because("emergency.plain") if plain else Because("emergency.number", number=call.to.name)
        patience = None if trunk is trunks[-1] else SILENT_TRUNK_SECONDS
        leg = Leg(Destination("number", call.to.name), RING_SECONDS, trunk.key, progress_seconds=patience, plain=plain,
                  identity="shown")
        shown, called = Party("", shown_outside(call, office, trunk)), Party("", call.to.name)
        outcome = yield Ring(((leg,),), shown, called=called)
        if isinstance(outcome, Answered | CallerGone | Moved):
            return Done()
    yield Because("emergency.no_trunk")
    yield Hangup("offline")
    return Done()


def _through(user: User, office: Office) -> str:
    return f"site {user.site}"


FEATURE = Feature.of(__name__, __doc__, through=_through)
STAGE = FEATURE.stage(run)
