"""The dialplan's own way with callers' names: part of ``caller`` (freeswitch_conf/dialplan/fsctl.xml).

FreeSWITCH undoes %0A in a name, so that a raw line end would go out in the next INVITE, it runs ${…} wherever a text is
expanded, and an ampersand would stand bare in the XML of a lamp. What stays is what fsctl.model.foreign has for names.
"""

import xml.etree.ElementTree as ET
from typing import Final

from fsctl.model.foreign import NAME_CHARACTERS, NAME_LIMIT
from fsctl.switch.generated.pieces import action, condition, extension

#: Its PCRE may know fewer characters than Unicode has by now: scripts that are younger are unassigned to it. XML knows
#: no U+FFFE and U+FFFF. "unknown" is FreeSWITCH's own word for a missing name, and that of some networks.
_KEPT: Final = rf"\p{{Cn}}{NAME_CHARACTERS}"
_NAME: Final = r"(*UTF)^(?!(?i:unknown)\z)(?!.*[\x{FFFE}\x{FFFF}])"

#: So many pieces of what may stay are taken of a name that has other characters.
_PIECES: Final = 4


def add_to(root: ET.Element) -> None:
    """The extension that does so, and shows the number, or nobody, where no name is left."""
    one = extension(root, "caller name")
    one.set("continue", "true")
    condition(one, "destination_number", "^caller$")
    condition(one, "caller_id_name", rf"{_NAME}[{_KEPT}]{{0,{NAME_LIMIT}}}\z").set("break", "on-true")
    piece, others = f"([{_KEPT}]{{1,{NAME_LIMIT}}})", f"[^{_KEPT}]"
    found = condition(one, "caller_id_name", f"{_NAME}{others}*+{piece}" + f"(?:{others}++{piece})?" * (_PIECES - 1))
    found.set("break", "on-true")
    action(found, "set_profile_var", "caller_id_name=" + "".join(f"${number}" for number in range(1, _PIECES + 1)))
    number = condition(one, "caller_id_number", r"^(\+?[0-9*#]{1,32})\z")
    action(number, "set_profile_var", "caller_id_name=$1")
    action(number, "set_profile_var", "caller_id_name=Anonymous", tag="anti-action")
