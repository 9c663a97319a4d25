"""Group calls: all members are rung, and whoever answers is in one room: the dialplan does so by itself."""

from collections.abc import Sequence
from contextlib import suppress

import gevent

from fsctl.model.actions import Enter, Gather, Leg
from fsctl.model.destination import Destination
from fsctl.model.group_calls import room_of
from fsctl.model.outcomes import Answered, Busy, CallerGone, Moved, RingOutcome, Taken
from fsctl.switch.calls import connecting, talk
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.outcomes import PhoneEnd, of_people
from fsctl.switch.calls.sending import Sending
from fsctl.switch.calls.supervision import FOLLOWS_SECONDS, Supervision
from fsctl.switch.calls.verbs.sending_on import send_this
from fsctl.switch.session import call_session
from fsctl.switch.session.call_session import Disconnected
from fsctl.switch.session.ownership import GRACE_SECONDS, Away
from fsctl.switch.wire import group_calls, phones, sounds
from fsctl.switch.wire.phones import Phone

#: FreeSWITCH counts whole seconds, and tells of the end of the last leg later still.
_LATE_MS = 2000

_AGAIN_SECONDS = 0.5


def gather(control: CallControl, action: Gather) -> RingOutcome:
    session, extension = control.session, control.office.extension_of(action.conference)
    people = dict.fromkeys(leg.target.name for leg in action.legs if leg.trunk is None)
    contacts = phones.find(people, session.apis)
    members = [[phone for leg in member for phone in phones.of_leg(leg, contacts, control.office)]
               for member in action.members]
    rung = [phone for member in members for phone in member]
    if not rung:
        control.state.release(_claimed(action.group), control.call)
        return of_people({leg: () for leg in action.legs})
    gathering = _Gathering(control, rung)
    supervision = Supervision(session, control.state, rung, on_change=gathering.told)
    with supervision.while_they_ring():
        try:
            _ring(control, action, members, extension)
        except Away as away:
            if away.moved.by != group_calls.GATHERED:
                raise
            return gathering.talk(action.conference)
    gathering.stop()
    control.state.release(_claimed(action.group), control.call)  # who hears that nobody answered is called nowhere
    return of_people(gathering.ends(action.legs))


def enter(control: CallControl, action: Enter) -> Answered | Taken | Busy | Moved | CallerGone:
    """Whoever began it may wait for the first one to answer, and is called into the room then, by this one too."""
    session, conference = control.session, Destination("conference", action.group)
    extension = control.office.extension_of(conference)
    claimed = _claimed(action.group)
    caller = control.state.holder(claimed) or "nobody"
    room, call = room_of(extension), control.call
    count, exists = session.apis([f"conference {room} list count", f"uuid_exists {caller}"])
    if not count.strip().isdigit() and exists.strip() != "true":
        if control.state.call(caller) is None:  # left behind by a process that was killed
            control.state.disclaim(claimed, caller)
        return Taken()
    if action.again and (call.user or call.caller.number) not in control.state.been(room):
        return Busy()
    told = (*group_calls.calls(extension, caller), *group_calls.THERE)
    send_this(control, Sending(Destination(group_calls.MEMBER, extension), dict(each.split("=", 1) for each in told)))
    if not connecting.arrives(control, session.uuid, room):  # it was over in this very moment
        session.wait_hangup(timeout=GRACE_SECONDS)
        return CallerGone()
    outcome = Answered(conference)
    control.progress.answered(outcome)
    return talk.conference(control, conference) or outcome


def _claimed(group: str) -> str:
    """What whoever begins its group call has claimed (fsctl.policies.group_call)."""
    return f"conference:{group}"


