"""A talk: with whom the caller is connected, who took him over, and how it ended."""

from collections.abc import Mapping
from contextlib import suppress

from fsctl.model.actions import Leg
from fsctl.model.destination import Destination
from fsctl.model.foreign import unmark
from fsctl.model.outcomes import Answered, Moved
from fsctl.switch import dialstring, moving
from fsctl.switch.hunted import HuntedCall
from fsctl.switch.interfaces import Watcher
from fsctl.switch.ownership import Ownership
from fsctl.switch.session import CallerGone, CallSession, Disconnected


class Talk:
    """Of one call's session. FreeSWITCH alone knows who is at a leg, so it is asked."""

    def __init__(self, session: CallSession, ownership: Ownership, hunted: HuntedCall) -> None:
        self._session, self._ownership, self._hunted = session, ownership, hunted

    def follow(self, outcome: Answered, leg: str, watcher: Watcher) -> Moved | None:
        """Stay until the caller is gone or another call has taken him; notice whom a transfer connects him with."""
        with suppress(CallerGone, Disconnected):
            # The switch itself has ended the lease already, by api_on_answer.
            self._ownership.end_lease()
            self.mark_peer(outcome)
        return self._stay(outcome.by, leg, watcher)

    def wait(self, watcher: Watcher) -> Moved | None:
        """The same, from when the caller is parked."""
        return self._stay(Destination("unknown", "somebody"), "", watcher)

    def _stay(self, by: Destination, leg: str, watcher: Watcher) -> Moved | None:
        while True:
            try:
                event = self._session.wait_event({"CHANNEL_BRIDGE", "CHANNEL_UNPARK"})
            except CallerGone:
                return None
            if event.get("Event-Name") == "CHANNEL_UNPARK":
                if slot := moving.parked_in(mark := moving.marked(event)):
                    self._hunted.parted()
                    watcher.parked(slot)
                    leg = ""
                elif mark not in ("", leg):
                    return Moved(mark)
            elif (new := other(event)) not in ("", leg):
                self._hunted.parted()
                fetched, leg, by = not leg, new, self.target_of(new) or by
                (watcher.fetched if fetched else watcher.connected)(Answered(by))
                self.mark_peer(Answered(by))

    def mark_peer(self, outcome: Answered) -> None:
        """Who transfers this call, if somebody does: the dialplan reads it when the call comes back."""
        self._session.api_nowait(f"uuid_setvar {self._session.uuid} fsctl_peer {dialstring.mark(outcome.by)}")

    def winner(self, legs: tuple[Leg, ...], leg: str) -> Destination:
        """Whom FreeSWITCH has connected, as that leg says; only where it cannot be asked, whom it was to be."""
        planned = legs[0].target
        with suppress(CallerGone, Disconnected):
            if len(legs) == 1:
                self.mark_peer(Answered(planned))  # he may transfer the call before the question is answered
            return self.target_of(leg) or planned
        return planned

    def target_of(self, leg: str) -> Destination | None:
        """Whom a leg rings, or who calls from it, by its own variables."""
        if not leg:
            return None
        for variable in ("fsctl_leg", "user_name"):
            found = self._session.api(f"uuid_getvar {leg} {variable}").strip()
            if target := unmark(found if variable == "fsctl_leg" else f"user+{found}"):
                return target
        return None


def other(event: Mapping[str, str]) -> str:
    """The other channel of a CHANNEL_BRIDGE."""
    own = event.get("Unique-ID", "")
    both = (event.get("Bridge-A-Unique-ID", ""), event.get("Bridge-B-Unique-ID", ""))
    return next((leg for leg in both if leg and leg != own), "") or event.get("Other-Leg-Unique-ID", "")
