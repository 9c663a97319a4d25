"""Group calls: all members are rung, and whoever answers is in one room: the dialplan does so by itself."""

import time
from collections.abc import Sequence
from contextlib import suppress

import gevent

from fsctl.model.actions import Enter, Gather, Leg
from fsctl.model.destination import Destination
from fsctl.model.foreign import clean_number
from fsctl.model.group_calls import claimed, room_of
from fsctl.model.outcomes import Answered, Busy, CallerGone, Moved, RingOutcome, Taken
from fsctl.switch.calls import connecting, talk
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.outcomes import PhoneEnd, of_people
from fsctl.switch.calls.supervision import FOLLOWS_SECONDS, Supervision
from fsctl.switch.session import call_session
from fsctl.switch.session.call_session import Disconnected
from fsctl.switch.session.ownership import GRACE_SECONDS, Away
from fsctl.switch.wire import group_calls, is_uuid, phones, sounds
from fsctl.switch.wire.phones import Phone

#: FreeSWITCH counts whole seconds, and tells of the end of the last leg later still.
_LATE_MS = 2000

_AGAIN_SECONDS = 0.5

#: The caller, or FreeSWITCH, cannot be told anything any more.
_OVER = (call_session.CallerGone, Disconnected, gevent.Timeout)

#: So long whoever has claimed that he begins it may take until his channel says so.
_BEGINS_SECONDS = 2


def gather(control: CallControl, action: Gather) -> RingOutcome:
    outcome = _gather(control, action)
    if not isinstance(outcome, Answered | Moved | CallerGone):  # he waits for nobody: the next one begins another
        control.session.api(group_calls.over(control.session.uuid))
        control.state.release(claimed(action.group), control.call)
    return outcome


def enter(control: CallControl, action: Enter) -> Answered | Taken | Busy | Moved | CallerGone:
    """Whoever began it may wait for the first one to answer, and is called into the room then, by this one too.

    Where a shell began it this one may be the first, who waits for those who are rung.
    """
    session, conference = control.session, Destination("conference", action.group)
    extension = control.office.extension_of(conference)
    room = room_of(extension)
    control.lease(_BEGINS_SECONDS)
    goes_on = session.api(f"conference {room} list count").strip().isdigit()
    caller = "" if goes_on else _who_waits(control, action.group, extension)
    run = "" if goes_on or caller else _run(control, extension)
    if not (goes_on or caller or run):
        return Taken()
    if action.again and _names(control).isdisjoint(control.state.been(room)):
        return Busy()
    told = group_calls.beginning(extension, run) if run else group_calls.joining(extension, caller)
    with session.batch():
        session.api_nowait(f"uuid_setvar_multi {session.uuid} {';'.join((*told, *group_calls.THERE))}")
        control.ownership.end_lease()
        session.execute("transfer", group_calls.entering(extension))
    if not connecting.arrives(control, session.uuid, room):  # it was over in this very moment
        with suppress(gevent.Timeout):
            session.wait_hangup(timeout=GRACE_SECONDS)
        return CallerGone()
    outcome = Answered(conference)
    control.progress.answered(outcome)
    return talk.conference(control, conference) or outcome


def _gather(control: CallControl, action: Gather) -> RingOutcome:
    session, extension = control.session, control.office.extension_of(action.conference)
    contacts = control.registered(phones.people(action.legs))
    members = [[phone for leg in member for phone in phones.of_leg(leg, contacts, control.office)]
               for member in action.members]
    rung = [phone for member in members for phone in member]
    if not rung:
        return of_people({leg: () for leg in action.legs})
    gathering = _Gathering(control, rung)
    supervision = Supervision(session, control.state, rung, on_change=gathering.told)
    with supervision.while_they_ring():
        try:
            _ring(control, action, members, extension)
        except Away as away:
            if away.moved.by == group_calls.GATHERED:
                return gathering.talk(action.conference)
            with suppress(*_OVER):
                gathering.stop()  # he is another call's: whoever answered would take him out of that
            raise
        finally:
            gathering.waits = False
    gathering.stop()
    return of_people(gathering.ends(action.legs))