def _ring(control: CallControl, action: Gather, members: Sequence[Sequence[Phone]], extension: str) -> None:
    """Until nobody rings any more. Away when the first one has answered.

    What the caller hears meanwhile, or an application that does nothing, is broken off by either.
    """
    session, seconds = control.session, action.seconds + GRACE_SECONDS
    names = group_calls.VARIABLES
    values = dict(zip(names, map(str.strip, session.apis(f"global_getvar {name}" for name in names)), strict=True))
    told = group_calls.calls(extension, session.uuid)
    with session.batch():
        control.lease(seconds)
        control.pass_keys_on()
        session.api_nowait(group_calls.prepare(action, extension, session.uuid, control.office))
        session.execute("ring_ready")
        for member in filter(None, members):
            session.api_nowait(group_calls.originate(
                member, action.show, action.seconds, told, extension, control.office, values))
    hears = session.audio in ("answered", "early")
    meanwhile = ("playback", sounds.RINGING) if hears else ("sleep", str(action.seconds * 1000 + _LATE_MS))
    try:
        control.run(*meanwhile, seconds=seconds)
    except gevent.Timeout:  # nobody has told that nobody rings any more
        session.api(f"uuid_break {session.uuid}")


class _Gathering:
    """What becomes of those who are rung, as the link tells it at once."""

    def __init__(self, control: CallControl, rung: Sequence[Phone]) -> None:
        self._control = control
        self._phones = {phone.uuid: phone for phone in rung}
        self._open = set(self._phones)
        self._in: list[Phone] = []
        self._waits, self._talks = True, False
        gevent.spawn_later(FOLLOWS_SECONDS, self._look)

    def told(self, phone: Phone) -> None:
        """Something is known of a telephone. It may not wait."""
        call = self._control.state.call(phone.uuid)
        if call is not None and call.room is None:
            return
        self._closed(phone.uuid)
        if call is not None and phone not in self._in:
            self._in.append(phone)
            if self._talks:
                self._control.progress.entered(phone.leg.person)

    def talk(self, conference: Destination) -> RingOutcome:
        """The caller is in the room, and stays there."""
        outcome = Answered(conference)
        self._control.progress.answered(outcome)
        self._waits, self._talks = False, True
        for phone in self._in:
            self._control.progress.entered(phone.leg.person)
        return talk.conference(self._control, conference) or outcome

    def stop(self) -> None:
        """Nobody shall answer any more."""
        self._waits = False
        if self._open:
            self._control.session.apis([f"uuid_kill {uuid} NO_ANSWER" for uuid in self._open])

    def ends(self, legs: Sequence[Leg]) -> dict[Leg, list[PhoneEnd]]:
        """How all have ended. Of one that did not ring at all nobody tells."""
        found: dict[Leg, list[PhoneEnd]] = {leg: [] for leg in legs}
        for uuid, phone in self._phones.items():
            if ended := self._control.state.ended(uuid):
                found[phone.leg].append(PhoneEnd(ended.cause, ended.status, ended.redirected))
            elif uuid in self._open:
                found[phone.leg].append(PhoneEnd("NO_ANSWER"))
        return found

    def _closed(self, uuid: str) -> None:
        if uuid in self._open:
            self._open.remove(uuid)
            if not self._open and not self._in:
                gevent.spawn(self._break)

    def _break(self) -> None:
        """It may come before what it shall break off has begun."""
        with suppress(call_session.CallerGone, Disconnected, gevent.Timeout):
            while self._waits:
                self._control.session.api(f"uuid_break {self._control.session.uuid}")
                gevent.sleep(_AGAIN_SECONDS)

    def _look(self) -> None:
        """FreeSWITCH tells nothing of a leg that it could not begin."""
        asked = [uuid for uuid in self._open if self._control.state.call(uuid) is None]
        with suppress(call_session.CallerGone, Disconnected, gevent.Timeout):
            for uuid, answer in zip(
                    asked, self._control.session.apis([f"uuid_exists {uuid}" for uuid in asked]), strict=True):
                if answer.strip() == "false" and self._control.state.call(uuid) is None:
                    self._closed(uuid)
