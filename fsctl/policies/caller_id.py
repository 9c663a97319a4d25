"""What the other side sees of a caller."""

from fsctl.model.actions import Party
from fsctl.model.call import Call
from fsctl.model.office import Office
from fsctl.model.sections import Trunk


def shown_inside(call: Call, office: Office) -> Party:
    """A colleague appears by the office's name for him, an outside caller as the trunk showed him.

    A call that comes back from a slot says that instead.
    """
    if call.shown:
        return call.shown
    user = office.users.get(call.user or "")
    return Party(user.name, user.extension) if user else call.caller


def shown_outside(call: Call, office: Office, trunk: Trunk) -> str:
    """The number that the public network sees: that of the user who causes the call, else that of the trunk."""
    user = office.users.get(call.by or call.user or "")
    return user.numbers[0] if user and user.numbers else trunk.caller_id
