"""The files that are made from the office, each with a stamp, by which one sees what FreeSWITCH has read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING

from fsctl.model.office import Office
from fsctl.switch.generated.dialplan import emergency_xml, failsafe_texts
from fsctl.switch.generated.directory import domain_xml, users_texts
from fsctl.switch.generated.own_dialplan import office_texts
from fsctl.switch.generated.prompts import prompts_xml
from fsctl.switch.generated.timezones import timezones_xml

if TYPE_CHECKING:
    from hashlib import _Hash as Digest

#: By their place below FSCTL_DIRECTORY.
DIRECTORY, USERS = "directory/office.xml", "directory/users.xml"
EMERGENCY, FAILSAFE, OFFICE = "dialplan/emergency.xml", "dialplan/failsafe.xml", "dialplan/office.xml"
PROMPTS, TIMEZONES = "prompts.xml", "timezones/office.xml"

_END = "</include>\n"
_PASSWORD = re.compile(r'name="password" value="[^"]*"')
_STAMP = re.compile(r'cmd="set" data="fsctl_made_\w+=([0-9a-f]+)"')
#: So much of a file's end has its stamp.
_END_CHARACTERS = 200


def texts(office: Office, passwords: Mapping[str, str]) -> dict[str, Iterator[str]]:
    """Each file bit by bit, for an office of any size; by its place."""
    return {name: _stamped(name, each) for name, each in _plain(office, passwords).items()}


def variable(name: str) -> str:
    """The variable of FreeSWITCH that has the stamp of the file that it has read."""
    return f"fsctl_made_{'_'.join(PurePath(name).with_suffix('').parts)}"


def stamps(office: Office, names: Iterable[str]) -> dict[str, str]:
    """Those of the files as they would be written now. Passwords are no part of them."""
    plain = _plain(office, dict.fromkeys(office.users, "-"))
    return {name: _told(reduce(_with, plain[name], sha256())) for name in names}


def stamp_in(text: str) -> str:
    """That of a file, by its text or its end; "" where it has none, as of older versions."""
    found = _STAMP.search(text[-_END_CHARACTERS:])
    return found[1] if found else ""


def _plain(office: Office, passwords: Mapping[str, str]) -> dict[str, Iterable[str]]:
    return {DIRECTORY: [domain_xml()], USERS: users_texts(office, passwords), EMERGENCY: [emergency_xml(office)],
            FAILSAFE: failsafe_texts(office), OFFICE: office_texts(office), PROMPTS: [prompts_xml(office)],
            TIMEZONES: [timezones_xml(office)]}


def _stamped(name: str, plain: Iterable[str]) -> Iterator[str]:
    """With the stamp before the end, since only then all is known."""
    digest, last = sha256(), ""
    for text in plain:
        _with(digest, text)
        yield last
        last = text
    stamped = f'  <X-PRE-PROCESS cmd="set" data="{variable(name)}={_told(digest)}"/>\n{_END}'
    yield last.removesuffix(_END) + stamped


def _with(digest: "Digest", text: str) -> "Digest":
    digest.update(_PASSWORD.sub("", text).encode())
    return digest


def _told(digest: "Digest") -> str:
    return digest.hexdigest()[:16]
