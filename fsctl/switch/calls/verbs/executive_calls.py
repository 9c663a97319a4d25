"""Handing a call over to an executive, and his taking over what an assistant handles."""

from fsctl.model import joined
from fsctl.model.actions import EndJoined, Join, Play, Push, TakeOver
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, Failed, Moved, Performed, Taken
from fsctl.switch.calls import connecting, talk
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.sending import Sending
from fsctl.switch.calls.verbs.sending_on import send_held, send_this
from fsctl.switch.session import moving
from fsctl.switch.wire import dialstring, sounds
from fsctl.switch.wire.text import word

#: Who has heard that a call is handed over can still transfer it for so many seconds; then her own call ends.
_CONFIRMED_SECONDS = 1

#: Keys are no commands in the room, and who is alone there is hung up on.
_THERE = "conference_controls=none;hangup_after_conference=true"


def push(control: CallControl, push: Push) -> Performed | Failed | Moved:
    """It goes on in the dialplan's extension ``push+130``, which asks a controller and needs none."""
    if push.uuid:
        says = Play("handed-over", push.language, stay_seconds=_CONFIRMED_SECONDS)
        return Performed() if send_held(control, push.uuid, sending(push), says) else Failed()
    send_this(control, sending(push))
    control.progress.handed_over()
    return talk.wait(control) or Performed()


def take_over(control: CallControl, action: TakeOver) -> Answered | Taken | Moved:
    """The assistant's phone is free at once."""
    with connecting.giving_back(control, action.uuid):
        taken = _take(control, action)
    return connecting.follow(control, action.uuid, Destination("take_over", action.of)) if taken else Taken()


def _take(control: CallControl, action: TakeOver) -> bool:
    """Not where the two talk no more, since somebody transferred one of them, or hung up."""
    session, uuid = control.session, action.uuid
    connecting.answer(control, uuid)
    if not _talk(control, uuid, action.other):
        return False
    talks = connecting.connect(control, uuid, moving.connecting(uuid, session.uuid))
    with session.batch():
        session.api_nowait(moving.connected(uuid))
        if talks:  # taken off hold just now, she may not notice that she is alone
            session.api_nowait(f"uuid_kill {action.other}")
    return talks


def join(control: CallControl, action: Join) -> Answered | Taken | Moved:
    """They talk in a conference, which ends by itself with the last but one. Nobody is needed for that.

    Of the two who are left fsctl.switch.upkeep.joined_talks makes an ordinary talk again.
    """
    with connecting.giving_back(control, action.uuid):
        entered = _enter(control, action)
    if not entered:
        return Taken()
    outcome = Answered(Destination("join", action.of))
    control.progress.answered(outcome)
    return talk.three(control, outcome.by) or outcome


def end_joined(control: CallControl, action: EndJoined) -> Performed:
    control.session.apis([f"uuid_kill {uuid} NORMAL_CLEARING" for uuid in action.uuids])
    return Performed()


def _talk(control: CallControl, uuid: str, other: str) -> bool:
    """Whether the two still talk, and the assistant is not about to park the call or to hand it over."""
    bond = control.session.api(f"uuid_getvar {uuid} signal_bond").strip()
    return bond == other and moving.on_its_way(control.session, uuid) is None


def _enter(control: CallControl, action: Join) -> bool:
    session, uuid = control.session, action.uuid
    connecting.answer(control, uuid)
    if not _talk(control, uuid, action.other):
        return False
    if not moving.mark(session, uuid, moving.into(Destination("join", action.executive))):
        return False
    room = joined.room_of(uuid)
    entry = f"conference:{room}@default+flags{{mintwo}}"
    told = [f"uuid_setvar_multi {each} {_THERE}" for each in (uuid, action.other)]
    begun = session.apis([*told, f"uuid_transfer {uuid} -both {entry} inline"])[-1].startswith("+OK")
    there = begun and connecting.arrives(control, uuid, room)
    moving.unmark(session, uuid)
    if not there:
        return False
    with session.batch():
        control.ownership.end_lease()
        session.execute("multiset", f"^^;fsctl_done=true;{_THERE}")
        session.execute(*entry.split(":", 1), lock=False)
        if action.tone:
            session.api_nowait(f"conference {room} play {sounds.JOINED}")
    return True


def sending(push: Push) -> Sending:
    """How a call gets to the executive; ValueError for what could be more than a word."""
    return Sending(Destination("push", push.executive), {
        dialstring.FOR_USER: dialstring.mark(Destination("user", push.for_user)),
        "fsctl_pusher": word(push.assistant),
        "fsctl_push_seconds": str(int(push.seconds) + 1),
    })
