"""Leaving a call to the own dialplan of the FreeSWITCH."""

from fsctl.model.actions import Leave
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Moved, Performed
from fsctl.switch.calls import talk
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.sending import Sending
from fsctl.switch.calls.verbs.sending_on import send_this


def leave(control: CallControl, action: Leave) -> Performed | Moved:
    """By the dialplan's extension ``own+1000``, which knows the context and makes the channel one like any other."""
    to = Destination("own", action.number)
    send_this(control, Sending(to, {}))
    control.progress.handed_over()
    return talk.elsewhere(control, to) or Performed()
