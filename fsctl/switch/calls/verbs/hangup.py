"""Ending a call."""

from contextlib import suppress

from fsctl.model.actions import HANGUP_CAUSES, Hangup
from fsctl.model.outcomes import CallerGone
from fsctl.switch.calls.control import CallControl
from fsctl.switch.session import call_session
from fsctl.switch.wire import sounds

#: Longest wait for FreeSWITCH, in seconds.
_SECONDS = 10


def hang_up(control: CallControl, action: Hangup) -> CallerGone:
    """By a word for the cause, or the Q.850 name that the far side gave.

    A telephone makes the busy tone of the cause, but not once it was answered.
    """
    if action.reason == "busy" and control.session.audio == "answered":
        control.lease(sounds.BUSY_SECONDS)
        with suppress(call_session.CallerGone):
            control.run("playback", sounds.BUSY)
    control.session.hangup(HANGUP_CAUSES.get(action.reason, action.reason))
    control.session.wait_hangup(timeout=_SECONDS)
    return CallerGone()
