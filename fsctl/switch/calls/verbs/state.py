"""What is kept for everybody, and what one call has for itself; both are the database's."""

from typing import Protocol

from fsctl.errors import FsctlError
from fsctl.model.actions import Change, Claim
from fsctl.model.call import Call
from fsctl.model.outcomes import Failed, Performed, Taken, Won
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.surroundings import State


class Claimant(Protocol):
    """Who wants something for one call; ``claimed``: whether it has ever claimed anything."""

    call: Call
    claimed: bool

    @property
    def state(self) -> State:
        """Where that is kept."""


def change(control: CallControl, action: Change) -> Performed | Failed:
    try:
        control.state.change(action, control.call)
    except FsctlError:
        return Failed()
    return Performed()


def claim(control: Claimant, action: Claim) -> Won | Taken | Failed:
    control.claimed = True
    try:
        return Won() if control.state.claim(action.key, control.call) else Taken()
    except FsctlError:
        return Failed()
