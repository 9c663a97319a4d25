"""Performs actions on a channel, and tells what became of them."""

from collections.abc import Mapping
from contextlib import suppress
from math import ceil

from fsctl.errors import FsctlError
from fsctl.model.actions import (
    HANGUP_CAUSES,
    Action,
    Answer,
    Ask,
    Change,
    Claim,
    Connect,
    Hangup,
    Mailbox,
    Park,
    Party,
    Pickup,
    Play,
    Reserve,
    Ring,
    Survey,
    Unpark,
    Wait,
)
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.office import Office
from fsctl.model.outcomes import (
    Answered,
    CallerGone,
    Failed,
    Moved,
    Outcome,
    Performed,
    Redirected,
    RingOutcome,
    Taken,
    Won,
)
from fsctl.switch import dialstring, moving, pickup, sounds
from fsctl.switch.hunted import HuntedCall
from fsctl.switch.interfaces import State, Watcher
from fsctl.switch.outcomes import REDIRECTED, causes_of, outcome_of
from fsctl.switch.ownership import GRACE_SECONDS, Away, Ownership
from fsctl.switch.parking import Parking
from fsctl.switch.session import CallerGone as SessionGone
from fsctl.switch.session import CallSession, Disconnected
from fsctl.switch.speech import Speech
from fsctl.switch.talk import Talk, other
from fsctl.switch.wire import is_uuid

#: Longest stay in a mailbox, in seconds.
MAILBOX_SECONDS = 3600

