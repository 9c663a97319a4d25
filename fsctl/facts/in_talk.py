"""From what somebody dials in a talk to a Call."""

from datetime import datetime

from fsctl.facts.bound import bound
from fsctl.model.actions import Party
from fsctl.model.call import Call
from fsctl.model.live import LiveCall
from fsctl.model.office import Office


def call_in_talk(uuid: str, own: LiveCall, dialled: str, office: Office, at: datetime, chance: float) -> Call:
    """``own`` is the channel by which the person talks; ``uuid`` names the call in the journal, as it has no channel.

    It is as if he had dialled it by another call, but what it does is told him in the talk, which goes on.
    """
    user = office.users[own.user or ""]
    to, site = bound(dialled, user.extension, office)
    return Call(
        uuid=uuid, caller=Party(user.name, user.extension), user=user.extension, external=False, dialled=dialled,
        to=to, at=at, site=site.key if site else None, transferred_by=None, by=user.extension, parker=None,
        chance=chance, talk=own.uuid,
    )
