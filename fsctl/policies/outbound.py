"""A call to an outside number goes out by a trunk of the caller's site.

Nobody gets outside who may not: see class_of_service.
"""

from typing import Literal

from fsctl.model.actions import Because, Done, Leg, NotTaken, Party, Pass, Policy, Ring
from fsctl.model.answers import answer
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Answered, Busy, CallerGone, Moved, NoAnswer, Rejected
from fsctl.model.reasons import Reason, declare, reason
from fsctl.policies import outside_loops
from fsctl.policies.caller_id import called_outside, shown_outside
from fsctl.policies.class_of_service import not_carried, refusal_at_use, trunks_for
from fsctl.policies.feature import Feature, themselves
from fsctl.policies.language import language_for
from fsctl.policies.trunks_in_turn import in_turn

REASONS = declare({
    "outbound.by_trunk": "outside number, by trunk {trunk}",
    "outbound.not_taken": "{number} did not take the call",
    "outbound.refused": "the line to {number} {answer}",
    "outbound.no_trunk": "no trunk took the call",
    "outbound.no_trunk_since": "no trunk took the call: {answers}",
    "outbound.trunk": "{trunk} {answer}",
})

RING_SECONDS = 120

#: A trunk that has taken a call (100 Trying) and lets nothing ring for so long is given up where there is another one:
#: a mobile is often found only after some ten seconds, and abroad later. One that says nothing at all is given up much
#: earlier, by its profile (freeswitch_conf/sip_profiles/trunk.xml): FreeSWITCH tells nothing of 100, so that from here
#: the two look the same.
PROGRESS_SECONDS = 20


def run(call: Call, office: Office, live: Live) -> Policy:
    """The next trunk is tried only where one does not take the call; busy or refused is the far side's answer."""
    if call.to.kind != "number":
        return Pass()
    refusal = refusal_at_use(call, office)
    if refusal:
        yield Because(refusal)
        return NotTaken("rejected", "blocked", language_for(call, office))
    if circles := outside_loops.refusal(call, call.sent_by, call.to.name, office, live):
        yield Because(circles)
        return NotTaken("offline", "not-available", language_for(call, office))
    if not (trunks := trunks_for(call, office)):
        yield Because(not_carried(call, office))
        return NotTaken("offline")
    answers: list[Reason] = []
    identity: Literal["", "withheld"] = "withheld" if call.withheld and not call.external else ""
    for trunk, patience in in_turn(trunks, PROGRESS_SECONDS):
        yield Because("outbound.by_trunk", trunk=trunk.key)
        leg = Leg(call.to, RING_SECONDS, trunk.key, progress_seconds=patience, identity=identity,
                  sent_by=call.sent_by)
        shown = Party("", shown_outside(call, office, trunk))
        outcome = yield Ring(((leg,),), shown, called=called_outside(call, office))
        match outcome:
            case Answered() | CallerGone() | Moved():
                return Done()
            case Busy():
                ending = "busy"
            case NoAnswer():
                ending = "no-answer"
            case Rejected(cause):
                ending = cause
            case _:
                if said := answer(outcome):
                    answers.append(reason("outbound.trunk", trunk=trunk.key, answer=said))
                continue
        if said := answer(outcome):
            yield Because("outbound.refused", number=call.to.name, answer=said)
        else:
            yield Because("outbound.not_taken", number=call.to.name)
        return NotTaken(ending)
    if answers:
        yield Because("outbound.no_trunk_since", answers=tuple(answers))
    else:
        yield Because("outbound.no_trunk")
    return NotTaken("offline")


FEATURE = Feature.of(__name__, __doc__, through=themselves)
STAGE = FEATURE.stage(run)
