"""What became of a ``bridge`` that nobody answered: of each phone, of each person, and of all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from fsctl.model.actions import Leg
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Busy, LegEnd, NoAnswer, Offline, Redirected, Rejected, Silent, rank, word
from fsctl.switch.link.live import Ended

#: Q.850 names as outcomes; others are refusals by the far side.
_NO_ANSWER = {"NO_ANSWER", "ALLOTTED_TIMEOUT", "NO_USER_RESPONSE", "RECOVERY_ON_TIMER_EXPIRE"}
_OFFLINE = {
    "USER_NOT_REGISTERED", "SUBSCRIBER_ABSENT", "NORMAL_TEMPORARY_FAILURE", "DESTINATION_OUT_OF_ORDER",
    "NETWORK_OUT_OF_ORDER", "GATEWAY_DOWN", "NO_ROUTE_DESTINATION", "NO_ROUTE_TRANSIT_NET", "INVALID_GATEWAY",
    "CHAN_NOT_IMPLEMENTED", "NORMAL_CIRCUIT_CONGESTION", "SWITCH_CONGESTION", "INCOMPATIBLE_DESTINATION",
    "PROGRESS_TIMEOUT",
}

#: 408, by FreeSWITCH itself where nothing was answered at all, and 504: a trunk has reached nobody. Of somebody who
#: rings it would say so after three minutes at the earliest (RFC 3261 §16.6, timer C), and nobody rings so long here.
_UNREACHED = "RECOVERY_ON_TIMER_EXPIRE"

#: So FreeSWITCH ends a leg that wants a password where we have none (sofia_reg.c), without its 401 or 407.
_NO_PASSWORD = "MANDATORY_IE_MISSING"

#: By these a trunk tells of itself and of the way, not of whom is called: another trunk may take the call.
_OF_THE_TRUNK = frozenset({401, 402, 405, 406, 407, 413, 414, 415, 416, 420, 421, 423, *range(500, 600)})

#: Causes of a caller who was pulled away from the ringing while he lives on: uuid_bridge, and a phone's own pickup.
_PULLED_AWAY = {"ORIGINATOR_CANCEL", "PICKED_OFF"}

#: A leg that was stopped since another one had decided, and the leg by which a call could have been picked up.
_SAYS_NOTHING = {"LOSE_RACE", "NO_PICKUP"}

#: With ``outbound_redirect_fatal`` a phone that answers 302 ends its leg so (sofia.c, sofia_handle_sip_i_state).
REDIRECTED = "REQUESTED_CHAN_UNAVAIL"

#: SIP statuses by which a phone speaks for all phones of its person (RFC 3261 §21.6).
EVERYWHERE = frozenset({600, 603})


@dataclass(frozen=True, slots=True)
class PhoneEnd:
    """How the leg of one phone ended: the Q.850 name, the SIP status that the phone gave (0: none, or it is not known),
    and where the phone wanted its call to go (302).
    """

    cause: str
    status: int = 0
    redirected: str = ""


def causes_of(event: Mapping[str, str]) -> dict[str, str]:
    """The causes of all legs that this channel's bridges have had so far, by their UUIDs.

    FreeSWITCH writes ``ARRAY::uuid;CAUSE|:uuid;CAUSE``, and adds to it with each bridge; of branches with several
    stages it tells nothing there, and NONE of a leg by which early media came, until it answered or refused.
    """
    causes = dict(entry.partition(";")[::2] for entry in _array(event, "originate_causes"))
    last = event.get("variable_last_bridge_hangup_cause", "")
    return {leg: last if cause == "NONE" else cause for leg, cause in causes.items()}


def begun_by(event: Mapping[str, str]) -> set[str]:
    """The UUIDs of all legs that this channel's bridges have begun so far (``originated_legs``), of branches too."""
    return {entry.partition(";")[0] for entry in _array(event, "originated_legs")}


def pulled_away(event: Mapping[str, str], ends: Iterable[PhoneEnd]) -> bool:
    """Whether the caller lives on without what rang for him. A phone that answers 487 by itself only sounds so."""
    ended = list(ends)
    causes = {end.cause for end in ended if not end.status}
    if not any(end.status for end in ended):
        causes.add(event.get("variable_originate_disposition", ""))
    return not causes.isdisjoint(_PULLED_AWAY)


def of_phone(end: PhoneEnd, *, trunk: bool = False) -> Silent | None:
    """What a phone said, or a trunk; None for one that says nothing, since it was stopped."""
    if end.cause in _SAYS_NOTHING:
        return None
    if trunk and end.cause == _UNREACHED:
        return Offline()
    if end.redirected:
        return Redirected(end.redirected)
    if end.cause in _NO_ANSWER:
        return NoAnswer()
    if end.cause == "USER_BUSY":
        return Busy()
    if end.cause in _OFFLINE or trunk and (end.cause == _NO_PASSWORD or end.status in _OF_THE_TRUNK):
        return Offline()
    # What these two say to the caller would be said of us: 503, and 480.
    return Rejected() if end.cause in (REDIRECTED, _NO_PASSWORD) else Rejected(end.cause)


def of_people(rung: Mapping[Leg, Sequence[PhoneEnd]], screening: Collection[Leg] = ()) -> Silent:
    """What ringing came to, by how the phones of each leg have ended; it tells of each leg, and judges without those of
    ``screening``.

    A phone that speaks for its whole person is believed before those that say most. Who has no phone that said a thing
    cannot be reached.
    """
    legs, people = [], defaultdict[Destination, list[_Said]](list)
    for leg, ends in rung.items():
        said = [_Said(outcome, end, speaks_for_all(leg, end))
                for end in ends if (outcome := of_phone(end, trunk=leg.trunk is not None))]
        outcome, end, _ = _foremost(said)
        legs.append(LegEnd(leg.target, word(outcome), end.cause, end.status))
        if leg not in screening:
            people[leg.person] += said
    foremost = min((_foremost(said).outcome for said in people.values()), key=rank, default=Offline())
    return replace(foremost, legs=tuple(legs))


def speaks_for_all(leg: Leg, end: PhoneEnd | Ended) -> bool:
    """Whether a phone declined for its person. Who answers so from outside may be his network as well."""
    return leg.trunk is None and end.status in EVERYWHERE


class _Said(NamedTuple):
    outcome: Silent
    end: PhoneEnd
    for_all: bool


def _foremost(said: Sequence[_Said]) -> _Said:
    """The one that counts for a person."""
    counting = [each for each in said if each.for_all] or said
    return min(counting, key=lambda each: rank(each.outcome), default=_Said(Offline(), PhoneEnd(""), False))


def _array(event: Mapping[str, str], name: str) -> list[str]:
    return [entry for entry in event.get(f"variable_{name}", "").removeprefix("ARRAY::").split("|:") if entry]
