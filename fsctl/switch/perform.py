"""Performs actions on a channel, and tells what became of them."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from math import ceil
from typing import Protocol

from fsctl.errors import FsctlError
from fsctl.model.actions import (
    HANGUP_CAUSES,
    Action,
    Answer,
    Ask,
    Change,
    Claim,
    Hangup,
    Leg,
    Mailbox,
    Party,
    Pickup,
    Play,
    Reserve,
    Ring,
    Survey,
    Wait,
)
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.office import Office
from fsctl.model.outcomes import (
    Answered,
    CallerGone,
    Digits,
    Failed,
    Moved,
    Outcome,
    Performed,
    Redirected,
    RingOutcome,
    Silence,
    Taken,
    Won,
)
from fsctl.switch import dialstring, moving, pickup, sounds
from fsctl.switch.hunted import HuntedCall, Hunts
from fsctl.switch.outcomes import REDIRECTED, causes_of, outcome_of
from fsctl.switch.ownership import GRACE_SECONDS, Away, Ownership, TooLate
from fsctl.switch.session import CallerGone as SessionGone
from fsctl.switch.session import CallSession, Disconnected
from fsctl.switch.wire import is_uuid

#: Longest announcement, in seconds.
PLAY_SECONDS = 60

#: What the switch says of a recording or a phrase macro that is not there.
_MISSING = ("FILE NOT FOUND", "UNKNOWN ERROR")

#: Seconds without a key after which a question's digits count as complete.
_NEXT_KEY_SECONDS = 3

#: Longest stay in a mailbox, in seconds.
MAILBOX_SECONDS = 3600

__all__ = ["Performer", "State", "TooLate", "Watcher"]

log = logging.getLogger(__name__)


class State(Protocol):
    """What calls change and look up outside of themselves. Every method answers within two seconds."""

    @property
    def hunts(self) -> Hunts:
        """What calls to hunt groups change and look up."""

    def change(self, change: Change, call: Call) -> None:
        """Do it and note who did; FsctlError if that cannot be now."""

    def claim(self, key: str, call: Call) -> bool:
        """Whether the call has it now; FsctlError if that cannot be known."""

    def release(self, key: str, call: Call) -> None:
        """What the call has claimed is free again."""

    def release_all(self, call: Call) -> None:
        """The same of all that it has claimed."""

    def redirected(self, leg: str) -> str:
        """Where the phone of a leg that has ended wanted its call to go, as dialled; "" if that is not known."""


class Watcher(Protocol):
    """Is told while an action goes on."""

    def answered(self, outcome: Answered) -> None:
        """Somebody took the call."""

    def picked_up(self, outcome: Answered) -> None:
        """Somebody took the call from the phones that it rang at."""

    def connected(self, leg: str, answered: Answered) -> None:
        """The call talks with another leg than before: it was transferred without asking."""


class Performer:
    """Carries out the actions of one call on its session."""

    def __init__(self, session: CallSession, call: Call, office: Office, state: State) -> None:
        self.session, self.call, self.office, self._state = session, call, office, state
        self.hangup_cause = ""
        self._causes = 0
        self._claimed = False
        self._ownership = Ownership(session, call.dialled)
        self._lease, self._heard = self._ownership.lease, self._ownership.heard
        #: This call's part in hunt groups.
        self.hunted = HuntedCall(call, office, state.hunts)

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
            return self._target_of(moved.by) if is_uuid(moved.by) else None
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
                return self._answer()
            case Play():
                return self._play(action)
            case Ask():
                return self._ask(action)
            case Mailbox():
                return self._mailbox(action)
            case Change():
                return self._change(action)
            case Claim(key):
                return self._claim(key)
            case Pickup():
                return self._pickup(action, watcher)
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
        self._heard(event)
        if name != "CHANNEL_BRIDGE":
            return self._unanswered(ring, event)
        outcome = Answered(self._winner(ring.legs, _other(event)))
        watcher.answered(outcome)
        self.hunted.accepted(ring.hunt, outcome.by, _other(event))
        return self._talk(outcome, _other(event), watcher) or outcome

    def _picked_up(self, ring: Ring, picker: str, watcher: Watcher, *, told: bool) -> RingOutcome:
        """``told``: FreeSWITCH itself tells both phones whom they talk with."""
        outcome = Answered(self._target_of(picker) or ring.legs[0].target)
        watcher.picked_up(outcome)
        self.hunted.accepted(ring.hunt, outcome.by, picker)
        if not told:
            pickup.show(self.session, picker, self._party(outcome.by.name), ring.show)
        return self._talk(outcome, picker, watcher) or outcome

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

    def _talk(self, outcome: Answered, leg: str, watcher: Watcher) -> Moved | None:
        """Stay until the caller is gone or another call has taken him; notice whom a transfer connects him with."""
        with suppress(SessionGone, Disconnected):
            # The switch itself has ended the lease already, by api_on_answer.
            self._ownership.end_lease()
            self._mark_peer(outcome)
        while True:
            try:
                event = self.session.wait_event({"CHANNEL_BRIDGE", "CHANNEL_UNPARK"})
            except SessionGone as gone:
                self.hangup_cause = gone.cause
                return None
            if event.get("Event-Name") == "CHANNEL_UNPARK":
                if (by := moving.marked(event)) not in ("", leg):
                    return Moved(by)
            elif (other := _other(event)) not in ("", leg):
                self.hunted.parted()
                leg, outcome = other, Answered(self._target_of(other) or outcome.by)
                watcher.connected(leg, outcome)
                self._mark_peer(outcome)

    def _mark_peer(self, outcome: Answered) -> None:
        """Who transfers this call, if somebody does: the dialplan reads it when the call comes back."""
        self.session.api_nowait(f"uuid_setvar {self.session.uuid} fsctl_peer {dialstring.mark(outcome.by)}")

    def _winner(self, legs: tuple[Leg, ...], leg: str) -> Destination:
        """Whom FreeSWITCH has connected, as that leg says; only where it cannot be asked, whom it was to be."""
        planned = legs[0].target
        with suppress(SessionGone, Disconnected):
            if len(legs) == 1:
                self._mark_peer(Answered(planned))  # he may transfer the call before the question is answered
            return self._target_of(leg) or planned
        return planned

    def _target_of(self, leg: str) -> Destination | None:
        """Whom a leg rings, or who calls from it, by its own variables."""
        if not leg:
            return None
        for variable in ("fsctl_leg", "user_name"):
            found = self.session.api(f"uuid_getvar {leg} {variable}").strip()
            if target := dialstring.unmark(found if variable == "fsctl_leg" else f"user+{found}"):
                return target
        return None

    def _answer(self) -> Outcome:
        self._lease(PLAY_SECONDS)
        self._run("answer")
        return Performed()

    def _play(self, play: Play) -> Outcome:
        self._lease(PLAY_SECONDS)
        self.session.execute("set", f"language={play.language}")
        if self._say(sounds.ways(play)) == sounds.tone(play):
            log.warning("there is no recording %s: a tone instead", sounds.recording(play))
        if digits := dialstring.clean_number(play.digits):
            self._say(sounds.ways_of_digits(digits, play.language))
        self.session.execute("flush_dtmf")  # keys pressed meanwhile are no answer to a question that comes next
        return Performed()

    def _say(self, ways: Sequence[tuple[str, str]]) -> str:
        """Say it in the first of these ways that there is, whose argument this gives."""
        for application, argument in ways:
            if self._run(application, argument).get("Application-Response") not in _MISSING:
                break
        return argument

    def _ask(self, ask: Ask) -> Outcome:
        self._lease(PLAY_SECONDS + ask.seconds)
        argument = (
            f"1 {ask.most} 1 {ask.seconds * 1000} # {sounds.prompt(ask)} silence_stream://1"
            f" fsctl_digits .+ {_NEXT_KEY_SECONDS * 1000}"
        )
        heard = self._run("play_and_get_digits", argument, PLAY_SECONDS + ask.seconds)
        digits = dialstring.clean_number(heard.get("variable_fsctl_digits", ""))
        return Digits(digits) if digits else Silence()

    def _mailbox(self, mailbox: Mailbox) -> Outcome:
        """The mailbox goes on without this process; the fail-safe ends a call that comes out of it."""
        what = "check auth" if mailbox.fetch else ""
        with self.session.batch():
            self._lease(MAILBOX_SECONDS)
            self.session.execute("multiset", f"^^;fsctl_done=true;default_language={mailbox.language}")
            self.session.execute("answer")  # mod_voicemail would record early media
            stay = self.session.execute("voicemail", f"{what} default ${{domain}} {mailbox.user}".strip())
        try:
            self._heard(stay.wait(MAILBOX_SECONDS))
        except SessionGone as gone:  # as most do who have left their message
            self.hangup_cause = gone.cause
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
        self.hangup_cause = self.session.wait_hangup()
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
        self.hangup_cause = self.session.wait_hangup(timeout=10)
        return CallerGone()

    def _run(self, app: str, arg: str = "", seconds: float = PLAY_SECONDS) -> Mapping[str, str]:
        """Execute, and wait for the end."""
        event = self.session.execute(app, arg).wait(seconds)
        self._heard(event)
        return event


def _other(event: Mapping[str, str]) -> str:
    """The other channel of a CHANNEL_BRIDGE."""
    own = event.get("Unique-ID", "")
    both = (event.get("Bridge-A-Unique-ID", ""), event.get("Bridge-B-Unique-ID", ""))
    return next((leg for leg in both if leg and leg != own), "") or event.get("Other-Leg-Unique-ID", "")
