"""Performs a call's actions on its channel, and tells what became of them."""

from contextlib import suppress

from fsctl.model.actions import Action, Reroute
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.office import Office
from fsctl.model.outcomes import Moved, Outcome
from fsctl.switch.calls import talk, verbs
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.surroundings import CallProgress, State
from fsctl.switch.session.call_session import CallerGone, CallSession, Disconnected
from fsctl.switch.session.ownership import Away
from fsctl.switch.wire import dialstring, is_uuid


class Performer:
    """Carries out the actions of one call on its session."""

    def __init__(self, session: CallSession, call: Call, office: Office, state: State, progress: CallProgress) -> None:
        self._control = CallControl(session, call, office, state, progress)

    @property
    def hangup_cause(self) -> str:
        """Why the call ended, by its Q.850 name; "" while it goes on."""
        event = self._control.session.hangup_event
        return "" if event is None else event.get("Hangup-Cause", "")  # whether it is empty takes reading all of it

    def take_over(self) -> None:
        """Take the call out of the fail-safe; TooLate when it was faster."""
        self._control.ownership.take()

    def is_others(self, owner: str) -> bool:
        """Whether the channel, which had this owner last, had a newer connection than this one."""
        return self._control.ownership.is_others(owner)

    def rerouted(self, reroute: Reroute) -> None:
        """Where the call goes now nobody shall see who calls, or it is made on behalf of an executive."""
        if reroute.withheld:
            self._withhold()
        if reroute.on_behalf:
            self._control.session.execute("multiset", f"^^;{';'.join(dialstring.acting_for(reroute.on_behalf))}")

    def _withhold(self) -> None:
        """Nobody sees from now on who calls, wherever FreeSWITCH itself shows the caller's channel."""
        session = self._control.session
        with session.batch():
            session.execute("set", "fsctl_withheld=true")
            for field in ("caller_id_name=Anonymous", "caller_id_number=anonymous", "ani=anonymous"):
                session.execute("set_profile_var", field)

    def perform(self, action: Action) -> Outcome:
        """Do it and wait for what became of it; Moved when another call took this one meanwhile.

        The session's CallerGone and Disconnected pass through. TooLate when this process stalled and the switch has
        given the call to the fail-safe meanwhile: then nothing more may be said.
        """
        if action.noticed:  # nothing else says anything to the switch
            self._control.ownership.check()
        try:
            return verbs.perform(self._control, action)
        except Away as away:
            return away.moved

    def whose(self, moved: Moved) -> Destination | None:
        """Who moved the call, or rather at which phone; None where no person or number did."""
        with suppress(CallerGone, Disconnected):
            return talk.target_of(self._control, moved.by) if is_uuid(moved.by) else None
        return None

    def release(self) -> None:
        """Give back what the call has claimed."""
        if self._control.claimed:
            self._control.state.release_all(self._control.call)

    def end(self) -> None:
        """The call rings nobody any more, and nobody talks."""
        self._control.hunted.ended()
