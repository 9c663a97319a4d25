"""The phones at which somebody is registered, as FreeSWITCH lists them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from uuid import uuid4

from fsctl.model.foreign import clean_name
from fsctl.switch.link.event_socket import EventSocket
from fsctl.switch.wire.contacts import profiles, question
from fsctl.switch.wire.text import clean, word

_REGISTRATION = re.compile(r"<registration>(.*?)</registration>", re.DOTALL)
_STATUS = re.compile(r"Registered\(([A-Za-z0-9-]{1,16})\).* expsecs\((-?[0-9]{1,9})\)")


@dataclass(frozen=True, slots=True)
class Registration:
    """``client`` is the phone's own name for itself (User-Agent), ``address`` where it is called: its contact."""

    client: str
    transport: str
    expires_seconds: int
    address: str


def phones(link: EventSocket, extension: str) -> list[Registration]:
    """Of one person, in all profiles of the switch's domain."""
    domain = link.api("global_getvar domain").strip()
    key = uuid4().hex
    return [found for profile in profiles(link.api(question(extension, key)), key)
            for found in read(link.api(f"sofia xmlstatus profile {profile} user {word(extension)}@{domain}"))]


def read(answer: str) -> Iterator[Registration]:
    """What ``sofia xmlstatus profile … user …`` lists (mod_sofia.c, show_reg_callback_xml).

    It is not XML wherever a phone does not want it to be: the Call-ID stands in it as it came.
    """
    for told in _REGISTRATION.findall(answer):
        status = _STATUS.search(_element(told, "status"))
        if status is not None:
            client, address = clean_name(_element(told, "agent")), clean(_element(told, "contact"))
            yield Registration(client, status[1].lower(), max(int(status[2]), 0), _uri(address))


def _element(told: str, name: str) -> str:
    found = re.search(f"<{name}>(.*?)</{name}>", told, re.DOTALL)
    return unescape(found[1]) if found else ""


def _uri(contact: str) -> str:
    """Of ``"name" <sip:…>``."""
    found = re.search(r"<([^<>]*)>\s*$", contact)
    return found[1] if found else contact
