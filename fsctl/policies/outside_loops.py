"""Calls that come back: somebody's calls go outside, and from there, by the network's own forwarding, here again.

Nothing in one call tells that it is another one's round. So whoever sends calls outside (a person, a group, a site, an
attendant) may have so many of them ringing there at once (``[office] outside_legs``) and no more. A call that shows a
number of the office itself, as rounds do, is told apart from no other: then those that were answered count, too.
"""

from collections.abc import Iterable

from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.words.places import place

REASONS = declare({
    "outside_loops.too_many": "{most} calls from {cause} ring outside already: they may be going round in circles",
    "outside_loops.came_from_there": "the call came from {number}, which sends its calls on to here",
}, {"cause": place})

#: Reasons that an operator should know of at once.
WARNINGS = frozenset(REASONS)

#: What sends calls on.
_CAUSES = ("user", "hunt", "conference", "site", "attendant")


def refusal(call: Call, cause: Destination | None, to: str, office: Office, live: Live) -> Reason:
    """Why ``cause`` may not send a call on to an outside number now; NONE if it may, and for who dialled it himself."""
    if cause is None or cause.kind not in _CAUSES:
        return NONE
    if to in call.diverted:
        return reason("outside_loops.came_from_there", number=to)
    most, by = office.office.outside_legs, str(cause)
    sent = [each for each in live.sent_by(by) if call.uuid not in (each.peer, each.uuid)]
    ringing = (each for each in sent if each.state == "ringing")
    if _rounds(ringing) >= most or (_rounds(sent) >= most and call.caller.number in office.shown_numbers):
        return reason("outside_loops.too_many", most=most, cause=by)
    return NONE


def _rounds(legs: Iterable[LiveCall]) -> int:
    """How many calls they are: of one, several telephones may ring. Of a group there is but one group call."""
    return len({each.group or each.peer or each.uuid for each in legs})