class Performer:
    """Carries out the actions of one call on its session."""

    def __init__(self, session: CallSession, call: Call, office: Office, state: State) -> None:
        self.session, self.call, self.office, self._state = session, call, office, state
        self._causes = 0
        self._claimed = False
        self._ownership = Ownership(session, call.dialled)
        self._lease = self._ownership.lease
        #: This call's part in hunt groups.
        self.hunted = HuntedCall(call, office, state.hunts)
        self._speech = Speech(session, self._ownership)
        self._talk = Talk(session, self._ownership, self.hunted)
        caller = self._party(call.user or "")
        self._parking = Parking(session, call, caller, state, self._ownership, self._speech, self._talk)

    @property
    def hangup_cause(self) -> str:
        """Why the call ended, by its Q.850 name; "" while it goes on."""
        return (self.session.hangup_event or {}).get("Hangup-Cause", "")

    def take_over(self) -> None:
        """Take the call out of the fail-safe; TooLate when it was faster."""
        self._ownership.take()

    def perform(self, action: Action, watcher: Watcher) -> Outcome:
        """Do it and wait for what became of it; Moved when another call took this one meanwhile.

        CallerGone and Disconnected of fsctl.switch.session pass through. TooLate when this process stalled and the
        switch has given the call to the fail-safe meanwhile: then nothing more may be said.
        """
        if not isinstance(action, Survey | Reserve):  # which say nothing to the switch
            self._ownership.check()
        try:
            return self._perform(action, watcher)
        except Away as away:
            return away.moved

    def whose(self, moved: Moved) -> Destination | None:
        """Who moved the call, or rather at which phone; None where no person or number did."""
        with suppress(SessionGone, Disconnected):
            return self._talk.target_of(moved.by) if is_uuid(moved.by) else None
        return None

    def release(self) -> None:
        """Give back what the call has claimed."""
        if self._claimed:
            self._state.release_all(self.call)

    def _perform(self, action: Action, watcher: Watcher) -> Outcome:
        match action:
            case Ring():
                return self._ring(action, watcher)
            case Answer():
                return self._speech.answer()
            case Play():
                return self._speech.play(action)
            case Ask():
                return self._speech.ask(action)
            case Mailbox():
                return self._mailbox(action)
            case Change():
                return self._change(action)
            case Claim(key):
                return self._claim(key)
            case Pickup():
                return self._pickup(action, watcher)
            case Park():
                return self._parking.park(action, watcher)
            case Unpark():
                return self._parking.unpark()
            case Connect():
                return self._parking.connect(action, watcher)
            case Survey():
                return self.hunted.survey(action)
            case Reserve():
                return self.hunted.reserve(action)
            case Wait():
                return self._wait(action)
            case Hangup(reason):
                return self._hangup(HANGUP_CAUSES.get(reason, reason))

    def _ring(self, ring: Ring, watcher: Watcher) -> RingOutcome:
        try:
            return self._ring_legs(ring, watcher)
        finally:
            self.hunted.ended()

    def _ring_legs(self, ring: Ring, watcher: Watcher) -> RingOutcome:
        seconds = max(sum(leg.ring_seconds + 1 for leg in branch) for branch in ring.branches)
        argument = dialstring.bridge(ring, self.office, self.call)
        with self.session.batch():
            self._lease(seconds)
            self.session.execute("multiset", dialstring.prepare(ring))
            bridge = self.session.execute("bridge", argument, lock=False)
        name, event = self.session.race(bridge, {"CHANNEL_BRIDGE"}, seconds + 2 * GRACE_SECONDS)
        if not moving.marked(event) and (picker := pickup.taken_by(event)):
            return self._picked_up(ring, picker, watcher, told=name == "CHANNEL_BRIDGE")
        self._ownership.heard(event)
        if name != "CHANNEL_BRIDGE":
            return self._unanswered(ring, event)
        outcome = Answered(self._talk.winner(ring.legs, other(event)))
        watcher.answered(outcome)
        self.hunted.accepted(ring.hunt, outcome.by, other(event))
        return self._talk.follow(outcome, other(event), watcher) or outcome

    def _picked_up(self, ring: Ring, picker: str, watcher: Watcher, *, told: bool) -> RingOutcome:
        """``told``: FreeSWITCH itself tells both phones whom they talk with."""
        outcome = Answered(self._talk.target_of(picker) or ring.legs[0].target)
        watcher.picked_up(outcome)
        self.hunted.accepted(ring.hunt, outcome.by, picker)
        if not told:
            pickup.show(self.session, picker, self._party(outcome.by.name), ring.show)
        return self._talk.follow(outcome, picker, watcher) or outcome

    def _party(self, extension: str) -> Party:
        user = self.office.users.get(extension)
        return Party(user.name if user else "", extension)

    def _unanswered(self, ring: Ring, event: Mapping[str, str]) -> RingOutcome:
        listed = causes_of(event)
        new, self._causes = listed[self._causes :], len(listed)
        for leg, cause in new:
            if cause == REDIRECTED and (to := self._state.redirected(leg)):
                return Redirected(to)
        outcome = outcome_of(event, [cause for _, cause in new])
        if isinstance(outcome, Moved):
            self._ownership.end_lease()
        return outcome

    def _mailbox(self, mailbox: Mailbox) -> Outcome:
        """The mailbox goes on without this process; the fail-safe ends a call that comes out of it."""
        what = "check auth" if mailbox.fetch else ""
        with self.session.batch():
            self._lease(MAILBOX_SECONDS)
            self.session.execute("multiset", f"^^;fsctl_done=true;default_language={mailbox.language}")
            self.session.execute("answer")  # mod_voicemail would record early media
            stay = self.session.execute("voicemail", f"{what} default ${{domain}} {mailbox.user}".strip())
        try:
            self._ownership.heard(stay.wait(MAILBOX_SECONDS))
        except SessionGone:  # as most do who have left their message
            return CallerGone()
        return self._hangup("NORMAL_CLEARING")

    def _change(self, change: Change) -> Outcome:
        try:
            self._state.change(change, self.call)
        except FsctlError:
            return Failed()
        return Performed()

    def _claim(self, key: str) -> Outcome:
        self._claimed = True
        try:
            return Won() if self._state.claim(key, self.call) else Taken()
        except FsctlError:
            return Failed()

    def _pickup(self, action: Pickup, watcher: Watcher) -> Outcome:
        self._lease(0)
        try:
            taken = pickup.take(self.session, action.uuid, self._party(self.call.user or ""))
        finally:
            self._state.release(f"call:{action.uuid}", self.call)
        if not taken:
            return Taken()
        outcome = Answered(Destination("pickup", action.of))
        watcher.answered(outcome)
        self.session.wait_hangup()
        return outcome

    def _wait(self, wait: Wait) -> Outcome:
        """A caller whose call was taken already hears a tone, which has no end but this one and the lease's."""
        taken = self._ownership.answered
        with self.session.batch():
            self._lease(ceil(wait.seconds))
            self.session.execute(*(("playback", sounds.RINGING) if taken else ("ring_ready",)))
        self.hunted.wait(wait, self.session)
        if taken:
            self.session.api_nowait(f"uuid_break {self.session.uuid}")
        return Performed()

    def _hangup(self, cause: str) -> Outcome:
        self.session.hangup(cause)
        self.session.wait_hangup(timeout=10)
        return CallerGone()
