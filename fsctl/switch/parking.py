"""Call park on the switch: a parked call needs no controller, and comes back by itself.

The channel of who waits runs the dialplan's ``park+<slot>`` (freeswitch_conf/dialplan/fsctl.xml): music with an end,
and then ``recall+<slot>``. All that these have to know are the channel's variables, which are set before it goes there.
"""

import time
from contextlib import suppress

import gevent

from fsctl.errors import FsctlError
from fsctl.model.actions import Connect, Park, Party, Play
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, Failed, Outcome, Parked, Performed, Taken
from fsctl.switch import dialstring, moving, sounds
from fsctl.switch.interfaces import State, Watcher
from fsctl.switch.live import PARKED
from fsctl.switch.ownership import Ownership
from fsctl.switch.session import CallerGone, CallSession
from fsctl.switch.speech import PLAY_SECONDS, Speech
from fsctl.switch.talk import Talk

#: Who has heard that a call is parked can still transfer it there for so many seconds; then his own call ends.
_CONFIRMED_SECONDS = 2

#: Longest wait for FreeSWITCH, in seconds.
_SECONDS = 5

#: How often FreeSWITCH is asked whether two channels are connected: about a frame of audio.
_LOOK_SECONDS = 0.02

#: What a parked channel has to know; ``fsctl_slot`` is set by the dialplan, once the call waits there.
VARIABLES = ("fsctl_slot", "fsctl_parker", "fsctl_recall_seconds", "fsctl_recall_dial", "fsctl_music")


def variables(park: Park) -> dict[str, str]:
    """What the channel of who waits is told; ValueError for what could be more than a word."""
    legs = ",".join(f"[fsctl_leg=user+{user}]user/{dialstring.word(user)}@${{domain}}" for user in park.fallback)
    return {
        "fsctl_parker": dialstring.word(park.parker) if park.parker else "",
        "fsctl_recall_seconds": str(int(park.recall_seconds)),
        "fsctl_recall_dial": legs or "error/user_not_registered",
        "fsctl_music": sounds.music(park.music),
    }


def telling(uuid: str, park: Park) -> list[str]:
    """The commands that tell a channel so."""
    return [f"uuid_setvar {uuid} {name} {value}".rstrip() for name, value in variables(park).items()]


def extension(slot: str) -> str:
    """Where the dialplan has the music, as arguments of a transfer."""
    return f"park+{dialstring.word(slot)} XML fsctl"


class Parking:
    """Of one call's session: parks it, or a call that its caller holds, or fetches another one.

    ``caller`` is whom another call sees that this one fetches.
    """

    def __init__(
        self, session: CallSession, call: Call, caller: Party, state: State, ownership: Ownership, speech: Speech,
        talk: Talk,
    ) -> None:
        self._session, self._call, self._caller, self._state = session, call, caller, state
        self._ownership, self._speech, self._talk = ownership, speech, talk

    def park(self, park: Park, watcher: Watcher) -> Outcome:
        """Stay until the call is over, or until whoever parks another one has heard so."""
        try:
            if not self._state.park(park, self._call):
                return Taken()
        except FsctlError:
            return Failed()
        return self._park_held(park) if park.uuid else self._park_here(park, watcher)

    def unpark(self) -> Outcome:
        """The call leaves its slot for good."""
        with self._session.batch():
            for name in VARIABLES:
                self._session.api_nowait(f"uuid_setvar {self._session.uuid} {name}")
            self._session.execute("event", f"Event-Name=CUSTOM,Event-Subclass={PARKED}")
        self._state.unpark(self._session.uuid)
        return Performed()

    def connect(self, connect: Connect, watcher: Watcher) -> Outcome:
        """Fetch a parked call, and talk until that is over."""
        try:
            joined = self._join(connect)
        finally:
            self._state.release(f"call:{connect.uuid}", self._call)
        if not joined:
            return Taken()
        self._state.unpark(connect.uuid)
        outcome = Answered(Destination("retrieve", connect.slot))
        watcher.answered(outcome)
        who = self._talk.target_of(connect.uuid)
        return self._talk.follow(Answered(who) if who else outcome, connect.uuid, watcher) or outcome

    def _park_here(self, park: Park, watcher: Watcher) -> Outcome:
        session = self._session
        with session.batch():
            self._tell(session.uuid, park)
            self._ownership.end_lease()
            session.execute("transfer", extension(park.slot))
        watcher.parked(park.slot)
        return self._talk.wait(watcher) or Parked(park.slot)

    def _park_held(self, park: Park) -> Outcome:
        """Whatever ends this call, a transfer too, sends the held one to its slot; this process need not live then."""
        session, where = self._session, extension(park.slot)
        if not moving.mark(session, park.uuid, moving.into(park.slot)):
            self._state.unpark(park.uuid)
            return Failed()
        with session.batch():
            self._ownership.lease(PLAY_SECONDS)
            self._tell(park.uuid, park)
            session.execute(
                "multiset", f"^^;api_hangup_hook=uuid_transfer {park.uuid} {where};inline_destination=transfer:{where}")
            session.execute("answer")
        with suppress(CallerGone):
            self._speech.play(Play("parked", park.language, park.slot, stay_seconds=_CONFIRMED_SECONDS))
            session.hangup()
            session.wait_hangup(timeout=_SECONDS)
        return Parked(park.slot)

    def _tell(self, uuid: str, park: Park) -> None:
        for command in telling(uuid, park):
            self._session.api_nowait(command)

    def _join(self, connect: Connect) -> bool:
        """Whether both talk now. FreeSWITCH shows each side the other."""
        session, uuid = self._session, connect.uuid
        self._ownership.lease(_SECONDS)
        name, number = dialstring.shown(self._caller)
        with session.batch():
            session.execute("set_profile_var", f"caller_id_name={name}")
            session.execute("set_profile_var", f"caller_id_number={number}")
        self._speech.run("answer")
        if not self._waits(connect) or not moving.mark(session, uuid, session.uuid):
            return False
        begun = session.api(f"uuid_bridge {uuid} {session.uuid}").startswith("+OK")
        if not (begun and self._connected(uuid)):
            moving.unmark(session, uuid)
            return False
        with session.batch():
            for name in (*VARIABLES, "playback_timeout_sec", moving.MARK):
                session.api_nowait(f"uuid_setvar {uuid} {name}")
            peer = f"user+{dialstring.word(self._call.user)}" if self._call.user else "outside"
            told = session.api_nowait(f"uuid_setvar {uuid} fsctl_peer {peer}")
        told.get(_SECONDS)  # before the claim is free, so that the next one sees that he waits no more
        return True

    def _waits(self, connect: Connect) -> bool:
        """Whether nobody talks with him since this call looked: the claim is another's only until both do.

        The dialplan unsets ``last_bridge_to`` when a call is parked; ``signal_bond`` is there while a recall rings too.
        """
        with self._session.batch():
            slot, talks = (self._session.api_nowait(f"uuid_getvar {connect.uuid} {name}")
                           for name in ("fsctl_slot", "last_bridge_to"))
        return slot.get(_SECONDS).strip() == connect.slot and talks.get(_SECONDS).strip() in ("_undef_", "")

    def _connected(self, uuid: str) -> bool:
        """``uuid_bridge`` says only that it began, and CHANNEL_BRIDGE comes to the other channel's connection alone."""
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            if self._session.api(f"uuid_getvar {self._session.uuid} signal_bond").strip() == uuid:
                return True
            gevent.sleep(_LOOK_SECONDS)
        return False