def _who_waits(control: CallControl, group: str, extension: str) -> str:
    """The channel of who has begun it and waits for the first to answer, or is about to; "" for none."""
    callers = (each.peer for each in control.state.rung_for(extension) if each.peer)
    caller = next(callers, "") or control.state.holder(claimed(group))
    if not caller:
        return ""
    for (told,) in connecting.asked(control, f"uuid_getvar {caller} fsctl_group", seconds=_BEGINS_SECONDS):
        if told == extension:
            return caller
        if told.startswith("-ERR"):
            if control.state.call(caller) is not None:  # at another switch
                return ""
            break
    control.state.disclaim(claimed(group), caller)  # whoever it was waits no more
    return ""


def _names(control: CallControl) -> set[str]:
    """As what the link may have heard of who calls: at any of his telephones, and as his trunk writes his number."""
    call, users = control.call, control.office.users
    if call.user:
        return {call.user, *(users[call.user].devices if call.user in users else ())}
    number = call.caller.number
    names = {number, clean_number(control.session.facts.get("Caller-Caller-ID-Number", ""))}
    names.update(control.office.index.people_at_devices.get(number, ()))
    return names - {""}


def _run(control: CallControl, extension: str) -> str:
    """For which group call telephones ring that nobody has begun; "" where none do."""
    legs = [each.uuid for each in control.state.rung_for(extension) if each.peer is None]
    told = control.session.apis(map(group_calls.run_of, legs)) if legs else ()
    return next((each.strip() for each in told if is_uuid(each.strip())), "")


def _ring(control: CallControl, action: Gather, members: Sequence[Sequence[Phone]], extension: str) -> None:
    """Until nobody rings any more. Away when the first one has answered.

    What the caller hears meanwhile, or an application that does nothing, is broken off by either.
    """
    session, seconds = control.session, action.seconds + GRACE_SECONDS
    values = group_calls.values(session.apis)
    told = group_calls.calls(extension, session.uuid)
    with session.batch():
        control.lease(seconds)
        control.pass_keys_on()
        session.api_nowait(group_calls.prepare(action, extension, session.uuid, control.office, time.time()))
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
        #: Whether the caller waits for somebody to answer.
        self.waits = True
        self._talks = False
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
        self.waits, self._talks = False, True
        for phone in self._in:
            self._control.progress.entered(phone.leg.person)
        return talk.conference(self._control, conference) or outcome

    def stop(self) -> None:
        """Nobody shall answer any more."""
        if self._open:
            self._control.session.apis([f"uuid_kill {uuid} NO_ANSWER" for uuid in self._open])

    def ends(self, legs: Sequence[Leg]) -> dict[Leg, list[PhoneEnd]]:
        """How all have ended. To be called elsewhere is no way in; of one that did not ring at all nobody tells."""
        found: dict[Leg, list[PhoneEnd]] = {leg: [] for leg in legs}
        for uuid, phone in self._phones.items():
            if ended := self._control.state.ended(uuid):
                found[phone.leg].append(PhoneEnd(ended.cause, ended.status))
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
        with suppress(*_OVER):
            while self.waits:
                self._control.session.api(f"uuid_break {self._control.session.uuid}")
                gevent.sleep(_AGAIN_SECONDS)

    def _look(self) -> None:
        """FreeSWITCH tells nothing of a leg that it could not begin."""
        asked = [uuid for uuid in self._open if self._control.state.call(uuid) is None]
        with suppress(*_OVER):
            for uuid, answer in zip(
                    asked, self._control.session.apis([f"uuid_exists {uuid}" for uuid in asked]), strict=True):
                if answer.strip() == "false" and self._control.state.call(uuid) is None:
                    self._closed(uuid)
