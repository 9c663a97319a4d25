"""Reads from FreeSWITCH's events what became of a ``bridge``."""

from collections.abc import Mapping, Sequence

from fsctl.model.outcomes import Busy, Moved, NoAnswer, Offline, Rejected, RingOutcome

#: Q.850 names as outcomes; others are refusals by the far side.
_NO_ANSWER = {"NO_ANSWER", "ALLOTTED_TIMEOUT", "NO_USER_RESPONSE", "PROGRESS_TIMEOUT", "RECOVERY_ON_TIMER_EXPIRE"}
_OFFLINE = {
    "USER_NOT_REGISTERED", "SUBSCRIBER_ABSENT", "NORMAL_TEMPORARY_FAILURE", "DESTINATION_OUT_OF_ORDER",
    "NETWORK_OUT_OF_ORDER", "GATEWAY_DOWN", "NO_ROUTE_DESTINATION", "NO_ROUTE_TRANSIT_NET", "INVALID_GATEWAY",
    "CHAN_NOT_IMPLEMENTED", "NORMAL_CIRCUIT_CONGESTION", "SWITCH_CONGESTION", "INCOMPATIBLE_DESTINATION",
}

#: Causes of a caller who was pulled away from the ringing while he lives on: uuid_bridge, and a phone's own pickup.
_PULLED_AWAY = ("ORIGINATOR_CANCEL", "PICKED_OFF")

#: The leg by which a call could have been picked up, and was not; it says nothing of those that rang.
_NO_PICKUP = "NO_PICKUP"

#: With ``outbound_redirect_fatal`` a phone that answers 302 ends its leg so (sofia.c, sofia_handle_sip_i_state).
REDIRECTED = "REQUESTED_CHAN_UNAVAIL"


def causes_of(event: Mapping[str, str]) -> list[tuple[str, str]]:
    """(uuid, cause) of all legs that this channel's bridges have had so far (``ARRAY::uuid;CAUSE|:uuid;CAUSE``)."""
    listed = event.get("variable_originate_causes", "").removeprefix("ARRAY::")
    return [(entry.rpartition(";")[0], entry.rpartition(";")[2]) for entry in listed.split("|:") if entry]


def outcome_of(event: Mapping[str, str], causes: Sequence[str] = ()) -> RingOutcome:
    """What a ``bridge`` came to that nobody answered: of several legs, the cause that says most.

    ``originate_disposition`` of CHANNEL_EXECUTE_COMPLETE is right for one leg; of several it is the first one's, so
    that ``causes``, those that this bridge added, count with it. Nobody registered leaves no cause at all behind.
    """
    disposition = event.get("variable_originate_disposition", "") or "CALL_REJECTED"
    seen = [cause for cause in (disposition, *causes) if cause != _NO_PICKUP]
    if any(cause in _PULLED_AWAY for cause in seen):
        return Moved("")
    if any(cause in _NO_ANSWER for cause in seen):
        return NoAnswer()
    if "USER_BUSY" in seen:
        return Busy()
    refusals = [cause for cause in seen if cause not in _OFFLINE]
    return Rejected(refusals[0]) if refusals else Offline()
