"""The executive's phones show a filtered call silently or with a splash while the assistants ring, and may take it.

Whoever wants no calls now, or can take none, has phones that are left alone: do not disturb is meant for all that they
would show, and who has no call waiting asked not to be told of a second call. Own forwarding plays no part, since the
call is none of those that it is for.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from fsctl.model.actions import Leg
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Busy, Outcome, Redirected, Rejected, Unanswered
from fsctl.model.reasons import Reason, declare, reason
from fsctl.model.sections import User
from fsctl.policies.caller_id import shown_inside
from fsctl.policies.class_of_service import device_legs
from fsctl.policies.executive_alerting import hindrance
from fsctl.policies.outside_loops import refusal

REASONS = declare({
    "executive_screening.silent": "{because}; the phones of {name} show it silently",
    "executive_screening.splash": "{because}; the phones of {name} show it with a splash",
})

#: What a phone comes to whose owner does not want this call.
_DECLINED = (Busy.word, Rejected.word, Redirected.word)


@dataclass(frozen=True, slots=True)
class Screening:
    """The legs by which he sees the call, or why there are none although the office file wants them."""

    how: Literal["off", "silent", "splash"]
    legs: tuple[Leg, ...] = ()
    left_alone: tuple[Reason, ...] = ()

    def unless_declined(self, outcome: Outcome) -> "Screening":
        """The same for a further ringing of this call; without those who would not have it."""
        ends = outcome.legs if isinstance(outcome, Unanswered) else ()
        declined = {end.target for end in ends if end.became in _DECLINED}
        return replace(self, legs=tuple(leg for leg in self.legs if leg.target not in declined))

    def told(self, because: Reason, executive: User) -> Reason:
        """Why the assistants ring, and that he sees it."""
        if not self.legs:
            return because
        if self.how == "silent":
            return reason("executive_screening.silent", because=because, name=executive.name)
        return reason("executive_screening.splash", because=because, name=executive.name)


def screening(call: Call, executive: User, office: Office, live: Live, rung: Collection[Leg]) -> Screening:
    """All his registered phones, and with a splash those outside; beside ``rung``, where no telephone rings twice."""
    how = executive.executive.screening if executive.executive else "off"
    if how == "off":
        return Screening(how)
    if why_not := hindrance(call, executive, office, live):
        return Screening(how, left_alone=(why_not,))
    own = Leg(Destination("user", executive.extension), executive.ring_seconds, alert=how,
              show=shown_inside(call, office))
    outside = _outside(call, executive, office, live) if how == "splash" else ()
    targets = {leg.target for leg in rung}
    return Screening(how, tuple(leg for leg in (own, *outside) if leg.target not in targets))


def lasting(legs: Collection[Leg], seconds: int) -> tuple[Leg, ...]:
    """The same for as long as the assistants ring."""
    return tuple(replace(leg, ring_seconds=seconds) for leg in legs)


def _outside(call: Call, executive: User, office: Office, live: Live) -> tuple[Leg, ...]:
    """As for his other calls; none where one of them leads in a circle."""
    devices = device_legs(call, executive, office)
    if any(refusal(call, leg.sent_by, leg.target.name, office, live) for leg in devices):
        return ()
    return devices
