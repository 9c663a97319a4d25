"""A talk: with whom the caller is connected, who took him over, and how it ended.

FreeSWITCH alone knows who is at a leg, so it is asked.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import get_args

from fsctl.model import joined
from fsctl.model.destination import Destination
from fsctl.model.foreign import unmark
from fsctl.model.outcomes import Answered, Moved
from fsctl.switch.calls.control import CallControl
from fsctl.switch.session import moving
from fsctl.switch.session.call_session import CallerGone, Disconnected
from fsctl.switch.wire import is_uuid


def follow(control: CallControl, outcome: Answered, leg: str) -> Moved | None:
    """Stay until the caller is gone or another call has taken him; notice whom a transfer connects him with."""
    with suppress(CallerGone, Disconnected):
        # The switch itself has ended the lease already, by api_on_answer.
        control.ownership.end_lease()
    return _stay(control, outcome.by, leg, control.progress.connected)


def wait(control: CallControl) -> Moved | None:
    """The same, from when the caller is parked."""
    return _stay(control, None, "", control.progress.fetched)


def three(control: CallControl, by: Destination) -> Moved | None:
    """The same, from when he talks with two."""
    return _stay(control, by, "", control.progress.two_left)


def conference(control: CallControl, by: Destination) -> Moved | None:
    """The same, from when he is in a conference, which is told as ``by``."""
    return _stay(control, by, "", control.progress.connected)


def elsewhere(control: CallControl, by: Destination) -> Moved | None:
    """The same, from when he goes on without fsctl; whoever takes him there is told as ``by``."""
    return _stay(control, by, "", control.progress.taken_elsewhere)


def _stay(
    control: CallControl, by: Destination | None, leg: str, tell: Callable[[Destination | None], None]
) -> Moved | None:
    """``tell`` is told with whom the call talks next."""
    while True:
        try:
            event = control.session.wait_event({"CHANNEL_BRIDGE", "CHANNEL_UNPARK"})
        except CallerGone:
            return None
        new, sent = "", None
        if event.get("Event-Name") == "CHANNEL_BRIDGE":
            new = other(event)
        elif sent := moving.sent_into(mark := moving.mark_of(event)):
            control.hunted.parted()
        elif mark not in ("", leg):
            return Moved(mark)
        elif not mark:  # all that tells of a phone which took the talk by an INVITE with Replaces
            new = event.get("variable_signal_bond", "")
        if sent and sent.kind in get_args(joined.Kind):
            control.progress.joined(sent)
            tell = control.progress.two_left
        elif sent:
            if sent.kind == "park":  # of what is handed over its next connection tells
                control.progress.parked(sent.name)
            leg, by, tell = "", None, control.progress.fetched
        elif new != leg and is_uuid(new):  # a phone whose caller made no offer has ``none`` for a bond
            control.hunted.parted()
            leg, by = new, target_of(control, new) or _heard_of(control, new) or by
            tell(by)
            tell = control.progress.connected


def target_of(control: CallControl, leg: str) -> Destination | None:
    """Whom a leg rings, or who calls from it, by its own variables."""
    if not leg:
        return None
    for variable in ("fsctl_leg", "fsctl_extension"):
        found = control.session.api(f"uuid_getvar {leg} {variable}").strip()
        if target := unmark(found if variable == "fsctl_leg" else f"user+{found}"):
            return target
    return None


def _heard_of(control: CallControl, leg: str) -> Destination | None:
    """The same by what the link has heard, where the leg is gone already or says nothing of itself."""
    if call := control.state.call(leg):
        return call.who
    ended = control.state.ended(leg)
    return Destination("user", ended.user) if ended and ended.user else None


def other(event: Mapping[str, str]) -> str:
    """The other channel of a CHANNEL_BRIDGE."""
    own = event.get("Unique-ID", "")
    both = (event.get("Bridge-A-Unique-ID", ""), event.get("Bridge-B-Unique-ID", ""))
    return next((leg for leg in both if leg and leg != own), "") or event.get("Other-Leg-Unique-ID", "")
