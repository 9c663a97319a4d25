"""The directory: who may register at FreeSWITCH, and what FreeSWITCH knows of each person without asking fsctl."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from fsctl.errors import FsctlError
from fsctl.model import directory_entry
from fsctl.model.office import Office

#: The domain, which FreeSWITCH fills in when it reads the file.
DOMAIN = "$${domain}"

_DIAL_STRING = (
    "{^^:sip_invite_domain=${dialed_domain}:presence_id=${dialed_user}@${dialed_domain}}"
    "${sofia_contact(*/${dialed_user}@${dialed_domain})}"
)

#: Stands for a dollar sign in foreign text until the file is written: FreeSWITCH replaces ``$${…}`` before it reads
#: a file as XML, whatever quotes there are.
_DOLLAR = "\ue000"


def directory_xml(office: Office, passwords: Mapping[str, str]) -> str:
    """The users of the office, each with a SIP password; FreeSWITCH lets a user without one register freely."""
    missing = [extension for extension in office.users if not passwords.get(extension)]
    if missing:
        raise FsctlError(f"there is no SIP password for {', '.join(missing)}; add one to the file of passwords")
    root = ET.Element("include")
    domain = ET.SubElement(root, "domain", name=DOMAIN)
    _params(domain, {"dial-string": _DIAL_STRING, "allow-empty-password": "false"})
    users = ET.SubElement(domain, "users")
    for user in office.users.values():
        entry = ET.SubElement(users, "user", id=user.extension)
        _params(entry, {"password": literal(passwords[user.extension])})
        _variables(entry, {"presence_id": f"{user.extension}@{DOMAIN}"} | directory_entry.variables(user, office))
    return written(root)


def written(root: ET.Element) -> str:
    """The text of a file for FreeSWITCH, which wants ``<include>`` and ``</include>`` on lines of their own."""
    ET.indent(root)
    return ET.tostring(root, encoding="unicode").replace(_DOLLAR, "&#36;") + "\n"


def literal(text: str) -> str:
    """Foreign text as ``written`` takes it; FsctlError where FreeSWITCH couldn't read it back."""
    if not text.isprintable() or _DOLLAR in text or "x-pre-process" in text.lower():
        raise FsctlError("a SIP password holds characters that FreeSWITCH cannot read; choose another one")
    return text.replace("$", _DOLLAR)


def _params(parent: ET.Element, values: Mapping[str, str]) -> None:
    params = ET.SubElement(parent, "params")
    for name, value in values.items():
        ET.SubElement(params, "param", name=name, value=value)


def _variables(parent: ET.Element, values: Mapping[str, str]) -> None:
    variables = ET.SubElement(parent, "variables")
    for name, value in values.items():
        ET.SubElement(variables, "variable", name=name, value=value)
