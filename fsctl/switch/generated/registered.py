"""The dialplan's own way to the phones of people: ``people_101+102`` collects them in the variable ``fsctl_phones``.

FreeSWITCH's endpoint ``user`` rings but the first phone of a person wherever others ring beside him. So contacts are
spelled out, as fsctl.switch.wire.phones does for the controller: a contact is text that a phone chose, and left out if
it could be more than a SIP address. A key that no phone knows stands before each, so that none can pass for two.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from fsctl.model.foreign import SIP_ADDRESS
from fsctl.model.office import Office
from fsctl.switch.generated.directory import DOMAIN
from fsctl.switch.generated.pieces import action, condition, extension
from fsctl.switch.wire import dialstring
from fsctl.switch.wire.phones import MOST_AT_ONCE

#: So many of a person's phones ring: a condition of FreeSWITCH has no more groups (mod_dialplan_xml.c, ovector).
MOST_PHONES = 9

#: What is in a dial string for whom the dialplan has collected; with nobody, nobody is registered.
DIAL = "{ignore_early_media=true}${fsctl_phones}error/user_not_registered"

#: What FreeSWITCH puts before each contact: the key, and what the leg is told.
_BEFORE = "[^^;fsctl_key=${fsctl_key};${fsctl_told}]"
_ASKED = f"${{sofia_contact(*/${{fsctl_person}}@{DOMAIN}/{_BEFORE})}},"

#: What lets the caller of a leg of the dialplan's hear that it rings.
RINGING = {"api_on_media": "uuid_ring_ready ${uuid}", "signal_bond": "${fsctl_bond}"}

_BEGINS = r"\[\^\^;fsctl_key=${fsctl_key};"
_GOOD = rf"({_BEGINS}[^\]]+\]sofia/[A-Za-z0-9_.-]+/{SIP_ADDRESS},)(?={_BEGINS}|\z)"
_CONTACT = rf"(?:{_GOOD}|{_BEGINS}[\s\S]*?(?={_BEGINS}|\z))"

#: A bracket in a name could end the command that the name stands in.
_NO_BRACKETS = str.maketrans("()", "  ")


def parts(office: Office, most_people: int) -> Iterator[ET.Element]:
    """The extensions of the context ``fsctl`` that do so, for at most so many people at once."""
    root = ET.Element("include")
    several = condition(extension(root, "people"), "destination_number", _list_of_people())
    for number in range(1, 9):
        action(several, "execute_extension", f"phones_${number} XML fsctl")
    action(several, "execute_extension", "people_$9 XML fsctl")
    yield root

    for user in office.users:
        root = ET.Element("include")
        own = condition(extension(root, f"phones of {user}"), "destination_number", f"^phones_{user}$")
        action(own, "set", f"fsctl_person={user}")
        action(own, "set", f"fsctl_told={_told(user, office)}")
        action(own, "set", "fsctl_key=${create_uuid()}")
        action(own, "execute_extension", "contacts XML fsctl")
        yield root

    root = ET.Element("include")
    contacts = extension(root, "contacts")
    condition(contacts, "destination_number", "^contacts$")
    phones = max(min(MOST_PHONES, (MOST_AT_ONCE - 1) // max(most_people, 1)), 1)  # the last leg stands for nobody
    found = condition(contacts, _ASKED, f"^{_CONTACT}" + f"(?:{_CONTACT})?" * (phones - 1))
    good = "".join(f"${number}" for number in range(1, phones + 1))
    action(found, "set", f"fsctl_phones=${{fsctl_phones}}{good}")

    nobody = condition(extension(root, "nobody"), "destination_number", "^(?:people|phones|contacts)(?:_.*)?$")
    action(nobody, "unset", "fsctl_person")
    yield root


def _told(user: str, office: Office) -> str:
    answers = {"api_on_answer_by": f"uuid_setvar ${{uuid}} fsctl_answered_by {user}"}
    told = {"fsctl_leg": f"user+{user}"} | RINGING | answers | dialstring.registered(user, office, DOMAIN)
    return ";".join(f"{name}={value.translate(_NO_BRACKETS)}" for name, value in told.items())


def _list_of_people() -> str:
    """Eight, and the others after them; FreeSWITCH allows extensions within extensions to a depth of 16."""
    return r"^people_([0-9]+)" + r"(?:\+([0-9]+))?" * 7 + r"(?:\+(.+))?$"
