"""An emergency number goes to the trunk at once, whatever else was set.

FreeSWITCH's dialplan does the same before fsctl is asked at all; this is the same answer for ``explain`` and for
a dialplan that leaves emergency calls to fsctl.
"""

from collections.abc import Iterator

from fsctl.model.actions import Because, Done, Hangup, Leg, Party, Pass, Policy, Ring
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Answered, CallerGone, Moved
from fsctl.model.reasons import declare
from fsctl.model.sections import Site, Trunk, User
from fsctl.policies.caller_id import shown_outside
from fsctl.policies.feature import Feature
from fsctl.policies.trunks_in_turn import in_turn

REASONS = declare({
    "emergency.number": "{number} is an emergency number",
    "emergency.plain": "no trunk took the emergency call, so it is tried without encryption",
    "emergency.no_trunk": "no trunk took the emergency call",
})

RING_SECONDS = 300

#: A trunk that shows no sign of life for so long is given up where there is another one.
SILENT_TRUNK_SECONDS = 6

#: A trunk, how long it may be silent (None: as long as it rings), and whether its leg is plain.
Way = tuple[Trunk, int | None, bool]


def run(call: Call, office: Office, live: Live) -> Policy:
    """One way after the other until somebody takes the call."""
    if call.to.kind != "emergency":
        return Pass()
    for trunk, patience, plain in ways(office, office.site_of(call.user)):
        yield Because("emergency.plain") if plain else Because("emergency.number", number=call.to.name)
        leg = Leg(Destination("number", call.to.name), RING_SECONDS, trunk.key, progress_seconds=patience, plain=plain,
                  identity="shown")
        shown, called = Party("", shown_outside(call, office, trunk)), Party("", call.to.name)
        outcome = yield Ring(((leg,),), shown, called=called)
        if isinstance(outcome, Answered | CallerGone | Moved):
            return Done()
    yield Because("emergency.no_trunk")
    yield Hangup("offline")
    return Done()


def ways(office: Office, site: Site | None) -> Iterator[Way]:
    """How a site's emergency calls are tried, one way after the other, here and in the dialplan.

    By all trunks, then by all once more without encryption, which not all have: the switch alone knows which do.
    """
    for plain in (False, True):
        for trunk, patience in in_turn(office.emergency_trunks(site), SILENT_TRUNK_SECONDS):
            yield trunk, patience, plain


def _through(user: User, office: Office) -> str:
    return f"site {user.site}"


FEATURE = Feature.of(__name__, __doc__, through=_through)
STAGE = FEATURE.stage(run)
