"""Which channels nobody looks after any more, judged by their variables. Pure."""

from collections.abc import Mapping
from typing import Final

from fsctl.model import contexts
from fsctl.model.digits import dialable

#: Applications that end, or never begin to do anything by themselves: behind them a channel waits for a controller.
#: All others go on without one: bridge, conference, voicemail, the music of a parked call.
_WAITING: Final = {
    "answer", "multiset", "multiunset", "park", "play_and_get_digits", "playback", "pre_answer", "say", "sched_cancel",
    "set", "socket", "unset",
}

#: Where such a channel is. CS_RESET: its controller died between the queued ``unset`` of socket_resume and its
#: execution, so that the switch meant to go on with the dialplan, and then did not (mod_event_socket.c:2817).
_STATES: Final = {"CS_EXECUTE", "CS_PARK", "CS_RESET"}


def stranded(facts: Mapping[str, str], leased: bool) -> str:
    """What was dialled by a caller who waits for a controller that is gone; "" for every other channel.

    The dialplan's watchdog, a controller's lease, or the end of its connection take such a caller to the fail-safe.
    So this should not happen; it does when a controller dies within milliseconds at the wrong moment.
    """
    waits = (
        not leased
        and facts.get("Channel-State") in _STATES
        and facts.get("Caller-Context") != contexts.WITHIN
        and _came_through_our_dialplan(facts)
        and facts.get("variable_current_application", "") in _WAITING
        and not facts.get("variable_signal_bond")
        and not facts.get("variable_fsctl_slot")
        and facts.get("variable_fsctl_failsafe") != "true"
        and facts.get("variable_fsctl_done") != "true"
    )
    return dialable(facts.get("Caller-Destination-Number", "")) if waits else ""


def _came_through_our_dialplan(facts: Mapping[str, str]) -> bool:
    """It sets these three before each connection; another program's calls on the same switch are its own business."""
    return (
        facts.get("variable_force_transfer_context") == contexts.DEFAULT
        and bool(facts.get("variable_last_sched_id"))
        and bool(facts.get("variable_socket_host"))
    )
