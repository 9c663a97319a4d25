"""The directory: who may register at FreeSWITCH, and what FreeSWITCH knows of each person without asking fsctl."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path

from fsctl.errors import FsctlError
from fsctl.model import directory_entry
from fsctl.model.office import Office
from fsctl.switch.generated import pieces
from fsctl.words import say

#: The domain, which FreeSWITCH fills in when it reads the file.
DOMAIN = "$${domain}"

_DIAL_STRING = (
    "{^^:sip_invite_domain=${dialed_domain}:presence_id=${dialed_user}@${dialed_domain}}"
    "${sofia_contact(*/${dialed_user}@${dialed_domain})}"
)

#: Stands for a dollar sign in foreign text until the file is written: FreeSWITCH replaces ``$${…}`` before it reads
#: a file as XML, whatever quotes there are.
_DOLLAR = "\ue000"


def domain_xml() -> str:
    """The domain of a FreeSWITCH that has no other users than those of the office, which lie beside it."""
    root = ET.Element("include")
    domain = ET.SubElement(root, "domain", name=DOMAIN)
    _params(domain, {"dial-string": _DIAL_STRING, "allow-empty-password": "false"})
    ET.SubElement(ET.SubElement(domain, "users"), "X-PRE-PROCESS", cmd="include", data="users.xml")
    return "".join(pieces.texts([root]))


def users_xml(office: Office, passwords: Mapping[str, str]) -> str:
    """The users of the office, each with a SIP password; FreeSWITCH lets a user without one register freely."""
    return "".join(users_texts(office, passwords))


def users_texts(office: Office, passwords: Mapping[str, str]) -> Iterator[str]:
    """``users_xml`` bit by bit, for an office of any size."""
    missing = [extension for extension in office.users if not passwords.get(extension)]
    if missing:
        raise FsctlError(say("there is no SIP password for {extensions}; add one to the file of passwords",
                             extensions=", ".join(missing)))
    return (each.replace(_DOLLAR, "&#36;") for each in pieces.texts(_users(office, passwords)))


def passwords_in(file: Path) -> dict[str, str]:
    """The SIP passwords in such a file, by extension. ValueError where that is none, or only a part of one."""
    found: dict[str, str] = {}
    try:
        for _, element in ET.iterparse(file):
            if element.tag != "user":
                continue
            password = element.find("params/param[@name='password']")
            if password is not None:
                found[element.get("id", "")] = password.get("value", "")
            element.clear()  # of a large office all at once would not fit into memory
    except ET.ParseError as error:
        raise ValueError(say("it is damaged: {why}", why=error)) from None
    return found


def _users(office: Office, passwords: Mapping[str, str]) -> Iterator[ET.Element]:
    for user in office.users.values():
        root = ET.Element("include")
        entry = ET.SubElement(root, "user", id=user.extension)
        _params(entry, {"password": literal(passwords[user.extension])})
        _variables(entry, {"presence_id": f"{user.extension}@{DOMAIN}"} | directory_entry.variables(user, office))
        yield root


def literal(text: str) -> str:
    """Foreign text as it stands in an element; FsctlError where FreeSWITCH couldn't read it back."""
    if not text.isprintable() or _DOLLAR in text or "x-pre-process" in text.lower():
        raise FsctlError(say("a SIP password holds characters that FreeSWITCH cannot read; choose another one"))
    return text.replace("$", _DOLLAR)


def _params(parent: ET.Element, values: Mapping[str, str]) -> None:
    params = ET.SubElement(parent, "params")
    for name, value in values.items():
        ET.SubElement(params, "param", name=name, value=value)


def _variables(parent: ET.Element, values: Mapping[str, str]) -> None:
    variables = ET.SubElement(parent, "variables")
    for name, value in values.items():
        ET.SubElement(variables, "variable", name=name, value=value)
