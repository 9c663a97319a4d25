"""Whoever talks with one and holds another makes it a talk of three, by the code ``join`` dialled in the talk.

When one of the three leaves, the other two go on as an ordinary talk.
"""

from fsctl.model.actions import Because, Claim, Done, Policy, ThreeWay
from fsctl.model.call import Call
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.outcomes import Performed, Taken
from fsctl.model.parking import held_by
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import name_of, refuse

REASONS = declare({
    "three_way.joins": "{name} talks with both",
    "three_way.nothing_held": "{name} holds no call",
    "three_way.no_talk": "{name} is not in a talk of two",
    "three_way.on_hold": "somebody else has the talk, or that of the other, on hold",
    "three_way.emergency": "nobody disturbs an emergency call",
    "three_way.elsewhere": "whom {name} holds is at another switch",
    "three_way.over": "one of the two is gone, or somebody else was faster",
})


def with_held(call: Call, office: Office, live: Live) -> Policy:
    """The talk in which it was dialled, and whom the same person holds."""
    language, name = language_for(call, office), name_of(call.user, office)
    held = held_by(call.user or "", live)
    if held is None:
        return (yield from refuse(reason("three_way.nothing_held", name=name), language, "nothing-held"))
    own = live.call(call.talk)
    other = live.call(own.peer or "") if own else None
    if own is None or other is None or other.peer != own.uuid:
        return (yield from refuse(reason("three_way.no_talk", name=name), language))
    if why_not := _hindrance(own, other, held, call, office):
        return (yield from refuse(why_not, language))
    for each in (other, held):
        if isinstance((yield Claim(f"call:{each.uuid}")), Taken):
            return (yield from refuse(reason("three_way.over"), language))
    yield Because("three_way.joins", name=name)
    three = ThreeWay(own.uuid, other.uuid, held.uuid, held.peer or "", call.user or "", office.office.barge_tone)
    if not isinstance((yield three), Performed):
        return (yield from refuse(reason("three_way.over"), language))
    return Done()


def _hindrance(own: LiveCall, other: LiveCall, held: LiveCall, call: Call, office: Office) -> Reason:
    """Why the three cannot talk; NONE if they can."""
    if "held" in (other.state, held.state):
        return reason("three_way.on_hold")
    if any(office.is_emergency(each.number, office.site_of(call.user)) for each in (other, held)):
        return reason("three_way.emergency")
    return reason("three_way.elsewhere", name=name_of(call.user, office)) if held.node != own.node else NONE
