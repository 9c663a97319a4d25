"""Hang-up causes: their Q.850 numbers, and what a telephone learns of them over SIP."""

#: By name, as in switch_types.h; above 127 FreeSWITCH's own, which no telephone is told.
Q850 = {
    "NONE": 0, "UNALLOCATED_NUMBER": 1, "NO_ROUTE_TRANSIT_NET": 2, "NO_ROUTE_DESTINATION": 3, "CHANNEL_UNACCEPTABLE": 6,
    "NORMAL_CLEARING": 16, "USER_BUSY": 17, "NO_USER_RESPONSE": 18, "NO_ANSWER": 19, "SUBSCRIBER_ABSENT": 20,
    "CALL_REJECTED": 21, "NUMBER_CHANGED": 22, "REDIRECTION_TO_NEW_DESTINATION": 23, "EXCHANGE_ROUTING_ERROR": 25,
    "DESTINATION_OUT_OF_ORDER": 27, "INVALID_NUMBER_FORMAT": 28, "FACILITY_REJECTED": 29, "NORMAL_UNSPECIFIED": 31,
    "NORMAL_CIRCUIT_CONGESTION": 34, "NETWORK_OUT_OF_ORDER": 38, "NORMAL_TEMPORARY_FAILURE": 41,
    "SWITCH_CONGESTION": 42, "REQUESTED_CHAN_UNAVAIL": 44,
    "OUTGOING_CALL_BARRED": 52, "INCOMING_CALL_BARRED": 54, "SERVICE_UNAVAILABLE": 63,
    "CHAN_NOT_IMPLEMENTED": 66, "SERVICE_NOT_IMPLEMENTED": 79,
    "INCOMPATIBLE_DESTINATION": 88, "RECOVERY_ON_TIMER_EXPIRE": 102, "INTERWORKING": 127,
    "ORIGINATOR_CANCEL": 487, "CRASH": 500, "SYSTEM_SHUTDOWN": 501, "LOSE_RACE": 502, "MANAGER_REQUEST": 503,
    "BLIND_TRANSFER": 600, "ATTENDED_TRANSFER": 601, "ALLOTTED_TIMEOUT": 602, "USER_CHALLENGE": 603,
    "MEDIA_TIMEOUT": 604, "PICKED_OFF": 605, "USER_NOT_REGISTERED": 606, "PROGRESS_TIMEOUT": 607,
    "INVALID_GATEWAY": 608, "GATEWAY_DOWN": 609, "NO_PICKUP": 614,
    "UNWANTED": 819, "NO_IDENTITY": 820, "BAD_IDENTITY_INFO": 821, "UNSUPPORTED_CERTIFICATE": 822,
    "INVALID_IDENTITY": 823,
}
#: What continues the dialplan without ``continue_on_fail`` (switch_channel.c:4956).
FORGIVEN = frozenset({"NO_ANSWER", "NO_USER_RESPONSE", "ORIGINATOR_CANCEL"})


#: What a phone's SIP status means to the switch (sofia_glue.c, sofia_glue_sip_cause_to_freeswitch).
_OF_STATUSES = {
    (401, 402, 403, 407, 603, 608): "CALL_REJECTED", (404,): "UNALLOCATED_NUMBER", (485, 604): "NO_ROUTE_DESTINATION",
    (408, 504): "RECOVERY_ON_TIMER_EXPIRE", (410,): "NUMBER_CHANGED",
    (413, 414, 416, 420, 421, 423, 505, 513): "INTERWORKING", (480,): "NO_USER_RESPONSE",
    (400, 481, 500, 503): "NORMAL_TEMPORARY_FAILURE", (486, 600): "USER_BUSY", (484,): "INVALID_NUMBER_FORMAT",
    (488, 606): "INCOMPATIBLE_DESTINATION", (502,): "NETWORK_OUT_OF_ORDER", (405,): "SERVICE_UNAVAILABLE",
    (406, 415, 501): "SERVICE_NOT_IMPLEMENTED", (482, 483): "EXCHANGE_ROUTING_ERROR", (487,): "ORIGINATOR_CANCEL",
    (428,): "NO_IDENTITY", (429,): "BAD_IDENTITY_INFO", (437,): "UNSUPPORTED_CERTIFICATE", (438,): "INVALID_IDENTITY",
    (607,): "UNWANTED",
}
_BY_STATUS = {status: cause for statuses, cause in _OF_STATUSES.items() for status in statuses}


def of_status(status: int) -> str:
    """The cause of a leg whose phone refused it so."""
    return _BY_STATUS.get(status, "NORMAL_UNSPECIFIED")


def known(cause: str) -> str:
    """The cause as the switch takes it: what it does not know is a normal end."""
    cause = cause.strip().upper()
    if cause.isdigit():
        return next((name for name, number in Q850.items() if number == int(cause)), "NORMAL_CLEARING")
    return cause if cause in Q850 else "NORMAL_CLEARING"


def told(cause: str) -> str:
    """What the telephone at the other end learns: Q.850 travels in a Reason header, the rest comes out as a 480."""
    return cause if Q850.get(cause, 999) <= 127 else "NO_USER_RESPONSE"


def q850(cause: str) -> int:
    """Its number in Q.850; 0 where it has none."""
    number = Q850[cause]
    return number if number <= 127 else 0
