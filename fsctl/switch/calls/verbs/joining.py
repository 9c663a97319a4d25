"""Joining a talk of two, so that three talk."""

from fsctl.model import joined
from fsctl.model.actions import Join
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, Moved, Taken
from fsctl.switch.calls import connecting, talk
from fsctl.switch.calls.control import CallControl
from fsctl.switch.session import moving
from fsctl.switch.wire import sounds

#: Keys are no commands in the room, and who is alone there is hung up on.
_THERE = "conference_controls=none;hangup_after_conference=true"
#: It ends with the last but one, and a key that is pressed by one goes to all others.
_FLAGS = "mintwo|dist-dtmf"


def join(control: CallControl, action: Join) -> Answered | Taken | Moved:
    """They talk in a conference, which ends by itself with the last but one. Nobody is needed for that.

    Of the two who are left fsctl.switch.upkeep.joined_talks makes an ordinary talk again.
    """
    with connecting.giving_back(control):
        entered = _enter(control, action)
    if not entered:
        return Taken()
    outcome = Answered(action.place)
    control.progress.answered(outcome)
    return talk.three(control, outcome.by) or outcome


def _enter(control: CallControl, action: Join) -> bool:
    """Whichever of the two called, the owner of his channel hears who joins; who joins sees with whom ``of`` talks."""
    session, both = control.session, (action.uuid, action.other)
    at = control.state.call(action.uuid)
    connecting.answer(control, action.other if at and at.user == action.of else action.uuid)
    if not connecting.still_talk(control, action.uuid, action.other):
        return False
    with moving.marked(session, moving.into(Destination(action.kind, action.by)), *both) as there:
        if not there:
            return False
        room = joined.room_of(action.uuid, action.kind)
        entry = f"conference:{room}@default+flags{{{_FLAGS}}}"
        told = [f"uuid_setvar_multi {each} {_THERE}" for each in both]
        begun = session.apis([*told, f"uuid_transfer {action.uuid} -both {entry} inline"])[-1].startswith("+OK")
        if not begun or not connecting.arrives(control, action.uuid, room):
            return False
    with session.batch():
        control.ownership.end_lease()
        session.execute("multiset", f"^^;fsctl_done=true;{_THERE}")
        session.execute(*entry.split(":", 1), lock=False)
        if action.tone:
            session.api_nowait(f"conference {room} play {sounds.JOINED}")
    return True
