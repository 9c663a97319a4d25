"""What telephones are told of the other party, by the ways that FreeSWITCH has for it."""

from dataclasses import replace

from fsctl.model import dialling
from fsctl.model.actions import Party, Ring
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.foreign import clean_name, clean_number
from fsctl.model.office import Office
from fsctl.model.parties import dialled_party, party_of
from fsctl.switch.wire.text import word


def shown(party: Party) -> tuple[str, str]:
    """Name and number as every phone can show them; neither is empty."""
    return _name(party), _number(party)


def shown_by_phone(party: Party) -> str:
    """The same as an argument of ``uuid_display`` and ``send_display``."""
    return "|".join(shown(party))


def at_phone(party: Party, extension: str, office: Office) -> Party:
    """The same as a person's phones show it: an outside number so that it can be dialled there again."""
    plan = office.numbering_of(office.site_of(extension))
    return replace(party, number=dialling.to_dial(party.number, plan))


def ringing(ring: Ring, office: Office, call: Call) -> Party:
    """Who the caller sees while it rings."""
    people = {leg.person for leg in ring.legs}
    alone = party_of(people.pop(), office) if len(people) == 1 else None
    group = party_of(Destination("hunt", ring.hunt), office)
    return ring.called or group or alone or dialled_party(call, office)


def before_the_talk(party: Party) -> str:
    """Part of a ``multiset``: whom who calls sees in 180 and 200, until ``no_longer_ringing``."""
    name, number = shown(party)
    return f"initial_callee_id_name={name};initial_callee_id_number={number}"


def no_longer_ringing(uuid: str) -> str:
    """The command by which the caller sees who is at the leg instead of that."""
    return f"uuid_setvar_multi {word(uuid)} initial_callee_id_name=;initial_callee_id_number="


def answering(name: str, number: str) -> dict[str, str]:
    """What a leg is told so that FreeSWITCH shows the other side who is there, and never a name that a phone or trunk
    sends by itself: that could be the number of somebody's own telephone, or headers (sofia.c, sofia_update_callee_id).
    """
    return {"origination_callee_id_name": name, "origination_callee_id_number": number, "sip_ignore_remote_cid": "true"}


def _name(party: Party) -> str:
    return clean_name(party.name) or _number(party)


def _number(party: Party) -> str:
    return clean_number(party.number) or "anonymous"
