"""What is kept for everybody, and what one call has for itself; both are the database's."""

from fsctl.errors import FsctlError
from fsctl.model.actions import Change, Claim
from fsctl.model.outcomes import Failed, Performed, Taken, Won
from fsctl.switch.calls.control import CallControl


def change(control: CallControl, action: Change) -> Performed | Failed:
    try:
        control.state.change(action, control.call)
    except FsctlError:
        return Failed()
    return Performed()


def claim(control: CallControl, action: Claim) -> Won | Taken | Failed:
    control.claimed = True
    try:
        return Won() if control.state.claim(action.key, control.call) else Taken()
    except FsctlError:
        return Failed()
