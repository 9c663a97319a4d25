"""Journals the calls that fsctl was not asked about: emergency calls, the fail-safe's, those that the dialplan refused
or that were cancelled before it had asked, and talks that a phone took over from their caller.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from fsctl import clock
from fsctl.facts.arriving import OWNER, logged_in, who_called
from fsctl.facts.recorded import unplanned
from fsctl.model import contexts
from fsctl.model.digits import dialable
from fsctl.model.foreign import clean_number, legible
from fsctl.model.happenings import refused
from fsctl.model.office import Office
from fsctl.model.reasons import reason
from fsctl.store.journal_parts import Fact, begun
from fsctl.store.journal_queue import Journal
from fsctl.switch.wire import Event

#: The dialplan's part of a call, each time that it takes it: what is told later takes the place of what was before.
_PART: Final = "dialplan"

#: What becomes of a call that the dialplan refused, and what has to do with that: by the reason; else the former.
_REFUSED: Final = ("unknown_number", "hangup:unknown-number")
_CONGESTED: Final = ("room", "hangup:switch-congestion")
_REFUSED_FOR: Final = {"switch.no_room": _CONGESTED, "switch.too_many_calls": _CONGESTED}

#: What tells how they went, of all that the link hears.
_TELLING: Final = ("CHANNEL_BRIDGE", "CHANNEL_HANGUP_COMPLETE")


class UnaskedCalls:
    """Reads events of the link; ``fsctl_emergency`` and ``fsctl_failsafe`` are set by the dialplan alone."""

    def __init__(self, journal: Journal, current_office: Callable[[], Office]) -> None:
        self._journal, self._current_office = journal, current_office
        self._took: set[str] = set()

    def __call__(self, event: Event) -> None:
        """Take in one event; all but callers' own legs are passed over."""
        if event.get("Call-Direction") != "inbound" or event.get("Event-Name") not in _TELLING:
            return
        emergency = event.get("variable_fsctl_emergency") == "true"
        if not emergency and event.get("variable_fsctl_failsafe") != "true":
            if _cancelled_at_once(event):
                self._cancelled(event)
            elif event.get("variable_fsctl_refused") and not event.get(f"variable_{OWNER}"):
                self._refused(event)
            elif _replaces_caller(event):
                self._taken(event)
            elif event.get("Event-Name") == "CHANNEL_HANGUP_COMPLETE":
                self._taken_until(event)
            return
        uuid = event.get("Unique-ID", "")
        dialled = event.get("Caller-Destination-Number", "").removeprefix("failsafe_")
        self._journal.begin(uuid, caller=self._caller(event, dialled), dialled=dialled, at=_created(event))
        answered = event.get("Event-Name") == "CHANNEL_BRIDGE" or event.get("variable_last_bridge_to", "") != ""
        result = f"number:{_emergency_number(event, dialled)}" if emergency else "failsafe"
        step = unplanned(
            "emergency" if emergency else "failsafe", "ring", result,
            reason("switch.emergency") if emergency else reason("switch.failsafe"),
            "answered" if answered else "", result if answered else "")
        fact = Fact(f"{_PART} {event.get('Caller-Profile-Created-Time', '')}", 0, begun(clock.now()) | step)
        self._journal.update(uuid, fact, state="talking" if answered else "ringing", result=result)
        if event.get("Event-Name") == "CHANNEL_HANGUP_COMPLETE":
            self._journal.end(uuid, None, event.get("Hangup-Cause", ""), clock.now())

    def _taken(self, event: Event) -> None:
        """The caller's own call ended when it was taken: who took it has one of his own, in the place of his."""
        uuid, who = event.get("Unique-ID", ""), logged_in(event)
        dialled = clean_number(event.get("variable_sip_req_user", ""))
        self._journal.begin(uuid, caller=who, dialled=dialled, at=_created(event))
        step = unplanned("call_pickup", "pickup", f"user:{dialled}", reason("switch.taken", who=who), "answered", "")
        fact = Fact(f"{_PART} {event.get('Caller-Profile-Created-Time', '')}", 0, begun(clock.now()) | step)
        self._journal.update(uuid, fact, state="talking", result=f"pickup:{dialled}")
        self._took.add(uuid)

    def _taken_until(self, event: Event) -> None:
        if (uuid := event.get("Unique-ID", "")) in self._took:
            self._took.discard(uuid)
            self._journal.end(uuid, None, event.get("Hangup-Cause", ""), clock.now())

    def _cancelled(self, event: Event) -> None:
        """A caller was gone within milliseconds. A controller that was asked all the same says nothing else of it."""
        uuid, dialled = event.get("Unique-ID", ""), event.get("Caller-Destination-Number", "")
        self._journal.begin(uuid, caller=self._caller(event, dialled), dialled=dialled, at=_created(event))
        self._journal.end(uuid, "gone", event.get("Hangup-Cause", ""), clock.now())

    def _refused(self, event: Event) -> None:
        uuid, dialled = event.get("Unique-ID", ""), legible(event.get("Caller-Destination-Number", ""))
        why = refused(event.get("variable_fsctl_refused", ""), dialled)
        if why is None or event.get("Event-Name") != "CHANNEL_HANGUP_COMPLETE":
            return
        self._journal.begin(uuid, caller=self._caller(event, dialled), dialled=dialled, at=_created(event))
        policy, result = _REFUSED_FOR.get(why.name, _REFUSED)
        step = unplanned(policy, "hangup", result, why, "", "")
        self._journal.update(uuid, Fact(_PART, 0, begun(clock.now()) | step), state="ringing", result=result)
        self._journal.end(uuid, None, event.get("Hangup-Cause", ""), clock.now())

    def _caller(self, event: Event, dialled: str) -> str:
        if user := logged_in(event):
            return user
        office = self._current_office()
        return who_called(event, office, office.site_for(office.called_from_outside(dialled)))


def _cancelled_at_once(event: Event) -> bool:
    """Whether a call for fsctl has ended that no controller had taken over (fsctl.switch.session.ownership)."""
    return (
        event.get("Event-Name") == "CHANNEL_HANGUP_COMPLETE"
        and event.get("Hangup-Cause") == "ORIGINATOR_CANCEL"
        and event.get("Caller-Channel-Answered-Time", "0") == "0"
        and not event.get(f"variable_{OWNER}")
        and event.get("Caller-Context") in (contexts.DEFAULT, contexts.PUBLIC)
        and dialable(event.get("Caller-Destination-Number", "")) != ""
    )


def _replaces_caller(event: Event) -> bool:
    """Whether a phone of the office took the place of another call's caller, by an INVITE with Replaces.

    One that takes the place of who was called has that call's caller, who has a controller and tells of it. So has one
    who was transferred afterwards.
    """
    return (
        event.get("Event-Name") == "CHANNEL_BRIDGE"
        and event.get("variable_sip_replaces_call_id", "") != ""
        and not event.get(f"variable_{OWNER}")
        and logged_in(event) != ""
        and event.get("Other-Leg-Direction") == "outbound"
    )


def _emergency_number(event: Event, dialled: str) -> str:
    """Without the prefix that may have been dialled before it, as the dialplan found it."""
    return event.get("variable_fsctl_emergency_number", "") or dialled


def _created(event: Event) -> datetime:
    """When the channel was created (Caller-Channel-Created-Time, µs), or now."""
    stamp = event.get("Caller-Channel-Created-Time", "")
    if stamp.isascii() and stamp.isdigit() and len(stamp) < 20:
        return datetime.fromtimestamp(int(stamp) / 1e6, UTC)
    return clock.now()
