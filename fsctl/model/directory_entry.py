"""What FreeSWITCH knows of a person without asking fsctl: the variables of every channel at one of his phones.

It takes them from its directory for calls that a phone makes, and from the dial string for those that ring there.
"""

from typing import Final

from fsctl.model import contexts
from fsctl.model.foreign import clean_name
from fsctl.model.office import Office
from fsctl.model.sections import User

#: Told to every channel: FreeSWITCH notes who transfers it (freeswitch_conf/dialplan/fsctl/transferred.xml).
NOTES_TRANSFER: Final = {"execute_on_blind_transfer": "execute_extension transferred XML fsctl"}


def variables(user: User, office: Office) -> dict[str, str]:
    """Plain words and harmless names; all but ``presence_id``, which has the switch's domain in it."""
    facts = {
        "user_context": contexts.DEFAULT,
        "fsctl_site": user.site,
        "fsctl_name": clean_name(user.name) or user.extension,
        "fsctl_extension": user.extension,
    } | NOTES_TRANSFER
    if user.privacy:
        facts["presence_privacy"] = "true"  # lamps show no names (switch_channel.c:853)
        facts["presence_data"] = "private"  # nor does the first NOTIFY of a lamp (sip_profiles/phones.xml)
    if shown := _shown_outside(user, office):
        facts["outbound_caller_id_number"] = shown
    return facts


def _shown_outside(user: User, office: Office) -> str:
    if user.numbers:
        return user.numbers[0]
    trunks = office.trunks_of(office.sites.get(user.site))
    return next((trunk.caller_id for trunk in trunks if trunk.caller_id), "")
