"""Handing a call over to an executive, and his taking over what an assistant handles."""

from fsctl.model.actions import EndJoined, Play, Push, TakeOver
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, Failed, Moved, Performed, Taken
from fsctl.switch.calls import connecting, talk
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.sending import Sending
from fsctl.switch.calls.verbs.sending_on import send_held, send_this
from fsctl.switch.session import moving
from fsctl.switch.wire import dialstring
from fsctl.switch.wire.text import word

#: Who has heard that a call is handed over can still transfer it for so many seconds; then her own call ends.
_CONFIRMED_SECONDS = 1

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
    with connecting.giving_back(control):
        taken = _take(control, action)
    return connecting.follow(control, action.uuid, Destination("take_over", action.of)) if taken else Taken()


def _take(control: CallControl, action: TakeOver) -> bool:
    """Not where the two talk no more, since somebody transferred one of them, or hung up."""
    session, uuid = control.session, action.uuid
    connecting.answer(control, uuid)
    if not connecting.still_talk(control, uuid, action.other):
        return False
    talks = connecting.connect(control, uuid, moving.connecting(uuid, session.uuid))
    with session.batch():
        session.api_nowait(moving.connected(uuid))
        if talks:  # taken off hold just now, she may not notice that she is alone
            session.api_nowait(f"uuid_kill {action.other}")
    return talks


def end_joined(control: CallControl, action: EndJoined) -> Performed:
    control.session.apis(ending(action))
    return Performed()


def ending(action: EndJoined) -> list[str]:
    """The commands that hang up on all three."""
    return [f"uuid_kill {uuid} NORMAL_CLEARING" for uuid in action.uuids]


def sending(push: Push) -> Sending:
    """How a call gets to the executive; ValueError for what could be more than a word."""
    return Sending(Destination("push", push.executive), {
        dialstring.FOR_USER: dialstring.mark(Destination("user", push.for_user)),
        "fsctl_pusher": word(push.assistant),
        "fsctl_push_seconds": str(int(push.seconds) + 1),
    })
