"""Ending a call."""

from fsctl.model.actions import HANGUP_CAUSES, Hangup
from fsctl.model.outcomes import CallerGone
from fsctl.switch.calls.control import CallControl

#: Longest wait for FreeSWITCH, in seconds.
_SECONDS = 10


def hang_up(control: CallControl, action: Hangup) -> CallerGone:
    """By a word for the cause, or the Q.850 name that the far side gave."""
    control.session.hangup(HANGUP_CAUSES.get(action.reason, action.reason))
    control.session.wait_hangup(timeout=_SECONDS)
    return CallerGone()
