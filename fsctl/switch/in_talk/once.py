"""Of several controllers that hear the same of one FreeSWITCH one acts: FreeSWITCH itself says which (mod_hash)."""

from typing import Final

from fsctl.switch.link.event_socket import EventSocket
from fsctl.switch.wire.text import word

_REALM: Final = "fsctl-once"

#: However far behind its events a controller is, it hears of them within so many seconds.
_SECONDS: Final = 60


def first(link: EventSocket, what: str) -> bool:
    """Whether nobody has asked so before; without mod_hash each is the first. ValueError if ``what`` is no word.

    SwitchError where the answer is lost: then perhaps nobody does it.
    """
    entry = f"{_REALM}/{word(what)}"
    answer, _ = link.apis([f"hash insert_ifempty/{entry}/1", f"sched_api +{_SECONDS} none hash delete/{entry}"])
    return "already exists" not in answer
