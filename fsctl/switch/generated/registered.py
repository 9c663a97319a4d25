"""The dialplan's own way to the phones of people: ``people_101+102`` collects them in the variable ``fsctl_phones``.

FreeSWITCH's endpoint ``user`` rings but the first phone of a person wherever others ring beside him. So contacts are
spelled out, as fsctl.switch.wire.phones does for the controller: a contact is text that a phone chose, and left out if
it could be more than a SIP address. A key that no phone knows stands before each, so that none can pass for two.
"""

import xml.etree.ElementTree as ET

from fsctl.model.foreign import SIP_ADDRESS
from fsctl.switch.generated.directory import DOMAIN
from fsctl.switch.generated.pieces import action, condition, extension

#: So many of a person's phones ring: a condition of FreeSWITCH has no more groups (mod_dialplan_xml.c, ovector).
MOST_PHONES = 9

#: What is in a dial string for whom the dialplan has collected; with nobody, nobody is registered.
DIAL = "{ignore_early_media=true}${fsctl_phones}error/user_not_registered"

_PERSON = "${fsctl_person}"

#: What FreeSWITCH puts before each contact: what the leg is told.
_TOLD = (f"fsctl_leg=user+{_PERSON};dialed_user={_PERSON};dialed_domain={DOMAIN};sip_invite_domain={DOMAIN};"
         f"presence_id={_PERSON}@{DOMAIN}")
_BEFORE = f"[^^;fsctl_key=${{fsctl_key}};{_TOLD}]"

_ASKED = f"${{sofia_contact(*/{_PERSON}@{DOMAIN}/{_BEFORE})}},"

_BEGINS = r"\[\^\^;fsctl_key=${fsctl_key};"
_GOOD = rf"({_BEGINS}[^\]]+\]sofia/[A-Za-z0-9_.-]+/{SIP_ADDRESS},)(?={_BEGINS}|\z)"
_CONTACT = rf"(?:{_GOOD}|{_BEGINS}(?:(?!{_BEGINS})[\s\S])*)"


def add_to(root: ET.Element) -> None:
    """The extensions of the context ``fsctl`` that do so."""
    several = condition(extension(root, "people"), "destination_number", _list_of_people())
    for number in range(1, 9):
        action(several, "execute_extension", f"phones_${number} XML fsctl")
    action(several, "execute_extension", "people_$9 XML fsctl")

    one = condition(extension(root, "phones"), "destination_number", "^phones_([0-9]+)$")
    action(one, "set", "fsctl_person=$1")
    action(one, "set", "fsctl_key=${create_uuid()}")
    action(one, "execute_extension", "contacts XML fsctl")

    contacts = extension(root, "contacts")
    condition(contacts, "destination_number", "^contacts$")
    every = f"^{_CONTACT}" + f"(?:{_CONTACT})?" * (MOST_PHONES - 1)
    found = condition(contacts, _ASKED, every)
    good = "".join(f"${number}" for number in range(1, MOST_PHONES + 1))
    action(found, "set", f"fsctl_phones=${{fsctl_phones}}{good}")

    nobody = condition(extension(root, "nobody"), "destination_number", "^(?:people|phones|contacts)_?$")
    action(nobody, "unset", "fsctl_person")


def _list_of_people() -> str:
    """Eight, and the others after them; FreeSWITCH allows extensions within extensions to a depth of 16."""
    return r"^people_([0-9]+)" + r"(?:\+([0-9]+))?" * 7 + r"(?:\+(.+))?$"
