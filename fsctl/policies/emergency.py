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
    "emergency.elsewhere": "{number} is an emergency number, and no trunk of the caller's site takes it: by {trunk}",
    "emergency.no_trunk": "no trunk took the emergency call",
})

RING_SECONDS = 300

#: A trunk that shows no sign of life for so long is given up where there is another one.
SILENT_TRUNK_SECONDS = 6

#: And for so long where the others serve other sites: help that comes from there is the last resort.
LAST_OF_THE_SITE_SECONDS = 20

#: How many of those are tried.
MOST_OTHERS = 4

#: A trunk, how long it may be silent (None: as long as it rings), and whether its leg is plain.
Way = tuple[Trunk, int | None, bool]


def run(call: Call, office: Office, live: Live) -> Policy:
    """One way after the other until somebody takes the call."""
    if call.to.kind != "emergency":
        return Pass()
    site = office.site_of(call.user)
    for trunk, patience, plain in ways(office, site):
        yield _why(call, office, site, trunk, plain)
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

    By the trunks that serve the site, then by these once more without encryption, which not all have: the switch alone
    knows which do. At last by others likewise, first those that name no site, for any help is better than none.
    """
    serving = office.trunks_of(site)
    all_trunks = (*office.index.trunks_of_the_rest, *office.trunks.values())
    others = tuple(trunk for trunk in dict.fromkeys(all_trunks) if trunk not in serving)[:MOST_OTHERS]
    for trunks in (serving, others):
        for plain in (False, True):
            for trunk, patience in in_turn(trunks, SILENT_TRUNK_SECONDS):
                final = LAST_OF_THE_SITE_SECONDS if trunks is serving and others else None
                yield trunk, final if patience is None else patience, plain


def _why(call: Call, office: Office, site: Site | None, trunk: Trunk, plain: bool) -> Because:
    if plain:
        return Because("emergency.plain")
    if trunk in office.trunks_of(site):
        return Because("emergency.number", number=call.to.name)
    return Because("emergency.elsewhere", number=call.to.name, trunk=trunk.key)


def _through(user: User, office: Office) -> str:
    return f"site {user.site}"


FEATURE = Feature.of(__name__, __doc__, through=_through)
STAGE = FEATURE.stage(run)
