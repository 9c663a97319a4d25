"""Joining a talk of two, so that three talk."""

from fsctl.model import joined
from fsctl.model.actions import Join
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, Moved, Taken
from fsctl.switch.calls import connecting, talk
from fsctl.switch.calls.control import CallControl
from fsctl.switch.session import moving
from fsctl.switch.wire import rooms, sounds


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
        entry = rooms.of_three(room)
        begun = session.apis(rooms.entering(room, both, f"{action.uuid} -both"))[-1].startswith("+OK")
        if not begun or not connecting.arrives(control, action.uuid, room):
            return False
    with session.batch():
        control.ownership.end_lease()
        session.execute("multiset", f"^^;fsctl_done=true;{rooms.THERE}")
        session.execute(*entry.split(":", 1), lock=False)
        if action.tone:
            session.api_nowait(f"conference {room} play {sounds.JOINED}")
    return True
