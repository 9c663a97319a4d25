"""Who is shown of a place in the office."""

from fsctl.model.actions import ANONYMOUS, Party
from fsctl.model.call import Call
from fsctl.model.destination import Destination, sent_by_dialplan
from fsctl.model.live import LiveCall
from fsctl.model.office import Office


def party_of(to: Destination, office: Office) -> Party | None:
    """Its name, and the short number by which it is reached; None for what is no person, group or site."""
    match to:
        case Destination("user", key) if key in office.users:
            return Party(office.users[key].name, key)
        case Destination("hunt", key) if key in office.groups and (hunt := office.groups[key].hunt):
            return Party(office.groups[key].name, hunt.extension)
        case Destination("conference", key) if key in office.groups and (conference := office.groups[key].conference):
            return Party(office.groups[key].name, conference.extension)
        case Destination("site", key) if key in office.sites:
            return Party(office.sites[key].name, "")
    return None


def party_at(call: LiveCall) -> Party:
    """Whom others see of who is at a channel."""
    return ANONYMOUS if call.withheld else Party(call.name, call.number)


def dialled_party(call: Call, office: Office) -> Party:
    """Whom or what the caller has dialled; of a call that comes back, the slot that it waited in, and of one that was
    handed over, to whom.
    """
    sent = sent_by_dialplan(call.dialled)
    dialled = sent.name if sent else call.dialled
    party = party_of(office.find(dialled, user=call.user, external=call.user is None), office)
    return Party(party.name, party.number or dialled) if party else Party("", dialled)
